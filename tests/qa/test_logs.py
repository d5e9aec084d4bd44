"""The log says what happened, a JSON object a line, and nothing of what was asked or said."""

import json
import logging
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.errors import LibraryError
from index.settings import Settings
from qa import logs
from qa.assistant import Assistant
from ui import folio

CANARIES = ("zanzibarian-question", "scholarships", "s3cret-token", "Liepāja")


@pytest.fixture
def log(tmp_path, monkeypatch):
    folder = tmp_path / "logs"
    monkeypatch.setenv("FOLIO_LOG", str(folder))
    monkeypatch.setenv("FOLIO_TEST_SECRET", "s3cret-token")
    yield folder
    logs.end()


def lines_of(folder):
    said = [path.read_text() for path in sorted(folder.iterdir())]
    return [json.loads(line) for line in "".join(said).splitlines()]


def test_neither_questions_nor_documents_nor_secrets_are_logged(log, small_library):
    at = ["--library", str(small_library.folder)]
    question = json.dumps({"question": "Who pays for the zanzibarian-question scholarships?"})
    empty = json.dumps({"question": " "})
    batch = ["ask", "--batch", "-", "--json", *at]
    CliRunner().invoke(folio, batch, input=f"{question}\n{question}\n")
    with pytest.raises(LibraryError):
        Assistant.open(small_library.folder).ask(" ")
    CliRunner().invoke(folio, batch, input=f"{question}\n{empty}\n")
    CliRunner().invoke(folio, ["text", "zanzibarian-question", "--library", "/no/s3cret-token"])
    CliRunner().invoke(folio, ["user", "list", *at])
    lines = lines_of(log)
    assert [line["event"] for line in lines] == [
        "command", "question", "question", "question failed",
        "command", "failed", "command", "failed", "command",
    ]  # fmt: skip
    assert [line["name"] for line in lines if line["event"] == "command"] == [
        "ask", "ask", "text", "user list",
    ]  # fmt: skip
    text = "".join(path.read_text() for path in log.iterdir())
    assert not [canary for canary in CANARIES if canary in text]
    asked = [line for line in lines if line["event"] == "question"]
    assert len({line["question_mark"] for line in asked}) == 1
    assert len({line["id"] for line in asked}) == 2


def test_questions_are_logged_where_that_is_switched_on_for_who_keeps_the_library(tmp_path):
    logs.configure(Settings(log=str(tmp_path), log_questions=True), tmp_path)
    with logs.noted("question", {"question": "zanzibarian-question"}) as facts:
        facts["status"] = "answered"
    logs.end()
    [line] = lines_of(tmp_path)
    assert line["question"] == "zanzibarian-question"
    assert "question_mark" not in line
    [path] = tmp_path.iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_log_has_a_file_a_day_and_keeps_so_many_days(tmp_path):
    handler = logs.DailyFiles(tmp_path, keep_days=30)
    handler.setFormatter(logs.JsonLines())
    (tmp_path / "notes.jsonl").write_text("not ours")
    for day in (1, 2, 31, 32, 62):
        record = logging.makeLogRecord({"msg": f"day {day}", "levelname": "INFO"})
        record.created = day * 86400.0
        handler.emit(record)
    handler.close()
    today = f"{datetime.now(UTC):%Y-%m-%d}.jsonl"
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {"1970-02-02.jsonl", "1970-03-04.jsonl", today, "notes.jsonl"}
    assert json.loads((tmp_path / "1970-03-04.jsonl").read_text())["event"] == "day 62"


def test_old_days_are_deleted_when_a_process_begins(tmp_path):
    long_ago = datetime.now(UTC) - timedelta(days=31)
    for day in (long_ago, long_ago + timedelta(days=2)):
        (tmp_path / f"{day:%Y-%m-%d}.jsonl").write_text("{}")
    logs.configure(Settings(log=str(tmp_path)), tmp_path)
    logs.end()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{day:%Y-%m-%d}.jsonl" for day in (long_ago + timedelta(days=2), datetime.now(UTC))
    ]


def test_the_log_of_folio_toml_lies_in_the_library_and_one_that_cant_be_written_is_told(
    make_library,
):
    library = make_library({"a.txt": "Words."}, 'log = "logs"')
    at = ["--library", str(library.folder)]
    CliRunner().invoke(folio, ["settings", *at])
    assert [line["name"] for line in lines_of(library.folder / "logs")] == ["settings"]
    result = CliRunner().invoke(folio, ["--set", "log=folio.toml", "settings", *at])
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "name another with `log`" in result.stderr
    CliRunner().invoke(folio, ["--set", "log=logs", "documents", "--library", "/no/such/library"])
    assert not Path("/no").exists()
    logs.end()


def test_no_name_begins_a_line_or_moves_a_cursor_and_no_errors_text_is_logged(log):
    logs.configure(Settings(log=str(log)), log)
    name = 'a\n{"event": "forged"}\r\x1b[31m\u2028\u202e\x9b.txt'
    try:
        raise ValueError("s3cret-token")
    except ValueError:
        logging.getLogger("folio.index").warning("damaged: %s", name, exc_info=sys.exc_info())
    [path] = log.iterdir()
    data = path.read_bytes()
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
    logs.configure(Settings(), small_library.folder)
    logs.event("question", {"question": "x"})
    assert capfd.readouterr() == ("", "")
