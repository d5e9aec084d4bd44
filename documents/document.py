"""What reading a file yields. Every offset counts code points of `Document.text`."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Span(NamedTuple):
    """A half-open range of code points, [start, end)."""

    start: int
    end: int


class Word(NamedTuple):
    """A word that was recognised in a page's picture.

    Its place is in shares of the page as it is drawn; 0, 0 is the upper left corner.
    """

    text: str
    after: str  # what follows it: a space, a line feed, or two at a paragraph's end
    left: float
    top: float
    width: float
    height: float


Layer = tuple[Word, ...]
"""What was recognised on a page, in reading order."""


@dataclass(frozen=True, slots=True)
class Document:
    """One revision of a file, read and cleaned.

    Attributes:
        text: the canonical text; it never changes for this revision.
        title: one line, never empty.
        language: ISO 639-1 code, or "und" where the text doesn't tell.
        date: ISO date cut to its precision ("2017-10-18", "2017-10", "2014"), or None.
        kind: article, agreement, memorandum, minutes, report or other.
        page_starts: offset in `text` of each page's first character, ascending, page 1 first;
            empty where the format has no pages. A page without text starts where the next does.
        author: who wrote it, or None.
        signed: when an agreement was signed, as `date` is written, or None.
        origins: where each of these was found: name of the attribute → "file" (what the file says
            of itself), "text", "name" (of the file) or "sidecar".
        notes: what people should know of how it was read, a sentence each.
        recognised: page, counted from 1 → the words that were recognised in its picture and are
            its text.
        unread: the pages, counted from 1, that show something of which no text was had.
        cut_short: whether a limit left some of them unread.
    """

    text: str
    title: str
    language: str
    date: str | None
    kind: str
    page_starts: tuple[int, ...] = ()
    author: str | None = None
    signed: str | None = None
    origins: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    recognised: Mapping[int, Layer] = field(default_factory=dict)
    unread: tuple[int, ...] = ()
    cut_short: bool = False

    def page_at(self, offset: int) -> int | None:
        """Return the page that holds `offset`, counted from 1; None where there are no pages."""
        return page_at(self.page_starts, offset)


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of a document: `document.text[start:end] == text`, no white space at either end."""

    start: int
    end: int
    text: str


def page_at(page_starts: tuple[int, ...], offset: int) -> int | None:
    """Return the page that holds `offset`, counted from 1; None where there are no pages.

    >>> page_at((0, 10, 20), 10)
    2
    """
    if not page_starts:
        return None
    return max(1, bisect_right(page_starts, offset))
