"""What there is to answer a question with: passages found, and sentences read in them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from documents import Span, detect
from index.search import Hit, Query, Searcher
from qa.answer_types import Kind, asks_for_list, expected, nearest, overlap, typed
from qa.reading import Reader, Reading

# How many passages are read closely: the best, and the best of each language.
READ: Final = 6
READ_PER_LANGUAGE: Final = 2
_FOUND: Final = 20
# What a sentence in the question's own language has ahead: less than a better answer, more than
# the difference between translations.
_SAME_LANGUAGE: Final = 0.05
# What a sentence that has a thing of the kind asked for has ahead of one that hasn't.
_OF_THE_KIND: Final = 0.12


@dataclass(frozen=True, slots=True)
class Evidence:
    """Search and reading of one question.

    Attributes:
        language: of the question.
        kind: what it asks for, None where its words don't tell.
        listed: whether it asks for several.
        found: as the search ranked them, best first.
        readings: as the reader ranked them, best first; of the passages that were read.
    """

    query: Query
    language: str
    found: list[Hit]
    readings: list[Reading]
    kind: Kind | None = None
    listed: bool = False

    def ranked(self) -> list[Hit]:
        """Return the passages as the reader ranks them, then those that it didn't read."""
        scores: dict[int, float] = {}
        for reading in self.readings:
            scores.setdefault(reading.hit.passage.id, reading.score)
        read = [
            replace(hit, score=scores[hit.passage.id])
            for hit in self.found
            if hit.passage.id in scores
        ]
        read.sort(key=lambda hit: -hit.score)
        return read + [hit for hit in self.found if hit.passage.id not in scores]


def gather(
    searcher: Searcher,
    reader: Reader,
    question: str,
    limit: int = _FOUND,
    without: Collection[str] = (),
) -> Evidence:
    """Search for a question and read what was found.

    Args:
        limit: how many passages to find at least, where there are so many.
        without: documents to pass over.
    """
    query = searcher.query(question)
    more = len(without) * READ_PER_LANGUAGE
    found = [
        hit
        for hit in searcher.search(query, max(limit, _FOUND) + more, READ_PER_LANGUAGE + more)
        if hit.passage.document not in without
    ]
    to_read = [found[rank] for rank in to_read_of([hit.passage.language for hit in found])]
    store = searcher.generation.store
    sentences = list(store.sentences([hit.passage.id for hit in to_read]))
    language = detect(question)
    kind = expected(question, language)
    read = [of_the_kind(each, kind) for each in reader(query, to_read, sentences)]
    readings = _preferring(language, read)
    return Evidence(query, language, found, readings, kind, asks_for_list(question, language))


def of_the_kind(reading: Reading, kind: Kind | None) -> Reading:
    """Prefer a sentence with a date, a number or a name where such a thing is asked for.

    Where the span has no date or number and the sentence has, the nearest one is the span.
    """
    found = typed(reading.text, kind, reading.hit.passage.language) if kind else []
    if not found:
        return reading
    span = reading.span
    if kind != "name" and not any(overlap(each.span, reading.place) for each in found):
        place, offset = nearest(found, reading.place).span, reading.sentence.start
        span = Span(place.start + offset, place.end + offset)
    return replace(reading, score=reading.score + _OF_THE_KIND, span=span)


def _preferring(language: str, readings: list[Reading]) -> list[Reading]:
    """Rank a sentence in the question's language before its translation."""
    preferred = [
        replace(reading, score=reading.score + _SAME_LANGUAGE)
        if reading.hit.passage.language == language
        else reading
        for reading in readings
    ]
    return sorted(preferred, key=lambda reading: -reading.score)


def to_read_of(languages: Sequence[str]) -> list[int]:
    """Choose what to read of what was found: the first ones, and the first ones of each language.

    Args:
        languages: of the passages, best first.

    Returns:
        Ranks from 0, in order.
    """
    seen: dict[str, int] = {}
    chosen = []
    for rank, language in enumerate(languages):
        count = seen[language] = seen.get(language, 0) + 1
        if rank < READ or count <= READ_PER_LANGUAGE:
            chosen.append(rank)
    return chosen
