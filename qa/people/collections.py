"""Collections: folders under documents/ that only those who are listed read.

A document that lies in no collection is read by everybody; one that lies in several, a folder
within a folder, by those whom all of them list. Librarians and admins keep the library and read
all of it. A folder stays closed when its last reader goes.
"""

import unicodedata
from collections.abc import Collection as Several
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from index.errors import LibraryError
from index.library import Library
from index.records import Records
from qa.people.users import User, user


@dataclass(frozen=True, slots=True)
class Collection:
    """A folder with those who read it.

    Attributes:
        folder: its path under documents/, with "/".
        readers: users' names.
    """

    folder: str
    readers: tuple[str, ...]


def close(library: Library, records: Records, folder: str, names: Sequence[str]) -> Collection:
    """Let only these users, librarians and admins read what lies in a folder.

    Raises:
        LibraryError: there is no such folder or user.
    """
    path = _path_of(library, folder)
    readers = sorted({user(records, name).name for name in names})
    _list_anew(records, path, readers)
    return Collection(path, tuple(readers))


def list_reader(records: Records, folder: str, name: str) -> Collection:
    """Put a user on a collection's list.

    Raises:
        LibraryError: there is no such collection or user.
    """
    found = collection(records, folder)
    reader = user(records, name).name
    with records.writing():
        records.rows(
            "INSERT OR IGNORE INTO collection_readers VALUES (?, ?)", [found.folder, reader]
        )
    return collection(records, folder)


def open_again(records: Records, folder: str) -> None:
    """Let everybody read what lies in a folder.

    Raises:
        LibraryError: it isn't a collection.
    """
    _forget(records, [collection(records, folder).folder])


@contextmanager
def following(records: Records, old: str, new: str) -> Iterator[None]:
    """Close a folder also under the path that the block gives it, for the same readers.

    It stays closed under the old one too: texts that citations keep, and files that can be put
    back, lay there.

    Args:
        old, new: the folder's paths under documents/.
    """
    also = {
        new + each.folder[len(old) :]: each.readers
        for each in collections(records)
        if _folded(each.folder) == _folded(old) or lies_in(each.folder, [old])
    }
    before = {each.folder: each.readers for each in collections(records) if each.folder in also}
    for folder, readers in also.items():
        _list_anew(records, folder, readers)
    try:
        yield
    except BaseException:
        _forget(records, also.keys() - before.keys())
        for folder, readers in before.items():
            _list_anew(records, folder, readers)
        raise


def exposed(
    library: Library, records: Records, documents: Mapping[str, str]
) -> dict[str, list[str]]:
    """Return what lay in a collection whose folder is gone, and now lies in none.

    Args:
        documents: path → sha256 of what is in the index.

    Returns:
        By the collection's folder: the paths of the documents, which everybody reads.
    """
    folders = [each.folder for each in collections(records)]
    found = {}
    for folder in folders:
        if (library.documents / folder).is_dir():
            continue
        rows = records.rows("SELECT document, sha256 FROM changes WHERE sha256 IS NOT NULL")
        held = {row["sha256"] for row in rows if lies_in(row["document"], [folder])}
        found[folder] = [
            path
            for path, digest in documents.items()
            if digest in held and not lies_in(path, folders)
        ]
    return {folder: paths for folder, paths in found.items() if paths}


def collections(records: Records) -> list[Collection]:
    """Return all collections, by folder."""
    return [
        Collection(row["folder"], _readers(records, row["folder"]))
        for row in records.rows("SELECT folder FROM collections ORDER BY folder")
    ]


def collection(records: Records, folder: str) -> Collection:
    """Return a collection by its folder, however that is spelled.

    Raises:
        LibraryError: it isn't one.
    """
    wanted = _folded(folder.strip("/"))
    for found in collections(records):
        if _folded(found.folder) == wanted:
            return found
    raise LibraryError(
        f"{folder!r} is no collection: `folio collection list` shows them, "
        f"`folio collection set {folder}` makes it one"
    )


def hidden_from(records: Records, reader: User | None) -> frozenset[str]:
    """Return the folders that a user doesn't read.

    Args:
        reader: None for somebody who isn't known, who reads what is closed to nobody.
    """
    if reader is not None and reader.role != "reader":
        return frozenset()
    rows = records.rows(
        "SELECT folder FROM collections WHERE folder NOT IN"
        " (SELECT folder FROM collection_readers WHERE user = ?)",
        [reader.name if reader else ""],
    )
    return frozenset(row["folder"] for row in rows)


def lies_in(document: str, folders: Several[str]) -> bool:
    """Return whether a document's path leads through one of these folders, however it is spelled.

    >>> lies_in("Personnel/2024/a.txt", ["personnel"]), lies_in("personnel.txt", ["personnel"])
    (True, False)
    """
    path = _folded(document)
    return any(path.startswith(_folded(folder) + "/") for folder in folders)


def _folded(path: str) -> str:
    # Systems differ in whether two spellings are one folder; here they always are.
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def _list_anew(records: Records, folder: str, readers: Iterable[str]) -> None:
    with records.writing():
        records.rows("DELETE FROM collections WHERE folder = ?", [folder])
        records.rows("INSERT INTO collections VALUES (?)", [folder])
        for name in readers:
            records.rows("INSERT INTO collection_readers VALUES (?, ?)", [folder, name])


def _forget(records: Records, folders: Iterable[str]) -> None:
    with records.writing():
        for folder in folders:
            records.rows("DELETE FROM collections WHERE folder = ?", [folder])


def _readers(records: Records, folder: str) -> tuple[str, ...]:
    rows = records.rows(
        "SELECT user FROM collection_readers WHERE folder = ? ORDER BY user", [folder]
    )
    return tuple(row["user"] for row in rows)


def folders(library: Library) -> list[str]:
    """Return the folders that can be closed, as they are spelled on the disk."""
    documents = library.documents
    found = (path for path in sorted(documents.rglob("*")) if path.is_dir())
    return [path.relative_to(documents).as_posix() for path in found]


def _path_of(library: Library, folder: str) -> str:
    """Return a folder's path as it is spelled on the disk, so that no slip leaves it open."""
    wanted = _folded(folder.strip("/"))
    for name in folders(library):
        if _folded(name) == wanted:
            return name
    raise LibraryError(
        f"there is no folder {folder!r} in {library.documents}: make it first, so that no slip "
        "leaves another one open"
    )
