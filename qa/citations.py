"""A citation's link, followed: to where its words stand now, or to what they were.

A link names a passage by its key and characters of that passage's text. Where the index has the
key, it opens as it is. Where the text has changed, its words are looked for: the same characters
first, then the same words. Only what is really there counts as found; what is merely alike is
shown as changed, beside what was cited. rapidfuzz's one home.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import regex

from documents import Span
from index import archive, lexical
from index.archive import Archived
from index.errors import LibraryError
from index.library import Library
from index.records import Records
from index.rows import PassageRow
from index.store import Store
from qa.answer import Quote, quote_from

# Where the words may have gone to: so many passages that share some are looked at.
_CANDIDATES: Final = 20
# SQLite takes no more values at once.
_OWN: Final = 30_000
# Fewer characters than these stand in many places: what is around them has to agree as well.
_SHORT_CHARS: Final = 40
_AROUND_CHARS: Final = 100
_AROUND_ALIKE: Final = 70
# How alike, of 100, a place must be to be shown beside what was cited.
_ALIKE: Final = 70
# White space, quotation marks and hyphens differ between editions of the same words.
_TOKEN: Final = regex.compile(r"[\w\p{M}]+|[^\w\s\p{M}\p{Pi}\p{Pf}\p{Pd}\"'„‚\u00ad]")

State = Literal["current", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Source:
    """A document opened at what a link cites.

    Attributes:
        passage: with what is to be said of the document that is shown.
        text: that document's; of the library where `now` is there or there is no citation, else as
            it was.
        state: current: as it was cited; moved: its words stand elsewhere; changed: they don't,
            but the document is still there, be it that nothing in it can be read; gone: neither.
        said: what the link cites, proved against the text that it was cited from.
        now: where those words stand now, or, where they changed, what is most alike, if anything.
        went: the day on which they were found to be gone, ISO; None where they aren't.
    """

    passage: PassageRow
    text: str
    state: State = "current"
    said: Quote | None = None
    now: Quote | None = None
    went: str | None = None

    @property
    def marked(self) -> Span | None:
        """The characters of `text` to mark."""
        quote = self.now or self.said
        return Span(quote.start, quote.end) if quote else None


def follow(
    library: Library, store: Store, key: str, start: int | None = None, end: int | None = None
) -> Source | None:
    """Return what a link cites; None where the library never had a passage of this name.

    Args:
        start, end: characters of the text that was cited; the whole passage where not given.

    Raises:
        LibraryError: these characters don't lie in that text.
        RecordsError: the passage isn't in the index, and records.sqlite can't be read.
    """
    rows = store.passages_by_key(key)
    if rows:
        text = store.text(rows[0].document) or ""
        said = _quote(text, rows[0], _place(rows[0], text, start, end))
        return Source(rows[0], text, "current", said, said)
    opened = Records.read(library.records)
    if opened is None:
        return None
    with opened as records:
        was = archive.archived(records, key)
        # What has left the index was closed to whom its folder is closed.
        if was is None or not store.allows(was.document):
            return None
        removal = archive.removal_of(records, was.document)
    passage = _passage(was)
    place = _place(passage, was.text, start, end)
    said = _quote(was.text, passage, place)
    terms = sorted(set(lexical.terms(said.quote)))
    if store.text(was.document) is not None:
        return _in_its_document(store, was, said, terms)
    if any(path == was.document for _, path in store.document_ids()):
        # It is there and can't be read any more: whatever else says the same is another document.
        return Source(passage, was.text, "changed", said, None, was.went_at[:10])
    removed_at, beside = removal or ("", set())
    for row in store.passages(list(store.bm25(terms, _CANDIDATES))):
        # A document that stood beside this one isn't this one under another name: agreements
        # share whole sentences, and a link must not go from one to the other.
        if row.document not in beside and (found := _moved(store, row.document, was, said, True)):
            return found
    went = max(was.went_at, removed_at)[:10]
    return Source(passage, was.text, "gone", said, None, went)


def _in_its_document(store: Store, was: Archived, said: Quote, terms: list[str]) -> Source:
    """Look for words in the present text of the document that they were cited from."""
    if found := _moved(store, was.document, was, said, len(said.quote) < _SHORT_CHARS):
        return found
    went = was.went_at[:10]
    own = [row.id for row in store.passages_of(was.document)][:_OWN]
    near = _alike(store, store.passages(list(store.bm25(terms, _CANDIDATES, own))), said.quote)
    if near is None:
        return Source(_passage(was), was.text, "changed", said, None, went)
    row, place = near
    text = store.text(was.document) or ""
    return Source(row, text, "changed", said, _quote(text, row, place), went)


def _moved(
    store: Store, document: str, was: Archived, said: Quote, look_around: bool
) -> Source | None:
    """Return a document opened where the words stand in it; None where they don't."""
    text = store.text(document) or ""
    place = _found(text, was.text, Span(said.start, said.end), look_around)
    if place is None:
        return None
    row = _row_at(store, document, place.start)
    return Source(row, text, "moved", said, _quote(text, row, place))


