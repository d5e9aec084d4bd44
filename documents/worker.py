"""Reading in a process of its own, with limits. The one home of pebble.

A file can hang a parser, eat memory or kill the process: it then costs itself only. The worker is
a fence against accidents, not against an attacker: it runs as the same user.
"""

import os
import stat
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, NamedTuple, Self, TypeVar

from documents.containers import Outcome, outcomes
from documents.document import Document, Layer
from documents.errors import DocumentError
from documents.formats import Member, Room
from documents.limits import Limits, holding, limits
from documents.page_images import Place, draw, locate
from documents.process import MEMORY_BYTES, Context, allow_cpu, confine
from documents.reading import extract, labelled, take_apart
from documents.recognition import Tesseract, TimeIsOver, recognised

T = TypeVar("T")

WALL_S: Final = 30
_END_S: Final = 10.0  # for a pool's workers to end
CPU_S: Final = 20
FILES_A_WORKER: Final = 200
REPLY_BYTES: Final = 32 << 20
_MESSAGE_CHARS: Final = 500
_SPARE_S: Final = 1.0  # for what is neither reading nor recognising
_TRIES: Final = 2


def bytes_of(path: Path) -> bytes:
    """Return the bytes of a regular file, and of nothing else: no link, pipe or device.

    Raises:
        DocumentError: unsafe_path where it isn't a regular file or its name isn't UTF-8, limit
            where it is too large, corrupt where the system can't read it or it keeps changing.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        raise DocumentError("unsafe_path", "The file's name isn't UTF-8: rename it.") from error
    try:
        for _ in range(_TRIES):
            data = _read_whole(path)
            if data is not None:
                return data
    except OSError as error:
        raise DocumentError("corrupt", f"The file can't be read ({error.strerror}).") from error
    raise DocumentError("corrupt", "The file changes while it is read: it is read again next time.")


def _read_whole(path: Path) -> bytes | None:
    """Return a file's bytes; None where it was changed meanwhile."""
    # Asked before it is opened: to open a device may do something.
    mode = path.lstat().st_mode
    if stat.S_ISLNK(mode):
        raise DocumentError("unsafe_path", "The file is a link: put the file itself there.")
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise DocumentError("unsafe_path", "This is no regular file.")
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        before = os.fstat(handle)
        if not stat.S_ISREG(before.st_mode):
            raise DocumentError("unsafe_path", "This is no regular file.")
        most = limits()
        if before.st_size > most.file_bytes:
            raise DocumentError("limit", f"The file has more than {most.file_mb} MB.")
        with os.fdopen(handle, "rb", closefd=False) as file:
            # Of its size and not of the limit: that much memory is asked for at once.
            data = file.read(before.st_size + 1)
        after = os.fstat(handle)
        same = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)
        return data if same and len(data) == after.st_size else None
    finally:
        os.close(handle)


def _end(pool: Any) -> None:
    """End a pool's workers.

    Where Ctrl-C met one in the middle of an answer, the pool can wait for the rest for ever; a
    worker that is left dies with this process.
    """

    def stop() -> None:
        pool.stop()
        pool.join()

    ending = threading.Thread(target=stop, daemon=True)
    ending.start()
    ending.join(_END_S)


