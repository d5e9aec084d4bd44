"""What a file's revision says: its bytes and its sidecar's, and what reading it rested on besides.

A file is read again when any of it has changed.
"""

from collections.abc import Iterable
from dataclasses import astuple
from hashlib import sha256
from typing import Final

from documents import READER_VERSION, Document, DocumentError
from documents.recognition import Tesseract
from index.settings import Settings

# Stands in a file's revision before what read its pictures: they are read again by another.
_PICTURES: Final = "~"
_LIMITED: Final = "!"  # stands before the limits that a file was too much for
_NONE: Final = "none"
_OFF: Final = "off"


def revision(data: bytes, description: bytes | None) -> str:
    """Return what changes with a file or its sidecar: the sha256 of both."""
    digest = sha256(data).hexdigest()
    return digest if description is None else f"{digest}+{sha256(description).hexdigest()}"


def unread(error: DocumentError) -> str:
    """Stand in for the hash of a file that can't be opened: when that changes, it is read again."""
    return f"unread:{error.reason}"


def holds(revision: str, reader: int, digest: str, settings: Settings) -> bool:
    """Tell whether what was read of a file is what would be read of it now.

    What was recognised in pictures holds where tesseract isn't installed any more.
    """
    read, _, held = revision.partition(_LIMITED)
    if held and held != _limits_of(settings):
        return False
    read, mark, recogniser = read.partition(_PICTURES)
    if (read, reader) != (digest, READER_VERSION):
        return False
    return not mark or _recogniser(settings) in (recogniser, _NONE)


def _recogniser(settings: Settings) -> str:
    """Return what reads pictures, as a revision says it."""
    found = tesseract(settings)
    return found.fingerprint if found else _NONE if settings.ocr else _OFF


def tesseract(settings: Settings) -> Tesseract | None:
    """Return what reads pictures, None where nothing does."""
    return Tesseract.installed() if settings.ocr else None


def _limits_of(settings: Settings) -> str:
    """Return the limits that hold, as a revision says them."""
    return ",".join(map(str, (*astuple(settings.limits()), settings.read_wall_s)))


def _is_too_much(result: Document | DocumentError) -> bool:
    if isinstance(result, DocumentError):
        return result.reason in ("limit", "timeout")
    return result.cut_short


def _has_pictures(result: Document | DocumentError) -> bool:
    """Tell whether a document was read out of pictures, or might be."""
    if isinstance(result, DocumentError):
        return bool(result.pages)
    return bool(result.unread or result.recognised)


def as_read(digest: str, results: Iterable[Document | DocumentError], settings: Settings) -> str:
    """Return a file's revision with what its reading rested on: a recogniser, or limits."""
    found = list(results)
    if any(map(_has_pictures, found)):
        digest += f"{_PICTURES}{_recogniser(settings)}"
    if any(map(_is_too_much, found)):
        digest += f"{_LIMITED}{_limits_of(settings)}"
    return digest
