import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from documents import DocumentError, read
from documents import worker as worker_module
from documents.worker import ReaderPool, bytes_of

FILES = Path(__file__).parent / "files"
TEXT = "Ventspils parks parakstīja līgumu ar aģentūru."


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool() as opened:
        yield opened


def test_a_file_is_read_as_if_it_were_read_here(pool: ReaderPool) -> None:
    data = (FILES / "paged.pdf").read_bytes()
    assert pool.read(FILES / "paged.pdf", "paged.pdf") == (
        sha256(data).hexdigest(),
        read(data, "paged.pdf"),
    )


def test_a_reason_comes_back_from_the_worker(pool: ReaderPool) -> None:
    with pytest.raises(DocumentError) as caught:
        pool.read_bytes(b"%PDF-1.7", "a.pdf")
    assert caught.value.reason == "corrupt"


def test_threads_share_a_pool(pool: ReaderPool) -> None:
    with ThreadPoolExecutor(4) as threads:
        texts = threads.map(
            lambda n: pool.read_bytes(f"{TEXT} {n}".encode(), "a.txt").text, range(40)
        )
    assert list(texts) == [f"{TEXT} {n}" for n in range(40)]


def test_nothing_to_read_starts_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "Context", None)
    with ReaderPool():
        pass


WALL_S = 2
# Enough for a worker to be started anew as well, and less than a file's usual limit.
SOON_S = 10

# Poison is a file whose name says what the worker should do to itself.
POISON = """
import os, signal, sys, time
def extract(data, name, layers=None):
    if name == "hang.txt":
        while True: pass
    if name == "sleep.txt": time.sleep(3600)
    if name == "bomb.txt": return "x" * (4 << 30)
    if name == "segv.txt": os.kill(os.getpid(), signal.SIGSEGV)
    if name == "exit.txt": os._exit(3)
    if name == "sysexit.txt": sys.exit(3)
    if name == "deep.txt":
        def deep(n): return deep(n + 1)
        return deep(0)
    if name == "killed.txt":  # as a lack of memory does, after a while
        time.sleep(0.3)
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "missing.txt": open("/nowhere/to/be/found").read()
    if name == "talks.txt": raise ValueError("x" * (64 << 20))
    if name == "huge.txt":
        from documents.document import Document
        return Document("x" * (40 << 20), "huge", "und", None, "other")
    if name == "write.txt":
        with open(__file__ + ".out", "w") as file: file.write("x"); file.flush()
    from documents.reading import extract
    return extract(data, name)
"""


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReaderPool]:
    """A pool whose workers do what a poison file's name says."""
    folder = tmp_path_factory.mktemp("poison")
    (folder / "poison.py").write_text(POISON)
    patch = pytest.MonkeyPatch()
    patch.syspath_prepend(folder)
    patch.setattr(worker_module, "_task", _poisoned_task)
    with ReaderPool(wall_s=WALL_S) as opened:
        yield opened
    patch.undo()


def _poisoned_task(data: bytes, name: str) -> object:
    import poison  # type: ignore[import-not-found]

    patch = pytest.MonkeyPatch()
    patch.setattr(worker_module, "extract", poison.extract)
    return _real_task(data, name)


_real_task = worker_module._task


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("hang.txt", "timeout"),
        ("sleep.txt", "timeout"),
        ("bomb.txt", "memory"),
        ("segv.txt", "corrupt"),
        ("exit.txt", "corrupt"),
        ("sysexit.txt", "corrupt"),
        ("deep.txt", "corrupt"),
        ("write.txt", "corrupt"),
        ("killed.txt", "memory"),
        ("missing.txt", "corrupt"),
        ("talks.txt", "corrupt"),
        ("huge.txt", "limit"),
    ],
)
def test_poison_costs_itself_only(poisoned: ReaderPool, name: str, reason: str) -> None:
    began = time.monotonic()
    poisoned.read_bytes(TEXT.encode(), "good.txt")  # a worker is there
    with pytest.raises(DocumentError) as caught:
        poisoned.read_bytes(TEXT.encode(), name)
    assert caught.value.reason == reason
    assert len(caught.value.message) < 1000
    assert poisoned.read_bytes(TEXT.encode(), "good.txt").text == TEXT
    assert time.monotonic() - began < SOON_S


def test_a_script_without_a_main_guard_may_read(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "from documents.worker import ReaderPool\n"
        "with ReaderPool() as pool:\n"
        f"    print(pool.read_bytes({TEXT.encode()!r}, 'a.txt').text)\n"
    )
    root = Path(worker_module.__file__).parents[1]
    ran = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PYTHONPATH": str(root)}, check=False,
    )  # fmt: skip
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{TEXT}\n", "")


def test_workers_die_with_the_program_that_started_them(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import multiprocessing, time\n"
        "from documents.worker import ReaderPool\n"
        "pool = ReaderPool()\n"
        "pool.read_bytes(b'words', 'a.txt')\n"
        "print(*(child.pid for child in multiprocessing.active_children()), flush=True)\n"
        "time.sleep(60)\n"
    )
    root = Path(worker_module.__file__).parents[1]
    with subprocess.Popen(
        [sys.executable, script], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as program:  # fmt: skip
        assert program.stdout is not None
        children = [int(pid) for pid in program.stdout.readline().split()]
        assert children
        program.kill()
    deadline = time.monotonic() + 5
    while any(_lives(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_lives(pid) for pid in children)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    real = tmp_path / "a.txt"
    real.write_text(TEXT)
    link, pipe = tmp_path / "link.txt", tmp_path / "pipe.txt"
    link.symlink_to(real)
    os.mkfifo(pipe)
    assert bytes_of(real) == TEXT.encode()
    for path in (link, pipe, tmp_path):
        with pytest.raises(DocumentError) as caught:
            bytes_of(path)
        assert caught.value.reason == "unsafe_path"
    with pytest.raises(DocumentError) as caught:
        bytes_of(tmp_path / "missing.txt")
    assert caught.value.reason == "corrupt"


def test_the_signal_of_the_cpu_limit_is_the_one_that_is_expected() -> None:
    assert signal.SIGXCPU == 24
