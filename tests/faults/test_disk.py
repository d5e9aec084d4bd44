"""A disk that is full, read-only or broken is one clear line; the index answers as before.

A later build, with the disk in order, is fine.
"""

import errno
import os
import resource
import subprocess
from itertools import count

import pytest

from documents import worker
from index.build import build
from index.errors import LibraryError
from index.files import put
from index.generation import open_current, verify_current
from index.library import Library
from tests.conftest import TEXTS
from tests.serving import environment, folio_command

MORE = "more.txt"
LONG = "\n\n".join(f"Paragraph {n} tells of lighthouse {n} and its keeper." for n in range(4000))


def number_of(library):
    return verify_current(library.index)[0].number


def assert_refused_in_one_line(builder):
    assert builder.said("traceback") == []
    [(status, message)] = builder.said("refused")
    assert status == 1
    assert "\n" not in message
    assert "can't be written" in message


def assert_it_answers_and_a_later_build_is_fine(host, library, number):
    assert number_of(library) == number
    assert len(open_current(library.index).store.documents()) >= len(TEXTS)
    [committed] = host.run(library).said("committed")
    assert committed > number
    assert not list(library.index.glob("building-*"))
    assert MORE in {row.document for row in open_current(library.index).store.documents()}


def test_an_error_of_the_disk_at_every_single_step_is_one_line(host, library, tmp_path):
    outcomes = set()
    for step in count(1):
        file = tmp_path / f"more-{step}.txt"
        file.write_text(f"Lighthouse {step} is lit.")
        before = number_of(library)
        fault = [("EIO", "ENOSPC")[step % 2], step]
        builder = host.run(library, put=[str(file)], fault=fault)
        if len([line for line in builder.journal() if line[0] == "step"]) < step:
            break
        # What is only swept up may fail without anybody's noticing.
        if not builder.said("committed"):
            assert_refused_in_one_line(builder)
        outcomes.add((bool(builder.said("committed")), number_of(library) > before))
        assert number_of(library) >= max([before, *builder.said("committed")])
        if builder.said("put") and not builder.said("committed"):
            host.run(library)
        names = {row.document for row in open_current(library.index).store.documents()}
        assert names >= {*TEXTS, *builder.said("put")}
    print(f"{step - 1} steps")
    assert step > 20
    assert {(False, False), (True, True)} <= outcomes


# The copy of the last generation doesn't fit; it does, and what is added doesn't.
@pytest.mark.parametrize("share", [0.5, 1])
def test_a_file_that_may_not_grow_any_further_is_one_line(host, library, share):
    number = number_of(library)
    size = (library.index / f"{number:06d}" / "passages.sqlite").stat().st_size
    (library.documents / MORE).write_text(LONG)
    assert_refused_in_one_line(host.run(library, fsize=int(size * share)))
    (library.documents / MORE).write_text("Lighthouse 1 is lit.")
    assert_it_answers_and_a_later_build_is_fine(host, library, number)


def test_the_real_command_says_it_in_one_line_with_status_1(library):
    (library.documents / MORE).write_text("Lighthouse 1 is lit.")
    ran = subprocess.run(
        [*folio_command(), "index", "--library", str(library.folder)],
        capture_output=True,
        text=True,
        env=environment(),
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)),
    )
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert "can't be written" in ran.stderr


@pytest.fixture
def small_disk(library, tmp_path):
    """Mount 2 MB of memory as a disk, and put the library there."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here: not root, or a container without the right")
    try:
        subprocess.run(["cp", "-r", str(library.folder), str(disk / "library")], check=True)
        yield Library.open(disk / "library")
    finally:
        # Lazily: a reader of this test may still have its files open.
        subprocess.run(["umount", "--lazy", str(disk)], check=True)


def test_a_full_disk_is_one_line(host, small_disk):
    number = number_of(small_disk)
    (small_disk.documents / MORE).write_text("Lighthouse 1 is lit.")
    filler = small_disk.folder / "filler"
    subprocess.run(["dd", "if=/dev/zero", f"of={filler}", "bs=1k"], capture_output=True)
    assert_refused_in_one_line(host.run(small_disk))
    with pytest.raises(LibraryError, match="can't be written"):
        put(small_disk, filler)
    filler.unlink()
    assert_it_answers_and_a_later_build_is_fine(host, small_disk, number)


@pytest.mark.parametrize("folder", ["index", "documents"])
def test_a_folder_that_may_not_be_written_is_one_line(host, library, tmp_path, folder):
    number = number_of(library)
    file = tmp_path / MORE
    file.write_text("Lighthouse 1 is lit.")
    place = library.folder / folder
    place.chmod(0o555)
    try:
        assert_refused_in_one_line(host.run(library, put=[str(file)], ordinary=True))
        assert open_current(library.index).manifest.number == number
    finally:
        place.chmod(0o755)
    put(library, file)
    assert_it_answers_and_a_later_build_is_fine(host, library, number)


def test_sources_that_may_not_be_read_cost_themselves_only(host, library):
    closed, folder = library.documents / "en.txt", library.documents / "ru"
    (library.documents / MORE).write_text("Lighthouse 1 is lit.")
    closed.chmod(0)
    folder.chmod(0)
    try:
        assert host.run(library, ordinary=True).said("committed")
        rows = {row.document: row for row in open_current(library.index).store.documents()}
    finally:
        closed.chmod(0o644)
        folder.chmod(0o755)
    assert rows[MORE].state == "indexed"
    assert {name: rows[name].reason for name in ("en.txt", "ru")} == dict.fromkeys(
        ["en.txt", "ru"], "corrupt"
    )
    assert "Permission denied" in rows["ru"].message
    # What is in the closed folder isn't known to be gone.
    assert rows["ru/ru.txt"].state == "indexed"
    assert host.run(library).said("committed")
    rows = {row.document: row for row in open_current(library.index).store.documents()}
    assert rows.keys() == {*TEXTS, MORE}
    assert {row.state for row in rows.values()} == {"indexed"}


def test_a_source_on_a_broken_disk_costs_itself_only(library, monkeypatch):
    (library.documents / MORE).write_text("Lighthouse 1 is lit.")
    read = worker._read_whole

    def broken(path):
        if path.name == MORE:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return read(path)

    with monkeypatch.context() as patch:
        patch.setattr(worker, "_read_whole", broken)
        report = build(library)
    assert [(each.document, each.reason) for each in report.failed] == [(MORE, "corrupt")]
    assert build(library).failed == []