class ReaderPool:
    """Reads files in worker processes; a context manager.

    No process starts before the first file is read. One that hangs, crashes or grows too large is
    replaced, and the next file is read as if nothing had happened. Threads may share a pool.

    >>> with ReaderPool() as pool:
    ...     sha256_hex, document = pool.read(Path("documents/a.pdf"), "a.pdf")
    """

    def __init__(
        self,
        workers: int = 1,
        wall_s: float = WALL_S,
        tesseract: Tesseract | None = None,
        tell: Callable[[str, int, int], None] = lambda *_: None,
    ) -> None:
        """Make a pool.

        Args:
            workers: how many processes at once.
            wall_s: how long one file may take, and one page whose picture is read.
            tesseract: reads what is written in pictures, a page at a time; None leaves them.
            tell: told of a file's pictures: its name, how many pages were read, of how many.
        """
        self._workers = workers
        self._wall_s = wall_s
        self._tesseract = tesseract
        self._tell = tell
        self._limits = limits()
        self._lock = threading.Lock()
        self._pool: Any = None
        self._scanners: ReaderPool | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers. The pool can't be used afterwards."""
        if self._scanners is not None:
            self._scanners.close()
            self._scanners = None
        if self._pool is not None:
            _end(self._pool)
            self._pool = None

    def read(self, path: Path, name: str) -> tuple[str, Document]:
        """Return the sha256 (hex) of a file's bytes and the document they hold.

        Raises:
            DocumentError: the file can't become a document; says why.
        """
        data = bytes_of(path)
        return sha256(data).hexdigest(), self.read_bytes(data, name)

    def read_bytes(self, data: bytes, name: str) -> Document:
        """Do what `documents.read` does, in a worker.

        Raises:
            DocumentError: what `documents.read` raises, or timeout, memory, or corrupt where the
                worker died.
        """
        began = time.monotonic()
        found = self._read(data, name)
        pages = found.pages if isinstance(found, DocumentError) else found.unread
        if pages and self._tesseract is not None:
            read_s = time.monotonic() - began
            found = self._with_pictures(self._tesseract, data, name, found, pages, read_s)
        if isinstance(found, DocumentError):
            raise found
        return labelled(found)

    def _read(
        self, data: bytes, name: str, *layers: Mapping[int, Layer]
    ) -> Document | DocumentError:
        try:
            document: Document = self._run(_task, data, name, *layers)
        except DocumentError as error:
            return error
        return document

    def _with_pictures(
        self,
        tesseract: Tesseract,
        data: bytes,
        name: str,
        first: Document | DocumentError,
        pages: tuple[int, ...],
        read_s: float,
    ) -> Document | DocumentError:
        """Return the document with what is written in the pictures of these pages.

        Args:
            first: what was read without them.
            read_s: how long that took, and will take once more.
        """
        most = self._limits
        # A file takes no longer in all than its text or its pictures may.
        left_s = min(most.ocr_s, max(self._wall_s, most.ocr_s) - 2 * read_s - _SPARE_S)
        tried = pages[: most.ocr_pages]
        layers = self._layers(tesseract, data, name, tried, left_s)
        found = self._read(data, name, layers) if layers else first
        if len(layers) == len(pages):
            return found
        is_overdue = len(layers) < len(tried)
        why = (
            f"Reading a file's pictures may take {most.ocr_s} s: the others are left (ocr_wall_s)."
            if is_overdue
            else f"{most.ocr_pages} pictures of a file are read, not more (ocr_max_pages)."
        )
        if isinstance(found, Document):
            return replace(found, notes=(*found.notes, why), cut_short=True)
        # Those that were left may have been all of its text.
        reason = "timeout" if is_overdue else "limit"
        return DocumentError(reason, why, found.pages) if found.pages else found

    def _layers(
        self, tesseract: Tesseract, data: bytes, name: str, pages: tuple[int, ...], left_s: float
    ) -> Mapping[int, Layer]:
        """Return what is written in the pictures of these pages, as far as there is time."""
        at_once = os.cpu_count() or 1
        with self._lock:
            if self._scanners is None:
                self._scanners = ReaderPool(at_once, self._wall_s)
            scanners = self._scanners
        until = time.monotonic() + left_s

        def run(task: Callable[..., Any], *args: Any) -> Any:
            left_s = until - time.monotonic()
            if left_s <= 0:
                raise TimeIsOver
            try:
                return scanners._run(_page_task, task, *args, wall_s=left_s)
            except DocumentError as error:
                if error.reason == "timeout" and time.monotonic() >= until:
                    raise TimeIsOver from error
                raise

        tell = partial(self._tell_pages, name, len(pages))
        return recognised(run, tesseract, data, pages, at_once, tell)

    def _tell_pages(self, name: str, of: int, done: int) -> None:
        self._tell(name, done, of)

    def read_all(self, data: bytes, name: str, description: bytes | None = None) -> list[Outcome]:
        """Do what `documents.read_all` does, each document in a worker under its own limits."""
        return outcomes(data, name, self, description)

    def document(self, data: bytes, name: str) -> Document:
        """Read a document: `read_bytes` by the name that `documents.containers` calls it."""
        return self.read_bytes(data, name)

    def members(self, data: bytes, name: str, room: Room) -> list[Member]:
        """Take a file apart in a worker.

        Raises:
            DocumentError: as `read_bytes`.
        """
        found: list[Member]
        found, left = self._run(_unpacking_task, data, name, room)
        room.bytes_left, room.members_left = left.bytes_left, left.members_left
        return found

    def draw(self, data: bytes, page: int) -> bytes:
        """Do what `page_images.draw` does, in a worker.

        Raises:
            DocumentError: what `page_images.draw` raises, or as `read_bytes`.
        """
        return bytes(self._run(_page_task, draw, data, page))

    def locate(
        self,
        data: bytes,
        page: int,
        text: str,
        start: int,
        end: int,
        layer: Layer | None = None,
    ) -> Place:
        """Do what `page_images.locate` does, in a worker.

        Raises:
            DocumentError: what `page_images.locate` raises, or as `read_bytes`.
        """
        place: Place = self._run(_page_task, locate, data, page, text, start, end, layer)
        return place

    def _run(self, task: Callable[..., Any], *args: Any, wall_s: float | None = None) -> Any:
        """Return what `task` returns in a worker.

        Args:
            wall_s: how long it may take, where that is less than a file may.

        Raises:
            DocumentError: as `read_bytes`.
        """
        from concurrent.futures import TimeoutError as Overdue
        from concurrent.futures.process import BrokenProcessPool

        from pebble import ProcessExpired

        try:
            try:
                outcome = self._once(task, args, wall_s)
            except (ProcessExpired, BrokenProcessPool):
                # Another file may have done it, or the system: who kills a worker twice did it.
                outcome = self._once(task, args, wall_s)
        except Overdue as error:
            raise _overdue(self._wall_s) from error
        except ProcessExpired as error:
            # The limit of CPU time ends a process by SIGXCPU.
            if error.exitcode == -24:
                raise _overdue(CPU_S) from error
            if error.exitcode == -9:
                raise _too_much_memory() from error
            raise DocumentError(
                "corrupt", f"The file crashes its reader (exit status {error.exitcode})."
            ) from error
        except BrokenProcessPool as error:
            raise DocumentError("corrupt", "The file crashes its reader.") from error
        except MemoryError as error:
            raise _too_much_memory() from error
        if isinstance(outcome, _Failure):
            raise DocumentError(*outcome)
        return outcome

    def _once(self, task: Callable[..., Any], args: tuple[Any, ...], wall_s: float | None) -> Any:
        from concurrent.futures.process import BrokenProcessPool

        pool = self._started()
        timeout = self._wall_s if wall_s is None else min(self._wall_s, wall_s)
        try:
            future = pool.schedule(_held_to, args=(self._limits, task, *args), timeout=timeout)
        except RuntimeError as error:  # another thread's file broke the pool
            self._drop(pool)
            raise BrokenProcessPool(str(error)) from error
        try:
            return future.result()
        except BrokenProcessPool:
            # Pebble gives up where a worker ends before it has said which task it took.
            self._drop(pool)
            raise

    def _drop(self, pool: Any) -> None:
        """End a broken pool; the next file starts another."""
        with self._lock:
            if self._pool is pool:
                self._pool = None
                _end(pool)

    def _started(self) -> Any:
        with self._lock:
            if self._pool is None:
                from pebble import ProcessPool

                self._pool = ProcessPool(
                    max_workers=self._workers,
                    max_tasks=FILES_A_WORKER,
                    initializer=confine,
                    context=Context(),
                )
            return self._pool


