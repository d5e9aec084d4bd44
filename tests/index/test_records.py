"""records.sqlite: whole after any crash, shared by processes, and never silently wrong."""

import sqlite3
import subprocess
import sys
import threading

import pytest

from index import records as module
from index.errors import RecordsError
from index.records import Records

ROW = "INSERT INTO answers VALUES (NULL, ?, 'en', '{}', '', '', '')"


def questions(path):
    with Records.read(path) as records:
        return [row["question"] for row in records.rows("SELECT question FROM answers ORDER BY id")]


def keep(path, question):
    with Records.open(path) as records, records.writing():
        records.rows(ROW, [question])


def test_reading_makes_no_file(tmp_path):
    assert Records.read(tmp_path / "records.sqlite") is None
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_inside_one_transaction_is_there_or_none_of_it(tmp_path):
    path = tmp_path / "records.sqlite"
    keep(path, "first")

    def fail():
        with Records.open(path) as records, records.writing():
            records.rows(ROW, ["second"])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert questions(path) == ["first"]


def test_only_the_file_itself_is_left_when_it_is_closed(tmp_path):
    keep(tmp_path / "records.sqlite", "first")
    assert [each.name for each in tmp_path.iterdir()] == ["records.sqlite"]


def test_processes_and_threads_write_at_the_same_time_and_nothing_is_lost(tmp_path):
    path = tmp_path / "records.sqlite"
    code = (
        "import sys\nfrom pathlib import Path\nfrom tests.index.test_records import keep\n"
        "for n in range(10): keep(Path(sys.argv[1]), sys.argv[2] + str(n))\n"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", code, str(path), name], stderr=subprocess.PIPE)
        for name in ("a", "b")
    ]
    threads = [
        threading.Thread(target=lambda name=name: [keep(path, f"{name}{n}") for n in range(10)])
        for name in ("c", "d")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for process in others:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    assert sorted(questions(path)) == sorted(f"{name}{n}" for name in "abcd" for n in range(10))


def test_a_writer_that_is_killed_leaves_what_was_committed(tmp_path):
    path = tmp_path / "records.sqlite"
    keep(path, "committed")
    code = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from index.records import Records\nfrom tests.index.test_records import ROW\n"
        "records = Records.open(Path(sys.argv[1]))\n"
        "with records.writing():\n"
        "    records.rows('PRAGMA cache_size = 1')\n"
        "    for n in range(2000): records.rows(ROW, ['x' * 500])\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert killed.returncode == -9
    assert (tmp_path / "records.sqlite-journal").exists()
    assert path.stat().st_size > 100_000
    assert questions(path) == ["committed"]


def test_a_file_of_an_older_schema_is_brought_forward_with_what_it_holds(tmp_path, monkeypatch):
    path = tmp_path / "records.sqlite"
    keep(path, "old")
    more = (*module.MIGRATIONS, ("ALTER TABLE answers ADD COLUMN note TEXT DEFAULT 'none'",))
    monkeypatch.setattr(module, "MIGRATIONS", more)
    for opened in (Records.read(path), Records.open(path)):
        with opened as records:
            [row] = records.rows("SELECT * FROM answers")
            assert (row["question"], row["note"]) == ("old", "none")
            assert records.rows("PRAGMA user_version")[0][0] == len(more)


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    path = tmp_path / "records.sqlite"
    keep(path, "old")
    broken = (*module.MIGRATIONS, ("ALTER TABLE answers ADD COLUMN note TEXT", "nonsense"))
    with monkeypatch.context() as patch:
        patch.setattr(module, "MIGRATIONS", broken)
        with pytest.raises(RecordsError):
            Records.open(path)
    with Records.open(path) as records:
        assert "note" not in records.rows("SELECT * FROM answers")[0].keys()  # noqa: SIM118


def test_a_file_of_a_newer_folio_is_refused(tmp_path):
    path = tmp_path / "records.sqlite"
    keep(path, "old")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    for opening in (Records.open, Records.read):
        with pytest.raises(RecordsError, match="newer Folio"):
            opening(path)


def test_a_damaged_file_is_one_line_that_says_what_to_do(tmp_path):
    path = tmp_path / "records.sqlite"
    path.write_bytes(b"no database at all " * 300)
    for opening in (Records.open, Records.read):
        with pytest.raises(RecordsError, match="`folio repair`"):
            opening(path)


def test_what_points_nowhere_is_refused_and_found(tmp_path):
    path = tmp_path / "records.sqlite"
    insert = "INSERT INTO passages VALUES ('k', 'no such text', 0, 1)"
    with Records.open(path) as records:
        with pytest.raises(RecordsError), records.writing():
            records.rows(insert)
        assert records.damage() == []
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(insert)
    connection.close()
    with Records.open(path) as records:
        assert records.damage() == ["a row of passages names one of texts that isn't there"]


def test_a_copy_is_one_moment_of_it(tmp_path):
    keep(tmp_path / "records.sqlite", "first")
    with Records.open(tmp_path / "records.sqlite") as records:
        records.copy_to(tmp_path / "copy.sqlite")
        with records.writing():
            records.rows(ROW, ["second"])
    assert questions(tmp_path / "copy.sqlite") == ["first"]
