"""A process that has imported the index, and forks a builder for each order in 10 ms.

A builder runs Folio's own code. What is put in its place: files are read in the same process, and
the vector of a text that vectors.cache doesn't have is made from its hash. Every step that changes
the disk (a file opened for writing, synced, renamed, linked or deleted, a folder made or removed, a
database opened) is counted by Python's audit events, and one of them can be made to fail.

    {"library": DIR, "journal": FILE, "put": [FILE], "stamp": TEXT, "fault": ["kill", 7]}

and, where wanted, "at" (the monotonic clock's time to begin at), "fsize" (the most bytes of a file)
and "ordinary" (without root's right to open everything).

Answers each order with the builder's pid, and {"wait": pid} with its exit status. What a builder
did is in its journal, a JSON array a line, written before the next step is done.
"""

import ctypes
import errno
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import faiss  # noqa: F401  (imported here once, not by every builder)
import numpy as np

from documents.containers import outcomes
from documents.reading import extract, take_apart
from index import build as building
from index.encoder import DEFAULT, Encoder, fingerprint_of
from index.errors import FolioError
from index.files import put
from index.library import Library

DIMENSION = 384
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_STEPS = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.link", "sqlite3.connect")
_LINGER_S = 20


class InProcess:
    """Reads where the pool of workers would."""

    def __init__(self, **_: Any) -> None:
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def read_all(self, data, name, description=None):
        return outcomes(data, name, self, description)

    def document(self, data, name):
        return replace(extract(data, name), language="en")

    def members(self, data, name, room):
        return take_apart(data, name, room)


def hashed(text: str) -> np.ndarray:
    """Return a unit vector that depends on the text alone."""
    seed = int.from_bytes(sha256(text.encode()).digest()[:8])
    row = np.random.default_rng(seed).standard_normal(DIMENSION).astype(np.float32)
    return row / np.linalg.norm(row)


def hashing_encoder(*_: Any, **__: Any) -> Encoder:
    """Return an encoder that says it is the default one."""

    def run(texts: Sequence[str]) -> Iterator[tuple[list[int], np.ndarray]]:
        if texts:
            yield list(range(len(texts))), np.stack([hashed(text) for text in texts])

    return Encoder(DEFAULT, fingerprint_of(DEFAULT), DIMENSION, {"query": "", "document": ""}, run)


class Journal:
    """What a builder did; a line is there before the next thing is done."""

    def __init__(self, path: str) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def __call__(self, *values: Any) -> None:
        os.write(self._handle, json.dumps([*values, time.monotonic()]).encode() + b"\n")


class Steps:
    """Counts the steps under a folder, and makes one of them the last."""

    def __init__(self, folder: str, journal: Journal, fault: tuple[str, int] | None) -> None:
        self._folder = folder
        self._journal = journal
        self._kind, self._at = fault or ("", 0)
        self._count = 0

    def watch(self) -> None:
        sync = os.fsync

        def counted(handle: int) -> None:
            self._step("fsync", _path_of(handle))
            sync(handle)

        os.fsync = counted
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        if event == "open":
            path, _, flags = args
            if isinstance(path, str | bytes) and flags and flags & _WRITES:
                self._step("write", os.fsdecode(path))
        elif event in _STEPS:
            folder = ""
            if event in ("os.remove", "os.rmdir") and args[1] != -1:
                folder = _path_of(args[1])
            names = args[:2] if event in ("os.rename", "os.link") else args[:1]
            paths = [os.path.join(folder, os.fsdecode(name)) for name in names]  # noqa: PTH118
            self._step(event.removeprefix("os."), *paths)

    def _step(self, event: str, *paths: str) -> None:
        if not paths[-1].startswith(self._folder):
            return
        self._count += 1
        self._journal("step", event, *(path.removeprefix(self._folder + "/") for path in paths))
        if self._count == self._at:
            if self._kind == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            code = getattr(errno, self._kind)
            raise OSError(code, os.strerror(code), paths[0])


def _path_of(handle: int) -> str:
    return str(Path(f"/proc/self/fd/{handle}").readlink())


def _without_rights() -> None:
    """Let the permissions of files hold for root as well (Linux's CAP_DAC_*)."""
    libc = ctypes.CDLL(None)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    sets = (ctypes.c_uint32 * 6)()
    libc.capget(header, sets)
    for place in range(3):
        sets[place] &= ~0b110
    assert libc.capset(header, sets) == 0


def build_once(order: dict[str, Any]) -> None:
    """Do what an order says, in a process that was forked for it."""
    journal = Journal(order["journal"])
    library = Library.open(order["library"])
    if "at" in order:
        time.sleep(max(0.0, order["at"] - time.monotonic()))
    if "fsize" in order:
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["fsize"], order["fsize"]))
    if order.get("ordinary"):
        _without_rights()
    journal("begun")
    Steps(order["library"], journal, order.get("fault")).watch()
    try:
        for file in order.get("put", ()):
            journal("put", put(library, Path(file)))
        if stamp := order.get("stamp"):
            unfinished = library.folder / "stamp.new"
            unfinished.write_text(stamp)
            unfinished.replace(library.documents / "stamp.txt")
        report = building.build(library)
        journal("committed", report.generation)
        used = resource.getrusage(resource.RUSAGE_SELF)
        journal("cpu_s", used.ru_utime + used.ru_stime)
        journal("peak_mb", used.ru_maxrss >> 10)
    except FolioError as error:
        journal("refused", [error.exit_status, str(error)])
    except BaseException:
        journal("traceback", traceback.format_exc())


def main() -> None:
    """Take orders from stdin until it is closed."""
    building.ReaderPool = InProcess
    building.open_encoder = hashing_encoder
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            print(os.waitstatus_to_exitcode(status), flush=True)
            continue
        pid = os.fork()
        if not pid:
            os.close(0)
            build_once(order)
            if order.get("linger"):
                time.sleep(_LINGER_S)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
