"""What there is to answer a question with: passages found, and sentences read in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Final

from documents import Span, detect
from index.search import Hit, Query, Searcher
from index.within import Within
from qa.answer_types import (
    Kind,
    asks_for_document_date,
    asks_for_list,
    expected,
    nearest,
    overlap,
    typed,
)
from qa.mentions import Missing, missing_of, names
from qa.reading import Reader, Reading, is_dateline
from qa.units import units_asked
from qa.weights import WEIGHTS, Weights

# How many passages are read closely: the best of each language first, then the best of all.
READ: Final = 12
READ_PER_LANGUAGE: Final = 2
FOUND: Final = 30
FOUND_PER_LANGUAGE: Final = 6
# How many of a document's next sentences tell how near it is.
FURTHER: Final = 2


@dataclass(frozen=True, slots=True)
class Wording:
    """How a question is searched for and read where that isn't as it was asked.

    Attributes:
        searched: what passages are looked for with; a question that can be understood alone.
        asked: the question that tells what is asked for, and by whose words sentences are weighed.
        behind: what the reader is asked it behind: less than is searched for, or it would answer
            what was carried. "" where `asked` can be understood alone.
        language: of the question.
        near: documents that the conversation is about.
    """

    searched: str
    asked: str
    behind: str
    language: str
    near: frozenset[str]

    @property
    def read(self) -> str:
        """What the reader is asked."""
        return f"{self.behind}: {self.asked}" if self.behind else self.asked


@dataclass(frozen=True, slots=True)
class Evidence:
    """Search and reading of one question.

    Attributes:
        language: of the question.
        kind: what it asks for, None where its words don't tell.
        listed: whether it asks for several.
        missing: which of the question's names and numbers each document found lacks, by its path.
        found: as the search ranked them, best first.
        readings: as the reader ranked them, best first; of the passages that were read.
        wording: how the question was put, None where it was as it was asked.
    """

    query: Query
    language: str
    found: list[Hit]
    readings: list[Reading]
    kind: Kind | None = None
    listed: bool = False
    wording: Wording | None = None
    missing: dict[str, Missing] = field(default_factory=dict)

    @property
    def asked(self) -> str:
        """The question, without what it carries."""
        return self.wording.asked if self.wording else self.query.text

    def names(self) -> list[str]:
        """Return the names and numbers that are asked about, those that are carried too."""
        carried = names(f"– {self.wording.behind}") if self.wording else []
        return list(dict.fromkeys([*names(self.asked), *carried]))

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
    limit: int = FOUND,
    without: Collection[str] = (),
    wording: Wording | None = None,
    within: Within | None = None,
    weights: Weights = WEIGHTS,
) -> Evidence:
    """Search for a question and read what was found.

    Sentences are weighed by the words of what is asked, however it is searched for.

    Args:
        limit: how many passages to find at least, where there are so many.
        without: documents to pass over.
        wording: how else to search and read.
        within: the limits of the search.
        weights: what counts for a sentence beside what the reader says of it.
    """
    if wording:
        question = wording.asked
    query = searcher.query(question)
    searched = searcher.query(wording.searched) if wording else query
    more = len(without) * READ_PER_LANGUAGE
    found = [
        hit
        for hit in searcher.search(
            searched,
            max(limit, FOUND) + more,
            FOUND_PER_LANGUAGE + more,
            searcher.allowed(within),
        )
        if hit.passage.document not in without
    ]
    if wording:
        found = _nearer(found, wording.near, weights)
    language = wording.language if wording else detect(question)
    missing = missing_of(searched.text, language, found)
    to_read = _to_read(searcher, searched, found, missing, weights)
    store = searcher.generation.store
    sentences = list(store.sentences([hit.passage.id for hit in to_read]))
    if wording:
        query = replace(query, text=wording.read)
    kind, units = expected(question, language), units_asked(question)
    dated = {
        document: asks_for_document_date(question, kind, document)
        for document in {hit.passage.kind for hit in to_read}
    }
    read = [
        of_the_kind(each, kind, units, dated[each.hit.passage.kind], weights)
        for each in reader(query, to_read, sentences)
    ]
    named = [_naming(each, missing, weights) for each in read]
    readings = of_documents(_preferring(language, named, weights), weights)
    listed = asks_for_list(question, language)
    return Evidence(query, language, found, readings, kind, listed, wording, missing)


def of_the_kind(
    reading: Reading,
    kind: Kind | None,
    units: frozenset[str] = frozenset(),
    document_date: bool = False,
    weights: Weights = WEIGHTS,
) -> Reading:
    """Prefer a sentence with a date, a number or a name where such a thing is asked for.

    Where the span has no date or number and the sentence has, the nearest one is the span. A line
    that only dates its document comes last, unless just that is asked for.

    Args:
        units: that a number has to have.
        document_date: whether a document's own date is asked for.
    """
    passage = reading.hit.passage
    if not document_date and is_dateline(reading.text, passage.title):
        return replace(reading, score=reading.score - weights.dateline)
    found = typed(reading.text, kind, passage.language, units) if kind else []
    if not found:
        return reading
    span = reading.span
    if kind != "name" and not any(overlap(each.span, reading.place) for each in found):
        place, offset = nearest(found, reading.place).span, reading.sentence.start
        span = Span(place.start + offset, place.end + offset)
    return replace(reading, score=reading.score + weights.of_the_kind, span=span, fits=True)


def _naming(reading: Reading, missing: Mapping[str, Missing], weights: Weights) -> Reading:
    """Prefer a document that has what the question names."""
    behind = _lacking(missing[reading.hit.passage.document], weights)
    return replace(reading, score=reading.score - behind)


def _lacking(missing: Missing, weights: Weights) -> float:
    return (
        weights.lacks_names * missing.names
        + weights.lacks_numbers * missing.numbers
        + weights.lacks_amendment * missing.amendment
    )


def _preferring(language: str, readings: list[Reading], weights: Weights) -> list[Reading]:
    """Rank a sentence in the question's language before its translation."""
    preferred = [
        replace(reading, score=reading.score + weights.same_language)
        if reading.hit.passage.language == language
        else reading
        for reading in readings
    ]
    return sorted(preferred, key=lambda reading: -reading.score)