def _place(passage: PassageRow, text: str, start: int | None, end: int | None) -> Span:
    place = Span(
        passage.start if start is None else start,
        passage.end if end is None else end,
    )
    if not 0 <= place.start < place.end <= len(text) or text[place.start : place.end].isspace():
        raise LibraryError(
            f"characters {place.start}–{place.end} are no part of the {len(text)} that the "
            f"text of {passage.document} has"
        )
    return place


def _quote(text: str, passage: PassageRow, place: Span) -> Quote:
    return quote_from(text, place, place, passage, 1.0)


def _passage(was: Archived) -> PassageRow:
    """Return a passage that is in no store any more as those that are."""
    return PassageRow(
        id=0,
        key=was.key,
        document=was.document,
        title=was.title,
        language=was.language,
        date=was.date,
        kind=was.kind,
        page_starts=was.page_starts,
        start=was.start,
        end=was.end,
        text=was.text[was.start : was.end],
    )


def _row_at(store: Store, document: str, offset: int) -> PassageRow:
    """Return the passage of a document that an offset lies in, or the last one before it."""
    rows = store.passages_of(document)
    return rows[max(0, bisect_right([row.start for row in rows], offset) - 1)]


def _found(text: str, old: str, place: Span, look_around: bool) -> Span | None:
    """Return where in `text` the words of `old` stand; None where they don't.

    Of several places the one whose surroundings are most alike.

    Args:
        look_around: whether the surroundings have to be much alike.
    """
    from rapidfuzz import fuzz

    words = old[place.start : place.end]
    places = list(_same_characters(text, words)) or list(_same_words(text, words))
    if not places:
        return None
    around = _around(old, place)
    likeness = {found: fuzz.ratio(_around(text, found), around) for found in places}
    best = max(likeness, key=lambda found: likeness[found])
    return None if look_around and likeness[best] < _AROUND_ALIKE else best


def _around(text: str, place: Span) -> str:
    return text[max(0, place.start - _AROUND_CHARS) : place.end + _AROUND_CHARS]


def _same_characters(text: str, words: str) -> Iterator[Span]:
    start = text.find(words)
    while start >= 0:
        yield Span(start, start + len(words))
        start = text.find(words, start + 1)


def _same_words(text: str, words: str) -> Iterator[Span]:
    """Yield where the same words stand, whatever their case, spacing and quotation marks."""
    wanted = [token for token, *_ in _tokens(words)]
    have = list(_tokens(text))
    if not wanted:
        return
    joined = "\0".join(["", *(token for token, *_ in have), ""])
    offsets = [0]
    for token, *_ in have:
        offsets.append(offsets[-1] + len(token) + 1)
    needle = "\0".join(["", *wanted, ""])
    at = joined.find(needle)
    while at >= 0:
        first = bisect_right(offsets, at) - 1
        yield Span(have[first][1], have[first + len(wanted) - 1][2])
        at = joined.find(needle, at + 1)


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word, number and sign, folded, with its place."""
    for match in _TOKEN.finditer(text):
        yield unicodedata.normalize("NFKC", match[0]).casefold(), match.start(), match.end()


def _alike(store: Store, rows: list[PassageRow], words: str) -> tuple[PassageRow, Span] | None:
    """Return the sentences that are most like what was cited, if any are much alike."""
    from rapidfuzz import fuzz

    best: tuple[PassageRow, Span] | None = None
    best_score = float(_ALIKE)
    for row in rows:
        found = fuzz.partial_ratio_alignment(words, row.text, score_cutoff=best_score)
        # Words that are longer than the passage would match any small part of it.
        if found is None or found.score <= best_score or len(row.text) < len(words) / 2:
            continue
        place = Span(row.start + found.dest_start, row.start + found.dest_end)
        best, best_score = (row, _sentences_at(store, row, place)), found.score
    return best


def _sentences_at(store: Store, row: PassageRow, place: Span) -> Span:
    """Return the whole sentences that a place has at least half of; the place where there are none.

    >>> # "It runs for two [years. It pays for twelve scholarships." → the second sentence
    """
    held = [
        sentence
        for sentence in store.sentences([row.id])
        if 2 * (min(sentence.end, place.end) - max(sentence.start, place.start))
        >= sentence.end - sentence.start
    ]
    return Span(held[0].start, held[-1].end) if held else place
