"""Files that crash their worker, one after the other and many at once; the pool stays full.

What the other kinds of poison do to a worker is tested in tests/documents/test_worker.py.
"""

import multiprocessing
import sys
import time
from collections import Counter

import pytest

from documents import DocumentError
from documents import worker as worker_module
from documents.worker import ReaderPool

TASKS = 250
TEXT = "Ventspils parks parakstīja līgumu ar aģentūru."
CRASHES = ("segv.txt", "exit.txt", "killed.txt")
OTHERS = {"good.txt": "ok", "missing.txt": "corrupt", "empty.txt": "empty"}
POISON = """
import os, signal
from documents.worker import _task
def task(data, name):
    if name == "segv.txt": os.kill(os.getpid(), signal.SIGSEGV)
    if name == "exit.txt": os._exit(3)
    if name == "killed.txt": os.kill(os.getpid(), signal.SIGKILL)
    if name == "missing.txt": return _task(b"%PDF-1.7", "a.pdf")
    return _task(b"" if name == "empty.txt" else data, name)
"""


@pytest.fixture
def task(tmp_path, monkeypatch):
    """Have the workers do what a file's name says."""
    (tmp_path / "poison.py").write_text(POISON)
    monkeypatch.syspath_prepend(tmp_path)
    import poison

    monkeypatch.setattr(worker_module, "_task", poison.task)
    yield
    del sys.modules["poison"]


@pytest.mark.slow
def test_a_pool_is_full_after_many_files_of_which_two_in_five_crash(task, chance):
    names = [
        chance.choice(CRASHES) if chance.random() < 0.4 else chance.choice(sorted(OTHERS))
        for _ in range(TASKS)
    ]
    others = set(multiprocessing.active_children())
    with ReaderPool() as pool:
        found = [outcome(pool, name) for name in names]
        for name, got in zip(names, found, strict=True):
            # One that dies at once may be gone before anybody knows by which signal.
            assert got in ({"corrupt", "memory"} if name in CRASHES else {OTHERS[name]})
        assert outcome(pool, "good.txt") == "ok"
        deadline = time.monotonic() + 10
        while (alive := living(others)) != 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert alive == 1
    counts = Counter(names)
    print(dict(counts))
    assert sum(counts[name] for name in CRASHES) > TASKS // 4
    assert living(others) == 0


def outcome(pool, name):
    try:
        return "ok" if pool.read_bytes(TEXT.encode(), name).text == TEXT else "wrong"
    except DocumentError as error:
        return error.reason


def living(others):
    return sum(child.is_alive() for child in set(multiprocessing.active_children()) - others)
