"""Files that hang, crash or eat memory, one after the other and all at once; the pool stays full.

What each kind of poison does to itself is in tests/documents/test_worker.py.
"""

import multiprocessing
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from documents import DocumentError
from documents import worker as worker_module
from documents.worker import ReaderPool
from tests.documents.test_worker import POISON, TEXT, _poisoned_task

TASKS = 250
WORKERS = 2
CRASHES = {"segv.txt": "corrupt", "exit.txt": "corrupt", "killed.txt": "memory"}
OTHERS = {"sysexit.txt": "corrupt", "missing.txt": "corrupt", "deep.txt": "corrupt"}


@pytest.mark.slow
def test_a_pool_is_full_after_many_files_of_which_two_in_five_crash(tmp_path, monkeypatch, chance):
    (tmp_path / "poison.py").write_text(POISON)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(worker_module, "_task", _poisoned_task)
    names = [
        chance.choice(sorted(CRASHES))
        if chance.random() < 0.4
        else chance.choice(["good.txt"] * 4 + sorted(OTHERS))
        for _ in range(TASKS)
    ]
    others = set(multiprocessing.active_children())
    with ReaderPool(workers=WORKERS) as pool, ThreadPoolExecutor(2 * WORKERS) as threads:

        def outcome(name: str) -> str:
            try:
                return "ok" if pool.read_bytes(TEXT.encode(), name).text == TEXT else "wrong"
            except DocumentError as error:
                return error.reason

        found = list(threads.map(outcome, names))
        expected = {"good.txt": "ok", **CRASHES, **OTHERS}
        wrong = [
            (name, got) for name, got in zip(names, found, strict=True) if got != expected[name]
        ]
        assert wrong == []
        assert [outcome("good.txt") for _ in range(WORKERS)] == ["ok"] * WORKERS
        deadline = time.monotonic() + 10
        while (alive := living(others)) != WORKERS and time.monotonic() < deadline:
            time.sleep(0.1)
        assert alive == WORKERS
    counts = Counter(names)
    print(dict(counts))
    assert sum(counts[name] for name in CRASHES) > TASKS // 4
    assert living(others) == 0


def living(others):
    return sum(child.is_alive() for child in set(multiprocessing.active_children()) - others)
