"""Put files into documents/, and take them out. Nothing else of Folio changes what is there.

What has returned has happened: the file and its name are on the disk. A process that is killed
leaves the whole file or none, and at most a hidden copy that the next `put` removes.
"""

import difflib
import errno
import filecmp
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Final

from documents import sidecar
from index.disk import sync
from index.errors import LibraryError
from index.library import Library

_UNFINISHED: Final = re.compile(r"\.folio-(\d+)-.*\.part")


def check(library: Library, files: Sequence[Path], folder: str = "") -> None:
    """Raise LibraryError where `put` wouldn't take one of several files."""
    taken: dict[Path, Path] = {}
    for file in files:
        target = _target(library, file, folder)
        there = taken.setdefault(target, target if os.path.lexists(target) else file)
        if there != file and not _same(there, file):
            raise _other(target.relative_to(library.documents).as_posix())


def put(library: Library, file: Path, folder: str = "") -> str:
    """Copy a file into documents/ and return its path there. The same bytes twice are one file.

    Raises:
        LibraryError: another file of that name is there, the name leads out of documents/, or the
            disk doesn't take it.
    """
    target = _target(library, file, folder)
    name = target.relative_to(library.documents).as_posix()
    with _told(name):
        _make_folder(target.parent)
        with _copied(file, target.parent) as unfinished:
            try:
                _name(unfinished, target)
            except FileExistsError as error:
                if not _same(target, unfinished):
                    raise _other(name) from error
        sync(target.parent)
    return name


def _target(library: Library, file: Path, folder: str) -> Path:
    return _inside(library, f"{folder}/{file.name}" if folder else file.name)


def _same(there: Path, file: Path) -> bool:
    return there.is_file() and filecmp.cmp(there, file, shallow=False)


def _other(name: str) -> LibraryError:
    return LibraryError(
        f"there is another file at {name}: `folio replace` puts a new one in its place; or rename "
        "one of them"
    )


def replace(library: Library, file: Path, document: str) -> None:
    """Put a file's bytes in a document's place, for good; its path stays.

    Raises:
        LibraryError: there is no such document, the file is of another format, or the disk doesn't
            take it.
    """
    target = located(library, document)
    same_format(document, file.name)
    with _told(document), _copied(file, target.parent) as unfinished:
        unfinished.replace(target)
        sync(target.parent)


def rename(library: Library, document: str, new: str) -> str:
    """Give a document, with its sidecar, another path under documents/, and return that.

    Args:
        new: the path; a folder, with "/" at its end, keeps the name.

    Raises:
        LibraryError: there is no such document, another file is there, the ending would change, or
            the disk doesn't take it.
    """
    source = located(library, document)
    target = _inside(library, new + source.name if new.endswith("/") else new)
    name = target.relative_to(library.documents).as_posix()
    same_format(document, name)
    described = source.with_name(source.name + sidecar.SUFFIX)
    with _told(name):
        _make_folder(target.parent)
        try:
            # The sidecar first: a document is never without what is said of it.
            if described.is_file():
                if os.path.lexists(target):
                    raise FileExistsError(target)
                _name(described, target.with_name(target.name + sidecar.SUFFIX))
            _name(source, target)
        except FileExistsError as error:
            raise LibraryError(
                f"there is another file at {name}: choose another name, or remove it first"
            ) from error
        sync(target.parent)
        # Where there are no hard links it has moved already.
        source.unlink(missing_ok=True)
        described.unlink(missing_ok=True)
        sync(source.parent)
    return name


def is_folder(library: Library, name: str) -> bool:
    """Return whether a path under documents/ is a folder, and no link to one."""
    path = _inside(library, name)
    return path.is_dir() and not path.is_symlink()


def folder_move(library: Library, folder: str, new: str) -> tuple[str, str]:
    """Return a folder's path and the one that it is to have, where it can have it.

    Args:
        new: as `rename` has it.

    Raises:
        LibraryError: it can't; says why.
    """
    source = _inside(library, folder)
    target = _inside(library, new + source.name if new.endswith("/") else new)
    old, name = (path.relative_to(library.documents).as_posix() for path in (source, target))
    if source == library.documents or source in target.parents:
        raise LibraryError(f"{old!r} can't be moved into itself: give another path")
    if os.path.lexists(target):
        raise LibraryError(f"there is something at {name} already: choose another name")
    return old, name


