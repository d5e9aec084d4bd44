"""The documents' own files, of the current generation only, and their pages as images.

A name is looked up in the table of documents before anything is looked for on the disk, and what
is found there has to have the bytes that were indexed: so no path leads elsewhere, and a citation
never points into a file that has changed since.
"""

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from documents import DocumentError, Span
from documents.containers import packed
from documents.worker import bytes_of
from index.errors import LibraryError
from index.files import located

if TYPE_CHECKING:
    from documents.page_images import Place
    from documents.worker import ReaderPool
    from qa.assistant import Assistant
    from qa.citations import Source

_PDF = b"%PDF-"


class Originals:
    """A library's files. Safe to call from several threads."""

    def __init__(self, assistant: "Assistant", pool: "ReaderPool") -> None:
        self._assistant = assistant
        self._pool = pool
        self._unpacked: tuple[str, bytes] = ("", b"")

    def read(self, document: str) -> bytes | None:
        """Return a file as it was indexed; None where there is none, or another one by now.

        What is packed in an archive or a letter is taken out of it.
        """
        found = self._found(document)
        return found[1] if found else None

    def _found(self, document: str) -> tuple[str, bytes] | None:
        """Return a file's hash and the file."""
        rows = self._assistant.documents()
        row = next((row for row in rows if row.document == document), None)
        if row is None:
            return None
        kept, data = self._unpacked
        if kept == row.sha256:
            return row.sha256, data
        try:
            data = bytes_of(located(self._assistant.library, row.file))
            if sha256(data).hexdigest() == row.sha256:
                return row.sha256, data
            member = packed(data, row.file, row.sha256, self._pool)
        except (DocumentError, LibraryError):
            return None
        if member is None:
            return None
        # Its pages come one after another.
        self._unpacked = row.sha256, member
        return self._unpacked

    def page(self, document: str, page: int) -> bytes | None:
        """Return a page of a PDF, counted from 1, as a PNG; None where it can't be drawn."""
        found = self._pdf(document)
        try:
            return self._pool.draw(found[1], page) if found else None
        except DocumentError:
            return None

    def place(self, source: "Source", span: Span | None) -> "Place | None":
        """Return where a span stands on its page; None where the source isn't a PDF."""
        starts = source.passage.page_starts
        # A text that isn't the library's any more has no file to be drawn from.
        past = source.said is not None and source.now is None
        found = None if past or not starts else self._pdf(source.passage.document)
        if not found:
            return None
        revision, data = found
        page = source.passage.page_at(span.start if span else 0) or 1
        first = starts[page - 1]
        last = starts[page] if page < len(starts) else len(source.text)
        start, end = (span.start - first, min(span.end, last) - first) if span else (0, 0)
        layer = self._assistant.layer(source.passage.document, page)
        try:
            place = self._pool.locate(data, page, source.text[first:last], start, end, layer)
        except DocumentError:
            return None
        return replace(place, revision=revision[:16])

    def _pdf(self, document: str) -> tuple[str, bytes] | None:
        found = self._found(document)
        return found if found and found[1].startswith(_PDF) else None
