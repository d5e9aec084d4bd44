"""Limits are settings: what is too much for one library isn't for another."""

import zipfile
from dataclasses import fields

import pytest

from index import build as building
from index.errors import LibraryError
from index.generation import open_current
from index.library import Library
from index.room import check_room, held_bytes
from index.settings import Settings
from tests.faults.host import hashing_encoder


def reasons(library):
    return {row.document: row.reason for row in open_current(library.index).store.documents()}


def test_a_file_is_read_once_the_limit_that_it_was_too_much_for_is_raised(
    make_library, monkeypatch
):
    monkeypatch.setattr(building, "open_encoder", hashing_encoder)
    texts = {"long.txt": "Words of peace. " * 20, "short.txt": "Words."}
    library = make_library(texts, "text_max_chars = 100\n")
    building.build(library)
    assert reasons(library) == {"long.txt": "limit", "short.txt": None}
    assert building.build(library).unchanged == 2
    (library.folder / "folio.toml").write_text("text_max_chars = 1000\n")
    assert building.build(Library.open(library.folder)).changed == ["long.txt"]
    assert reasons(library) == {"long.txt": None, "short.txt": None}


def test_files_are_read_with_the_highest_limits_that_can_be_set(make_library, monkeypatch):
    monkeypatch.setattr(building, "open_encoder", hashing_encoder)
    names = [each.name for each in fields(Settings) if each.name.endswith(("_mb", "_s", "_chars"))]
    library = make_library({"a.txt": "Words."}, "".join(f"{name} = {10**9}\n" for name in names))
    with zipfile.ZipFile(library.documents / "b.zip", "w") as archive:
        archive.writestr("c.txt", "Words in it.")
        archive.writestr("d.html", "<p>Words on a page.</p>")
    building.build(library)
    assert set(reasons(library).values()) == {None}


@pytest.mark.parametrize(
    ("settings", "size", "said"),
    [
        ("file_max_mb = 2", 3 << 20, "more than 2 MB"),
        ("disk_min_free_percent = 100", 1, "less than 100 % of the disk would be free"),
        (
            "library_max_gb = 1\nfile_max_mb = 2000",
            1 << 30,
            "would have more than 1 GB",
        ),
    ],
)
def test_an_upload_for_which_there_is_no_room_is_refused_with_its_reason(
    make_library, settings, size, said
):
    # Whatever the disk of the machine that tests has free, the other limits are looked at.
    if "disk" not in settings:
        settings += "\ndisk_min_free_percent = 1"
    library = make_library({"a.txt": "Words."}, settings)
    with pytest.raises(LibraryError, match=said):
        check_room(library, size, held_bytes(library))
    check_room(make_library({}, "disk_min_free_percent = 1"), 1, 0)