def move_folder(library: Library, old: str, new: str) -> None:
    """Give a folder another path under documents/, at once with all that lies in it.

    Args:
        old, new: as `folder_move` has them.

    Raises:
        LibraryError: the disk doesn't take it.
    """
    source, target = library.documents / old, library.documents / new
    with _told(new):
        _make_folder(target.parent)
        source.rename(target)
        sync(target.parent)
        sync(source.parent)


def described(library: Library, document: str) -> dict[str, str]:
    """Return what people say of a document, in its sidecar.

    Raises:
        LibraryError: there is no such document.
    """
    return sidecar.said_in(_sidecar_bytes(located(library, document)))


def describe(library: Library, document: str, values: Mapping[str, str]) -> None:
    """Write what people say of a document into its sidecar; one that says nothing goes.

    Args:
        values: by key of a sidecar; an empty one is taken out.

    Raises:
        LibraryError: there is no such document, a value isn't accepted, or the disk
            doesn't take it.
    """
    path = located(library, document)
    target = path.with_name(path.name + sidecar.SUFFIX)
    try:
        data = sidecar.rewritten(_sidecar_bytes(path), values)
    except ValueError as error:
        raise LibraryError(f"{document}{sidecar.SUFFIX}: {error}") from error
    with _told(target.name), tempfile.TemporaryDirectory(prefix="folio-") as scratch:
        if not data.strip():
            target.unlink(missing_ok=True)
        else:
            written = Path(scratch, "said.toml")
            written.write_bytes(data)
            with _copied(written, target.parent) as unfinished:
                unfinished.replace(target)
        sync(target.parent)


def _sidecar_bytes(path: Path) -> bytes:
    beside = path.with_name(path.name + sidecar.SUFFIX)
    with _told(beside.name):
        return beside.read_bytes() if beside.is_file() and not beside.is_symlink() else b""


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
    """Return the path of a document's file.

    Raises:
        LibraryError: there is none; says what comes near.
    """
    path = _inside(library, document)
    if path.is_file() or path.is_symlink():
        return path
    files = (each for each in library.documents.rglob("*") if each.is_file())
    names = {listed(str(each.relative_to(library.documents))): each for each in files}
    if document in names:
        return names[document]
    for parent in path.parents:
        if parent.is_file():
            outer = parent.relative_to(library.documents).as_posix()
            raise LibraryError(f"{document!r} is packed in {outer!r}: it is that file that counts")
    near = difflib.get_close_matches(document, names, n=1)
    hint = f"did you mean {near[0]!r}?" if near else "`folio documents` lists what is there"
    raise LibraryError(f"there is no file {document!r} in {library.documents}: {hint}")


def listed(document: str) -> str:
    """Return a document's path as it is listed: a file has one spelling.

    Bytes of its name that aren't UTF-8 are escaped, as `index.changes.files_of` has them.
    """
    with suppress(UnicodeEncodeError):
        document = os.fsencode(document).decode(errors="backslashreplace")
    return PurePosixPath(document).as_posix()


def same_format(document: str, name: str) -> None:
    """Raise LibraryError where a file's name says another format than a document's."""
    old, new = PurePosixPath(document).suffix, PurePosixPath(name).suffix
    if old.lower() != new.lower():
        raise LibraryError(
            f"{document!r} ends in {old or 'nothing'}, {name!r} in {new or 'nothing'}, and the "
            f"ending says the format: give a name in {old}, or add the new file and remove the old"
        )


@contextmanager
def _copied(file: Path, folder: Path) -> Iterator[Path]:
    """Yield a hidden copy of a file that is on the disk, to be given its name: whole or not at all.

    It is removed afterwards where it still is there.
    """
    _remove_unfinished(folder)
    handle, copied = tempfile.mkstemp(prefix=f".folio-{os.getpid()}-", suffix=".part", dir=folder)
    unfinished = Path(copied)
    try:
        with os.fdopen(handle, "wb") as copy, file.open("rb") as source:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        unfinished.chmod(0o644)
        yield unfinished
    finally:
        unfinished.unlink(missing_ok=True)


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
    try:
        name.encode()
    except UnicodeEncodeError as error:
        raise LibraryError(
            f"{name!r} isn't UTF-8, and what is named like that isn't read: give it another name"
        ) from error
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute():
        raise LibraryError(f"{name!r} doesn't lie in {library.documents}")
    path = library.documents.joinpath(*parts)
    if not path.parent.resolve().is_relative_to(library.documents.resolve()):
        raise LibraryError(f"{name!r} leads out of {library.documents}")
    return path
