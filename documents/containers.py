"""A file → an outcome for each document that it holds: itself, or what is packed in it.

Files in are documents and failures, exactly: a member that can't be read costs itself only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath
from typing import Final, Protocol

from documents import sidecar
from documents.document import Document
from documents.errors import DocumentError
from documents.formats import CONTAINERS, LOADERS, Member, Room
from documents.limits import limits

MAX_DEPTH: Final = 3
"""A .zip in an .eml in a .zip is opened; what is packed deeper isn't."""

_USED_UP: Final = ("limit", "timeout", "memory")
_NO_LETTER: Final = ("empty", "type_mismatch", "corrupt", "encrypted", "binary")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document.

    Attributes:
        name: its path under documents/; inside another file, that one's name goes before.
        sha256: of its bytes, hex.
        result: the document, or why there is none.
    """

    name: str
    sha256: str
    result: Document | DocumentError


class Reader(Protocol):
    """What reads a document and takes files apart: here, or in a process with limits."""

    def document(self, data: bytes, name: str) -> Document:
        """Return the document that bytes hold, or raise DocumentError."""

    def members(self, data: bytes, name: str, room: Room) -> list[Member]:
        """Return the files that bytes hold, counted against the room, or raise DocumentError."""


def outcomes(
    data: bytes, name: str, reader: Reader, description: bytes | None = None
) -> list[Outcome]:
    """Return what became of each document in a file; at least one, and no name twice.

    Args:
        data: the whole file.
        name: its path under documents/, with "/".
        reader: reads the documents.
        description: the file's sidecar, if it has one.
    """
    return list(_Walk(reader).file(data, name, description, 0))


def packed(data: bytes, name: str, digest: str, reader: Reader) -> bytes | None:
    """Return the file of this sha256 that is packed in another, however deep; None without one.

    Args:
        data: the outer file.
        name: its path under documents/, with "/".

    Raises:
        DocumentError: what packs it can't be taken apart.
    """
    return _packed(data, name, digest, reader, _room(), 0)


def _packed(
    data: bytes, name: str, digest: str, reader: Reader, room: Room, depth: int
) -> bytes | None:
    if depth > MAX_DEPTH or PurePosixPath(name).suffix.lower() not in CONTAINERS:
        return None
    members = [each for each in reader.members(data, name, room) if each.error is None]
    for member in members:
        if sha256(member.data).hexdigest() == digest:
            return member.data
    for member in members:
        found = _packed(member.data, f"{name}/{member.name}", digest, reader, room, depth + 1)
        if found is not None:
            return found
    return None


def _room() -> Room:
    return Room(limits().unpacked_mb << 20, limits().unpacked_files)


class _Walk:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._room = _room()
        self._used: set[str] = set()
        self._overdue: DocumentError | None = None

    def file(
        self, data: bytes, name: str, description: bytes | None, depth: int
    ) -> Iterator[Outcome]:
        suffix = PurePosixPath(name).suffix.lower()
        digest = sha256(data).hexdigest()
        if suffix not in CONTAINERS or suffix in LOADERS:
            result = self._document(data, name, description)
            yield Outcome(self._unique(name), digest, result)
            if isinstance(result, DocumentError) and result.reason in _NO_LETTER:
                return
        if suffix in CONTAINERS:
            try:
                members = self._members(data, name, depth)
            except DocumentError as error:
                packed = f"{name}/attachments" if suffix in LOADERS else name
                yield Outcome(self._unique(packed), digest, error)
                return
            yield from self._inside(members, name, description, depth)

    def _inside(
        self, members: list[Member], name: str, description: bytes | None, depth: int
    ) -> Iterator[Outcome]:
        named = {member.name: member for member in members}
        for member in members:
            if (described := sidecar.describes(member.name)) in named:
                continue
            path = f"{name}/{member.name}"
            if member.error is not None:
                digest = sha256(member.data).hexdigest()
                yield Outcome(self._unique(path), digest, member.error)
                continue
            own = named.get(member.name + sidecar.SUFFIX)
            said = own.data if own is not None else None if described else description
            yield from self.file(member.data, path, said, depth + 1)

    def _document(
        self, data: bytes, name: str, description: bytes | None
    ) -> Document | DocumentError:
        if self._overdue is not None:
            return self._overdue
        try:
            document = self._reader.document(data, name)
        except DocumentError as error:
            self._note(error)
            return error
        return document if description is None else sidecar.applied(document, description)

    def _members(self, data: bytes, name: str, depth: int) -> list[Member]:
        if self._overdue is not None:
            raise self._overdue
        try:
            members = self._reader.members(data, name, self._room)
        except DocumentError as error:
            self._note(error)
            if error.reason in _USED_UP:
                self._room.bytes_left = self._room.members_left = 0
            raise
        if members and depth == MAX_DEPTH:
            raise DocumentError("limit", "The file is packed too deep: put it in by itself.")
        return members

    def _note(self, error: DocumentError) -> None:
        """Once a file took all the time that one may, those packed with it aren't tried."""
        if error.reason == "timeout":
            self._overdue = DocumentError(
                "timeout", "Another file packed with this one took all the time there is."
            )

    def _unique(self, name: str) -> str:
        path = PurePosixPath(name)
        number, unique = 1, name
        while unique in self._used:
            number += 1
            unique = f"{path.parent}/{path.stem} ({number}){path.suffix}"
        self._used.add(unique)
        return unique
