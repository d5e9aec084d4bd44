"""Every bad file has its right outcome, within its limits; nothing is written, nothing is called.

The workers do what they always do, but end themselves when they open a socket.
"""

import multiprocessing
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents import DocumentError
from documents import worker as worker_module
from documents.process import MEMORY_BYTES
from documents.worker import ReaderPool
from tests.faults.bad_files import Case, cases

CASES = cases()


WATCHED = """
import os, sys
from documents import worker
ORDINARY = worker._task, worker._unpacking_task
watched = False
def watch():
    global watched
    if not watched:
        watched = True
        sys.addaudithook(lambda event, args: os._exit(77) if event.startswith("socket.") else None)
def task(data, name):
    watch()
    if name == "caller.txt":
        import socket
        socket.socket()
    return ORDINARY[0](data, name)
def unpacking_task(data, name, room):
    watch()
    return ORDINARY[1](data, name, room)
"""


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderPool]:
    folder = tmp_path_factory.mktemp("watched")
    (folder / "watched_tasks.py").write_text(WATCHED)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(folder)
        import watched_tasks

        patch.setattr(worker_module, "_task", watched_tasks.task)
        patch.setattr(worker_module, "_unpacking_task", watched_tasks.unpacking_task)
        with ReaderPool() as opened:
            yield opened
    del sys.modules["watched_tasks"]


def peaks() -> list[int]:
    """Return the most memory, in bytes, that each worker alive has ever held or asked for."""
    found = []
    for child in multiprocessing.active_children():
        status = Path(f"/proc/{child.pid}/status")
        if status.exists():
            lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
            if "VmPeak" in lines:  # a process that ends has none
                found.append(int(lines["VmPeak"].split()[0]) << 10)
    return found


def test_a_file_that_opened_a_socket_would_be_noticed(pool: ReaderPool) -> None:
    with pytest.raises(DocumentError, match="exit status 77"):
        pool.read_bytes(b"words", "caller.txt")
    assert pool.read_bytes(b"words", "good.txt").text == "words"


def test_there_are_enough_of_them_and_they_are_the_same_every_time() -> None:
    assert len(CASES) >= 80
    assert len({name for name, *_ in CASES}) == len(CASES)
    assert cases() == CASES


@pytest.mark.parametrize("case", CASES, ids=[name for name, *_ in CASES])
def test_a_bad_file_has_its_outcome(
    case: Case, pool: ReaderPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, data, expected = case
    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    outcomes = pool.read_all(data, name)
    assert time.monotonic() - began < 31
    told = {
        each.result.reason if isinstance(each.result, DocumentError) else "indexed"
        for each in outcomes
    }
    assert told == {expected}, outcomes
    assert "exit status 77" not in str(outcomes)
    measured = peaks()
    assert measured or not Path("/proc").exists()
    assert all(peak <= MEMORY_BYTES for peak in measured)
    assert list(tmp_path.iterdir()) == []
