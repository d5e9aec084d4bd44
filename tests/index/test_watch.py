"""Watching a folder. Vectors are noise here: the tests are about when something is built."""

import dataclasses
import queue
import threading
import time
from contextlib import contextmanager

import numpy as np
import pytest

from index.build import Report
from index.errors import FolioError
from index.generation import open_current, writing
from index.watch import watch

WAIT_S = 120


@pytest.fixture
def noisy(encoder, monkeypatch):
    chance = np.random.default_rng(1)

    def run(texts):
        yield list(range(len(texts))), chance.standard_normal((len(texts), 384), np.float32)

    noise = dataclasses.replace(encoder, _run=run)
    monkeypatch.setattr("index.build.open_encoder", lambda *_, **__: noise)


@contextmanager
def watched(library):
    """Yield a queue of what a watch tells."""
    told, stop = queue.Queue(), threading.Event()
    thread = threading.Thread(target=watch, args=(library.folder, told.put, stop))
    thread.start()
    try:
        yield told
    finally:
        stop.set()
        thread.join(WAIT_S)
        assert not thread.is_alive()


def test_what_comes_changes_and_goes_is_indexed_and_a_touch_is_nothing(make_library, noisy):
    library = make_library({"a.txt": "A lighthouse."})
    with watched(library) as told:
        assert told.get(timeout=WAIT_S).added == ["a.txt"]
        (library.documents / "deep").mkdir()
        (library.documents / "deep" / "b.txt").write_text("A harbour.")
        assert told.get(timeout=WAIT_S).added == ["deep/b.txt"]
        (library.documents / "a.txt").touch()
        (library.documents / ".a.txt.swp").write_text("An editor's own file.")
        (library.documents / "a.txt").write_text("A lighthouse, lit.")
        report = told.get(timeout=WAIT_S)
        assert (report.changed, report.generation) == (["a.txt"], 3)
        (library.documents / "a.txt").unlink()
        assert told.get(timeout=WAIT_S).removed == ["a.txt"]
    rows = open_current(library.index).store.documents()
    assert [row.document for row in rows] == ["deep/b.txt"]


def test_many_changes_at_once_are_one_build(make_library, noisy):
    library = make_library({})
    with watched(library) as told:
        # The first build finds nothing, and tells nothing; this waits for it.
        while not (library.index / "CURRENT").exists():
            time.sleep(0.05)
        for number in range(30):
            (library.documents / f"{number}.txt").write_text(f"Lighthouse {number}.")
        assert len(told.get(timeout=WAIT_S).added) == 30
        assert told.empty()


def test_a_lock_that_is_held_is_told_once_and_tried_again(make_library, noisy):
    library = make_library({"a.txt": "A lighthouse."})
    with writing(library.index), watched(library) as told:
        assert isinstance(told.get(timeout=WAIT_S), FolioError)
        time.sleep(2)
        assert told.empty()
    with watched(library) as told:
        assert isinstance(told.get(timeout=WAIT_S), Report)


def test_a_lock_that_is_freed_is_taken(make_library, noisy):
    library = make_library({"a.txt": "A lighthouse."})
    with watched(library) as told:
        assert told.get(timeout=WAIT_S).generation == 1
        with writing(library.index):
            (library.documents / "b.txt").write_text("A harbour.")
            assert isinstance(told.get(timeout=WAIT_S), FolioError)
        assert told.get(timeout=WAIT_S).added == ["b.txt"]


def test_an_error_is_told_and_the_next_change_is_taken_up(make_library, noisy):
    library = make_library({"a.txt": "A lighthouse."})
    with watched(library) as told:
        assert told.get(timeout=WAIT_S).generation == 1
        settings = library.folder / "folio.toml"
        settings.write_text("passage_char = 3\n")
        (library.documents / "b.txt").write_text("A harbour.")
        assert "passage_chars" in str(told.get(timeout=WAIT_S))
        settings.unlink()
        (library.documents / "c.txt").write_text("A pier.")
        assert told.get(timeout=WAIT_S).added == ["b.txt", "c.txt"]
