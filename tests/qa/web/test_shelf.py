"""Builds that are cancelled or fail while the files change."""

import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.build import Report, build
from index.changes import Progress
from index.errors import LibraryError
from index.library import Library
from qa.assistant import Assistant
from qa.web import shelf
from qa.web.shelf import Shelf


class _Held:
    """A build that begins, and goes on when it may."""

    def __init__(self) -> None:
        self.began = threading.Semaphore(0)
        self.goes_on = threading.Event()
        self.turns = 0
        self.fails = False

    def __call__(self, library: Library, progress: Progress) -> Report:
        self.turns += 1
        self.began.release()
        assert self.goes_on.wait(60)
        if self.fails and self.turns == 1:
            raise LibraryError("the disk is full")
        return build(library, progress)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[_Held]:
    made = _Held()
    monkeypatch.setattr(shelf, "build", made)
    yield made
    made.goes_on.set()


@pytest.fixture
def library(small_library: Library, tmp_path: Path) -> Library:
    return Library.open(shutil.copytree(small_library.folder, tmp_path / "library"))


def _ended(shelf: Shelf) -> dict[str, object]:
    until = time.monotonic() + 120
    while (job := shelf.job())["state"] == "running":
        assert time.monotonic() < until
        time.sleep(0.02)
    return job


def _documents(library: Library) -> list[str]:
    return [row.document for row in Assistant.open(library).documents()]


def test_what_is_removed_after_cancel_is_not_quoted_though_the_build_had_not_stopped_yet(
    held: _Held, library: Library
) -> None:
    shelf = Shelf(library)
    shelf.rebuild()
    held.began.acquire()
    shelf.cancel()
    (library.documents / "az.txt").unlink()
    shelf.rebuild()
    held.goes_on.set()
    assert _ended(shelf)["removed"] == ["az.txt"]
    assert "az.txt" not in _documents(library)


def test_cancel_stops_what_was_still_to_be_taken_up_too(held: _Held, library: Library) -> None:
    shelf = Shelf(library)
    shelf.rebuild()
    held.began.acquire()
    (library.documents / "az.txt").unlink()
    shelf.rebuild()
    shelf.cancel()
    held.goes_on.set()
    assert _ended(shelf) == {"state": "stopped"}
    assert held.turns == 1
    assert "az.txt" in _documents(library)


def test_what_changes_during_a_build_that_fails_is_taken_up(held: _Held, library: Library) -> None:
    held.fails = True
    shelf = Shelf(library)
    shelf.rebuild()
    held.began.acquire()
    (library.documents / "az.txt").unlink()
    shelf.rebuild()
    held.goes_on.set()
    assert _ended(shelf)["removed"] == ["az.txt"]


def test_a_build_that_failed_says_so_and_another_can_be_started(
    held: _Held, library: Library
) -> None:
    held.fails = True
    held.goes_on.set()
    shelf = Shelf(library)
    shelf.rebuild()
    assert _ended(shelf) == {"state": "failed", "message": "the disk is full"}
    shelf.rebuild()
    assert _ended(shelf)["state"] == "done"
