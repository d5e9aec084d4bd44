"""Put files into documents/, and take them out. Nothing else of Folio changes what is there."""

import os
import shutil
import tempfile
from pathlib import Path, PurePosixPath

from index.errors import LibraryError
from index.library import Library


def put(library: Library, file: Path, folder: str = "") -> str:
    """Copy a file into documents/ and return its path there. The same bytes twice are one file.

    Raises:
        LibraryError: another file of that name is there, or the name leads out of documents/.
    """
    target = _inside(library, f"{folder}/{file.name}" if folder else file.name)
    name = target.relative_to(library.documents).as_posix()
    if target.exists():
        if target.is_file() and target.read_bytes() == file.read_bytes():
            return name
        raise LibraryError(f"there is another file at {name}: rename one, or remove it first")
    target.parent.mkdir(parents=True, exist_ok=True)
    # Whole or not at all: the copy gets its name when it is on the disk.
    handle, unfinished = tempfile.mkstemp(prefix=".", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as copy, file.open("rb") as source:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        Path(unfinished).chmod(0o644)
        Path(unfinished).rename(target)
    finally:
        Path(unfinished).unlink(missing_ok=True)
    return name


def delete(library: Library, document: str) -> None:
    """Delete a file from documents/.

    Raises:
        LibraryError: there is no such file.
    """
    path = _inside(library, document)
    if not path.is_file() and not path.is_symlink():
        raise LibraryError(f"there is no file {document!r} in {library.documents}")
    path.unlink()


def _inside(library: Library, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or PurePosixPath(name).is_absolute():
        raise LibraryError(f"{name!r} doesn't lie in {library.documents}")
    path = library.documents.joinpath(*parts)
    if not path.parent.resolve().is_relative_to(library.documents.resolve()):
        raise LibraryError(f"{name!r} leads out of {library.documents}")
    return path
