"""What differs between documents/ and a store: files are known by the sha256 of their bytes.

No clock decides: what has the same bytes is unchanged, whatever its date.
"""

import os
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Protocol

from documents import DocumentError, sidecar
from documents.worker import bytes_of
from index.errors import LibraryError
from index.library import Library
from index.revisions import holds, revision, unread
from index.store import Store


class Progress(Protocol):
    """Told of long work: what is being done, how much of it is, of how much, and a remark."""

    def __call__(self, what: str, done: int, total: int, remark: str = "", /) -> None:
        """Take note."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What a build has to do. Paths are relative to documents/, sorted.

    Attributes:
        paths: the files to be read, those that are new or others now.
    """

    paths: dict[str, Path]
    added: list[str]
    changed: list[str]
    removed: list[str]
    unchanged: int

    def __bool__(self) -> bool:
        return bool(self.paths or self.removed)


def files_of(library: Library) -> dict[str, Path]:
    """Return the files under documents/ by their path with "/"; hidden ones are left out.

    Sidecars of files are left out too, since they are no documents. Links are listed and not
    followed: what they point at lies elsewhere. A folder that can't be
    opened is listed like a file. A name that isn't UTF-8 is listed with its bytes escaped.
    """
    closed: list[Path] = []
    paths: list[Path] = []
    for folder, folders, names in os.walk(
        library.documents, onerror=lambda error: closed.append(Path(error.filename))
    ):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if Path(folder, name).is_symlink()]
        paths += [Path(folder, name) for name in [*names, *links] if not name.startswith(".")]
    if library.documents in closed:
        raise LibraryError(f"{library.documents} can't be opened: see to its rights")
    found = {
        os.fsencode(path.relative_to(library.documents)).decode(errors="backslashreplace"): path
        for path in [*paths, *closed]
    }
    return {name: found[name] for name in sorted(found) if sidecar.describes(name) not in found}


def compare(library: Library, store: Store | None, progress: Progress = lambda *_: None) -> Changes:
    """Compare the files with a store, None where there is none yet."""
    known = store.revisions() if store else {}
    paths = files_of(library)
    missing = set(known) - set(paths)
    # What lies in a folder that can't be opened is still there, as far as anybody knows.
    removed = sorted(name for name in missing if not _lies_behind(name, paths))
    changes = Changes({}, [], [], removed, 0)
    for place, (name, path) in enumerate(paths.items()):
        progress("Comparing files", place, len(paths))
        try:
            current = revision(*contents(path))
        except DocumentError as error:
            current = unread(error)
        if name not in known or not holds(*known[name], current, library.settings):
            (changes.changed if name in known else changes.added).append(name)
            changes.paths[name] = path
    progress("Comparing files", len(paths), len(paths))
    unchanged = len(paths) - len(changes.paths) + len(missing) - len(removed)
    return replace(changes, unchanged=unchanged)


def contents(path: Path) -> tuple[bytes, bytes | None]:
    """Return a file's bytes, and those of its sidecar; None where there is none that can be read.

    Raises:
        DocumentError: the file can't be opened.
    """
    data = bytes_of(path)
    try:
        return data, bytes_of(path.with_name(path.name + sidecar.SUFFIX))
    except DocumentError:
        return data, None


def _lies_behind(name: str, paths: dict[str, Path]) -> bool:
    """Return whether a file lies in a folder that is listed because it can't be opened."""
    parents = (paths.get(str(parent)) for parent in PurePosixPath(name).parents)
    return any(path and path.is_dir() and not path.is_symlink() for path in parents)
