"""A file's bytes → a Document: load, clean, label. Every failure is a DocumentError."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final, TypeVar

import regex

from documents.cleaning import characters, clean
from documents.containers import Outcome, outcomes
from documents.document import Document, Layer
from documents.errors import DocumentError
from documents.formats import Member, Room, load, unpack
from documents.language import UNKNOWN, detect
from documents.limits import limits
from documents.metadata import (
    author_of,
    by_line_of,
    date_of,
    kind_of,
    origin_of_title,
    signed_of,
    title_of,
)
from documents.recognition import text_of

T = TypeVar("T")

READER_VERSION: Final = 14
"""Raised whenever the same bytes may give another text or reason: files are then read again."""


def read(data: bytes, name: str) -> Document:
    """Return the document that a file holds.

    Args:
        data: the whole file.
        name: its path under documents/, with "/"; its suffix says the format.

    Raises:
        DocumentError: the file can't become a document; says why.
    """
    return labelled(extract(data, name))


def read_all(data: bytes, name: str, description: bytes | None = None) -> list[Outcome]:
    """Return what became of each document that a file holds: itself, or what is packed in it.

    Args:
        data: the whole file.
        name: its path under documents/, with "/"; its suffix says the format.
        description: what its sidecar holds, if it has one.
    """
    return outcomes(data, name, _Here(), description)


class _Here:
    """Reads in this process."""

    def document(self, data: bytes, name: str) -> Document:
        return read(data, name)

    def members(self, data: bytes, name: str, room: Room) -> list[Member]:
        return take_apart(data, name, room)


def take_apart(data: bytes, name: str, room: Room) -> list[Member]:
    """Return the files that a file holds, and count them against the room.

    Raises:
        DocumentError: they can't be had; says why.
    """
    return _guarded(unpack, data, PurePosixPath(name).suffix.lower(), room)


def extract(data: bytes, name: str, layers: Mapping[int, Layer] | None = None) -> Document:
    """Do what `read` does but for the language, which is left "und".

    It is what runs in a worker: the detector is loaded once, by the process that asks.

    Args:
        layers: page, counted from 1 → what was recognised in its picture, where that was tried.
    """
    return _guarded(_extract, data, name, layers or {})


def _guarded(work: Callable[..., T], data: bytes, *rest: object) -> T:
    """Return what `work` does with the bytes; whatever it raises becomes a DocumentError."""
    most = limits()
    if len(data) > most.file_bytes:
        raise DocumentError("limit", f"The file has more than {most.file_mb} MB.")
    try:
        return work(data, *rest)
    except (DocumentError, MemoryError):
        raise
    except RecursionError as error:
        raise DocumentError("corrupt", "The file is nested too deeply to be read.") from error
    except Exception as error:
        raise DocumentError(
            "corrupt", f"The file can't be read ({type(error).__name__}: {error})."
        ) from error


def labelled(document: Document) -> Document:
    """Return the document with its language."""
    return replace(document, language=detect(document.text))


def _extract(data: bytes, name: str, layers: Mapping[int, Layer]) -> Document:
    recognised = {page: text_of(layer) for page, layer in layers.items()}
    raw = load(data, PurePosixPath(name).suffix, recognised)
    most = limits().text_chars
    if sum(map(len, raw.pages)) > most:
        raise DocumentError("limit", f"The text has more than {most} characters.")
    text, starts = clean(raw.pages, raw.paged, raw.wrapped)
    if not regex.search(r"[\p{L}\p{N}]", text):
        raise DocumentError("no_text", "The file holds no words.")
    # What a format says of itself may hold what no text may, and what no database takes.
    said_title, said_author = (characters(said or "") for said in (raw.title, raw.author))
    title = title_of(text, name, said_title, raw.untitled)
    date = date_of(text, raw.date, raw.date_is_sure)
    kind = raw.kind or kind_of(text, title)
    signed = signed_of(text, kind)
    named = author_of(said_author)
    author = named or by_line_of(text)
    origins = {
        "title": origin_of_title(title, text, said_title),
        "author": ("file" if named else "text") if author else None,
        "language": "text",
        "date": ("text" if date_of(text, None) == date else "file") if date else None,
        "signed": "text" if signed else None,
        "kind": "file" if raw.kind else "text",
    }
    return Document(
        text=text,
        title=title,
        language=UNKNOWN,
        date=date,
        kind=kind,
        page_starts=starts,
        author=author,
        signed=signed,
        origins={fact: origin for fact, origin in origins.items() if origin},
        notes=raw.notes,
        recognised={page: layers[page] for page in raw.recognised},
        unread=raw.unread,
    )
