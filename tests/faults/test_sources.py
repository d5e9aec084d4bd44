"""Folders as people, other systems and accidents leave them: every file is accounted for."""

import os
import socket
import unicodedata

import pytest

from documents import DocumentError, worker
from documents.worker import bytes_of
from index import build as building
from index.generation import open_current
from index.library import Library
from tests.conftest import TEXTS
from tests.faults.host import InProcess, hashing_encoder

MANY = 100_000
MANY_S = 600
MANY_MB = 1500
DAY_S = 86_400


@pytest.fixture
def build(monkeypatch):
    """Return a build that reads in this process and needs no model."""
    monkeypatch.setattr(building, "ReaderPool", InProcess)
    monkeypatch.setattr(building, "open_encoder", hashing_encoder)
    return building.build


def states(library):
    """Return each listed file's reason, None where it is indexed."""
    rows = open_current(library.index).store.documents()
    return {row.document: row.reason for row in rows}


def test_links_pipes_and_sockets_are_listed_and_never_followed(library, build, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.txt").write_text("The canary sings at midnight.")
    places = library.documents
    (places / "loop").symlink_to(places, target_is_directory=True)
    (places / "away").symlink_to(outside, target_is_directory=True)
    (places / "secret.txt").symlink_to(outside / "secret.txt")
    (places / "dangling.txt").symlink_to(outside / "nothing.txt")
    (places / "device.txt").symlink_to("/dev/zero")
    os.mkfifo(places / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        here = os.getcwd()  # noqa: PTH109  (a socket's path must be short)
        os.chdir(places)
        listening.bind("socket.txt")
        os.chdir(here)
    build(library)
    strange = {"loop", "away", "secret.txt", "dangling.txt", "device.txt", "pipe.txt", "socket.txt"}
    found = states(library)
    assert found.keys() == strange | TEXTS.keys()
    assert {found[name] for name in strange} == {"unsafe_path"}
    assert open_current(library.index).store.holding(["canary"]) == {}
    assert build(library).unchanged == len(found)


def test_a_device_is_never_opened(library, build):
    try:
        os.mknod(library.documents / "device.txt", 0o666 | 0o020000, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("no device can be made here: not root, or a container without the right")
    build(library)
    assert states(library)["device.txt"] == "unsafe_path"


def test_names_in_any_form_are_documents_of_their_own(library, build):
    name = "Şəki ģimene é.txt"
    forms = {unicodedata.normalize(form, name) for form in ("NFC", "NFD")}
    names = {*forms, "Case.txt", "case.txt", "CASE.TXT", "ə" * 125 + "x.txt", " .x.txt", "a\nb.txt"}
    assert len(os.fsencode("ə" * 125 + "x.txt")) == 255
    for place, each in enumerate(sorted(names)):
        (library.documents / each).write_text(f"Lighthouse {place} is lit.")
    build(library)
    found = states(library)
    assert {each: found[each] for each in names} == dict.fromkeys(names)
    (library.documents / "case.txt").unlink()
    assert build(library).removed == ["case.txt"]
    assert states(library).keys() == (names - {"case.txt"}) | TEXTS.keys()


def test_a_name_that_is_no_text_is_listed_and_costs_itself_only(library, build):
    bad = os.fsencode(library.documents) + b"/\xff\xfename.txt"
    with open(bad, "wb") as file:  # noqa: PTH123  (a path of bytes)
        file.write(b"Words.")
    build(library)
    assert states(library) == {**dict.fromkeys(TEXTS), "\\xff\\xfename.txt": "unsafe_path"}
    assert build(library).unchanged == len(TEXTS) + 1
    os.rename(bad, library.documents / "name.txt")  # noqa: PTH104
    build(library)
    assert states(library) == dict.fromkeys([*TEXTS, "name.txt"])


@pytest.mark.parametrize("change", ["grows", "is cut"])
@pytest.mark.parametrize("times", [1, 100])
def test_a_file_that_changes_while_it_is_read_is_read_again_once(
    library, monkeypatch, change, times
):
    path = library.documents / "log.txt"
    path.write_text("0123456789" * 10)
    status, asked = os.fstat, 0

    def changing(handle):
        nonlocal asked, times
        asked += 1
        if asked % 2 == 0 and times:  # between reading and looking again
            times -= 1
            size = path.stat().st_size
            os.truncate(path, size + 10 if change == "grows" else size - 10)
        return status(handle)

    monkeypatch.setattr(worker.os, "fstat", changing)
    if times == 1:
        assert bytes_of(path) == path.read_bytes()
        return
    with pytest.raises(DocumentError, match="changes while it is read") as caught:
        bytes_of(path)
    assert caught.value.reason == "corrupt"
    assert asked == 4


def test_a_file_that_is_always_changing_is_indexed_when_it_rests(library, build, monkeypatch):
    path = library.documents / "log.txt"
    path.write_text("A lighthouse.")
    whole = worker._read_whole
    with monkeypatch.context() as patch:
        patch.setattr(worker, "_read_whole", lambda p: None if p == path else whole(p))
        build(library)
        assert states(library) == {**dict.fromkeys(TEXTS), "log.txt": "corrupt"}
    assert build(library).changed == ["log.txt"]
    assert states(library) == dict.fromkeys([*TEXTS, "log.txt"])


@pytest.mark.parametrize("known", [True, False])
def test_a_file_deleted_between_being_noticed_and_being_read_is_no_document(library, build, known):
    path = library.documents / "brief.txt"
    path.write_text("A lighthouse.")
    if known:
        build(library)
        path.write_text("Another lighthouse.")

    def delete(what, done, *_):
        if what == "Comparing files" and done > len(TEXTS):
            path.unlink(missing_ok=True)

    report = build(library, delete)
    assert (report.added, report.changed, report.failed) == ([], [], [])
    assert report.removed == (["brief.txt"] if known else [])
    assert states(library) == dict.fromkeys(TEXTS)
    assert build(library).unchanged == len(TEXTS)


def test_a_file_renamed_while_the_index_is_built_is_found_by_the_next_build(library, build):
    path = library.documents / "before.txt"
    path.write_text("A lighthouse.")

    def rename(what, done, *_):
        if what == "Comparing files" and done > len(TEXTS) and path.exists():
            path.rename(library.documents / "after.txt")

    build(library, rename)
    assert states(library) == dict.fromkeys(TEXTS)
    assert build(library).added == ["after.txt"]


@pytest.mark.parametrize("clock", [-DAY_S, 4_080_000_000], ids=["set back a day", "in 2099"])
def test_no_clock_decides_what_has_changed(library, build, clock):
    path = library.documents / "en.txt"
    before = path.stat()
    build(library)
    when = before.st_mtime + clock if clock < 0 else clock
    os.utime(path, (when, when))
    assert build(library).unchanged == len(TEXTS)
    # Other words of the same length under the same date.
    path.write_text(path.read_text().replace("Liepāja", "Ventspi"))
    os.utime(path, (when, when))
    assert build(library).changed == ["en.txt"]
    first = open_current(library.index).manifest.number
    os.utime(library.index / f"{first:06d}", (0, 0))
    path.unlink()
    build(library)
    assert open_current(library.index).manifest.number > first


@pytest.mark.long
def test_a_hundred_thousand_small_files_are_indexed(host, tmp_path):
    for number in range(MANY):
        folder = tmp_path / "many" / "documents" / f"{number // 1000:03d}"
        if number % 1000 == 0:
            folder.mkdir(parents=True)
        (folder / f"{number}.txt").write_text(f"Lighthouse {number} is lit.")
    library = Library.open(tmp_path / "many")
    builder = host.run(library)
    assert builder.said("committed") == [1], builder.journal()[-1]
    lines = builder.journal()
    took_s = lines[-1][-1] - lines[0][-1]
    [cpu_s], [peak_mb] = builder.said("cpu_s"), builder.said("peak_mb")
    print(f"{MANY} files in {took_s:.0f} s, {cpu_s:.0f} CPU-s, {peak_mb} MB at the most")
    assert open_current(library.index).store.passage_count() == MANY
    # Of its own time: how busy the machine is with other things says nothing.
    assert cpu_s < MANY_S
    assert peak_mb < MANY_MB
