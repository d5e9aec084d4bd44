"""Broken records are made whole again, with as little lost as can be."""

import json
import shutil
import zlib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from sqlite3 import connect

import pytest
from click.testing import CliRunner

from index import copies as copying
from index.archive import remember
from index.build import build
from index.copies import copies, keep_copy
from index.errors import RecordsError
from index.library import Library
from index.records import Records
from index.removed import removed
from index.repair import is_damaged, repair
from index.rows import DocumentRow, passage_key
from qa.answer import Answer
from qa.doctor import examine
from qa.kept import keep
from qa.people import collections, sessions, users
from qa.people.keeper import Keeper
from qa.web.door import opened_door
from ui import folio

FLIPS = 60
TEXT = "The harbour agreement runs for six years. " * 50


def tables(path):
    """Return all that the records hold, but for who is logged in."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'sessions'"
    with closing(connect(path)) as connection:
        names = [row[0] for row in connection.execute(sql)]
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)
                for name in names}  # fmt: skip


def library_of(make_library):
    """Return a library whose records have something of everything."""
    names = [f"{number:02}.txt" for number in range(20)]
    library = make_library({"closed/a.txt": "A.", **{name: name * 99 for name in names}})
    keeper = Keeper(library, "anna")
    for name in names:
        keeper.remove(name)
    row = DocumentRow("a", "a", "other", "en", None, None, 1, "indexed", None, None, "s")
    with Records.open(library.records) as records:
        users.add(records, "anna", "librarian", None)
        users.add(records, "juris", "reader", None)
        collections.close(library, records, "closed", ["juris"])
        sessions.begin(records, "anna")
        remember(records, 1, [row])
        digest = sha256(TEXT.encode()).hexdigest()
        with records.writing():
            records.rows(
                "INSERT INTO texts VALUES (?, 'a', 'A', 'other', 'en', NULL, '[]', ?, '2020')",
                [digest, zlib.compress(TEXT.encode())],
            )
            for start in range(0, 400, 20):
                key = passage_key(digest, start, start + 20)
                records.rows("INSERT INTO passages VALUES (?, ?, ?, ?)",
                             [key, digest, start, start + 20])  # fmt: skip
    keep(library, Answer("Who?", "en", "abstained", 0.1, (), "Nobody says.", (), 1, 5))
    return library


@pytest.fixture
def library(make_library):
    return library_of(make_library)


def test_a_copy_is_made_a_day_two_are_kept_and_none_where_nothing_has_changed(library):
    copy = keep_copy(library)
    assert copies(library) == [copy]
    assert tables(copy) == tables(library.records)
    assert keep_copy(library) is None
    for day in ("2020-01-01", "2020-01-02"):
        shutil.copyfile(copy, library.folder / f"records-{day}.sqlite")
    copy.unlink()
    newer = library.folder / "records-2020-01-02.sqlite"
    newer.touch()
    assert keep_copy(library) is None
    Keeper(library, "anna").restore("00.txt")
    made = keep_copy(library)
    assert copies(library) == [made, newer]
    assert tables(made) == tables(library.records)


def test_a_damaged_file_never_takes_the_place_of_a_good_copy(library, caplog):
    data = bytearray(library.records.read_bytes())
    data[4096 * 3 : 4096 * 4] = bytes(4096)
    library.records.write_bytes(data)
    assert keep_copy(library) is None
    assert copies(library) == []
    assert "folio doctor" in caplog.text or "folio repair" in caplog.text


def test_where_the_disk_is_nearly_full_or_cant_be_written_no_copy_is_made(
    library, monkeypatch, caplog
):
    monkeypatch.setattr(copying, "has_room_on_disk", lambda *_: False)
    assert keep_copy(library) is None
    monkeypatch.undo()
    monkeypatch.setattr(copying, "sync", lambda _: (_ for _ in ()).throw(OSError("full")))
    assert keep_copy(library) is None
    assert "no copy of records.sqlite could be made" in caplog.text
    assert [path.name for path in library.folder.iterdir() if "records" in path.name] == [
        "records.sqlite"
    ]


def test_with_a_copy_nothing_is_lost_whatever_bit_flips(library, chance):
    sound = library.records.read_bytes()
    before = tables(library.records)
    keep_copy(library)
    repaired = 0
    for _ in range(FLIPS):
        broken = bytearray(sound)
        at = chance.choice([place for place, byte in enumerate(sound) if byte])
        broken[at] ^= 1 << chance.randrange(8)
        library.records.write_bytes(broken)
        if not is_damaged(library):
            continue
        repair(library)
        repaired += 1
        after = tables(library.records)
        assert not is_damaged(library)
        for table in ("texts", "passages", "files", "answers"):
            assert after[table] == before[table], (at, table)
        # A letter of a name has no checksum; no row is missing all the same. People are another
        # matter: one who was taken out must not come back.
        for table, rows in before.items():
            if table in ("users", "collection_readers"):
                continue
            assert len(after[table]) >= len(rows), (at, table)
    assert repaired > FLIPS / 4


def test_without_a_copy_what_lies_on_both_sides_of_the_damage_is_kept(library):
    before = tables(library.records)
    data = bytearray(library.records.read_bytes())
    place = bytes(data).rindex(b"10.txt")
    page = place // 4096
    data[page * 4096 : (page + 1) * 4096] = bytes(4096)
    library.records.write_bytes(data)
    mended = {table.table: table for table in repair(library).tables}
    after = tables(library.records)
    broken = {name for name, table in mended.items() if not table.is_whole}
    assert broken
    assert not is_damaged(library)
    for name, rows in before.items():
        if name not in broken and name != "files":
            assert after[name] == rows, name
        assert set(after[name]) <= set(rows)
        assert mended.get(name) is None or mended[name].rows == len(after[name])


@pytest.mark.parametrize("junk", [b"junk" * 1000, b"SQLite format 3\0" + b"\xff" * 5000, b""])
def test_of_a_file_that_cant_be_read_at_all_the_copy_takes_the_place(library, junk):
    before = tables(library.records)
    copy = keep_copy(library)
    library.records.write_bytes(junk or b"\0" * 4096)
    done = repair(library)
    assert done.copy == copy
    assert done.damaged.read_bytes() == (junk or b"\0" * 4096)
    assert tables(library.records) == before
    with Records.open(library.records) as records:
        assert records.rows("SELECT * FROM sessions") == []


def asks(library):
    with opened_door(library.folder, no_auth=False) as door:
        return door.asks()


def empty(path):
    path.write_bytes(b"")


@pytest.mark.parametrize("lose", [empty, Path.unlink])
def test_a_lost_file_opens_no_closed_library_and_the_copy_takes_its_place(library, lose):
    before = tables(library.records)
    copy = keep_copy(library)
    assert asks(library)
    lose(library.records)
    for use in (asks, build, removed, keep_copy_of_changed):
        with pytest.raises(RecordsError, match="folio repair"):
            use(library)
    assert copies(library) == [copy]
    assert repair(library).copy == copy
    assert tables(library.records) == before
    assert asks(library)
    assert library.records.stat().st_mode & 0o777 == 0o600 or lose is empty


def keep_copy_of_changed(library):
    assert keep_copy(library) is None
    Keeper(library, "anna").restore("00.txt")


@pytest.mark.parametrize("lose", [empty, Path.unlink])
def test_without_a_copy_the_index_tells_that_a_file_was_lost(small_library, tmp_path, lose):
    shutil.copytree(small_library.folder, tmp_path / "library")
    library = Library.open(tmp_path / "library")
    lose(library.records)
    with pytest.raises(RecordsError, match="folio repair"):
        asks(library)
    finding = {finding.check: finding for finding in examine(library.folder)}["records"]
    assert (finding.ok, "folio repair" in finding.repair) == (False, True)
    at = ["--library", str(library.folder)]
    said = CliRunner().invoke(folio, ["repair", *at]).stdout
    assert "folio user list" in said
    assert not asks(library)


def test_a_new_library_has_lost_nothing(make_library):
    library = make_library()
    empty(library.records)
    assert not is_damaged(library)
    assert not asks(library)


@pytest.mark.parametrize(("age_days", "stays"), [(29, True), (32, False)])
def test_where_people_became_fewer_the_last_copy_that_has_them_stays_for_a_month(
    library, age_days, stays
):
    def of(days: int) -> str:
        return f"records-{datetime.now(UTC) - timedelta(days=days):%Y-%m-%d}.sqlite"

    full = keep_copy(library).rename(library.folder / of(age_days))
    shutil.copyfile(full, library.folder / of(age_days + 1))
    library.records.unlink()
    for days in (3, 2):
        with Records.in_memory() as records:
            records.copy_to(library.folder / of(days))
    shutil.copyfile(library.folder / of(2), library.records)
    made = keep_copy(library)
    kept = [made.name, of(2), *([full.name] if stays else [])]
    assert [each.name for each in copies(library)] == kept


def test_what_was_taken_back_since_the_copy_stays_away_where_its_table_can_be_read(library):
    keep_copy(library)
    with Records.open(library.records) as records:
        users.remove(records, "juris")
        [row] = records.rows("SELECT rootpage FROM sqlite_master WHERE name = 'files'")
    data = bytearray(library.records.read_bytes())
    data[(row[0] - 1) * 4096 : row[0] * 4096] = bytes(4096)
    library.records.write_bytes(data)
    repair(library)
    with Records.open(library.records) as records:
        assert [user.name for user in users.users(records)] == ["anna"]
    assert len(removed(library)) == 20


def test_the_doctor_names_the_repair_and_the_command_says_what_it_did(library):
    at = ["--library", str(library.folder)]
    refused = CliRunner().invoke(folio, ["repair", *at])
    assert (refused.exit_code, "nothing to repair" in refused.stderr) == (1, True)
    library.records.write_bytes(b"junk" * 1000)
    with pytest.raises(RecordsError, match="folio repair"):
        removed(library)
    findings = {finding.check: finding for finding in examine(library.folder)}
    assert "records" not in findings or "folio repair" in findings["records"].repair
    said = CliRunner().invoke(folio, ["repair", *at]).stdout
    assert "users: not all could be read; 0 of 0 rows are out of no copy" in said
    assert "folio collection list" in said
    library.records.write_bytes(b"junk" * 1000)
    told = json.loads(CliRunner().invoke(folio, ["repair", "--json", *at]).stdout)
    assert told["copy"] is None
    assert {table["is_whole"] for table in told["tables"]} == {False}
