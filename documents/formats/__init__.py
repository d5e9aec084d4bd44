"""One module a format: `load(data) -> Raw`. A new format is a module and a row of LOADERS.

A file's first bytes and its suffix must agree about what it is.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

import regex

from documents.errors import DocumentError
from documents.formats.raw import Member, Raw, Room

__all__ = ["CONTAINERS", "LOADERS", "SUFFIXES", "Member", "Raw", "Room", "load", "unpack"]

LOADERS: Final = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".csv": "delimited",
    ".eml": "mail",
}
"""Suffix, small letters → the module here that loads it."""

CONTAINERS: Final = {".zip": "archive", ".eml": "mail"}
"""Suffix of files that hold files → the module here that takes them out."""

SUFFIXES: Final = frozenset(LOADERS) | frozenset(CONTAINERS)

# First bytes → what they begin, and the suffixes that may begin so.
_MAGIC: Final = (
    (b"%PDF-", "a PDF", (".pdf",)),
    (b"PK\x03\x04", "a ZIP archive", (".docx", ".pptx", ".xlsx", ".odt", ".zip")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file", ()),
    (b"\x89PNG\r\n", "a PNG picture", ()),
    (b"\xff\xd8\xff", "a JPEG picture", ()),
    (b"GIF8", "a GIF picture", ()),
    (b"II*\x00", "a TIFF picture", ()),
    (b"MM\x00*", "a TIFF picture", ()),
    (b"{\\rtf", "an RTF file", (".rtf",)),
    (b"%!PS", "a PostScript file", ()),
    (b"\x7fELF", "a program", ()),
    (b"MZ\x90", "a program", ()),
    (b"SQLite format 3\x00", "a database", ()),
    (b"\x1f\x8b", "a gzip archive", ()),
    (b"7z\xbc\xaf", "a 7z archive", ()),
    (b"Rar!", "a RAR archive", ()),
)
_MUST_BEGIN: Final = {
    ".pdf": b"%PDF-",
    ".docx": b"PK\x03\x04",
    ".pptx": b"PK\x03\x04",
    ".xlsx": b"PK\x03\x04",
    ".odt": b"PK\x03\x04",
    ".rtf": b"{\\rtf",
    ".zip": b"PK",
}
_OLD: Final = {
    ".doc": ("Word", ".docx"), ".dot": ("Word", ".docx"),
    ".ppt": ("PowerPoint", ".pptx"), ".pps": ("PowerPoint", ".pptx"),
    ".xls": ("Excel", ".xlsx"), ".xlt": ("Excel", ".xlsx"),
}  # fmt: skip
_NEW_OFFICE: Final = (".docx", ".pptx", ".xlsx")
_OLE: Final = b"\xd0\xcf\x11\xe0"
_MARKUP: Final = regex.compile(rb"\s*(?:<!doctype html|<html[\s>])", regex.I)
_PDF_JUNK_BYTES: Final = 1024  # readers accept a header that comes as late as this


def load(data: bytes, suffix: str, recognised: Mapping[int, str] | None = None) -> Raw:
    """Return the text of a file of the format that `suffix` (".pdf") names.

    Args:
        recognised: page, counted from 1 → what was recognised in its picture, where that was tried.

    Raises:
        DocumentError: empty, unsupported, type_mismatch, or what the format's loader finds.
    """
    suffix = suffix.lower()
    if suffix in _OLD:
        program, newer = _OLD[suffix]
        raise DocumentError(
            "unsupported", f"An old {program} file can't be read: save it as {newer}."
        )
    if suffix == ".toml":
        raise DocumentError(
            "unsupported", "A .meta.toml file tells of the file whose name it has; there is none."
        )
    if suffix not in LOADERS:
        known = ", ".join(sorted(SUFFIXES))
        raise DocumentError(
            "unsupported",
            f"Files ending in {suffix or 'nothing'} can't be read; these can: {known}.",
        )
    if not data:
        raise DocumentError("empty", "The file has no content: 0 bytes.")
    _check_magic(data, suffix)
    loader: Callable[..., Raw] = import_module(f"documents.formats.{LOADERS[suffix]}").load
    return loader(data, recognised) if recognised else loader(data)


def unpack(data: bytes, suffix: str, room: Room) -> list[Member]:
    """Return the files that a file of the format that `suffix` (".zip") names holds.

    Raises:
        DocumentError: empty, type_mismatch, or what the format's module finds.
    """
    if not data:
        raise DocumentError("empty", "The file has no content: 0 bytes.")
    _check_magic(data, suffix)
    take_out: Callable[[bytes, Room], list[Member]] = import_module(
        f"documents.formats.{CONTAINERS[suffix]}"
    ).members
    return take_out(data, room)


def _check_magic(data: bytes, suffix: str) -> None:
    head = data[:_PDF_JUNK_BYTES]
    if suffix in _NEW_OFFICE and head.startswith(_OLE):
        # An encrypted .docx is wrapped in the container of old Office files.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise DocumentError("encrypted", "The file needs a password: save it without one.")
        raise DocumentError(
            "unsupported", f"The file is an old Office file under a new name: save it as {suffix}."
        )
    if suffix == ".pdf" and b"%PDF-" in head:
        return
    for magic, name, suffixes in _MAGIC:
        if head.startswith(magic) and suffix not in suffixes:
            raise DocumentError(
                "type_mismatch",
                f"The file is named {suffix} but is {name}: give it its own suffix.",
            )
    if suffix in (".txt", ".text", ".csv") and _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise DocumentError(
            "type_mismatch", f"The file is named {suffix} but is a web page: name it .html."
        )
    wanted = _MUST_BEGIN.get(suffix)
    if wanted and not head.startswith(wanted):
        raise DocumentError(
            "type_mismatch",
            f"The file is named {suffix} but doesn't begin like one: it is damaged or misnamed.",
        )
