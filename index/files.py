"""Put files into documents/, and take them out. Nothing else of Folio changes what is there.

What has returned has happened: the file and its name are on the disk. A process that is killed
leaves the whole file or none, and at most a hidden copy that the next `put` removes.
"""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from index.disk import sync
from index.errors import LibraryError
from index.library import Library

_UNFINISHED: Final = re.compile(r"\.folio-(\d+)-.*\.part")


def put(library: Library, file: Path, folder: str = "") -> str:
    """Copy a file into documents/ and return its path there. The same bytes twice are one file.

    Raises:
        LibraryError: another file of that name is there, the name leads out of documents/, or the
            disk doesn't take it.
    """
    target = _inside(library, f"{folder}/{file.name}" if folder else file.name)
    name = target.relative_to(library.documents).as_posix()
    with _told(name):
        _make_folder(target.parent)
        _remove_unfinished(target.parent)
        # Whole or not at all: the copy gets its name when it is on the disk.
        handle, copied = tempfile.mkstemp(
            prefix=f".folio-{os.getpid()}-", suffix=".part", dir=target.parent
        )
        unfinished = Path(copied)
        try:
            with os.fdopen(handle, "wb") as copy, file.open("rb") as source:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
            unfinished.chmod(0o644)
            _name(unfinished, target)
        except FileExistsError as error:
            if not (target.is_file() and target.read_bytes() == unfinished.read_bytes()):
                raise LibraryError(
                    f"there is another file at {name}: rename one, or remove it first"
                ) from error
        finally:
            unfinished.unlink(missing_ok=True)
        sync(target.parent)
    return name


def delete(library: Library, document: str) -> None:
    """Delete a file from documents/.

    Raises:
        LibraryError: there is no such file.
    """
    path = located(library, document)
    with _told(document):
        path.unlink()
        sync(path.parent)


def located(library: Library, document: str) -> Path:
    """Return where a file of documents/ is.

    Raises:
        LibraryError: there is no such file.
    """
    path = _inside(library, document)
    if not path.is_file() and not path.is_symlink():
        raise LibraryError(f"there is no file {document!r} in {library.documents}")
    return path


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what the disk says into one line."""
    try:
        yield
    except OSError as error:
        raise LibraryError(f"{name} can't be written or read: {error}") from error


def _name(unfinished: Path, target: Path) -> None:
    """Give a finished copy its name. FileExistsError where a file of that name came meanwhile."""
    try:
        # A link, unlike a rename, never takes another file's place.
        target.hardlink_to(unfinished)
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS):
            raise
        if os.path.lexists(target):
            raise FileExistsError(target) from error
        unfinished.rename(target)


def _make_folder(folder: Path) -> None:
    """Make a folder with those above it, and have their names put on the disk."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync(folder.parent)


def _remove_unfinished(folder: Path) -> None:
    """Remove the copies of processes that were killed."""
    for path in folder.glob(".folio-*.part"):
        match = _UNFINISHED.fullmatch(path.name)
        if match and not _lives(int(match[1])):
            path.unlink(missing_ok=True)


def _lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        with suppress(PermissionError):
            os.kill(pid, 0)
        return True
    return False


def _inside(library: Library, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute():
        raise LibraryError(f"{name!r} doesn't lie in {library.documents}")
    path = library.documents.joinpath(*parts)
    if not path.parent.resolve().is_relative_to(library.documents.resolve()):
        raise LibraryError(f"{name!r} leads out of {library.documents}")
    return path