def _overdue(limit_s: float) -> DocumentError:
    return DocumentError("timeout", f"The file takes longer than {limit_s:g} s to read.")


def _too_much_memory() -> DocumentError:
    return DocumentError(
        "memory", f"The file needs more than {MEMORY_BYTES >> 20} MB of memory to read."
    )


class _Failure(NamedTuple):
    """A DocumentError on its way back: texts and numbers, which always pickle."""

    reason: str
    message: str
    pages: tuple[int, ...] = ()


def _held_to(most: Limits, task: Callable[..., T], *args: Any) -> T:
    """Run in the worker: do a task under the limits that hold where it was asked for."""
    with holding(most):
        return task(*args)


def _task(data: bytes, name: str, layers: Mapping[int, Layer] | None = None) -> Document | _Failure:
    """Run in the worker."""
    return _limited(lambda: _short_enough(extract(data, name, layers)))


def _short_enough(document: Document) -> Document:
    if len(document.text.encode()) > REPLY_BYTES:
        raise DocumentError("limit", f"The text has more than {REPLY_BYTES >> 20} MB.")
    return document


def _unpacking_task(data: bytes, name: str, room: Room) -> tuple[list[Member], Room] | _Failure:
    """Run in the worker."""
    return _limited(lambda: (take_apart(data, name, room), room))


def _limited(work: Callable[[], T]) -> T | _Failure:
    """Return what `work` does within the limit of CPU time that one file has, or its failure."""
    allow_cpu(CPU_S)
    try:
        return work()
    except DocumentError as error:
        # What a parser complains about may be the whole file.
        return _Failure(error.reason, error.message[:_MESSAGE_CHARS], error.pages)
    except MemoryError:
        return _Failure("memory", str(_too_much_memory()))
    except (Exception, SystemExit) as error:  # whatever a parser may raise
        said = f"{type(error).__name__}: {error}"
        return _Failure("corrupt", f"The file can't be read ({said[:_MESSAGE_CHARS]}).")


def _page_task(task: Callable[..., T], *arguments: Any) -> "T | _Failure":
    """Run in the worker, as `_task`: what a page of a PDF is drawn, looked through or read by."""
    return _limited(lambda: task(*arguments))
