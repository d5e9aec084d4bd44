"""Each thing that can be wrong is found, with its repair, and the repair repairs it."""

import json
import shutil
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from index import build as building
from index.build import build
from index.encoder import prepare
from index.errors import ModelError
from index.library import Library
from index.records import Records
from index.removed import take_out
from qa.doctor import examine
from qa.people import collections
from qa.people.keeper import Keeper
from qa.strings import LANGUAGES
from tests.faults.host import hashing_encoder

CHECKS = [
    "library", "model", "index", "files", "documents", "texts", "passages", "details", "pages",
    "copies", "records", "collections", "orphans", "disk",
]  # fmt: skip


@pytest.fixture
def library(small_library, tmp_path):
    shutil.copytree(small_library.folder, tmp_path / "library")
    return Library.open(tmp_path / "library")


def findings(library):
    found = {finding.check: finding for finding in examine(library.folder)}
    for finding in found.values():
        # Whatever is found is said in each language, and what is to be done too.
        assert len({finding.detail_in(language) for language in LANGUAGES}) >= 3
        assert finding.detail_in("en") == finding.detail
        assert len({finding.repair_in(language) for language in LANGUAGES}) == (
            len(LANGUAGES) if finding.repair else 1
        )
    return found


def severities(library):
    return {name: finding.severity for name, finding in findings(library).items()}


def recommitted(library, sql):
    """Change passages.sqlite and make all checksums fit, as no accident could."""
    folder = library.index / "000001"
    connection = sqlite3.connect(folder / "passages.sqlite")
    connection.executescript(sql)
    connection.close()
    values = json.loads((folder / "manifest.json").read_bytes())
    values["files"]["passages.sqlite"] = sha256(
        (folder / "passages.sqlite").read_bytes()
    ).hexdigest()
    data = json.dumps(values).encode()
    (folder / "manifest.json").write_bytes(data)
    body = f"000001 {sha256(data).hexdigest()}"
    pointer = f"{body} {sha256(body.encode()).hexdigest()}\n"
    (library.index / "CURRENT").write_text(pointer)


def test_a_sound_library_needs_no_repair_and_every_check_ran(library):
    found = severities(library)
    assert list(found) == CHECKS
    assert "repair" not in found.values()
    assert {found[name] for name in ("texts", "passages", "records", "orphans")} == {"ok"}


@pytest.mark.parametrize(
    ("check", "sql"),
    [
        ("texts", "UPDATE documents SET text = replace(text, 'six years', 'two years')"),
        ("texts", "UPDATE passages SET start = start + 1 WHERE id = 1"),
        ("passages", "DELETE FROM passages WHERE id = 2"),
        ("passages", "INSERT INTO words (rowid, terms) VALUES (99, 'lighthouse')"),
    ],
)
def test_what_checksums_cant_see_is_found_and_the_named_repair_repairs_it(library, check, sql):
    recommitted(library, sql)
    finding = findings(library)[check]
    assert finding.severity == "repair"
    assert "index/" in finding.repair
    shutil.rmtree(library.index)
    build(library)
    assert "repair" not in severities(library).values()


def test_a_cache_that_cant_be_made_is_told(library, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FOLIO_CACHE", str(tmp_path / "file" / "cache"))
    finding = findings(library)["model"]
    assert (finding.severity, "can't be written" in finding.detail) == ("repair", True)
    assert "FOLIO_CACHE" in finding.repair
    with pytest.raises(ModelError, match="FOLIO_CACHE"):
        prepare()


def test_what_this_user_may_not_read_is_a_matter_of_rights(library, monkeypatch):
    def refused(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_dir", refused)
    assert "may read it" in findings(library)["library"].repair


def test_damaged_records_are_found(library):
    take_out(library, "en.txt")
    connection = sqlite3.connect(library.records)
    connection.execute("UPDATE files SET bytes = zeroblob(9)")
    connection.commit()
    connection.close()
    finding = findings(library)["records"]
    assert (finding.severity, "en.txt" in finding.detail) == ("repair", True)
    library.records.write_bytes(b"junk" * 999)
    assert findings(library)["records"].severity == "repair"


def test_what_nothing_names_is_advice(library):
    (library.index / "building-1").mkdir()
    connection = sqlite3.connect(library.records)
    connection.execute("INSERT INTO files VALUES ('0', x'00')")
    connection.commit()
    connection.close()
    found = findings(library)
    assert (found["orphans"].severity, found["records"].severity) == ("advice", "advice")
    assert "building-1" in found["orphans"].detail


def test_documents_without_date_or_language_and_pages_without_text_are_advice(library):
    recommitted(
        library,
        "UPDATE documents SET date = NULL WHERE path = 'lv.txt';"
        "UPDATE documents SET page_starts = '[0, 0, 5]' WHERE path = 'en.txt';",
    )
    found = findings(library)
    assert found["details"].severity == "advice"
    assert found["pages"].severity == "advice"
    assert "en.txt page 1" in found["pages"].detail


def test_a_full_disk_has_to_be_repaired_and_a_nearly_full_one_is_advice(library, monkeypatch):
    for free, expected in ((1 << 40, "ok"), (90 << 20, "advice"), (1000, "repair")):
        usage = shutil._ntuple_diskusage(1 << 41 if free > 1 << 39 else 1 << 30, 0, free)
        monkeypatch.setattr("index.inspection.shutil.disk_usage", lambda _, usage=usage: usage)
        assert findings(library)["disk"].severity == expected


def test_nearly_the_same_documents_are_advice(library):
    copy = (library.documents / "en.txt").read_text().replace("six years", "seven years")
    (library.documents / "copy.txt").write_text(copy)
    build(library)
    found = findings(library)["copies"]
    assert (found.severity, "copy.txt and en.txt" in found.detail) == ("advice", True)


def test_a_damaged_generation_is_found_with_the_one_that_answers_and_a_build_repairs_it(library):
    (library.documents / "more.txt").write_text("A lighthouse.")
    build(library)
    (library.index / "000002" / "vectors.faiss").write_bytes(b"junk")
    found = findings(library)["index"]
    assert (found.severity, found.repair) == ("repair", "run `folio index`")
    assert "000002" in found.detail
    assert found.detail.endswith("meanwhile generation 1 answers")
    build(library)
    assert findings(library)["index"].severity == "ok"


def test_what_lay_in_a_collection_whose_folder_was_renamed_by_hand_is_found_where_it_is_now(
    library, monkeypatch
):
    monkeypatch.setattr(building, "open_encoder", hashing_encoder)
    with Records.open(library.records) as records:
        collections.close(library, records, "ru", [])
    assert severities(library)["collections"] == "ok"
    (library.documents / "ru").rename(library.documents / "russian")
    build(library)
    found = findings(library)["collections"]
    assert found.severity == "repair"
    assert "russian/ru.txt" in found.detail
    assert "folio collection set" in found.repair
    with Records.open(library.records) as records:
        collections.close(library, records, "russian", [])
    assert severities(library)["collections"] == "ok"
    Keeper(library, "anna").rename("russian", "closed/")
    build(library)
    assert severities(library)["collections"] == "ok"