def of_documents(readings: list[Reading], weights: Weights = WEIGHTS) -> list[Reading]:
    """Prefer a document of which more than one sentence is near: it is about what is asked.

    A reader across languages takes any number for the one asked for; a document that tells of the
    matter has other sentences near, too. One of which a single passage was read, which is all that
    some documents are, stands as the average does.

    Args:
        readings: best first.
    """
    documents: dict[str, list[Reading]] = {}
    for reading in readings:
        documents.setdefault(reading.hit.passage.document, []).append(reading)
    further = {
        path: fmean(each.score for each in read[1 : 1 + FURTHER])
        for path, read in documents.items()
        if len({each.hit.passage.id for each in read}) > 1
    }
    average = fmean(further.values()) if further else 0.0
    best = max(further.values(), default=0.0)
    weighed = []
    for reading in readings:
        behind = best - further.get(reading.hit.passage.document, average)
        weighed.append(replace(reading, score=reading.score - weights.document * behind))
    return sorted(weighed, key=lambda reading: -reading.score)


def _nearer(found: list[Hit], documents: Collection[str], weights: Weights) -> list[Hit]:
    """Rank the passages of these documents a little higher."""
    moved = [
        replace(hit, score=hit.score + weights.near, cosine=hit.cosine + weights.near)
        if hit.passage.document in documents
        else hit
        for hit in found
    ]
    return sorted(moved, key=lambda hit: -hit.score)


def _to_read(
    searcher: Searcher,
    query: Query,
    found: list[Hit],
    missing: Mapping[str, Missing],
    weights: Weights,
) -> list[Hit]:
    """Choose the passages to read, by their own nearness and that of their nearest sentence.

    A passage about much has the answer in one sentence of many, and is far itself. One whose
    document lacks what the question names comes later, here as in the ranking.
    """
    nearest = searcher.nearest_sentences(query, [hit.passage.id for hit in found])
    scores = {
        hit.passage.id: hit.score
        + nearest.get(hit.passage.id, 0.0)
        - _lacking(missing[hit.passage.document], weights)
        for hit in found
    }
    ranked = sorted(found, key=lambda hit: -scores[hit.passage.id])
    return [ranked[rank] for rank in to_read_of([hit.passage.language for hit in ranked])]


def to_read_of(languages: Sequence[str]) -> list[int]:
    """Choose what to read of what was found: the first ones of each language, and the first of all.

    Args:
        languages: of the passages, best first.

    Returns:
        Ranks from 0, in order.
    """
    seen: dict[str, int] = {}
    chosen: list[int] = []
    others: list[int] = []
    for rank, language in enumerate(languages):
        count = seen[language] = seen.get(language, 0) + 1
        (chosen if count <= READ_PER_LANGUAGE else others).append(rank)
    return sorted(chosen + others[: max(0, READ - len(chosen))])
