"""What the Library tab does: files come and go, and the index follows while others ask."""

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, Final

from documents import sidecar
from documents.formats import SUFFIXES
from index import additions
from index.build import Report, build
from index.changes import Progress
from index.copies import keep_copy
from index.errors import FolioError, IndexBusy, LibraryError
from index.files import described, same_format
from index.library import Library
from index.records import written
from index.removed import removed
from index.room import check_room, held_bytes
from qa.people.keeper import Keeper
from qa.web.refused import Refused

_NAME_CHARS: Final = 200
# What file systems take for the name of a file or folder; a sidecar's is the longest.
_PART_BYTES: Final = 255 - len(sidecar.SUFFIX)
_AGAIN_S: Final = 0.5
# What people type into a description that can be refused, and the string that says why.
_TYPED: Final = {"date": "bad_date", "signed": "bad_date", "language": "bad_language"}


class _Stopped(FolioError):
    """Somebody pressed "cancel"."""


class Shelf:
    """A library's files, changed from the page. Safe to call from several threads.

    One build runs at a time; a change that comes while one runs is taken up by another after it.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        self._runs = False
        self._again = False
        self._stop = threading.Event()
        self._job: dict[str, Any] = {"state": "idle"}
        # What all files have, in bytes; None where that has to be counted.
        self._held: int | None = None

    async def add(
        self, keeper: Keeper, name: str, data: AsyncIterator[bytes], replace: bool, came_as: str
    ) -> str:
        """Put an uploaded file into documents/.

        Args:
            keeper: who does it.
            replace: whether it takes the place of a file of that name, which can be put back.
            came_as: its name where it comes from.

        Returns:
            "stored"; "same" where it was there; or why it isn't taken: "taken" where another file
            has its name, "bad_name", "unread" where its format isn't read, "other_ending" where it
            came with another one.

        Raises:
            Refused: it is one too many today.
            LibraryError: it is too large, or can't be put there.
        """
        if refused := _refused_name(name):
            return refused
        if not _same_format(name, came_as):
            return "other_ending"
        with tempfile.TemporaryDirectory(prefix="folio-") as folder:
            file = Path(folder, PurePosixPath(name).name)
            size, most = 0, self._library.settings.file_max_mb << 20
            with file.open("wb") as copy:
                async for part in data:
                    size += len(part)
                    if size > most:
                        break
                    copy.write(part)
            return await asyncio.to_thread(self._put, keeper, name, file, size, replace)

    def _put(self, keeper: Keeper, name: str, file: Path, size: int, replace: bool) -> str:
        self._check_day(keeper.name)
        with self._lock:
            if self._held is None:
                self._held = held_bytes(self._library)
            check_room(self._library, size, self._held)
        target = self._library.documents / name
        there = target.is_file()
        if there and target.read_bytes() == file.read_bytes():
            return "same"
        if there and not replace:
            return "taken"
        if there:
            keeper.replace(file, name)
        else:
            parent = PurePosixPath(name).parent
            keeper.add(file, "" if parent == PurePosixPath(".") else str(parent))
        with self._lock:
            # What it replaced is counted too, until the files are counted anew after a build.
            if self._held is not None:
                self._held += size
        return "stored"

    def _check_day(self, name: str) -> None:
        """Refuse a file of somebody who has added as many in a day as may be."""
        most = self._library.settings.upload_max_files_a_day
        yesterday = written(datetime.now(UTC) - timedelta(days=1))
        if additions.count_since(self._library, name, yesterday) >= most:
            raise Refused("day_full", count=most)

    def rename(self, keeper: Keeper, document: str, new: str) -> None:
        """Give a file another path under documents/; citations of it stay good.

        Raises:
            Refused: the new path can't be its.
            FolioError: there is no such file, or it can't be moved.
        """
        if not _same_format(document, new):
            raise Refused("other_ending", ending=PurePosixPath(document).suffix)
        if _refused_name(new):
            raise Refused("bad_name")
        if os.path.lexists(self._library.documents / new):
            raise Refused("name_taken")
        keeper.rename(document, new)

    def describe(self, keeper: Keeper, document: str, values: Mapping[str, str]) -> None:
        """Write down what is said of a document; an empty value is taken out.

        Raises:
            Refused: a date or a language isn't one.
            FolioError: there is no such document, or another value isn't accepted.
        """
        for key in _TYPED.keys() & values.keys():
            try:
                sidecar.rewritten(b"", {key: values[key]})
            except ValueError as error:
                raise Refused(_TYPED[key], value=values[key]) from error
        keeper.describe(document, values)

    def described(self, document: str) -> dict[str, str]:
        """Return what people say of a document.

        Raises:
            FolioError: there is none.
        """
        return described(self._library, document)

    def removed(self) -> list[dict[str, Any]]:
        """Return the files that can be restored."""
        return [asdict(item) for item in removed(self._library)]

    def rebuild(self) -> None:
        """Start to make the index agree with the files; `job` tells how it goes."""
        with self._lock:
            self._held = None
            if self._runs:
                self._again = True
            else:
                self._start()

    def cancel(self) -> None:
        """Stop what runs; the generation that was current stays so.

        What is changed from now on is taken up, also where the build hasn't noticed yet.
        """
        with self._lock:
            self._again = False
            self._stop.set()

    def job(self) -> dict[str, Any]:
        """Return how the build goes, or how the last one went."""
        return dict(self._job)

    def _start(self) -> None:
        """Begin a build in a thread of its own; the caller has the lock."""
        self._again = False
        self._stop.clear()
        self._job = {"state": "running", "done": 0, "total": 0, "left_s": None}
        threading.Thread(target=self._build, daemon=True).start()
        self._runs = True

    def _build(self) -> None:
        started = time.monotonic()

        def progress(what: str, done: int, total: int, remark: str = "", /) -> None:
            if self._stop.is_set():
                raise _Stopped
            if what == "Indexing files":
                spent = time.monotonic() - started
                left = round(spent / done * (total - done)) if done else None
                self._job |= {"done": done, "total": total, "left_s": left}

        ended: dict[str, Any] = {}
        try:
            report = self._built(progress)
            keep_copy(self._library)
            ended = {
                "state": "done",
                "added": report.added,
                "changed": report.changed,
                "removed": report.removed,
                "failed": [asdict(failure) for failure in report.failed],
            }
        except _Stopped:
            ended = {"state": "stopped"}
        except FolioError as error:
            ended = {"state": "failed", "message": str(error)}
        except Exception as error:  # the page says so, the terminal says where
            ended = {"state": "failed", "message": f"{type(error).__name__}: {error}"}
            raise
        finally:
            # However it ended, a change that came meanwhile is taken up.
            with self._lock:
                self._runs = False
                if self._again:
                    self._start()
                else:
                    self._job = ended

    def _built(self, progress: Progress) -> Report:
        """Build when no other process does: a `folio watch` may have seen the change first."""
        while True:
            try:
                return build(self._library, progress)
            except IndexBusy:
                if self._stop.wait(_AGAIN_S):
                    raise _Stopped from None


def _same_format(document: str, name: str) -> bool:
    try:
        same_format(document, name)
    except LibraryError:
        return False
    return True


def _refused_name(name: str) -> str:
    """Return why a file can't have a path under documents/; empty where it can."""
    parts = name.split("/")
    plain = name.isprintable() and len(name) <= _NAME_CHARS and "\\" not in name
    if not plain or any(
        part in ("", ".", "..") or part.startswith(".") or len(part.encode()) > _PART_BYTES
        for part in parts
    ):
        return "bad_name"
    return "" if PurePosixPath(name).suffix.lower() in SUFFIXES else "unread"
