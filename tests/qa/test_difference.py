"""What changed between two generations is told, in documents and in kept answers."""

import json
import shutil
import sqlite3

import pytest
from click.testing import CliRunner

from index.build import build
from index.errors import RecordsError
from index.library import Library
from index.removed import user
from qa.assistant import Assistant
from qa.kept import judge, keep, kept
from tests.conftest import TEXTS
from ui import folio

ABOUT_PARK = "Kas vada akustikas laboratoriju?"
ABOUT_MUSEUM = "Сколько недель занял переезд музея?"


def run(library, *arguments):
    result = CliRunner().invoke(
        folio, [*map(str, arguments), "--library", str(library.folder), "--json"]
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def library(small_library, tmp_path_factory):
    """Return a library in its second generation, with two answers kept from the first."""
    folder = tmp_path_factory.mktemp("difference") / "library"
    shutil.copytree(small_library.folder, folder)
    library = Library.open(folder)
    assistant = Assistant.open(library)
    for question in (ABOUT_PARK, ABOUT_MUSEUM):
        keep(library, assistant.ask(question))
    text = TEXTS["lv.txt"].replace("Inta Žagare", "Anna Kalniņa")
    (library.documents / "lv.txt").write_text(text, encoding="utf-8")
    (library.documents / "tr.txt").unlink()
    (library.documents / "new.txt").write_text("A lighthouse.")
    (library.documents / "ru/ru.txt").rename(library.documents / "музей.txt")
    build(library)
    return library


def test_diff_names_the_documents_and_only_the_answers_that_say_something_else(library):
    values = run(library, "diff", 1, 2)
    assert list(values) == ["old", "new", "added", "changed", "removed", "answers"]
    assert values["added"] == ["new.txt", "музей.txt"]
    assert (values["changed"], values["removed"]) == (["lv.txt"], ["ru/ru.txt", "tr.txt"])
    [answer] = values["answers"]
    assert answer["question"] == ABOUT_PARK
    words = {
        when: " ".join(quote["quote"] for quote in answer[when]["quotes"])
        for when in ("kept", "now")
    }
    assert "Inta Žagare" in words["kept"]
    assert "Anna Kalniņa" in words["now"]
    assert "Inta Žagare" not in words["now"]


def test_diff_backwards_is_the_contrary_and_of_one_generation_nothing(library):
    values = run(library, "diff", 2, 1)
    assert (values["removed"], values["added"]) == (
        ["new.txt", "музей.txt"], ["ru/ru.txt", "tr.txt"],
    )  # fmt: skip
    same = run(library, "diff", 2, 2)
    assert [*same["added"], *same["changed"], *same["removed"]] == []


def test_a_generation_that_never_was_is_told(library):
    result = CliRunner().invoke(folio, ["diff", "1", "9", "--library", str(library.folder)])
    assert (result.exit_code, "1 to 2" in result.stderr) == (1, True)


def test_kept_answers_are_listed_as_they_were(library):
    rows = run(library, "kept")["kept"]
    assert [row["question"] for row in rows] == [ABOUT_PARK, ABOUT_MUSEUM]
    assert all(row["answer"]["generation"] == 1 for row in rows)
    assert [row["language"] for row in rows] == ["lv", "ru"]


def test_a_kept_answer_that_was_damaged_is_an_error_and_a_judgement_is_written_down(
    library, tmp_path
):
    shutil.copytree(library.folder, tmp_path / "copy")
    copy = Library.open(tmp_path / "copy")
    judge(copy, Assistant.open(copy).ask(ABOUT_PARK), helpful=False, reason="too short")
    connection = sqlite3.connect(copy.records)
    assert connection.execute("SELECT question, helpful, reason FROM feedback").fetchall() == [
        (ABOUT_PARK, 0, "too short")
    ]
    [said] = run(copy, "feedback")["feedback"]
    assert (said["question"], said["helpful"], said["reason"]) == (ABOUT_PARK, False, "too short")
    assert said["answer"]["quotes"]
    assert said["given_by"] == user()
    connection.execute("UPDATE answers SET answer = replace(answer, 'Inta', 'Ilze')")
    connection.commit()
    connection.close()
    with pytest.raises(RecordsError, match="kept answer 1"):
        kept(copy)
