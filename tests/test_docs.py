"""What the documentation says can be done, can be done."""

import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from documents.errors import REASONS
from index.library import Library
from index.settings import read_settings
from qa.doctor import _CHECKS
from ui import folio

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    from index.build import build
    from qa.sample import write

    folder = tmp_path_factory.mktemp("docs") / "sample"
    write(folder)
    build(Library.open(folder))
    return folder


def test_every_documented_command_works_in_the_order_of_the_readme(sample, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOLIO_LIBRARY", str(sample))
    questions = (sample / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    (tmp_path / "questions.jsonl").write_text("\n".join(questions[:8]), encoding="utf-8")
    (tmp_path / "contract.md").write_text("# Contract\n\nThe contract was signed by Ann Lee.\n")
    commands = [line for block in blocks("sh") for line in block.splitlines()]
    assert len([line for line in commands if line.startswith("folio ")]) >= 10
    for line in commands:
        program, *arguments = shlex.split(line)
        if program == "folio":
            # Only what asks for a new password, twice, reads it.
            result = CliRunner().invoke(folio, arguments, "correct horse battery\n" * 2)
            assert result.exit_code == 0, (line, result.output)
        elif program == "mkdir":
            Path(arguments[-1]).mkdir(parents=True)
        elif program == "cp":
            shutil.copy(*arguments)
        else:
            targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.M)
            assert program == "make"
            assert arguments[0] in targets


def test_every_command_and_every_reason_is_documented():
    for name in folio.commands:
        assert f"`folio {name}" in README, name
    for reason in REASONS:
        assert re.search(rf"\b{reason}\b", README), reason


def test_the_documented_settings_are_the_defaults(tmp_path):
    [block] = [each for each in blocks("toml") if "passage_chars" in each]
    (tmp_path / "folio.toml").write_text(block)
    assert read_settings(tmp_path / "folio.toml") == read_settings(tmp_path / "none.toml")


def test_the_documented_python_works(sample, monkeypatch, capsys, tmp_path):
    [block] = blocks("python")
    monkeypatch.chdir(tmp_path)
    shutil.copytree(sample, tmp_path / "papers")
    exec(compile(block, "README.md", "exec"), {})  # noqa: S102  (our own documentation)


def test_what_is_pinned_is_what_is_asked_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["dev"]
    pinned = {
        line.split("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if "==" in line
    }
    names = {re.split(r"[\[<>=]", each)[0].lower() for each in wanted}
    assert names <= pinned
    assert "torch==2.13.0" in (ROOT / "constraints.txt").read_text().splitlines()


def test_links_between_documents_lead_somewhere():
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), (path.name, target)


def test_the_readme_explains_every_reason_and_every_check_of_the_doctor():
    cells = {
        name
        for line in README.splitlines()
        if line.startswith("| ")
        for name in line.split("|")[1].replace(",", " ").split()
    }
    assert set(REASONS) <= cells
    assert set(_CHECKS) <= cells
