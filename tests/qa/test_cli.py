"""The command line: its JSON, known errors in one line, and `folio text` with nothing added."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.conftest import TEXTS
from ui import folio


def run(*arguments, stdin=None):
    return CliRunner().invoke(folio, [str(a) for a in arguments], input=stdin)


@pytest.fixture(scope="module")
def at(small_library):
    return ["--library", str(small_library.folder)]


def test_help_imports_nothing_heavy():
    code = (
        "import sys, ui\ntry: ui.folio(['--help'])\nexcept SystemExit: pass\n"
        "heavy = {'torch', 'gradio', 'faiss', 'openvino', 'transformers', 'numpy', 'lingua'}\n"
        "sys.exit(repr(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "Answers questions" in result.stdout


def test_every_command_has_help():
    for name in folio.commands:
        result = run(name, "--help")
        assert result.exit_code == 0, name
        assert result.output.count("\n") > 3


def test_ask_prints_one_object(at):
    result = run("ask", "How long does the harbour agreement run?", "--json", *at)
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    best = (answer["quotes"] or answer["nearest"])[0]
    assert best["document"] == "en.txt"
    assert TEXTS["en.txt"][best["start"] : best["end"]] == best["quote"]


def test_ask_prints_quotes_for_people(at):
    result = run("ask", "Kas vada akustikas laboratoriju?", *at)
    assert "Inta Žagare" in result.stdout
    assert "lv.txt" in result.stdout


def test_a_batch_gives_one_line_a_question_in_order(at):
    lines = [{"id": n, "question": q} for n, q in enumerate(["Who?", "Kur?", "Kim?"])]
    stdin = "\n".join(json.dumps(line) for line in lines) + "\n\n"
    result = run("ask", "--batch", "-", "--json", *at, stdin=stdin)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [0, 1, 2]


@pytest.mark.parametrize("line", ["{", "[]", '{"id": 1}', "3", '{"id": 1, "question": null}'])
def test_a_bad_line_of_a_batch_is_named(at, line):
    result = run("ask", "--batch", "-", *at, stdin=f'{{"id": 1, "question": "Who?"}}\n{line}\n')
    assert result.exit_code == 1
    assert "line 2" in result.stderr


def test_a_batch_that_is_no_utf8_is_one_line_and_a_byte_order_mark_is_no_part_of_it(at, tmp_path):
    batch = tmp_path / "batch.jsonl"
    line = json.dumps({"question": "Kas vada parku?"}).encode()
    batch.write_bytes(b"\xef\xbb\xbf" + line + b"\r\n")
    assert run("ask", "--batch", batch, *at).exit_code == 0
    batch.write_bytes(line + '\n{"question": "Kur tā ir?"}'.encode("cp1257"))
    result = run("ask", "--batch", batch, *at)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "line 2 of the batch isn't UTF-8" in result.stderr


def test_a_question_and_a_batch_together_or_neither_are_a_usage_error(at):
    assert run("ask", *at).exit_code == 2
    assert run("ask", "Who?", "--batch", "-", *at, stdin="").exit_code == 2


def test_search_gives_passages_with_the_documented_keys(at):
    result = run("search", "rezeknes parks", "--json", "--limit", 2, *at)
    values = json.loads(result.stdout)
    assert list(values) == ["id", "query", "hits", "generation", "elapsed_ms"]
    assert len(values["hits"]) == 2
    assert list(values["hits"][0]) == [
        "document", "title", "language", "page", "start", "end", "text", "score", "passage",
    ]  # fmt: skip
    hit = values["hits"][0]
    assert TEXTS[hit["document"]][hit["start"] : hit["end"]] == hit["text"]


@pytest.mark.parametrize("document", TEXTS)
def test_text_prints_the_canonical_text_and_nothing_else(at, document):
    result = run("text", document, *at)
    assert result.stdout_bytes.decode() == TEXTS[document]


def test_documents_lists_each_with_the_documented_keys(at):
    values = json.loads(run("documents", "--json", *at).stdout)
    assert list(values) == ["documents", "generation"]
    assert list(values["documents"][0]) == [
        "document", "title", "kind", "language", "date", "pages", "passages", "state", "reason",
        "message", "sha256",
        # Beyond what is documented, at the end:
        "author", "signed", "origins", "file", "recognised", "unread", "related",
    ]  # fmt: skip
    assert {row["document"]: row["language"] for row in values["documents"]} == {
        name: name.split(".")[0].split("/")[-1] for name in TEXTS
    }


def test_add_index_and_remove_report_what_they_did(tmp_path):
    file = tmp_path / "bāka.txt"
    file.write_text("Kolkas bāka kopš 1979. gada darbojas automātiski.")
    at = ["--library", tmp_path / "library", "--json"]
    added = json.loads(run("add", file, "--folder", "2024", *at).stdout)
    assert added["added"] == ["2024/bāka.txt"]
    assert list(added) == [
        "added", "changed", "removed", "unchanged", "failed", "passages", "generation", "elapsed_s",
    ]  # fmt: skip
    assert json.loads(run("index", *at).stdout)["unchanged"] == 1
    assert json.loads(run("remove", "2024/bāka.txt", *at).stdout)["removed"] == ["2024/bāka.txt"]
    assert run("remove", "2024/bāka.txt", *at).exit_code == 1
    assert file.exists()


@pytest.mark.parametrize(
    "arguments", [["ask", "Who?"], ["documents"], ["text", "x"], ["index"], ["search", "x"]]
)
def test_a_library_that_isnt_there_is_one_line_that_says_what_to_do(tmp_path, arguments):
    result = run(*arguments, "--library", tmp_path / "none")
    assert result.exit_code == 1
    assert result.stderr.count("\n") == 1
    assert "folio sample" in result.stderr


def test_doctor_finds_nothing_wrong_with_a_sound_library_and_exits_0(at):
    result = run("doctor", "--json", *at)
    assert result.exit_code == 0
    assert json.loads(result.stdout)["ok"]


@pytest.mark.parametrize("break_it", ["index", "file", "missing"])
def test_doctor_names_the_repair_and_exits_1(tmp_path, break_it):
    file = tmp_path / "a.txt"
    file.write_text("A lighthouse.")
    at = ["--library", tmp_path / "library"]
    run("add", file, *at)
    if break_it == "index":
        (tmp_path / "library/index/000001/vectors.faiss").write_bytes(b"junk")
    elif break_it == "file":
        (tmp_path / "library/documents/a.txt").write_text("Two lighthouses.")
    else:
        at = ["--library", tmp_path / "none"]
    result = run("doctor", *at)
    assert result.exit_code == 1
    assert "run `folio" in result.stdout
    if break_it != "missing":
        run("index", *at)
        assert run("doctor", *at).exit_code == 0


@pytest.fixture(scope="module")
def dated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dated")
    for name, said in {
        "day.txt": "The agency's harbour\n\n4 March 2021\n\nThe harbour opened.",
        "deep/month.txt": "Gəncədə düşərgə\n\nMart 2021\n\nDüşərgə keçirilib.",
        "deep/empty.txt": "",
        "none.txt": "Laboratorija Rēzeknē\n\nTo atvēra parks.",
    }.items():
        path = folder / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(said, encoding="utf-8")
    run("index", "--library", folder)
    return ["--library", str(folder)]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["--language", "lv"], ["none.txt"]),
        (["--since", "2021"], ["day.txt", "deep/month.txt"]),
        (["--since", "2021-03-05"], ["deep/month.txt"]),
        (["--since", "2021-03-04", "--until", "2021-03-04"], ["day.txt", "deep/month.txt"]),
        (["--until", "2021-02"], []),
        (["--match", "REZEKNE"], ["none.txt"]),
        (["--match", "gence"], ["deep/month.txt"]),
        (["deep"], ["deep/empty.txt", "deep/month.txt"]),
        (["deep/", "--state", "failed"], ["deep/empty.txt"]),
        (["--kind", "minutes"], []),
    ],
)
def test_documents_are_chosen_by_what_is_known_of_them(dated, options, found):
    rows = json.loads(run("documents", *options, "--json", *dated).stdout)["documents"]
    assert [row["document"] for row in rows] == found, run("documents", *dated).stdout


def test_a_choice_of_documents_says_of_how_many_and_a_bad_one_is_a_usage_error(at):
    assert "1 of 5 documents, 0 failed" in run("documents", "--language", "lv", *at).stdout
    assert run("documents", "--since", "last year", *at).exit_code == 2
    assert "memorandum" in run("documents", "--kind", "memo", *at).stderr


def test_replace_and_rename_report_what_they_did(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("Kolkas bāka kopš 1979. gada darbojas automātiski.")
    at = ["--library", tmp_path / "library", "--json"]
    run("add", file, *at)
    file.write_text("Kolkas bāka kopš 1980. gada darbojas automātiski.")
    assert json.loads(run("replace", file, "a.txt", *at).stdout)["changed"] == ["a.txt"]
    report = json.loads(run("rename", "a.txt", "bākas/kolka.txt", *at).stdout)
    assert (report["added"], report["removed"]) == (["bākas/kolka.txt"], ["a.txt"])
    result = run("rename", "bākas/kolk.txt", "b.txt", *at)
    assert result.exit_code == 1
    assert "bākas/kolka.txt" in result.stderr


def test_control_characters_of_a_name_dont_reach_the_terminal(tmp_path):
    (tmp_path / "library/documents").mkdir(parents=True)
    (tmp_path / "library/documents/a\x1b[31mb.txt").write_text("")
    result = run("index", "--library", tmp_path / "library")
    assert "\x1b" not in result.stdout
    assert "empty" in result.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell):
    assert "_FOLIO_COMPLETE" in run("completion", shell).stdout


def test_no_progress_bar_where_stderr_is_no_terminal(tmp_path):
    (tmp_path / "library/documents").mkdir(parents=True)
    result = run("index", "--library", tmp_path / "library")
    assert result.stderr == ""


def test_a_follow_up_is_understood_after_an_earlier_question(at):
    earlier = "When was the harbour agreement signed?"
    result = run("ask", "And how long does it run?", "--after", earlier, "--json", *at)
    answer = json.loads(result.stdout)
    assert "harbour agreement" in answer["understood"]
    line = json.dumps({"id": 1, "question": "And how long does it run?", "history": [earlier]})
    batch = json.loads(run("ask", "--batch", "-", *at, stdin=line).stdout)
    assert batch["understood"] == answer["understood"]
    assert batch["quotes"] == answer["quotes"]
    shown = run("ask", "And how long does it run?", "--after", earlier, *at)
    assert shown.stdout.startswith("Understood as: ")


def test_a_history_that_is_no_list_of_questions_is_one_line(at):
    line = json.dumps({"question": "Who?", "history": "What?"})
    result = run("ask", "--batch", "-", *at, stdin=line)
    assert result.exit_code == 1
    assert '"history" is no list' in result.stderr
    assert run("ask", "--batch", "-", "--after", "Who?", *at, stdin="").exit_code == 2


def test_an_explanation_can_be_asked_for(at):
    question = "How long does the harbour agreement run?"
    result = run("ask", question, "--explain", "--expect", "six years", *at)
    assert result.exit_code == 0, result.output
    assert "the threshold is" in result.stdout
    assert "Expected text:" in result.stdout
    values = json.loads(run("ask", question, "--explain", "--json", *at).stdout)
    assert list(values)[-1] == "explain"
    assert values["explain"]["decision"] == values["status"]
    assert run("ask", question, "--expect", "six", *at).exit_code == 2


@pytest.mark.parametrize("text", ["", "   ", "x" * 100_000])
@pytest.mark.parametrize(("command", "key"), [("ask", "question"), ("search", "query")])
def test_a_file_of_questions_is_checked_before_the_first_is_answered(
    at, tmp_path, command, key, text
):
    batch = tmp_path / "batch.jsonl"
    batch.write_text("\n".join(json.dumps({key: each}) for each in ("Who?", text, "Where?")))
    result = run(command, "--batch", batch, *at)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert "line 2 of the batch: the question" in result.stderr


def test_half_characters_of_a_batch_end_nothing(at):
    lines = [{"question": "Who heads \ud800 it?", "history": ["The \udfff agency?"]}]
    result = run("ask", "--batch", "-", *at, stdin="\n".join(map(json.dumps, lines)))
    assert (result.exit_code, json.loads(result.stdout)["question"]) == (0, "Who heads � it?")
    result = run("search", "--batch", "-", *at, stdin='{"query": "\\ud800 port"}')
    assert (result.exit_code, json.loads(result.stdout)["query"]) == (0, "� port")


@pytest.mark.parametrize(
    "arguments",
    [
        ("text", "caf\udce9.txt"), ("cite", "\udce9"), ("user", "role", "\udce9", "admin"),
        ("documents", "--match", "\udce9"), ("remove", "caf\udce9.txt"),
    ],
)  # fmt: skip
def test_what_isnt_utf8_is_told_in_one_line(tmp_path, small_library, arguments):
    shutil.copytree(small_library.folder, tmp_path / "library")
    result = run(*arguments, "--library", tmp_path / "library")
    assert isinstance(result.exception, SystemExit | None)
    assert result.stderr.count("\n") == (result.exit_code != 0)
    assert result.exit_code == (arguments[0] != "documents")


def test_a_password_that_isnt_utf8_is_told_without_it(tmp_path):
    (tmp_path / "documents").mkdir()
    at = ["--library", tmp_path]
    stdin = b"four \xe9 words that match not\n"
    result = run("user", "add", "anna", "--password-stdin", *at, stdin=stdin)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "UTF-8" in result.stderr
    assert "words" not in result.stderr


def test_a_terminal_of_few_letters_gets_signs_and_a_program_all_letters(at):
    question = "Kas vada akustikas laboratoriju?"
    for options in ([], ["--json"]):
        said = subprocess.run(
            [sys.executable, "-c", "import ui; ui.main()", "ask", question, *options, *at],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONIOENCODING": "cp1252"},
        ).stdout.decode("cp1252")
        assert ("R?zekn?" in said) == (not options)
        assert not options or "Rēzeknē" in json.dumps(json.loads(said), ensure_ascii=False)


def test_a_file_that_cant_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    result = run("sample", tmp_path / "file" / "papers")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert str(tmp_path / "file") in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("audit", "--limit", 10**20), ("diff", 10**20, 1), ("prune", "--older-than", 999_999),
        ("prune", "--older-than", "nan"), ("--set", f"quotes={'9' * 5000}", "settings"),
        ("--set", "log_keep_days=999999", "settings"),
    ],
)  # fmt: skip
def test_a_number_that_is_too_large_is_told(tmp_path, arguments):
    (tmp_path / "documents").mkdir()
    result = run(*arguments, "--library", tmp_path)
    assert isinstance(result.exception, SystemExit)
    assert result.exit_code in (1, 2)


def test_of_several_files_none_is_added_where_one_cant_be(tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "library/documents").mkdir(parents=True)
    (tmp_path / "library/documents/b.txt").write_text("another")
    files = [tmp_path / name for name in ("a.txt", "b.txt", "c.txt")]
    result = run("add", *files, "--library", tmp_path / "library")
    assert (result.exit_code, "another file at b.txt" in result.stderr) == (1, True)
    assert [path.name for path in (tmp_path / "library/documents").iterdir()] == ["b.txt"]
