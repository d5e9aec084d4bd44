"""A file's bytes → a Document: load, clean, label. Every failure is a DocumentError."""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Final

import regex

from documents.cleaning import clean
from documents.document import Document
from documents.errors import DocumentError
from documents.formats import load
from documents.language import UNKNOWN, detect
from documents.metadata import date_of, kind_of, title_of

READER_VERSION: Final = 2
"""Raised whenever the same bytes may give another text or reason: files are then read again."""

MAX_FILE_BYTES: Final = 50 * 1024 * 1024
MAX_CHARS: Final = 20_000_000


def read(data: bytes, name: str) -> Document:
    """Return the document that a file holds.

    Args:
        data: the whole file.
        name: its path under documents/, with "/"; its suffix says the format.

    Raises:
        DocumentError: the file can't become a document; says why.
    """
    return labelled(extract(data, name))


def extract(data: bytes, name: str) -> Document:
    """Do what `read` does but for the language, which is left "und".

    It is what runs in a worker: the detector is loaded once, by the process that asks.
    """
    if len(data) > MAX_FILE_BYTES:
        raise DocumentError(
            "limit", f"The file has {len(data)} bytes; {MAX_FILE_BYTES} can be read."
        )
    try:
        return _extract(data, name)
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


def _extract(data: bytes, name: str) -> Document:
    raw = load(data, PurePosixPath(name).suffix)
    if sum(map(len, raw.pages)) > MAX_CHARS:
        raise DocumentError("limit", f"The text has more than {MAX_CHARS} characters.")
    text, starts = clean(raw.pages, raw.paged, raw.wrapped)
    if not regex.search(r"[\p{L}\p{N}]", text):
        raise DocumentError("no_text", "The file holds no words.")
    title = title_of(text, name, raw.title)
    return Document(
        text=text,
        title=title,
        language=UNKNOWN,
        date=date_of(text, raw.date, raw.date_is_sure),
        kind=kind_of(text, title),
        page_starts=starts,
    )
