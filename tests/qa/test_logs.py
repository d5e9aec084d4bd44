"""The log says what happened, a JSON object a line, and nothing of what was asked or said."""

import json
import logging
import sys

import pytest
from click.testing import CliRunner

from qa import logs
from ui import folio

CANARIES = ("zanzibarian-question", "scholarships", "s3cret-token", "Liepāja")


@pytest.fixture
def log(tmp_path, monkeypatch):
    path = tmp_path / "log.jsonl"
    monkeypatch.setenv("FOLIO_LOG", str(path))
    monkeypatch.setenv("FOLIO_TEST_SECRET", "s3cret-token")
    yield path
    monkeypatch.delenv("FOLIO_LOG")
    logs.configure()


def ask(small_library):
    arguments = ["ask", "Who pays for the zanzibarian-question scholarships?"]
    for more in ([], ["--json"]):
        CliRunner().invoke(folio, [*arguments, *more, "--library", str(small_library.folder)])


def test_neither_questions_nor_documents_nor_secrets_are_logged(log, small_library):
    ask(small_library)
    CliRunner().invoke(folio, ["text", "zanzibarian-question", "--library", "/no/s3cret-token"])
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["event"] for line in lines] == [
        "command", "question", "command", "question", "command", "failed",
    ]  # fmt: skip
    assert not [canary for canary in CANARIES if canary in text]
    marks = {line["question_mark"] for line in lines if line["event"] == "question"}
    assert len(marks) == 1


def test_questions_are_logged_where_that_is_switched_on(log, small_library, monkeypatch):
    monkeypatch.setenv("FOLIO_LOG_CONTENT", "1")
    ask(small_library)
    assert "zanzibarian-question" in log.read_text()


def test_no_name_begins_a_line_or_moves_a_cursor_and_no_errors_text_is_logged(log):
    logs.configure()
    name = 'a\n{"event": "forged"}\r\x1b[31m\u2028\u202e\x9b.txt'
    try:
        raise ValueError("s3cret-token")
    except ValueError:
        logging.getLogger("folio.index").warning("damaged: %s", name, exc_info=sys.exc_info())
    data = log.read_bytes()
    assert data.count(b"\n") == 1
    assert all(byte >= 32 for byte in data[:-1])
    assert data.isascii()
    assert json.loads(data)["event"] == f"damaged: {name}"
    assert json.loads(data)["error"] == "ValueError"
    assert b"s3cret" not in data


def test_json_for_programs_holds_nothing_that_a_terminal_obeys(tmp_path):
    (tmp_path / "library/documents").mkdir(parents=True)
    name = "a\x9b31m\u202eb.txt"
    (tmp_path / "library/documents" / name).write_text("")
    result = CliRunner().invoke(folio, ["index", "--json", "--library", str(tmp_path / "library")])
    assert result.stdout.rstrip("\n").isprintable()
    assert json.loads(result.stdout)["added"] == [name]


def test_without_the_setting_nothing_is_logged(small_library, capfd):
    logs.configure()
    logs.event("question", {"question": "x"})
    assert capfd.readouterr() == ("", "")
