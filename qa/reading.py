"""Which sentence of the best passages answers?

A reader takes a question and the hits with their sentences, and returns readings, best first. This
one weighs a sentence by its own nearness to the question and that of its passage; the question's
words count in the passage only: of two sentences the one that repeats the question is the less its
answer. A trained reader takes its place by having the same signature.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import regex

from documents import Span
from documents.dates import find_dates
from documents.metadata import names_a_kind
from index.rows import SentenceRow
from index.search import LEXICAL, Hit, Query

# A heading is near to every question about what stands under it, and answers hardly any.
HEADING: Final = 0.15
_HEADING_CHARS: Final = 80
_DATELINE_WORDS: Final = 4
_NUMBERING: Final = regex.compile(r"^[\p{N}.)§ ]+")
_WORD: Final = regex.compile(r"[\p{L}\p{M}]+")
# What stands beside a date that is the document's own, but for a place.
_OF_THE_DOCUMENT: Final = regex.compile(
    r"(?i)date|published|updated|city|datums|publicēts|pilsēta|tarix|tarixi|dərc|edilib|şəhəri"
    r"|tarih|tarihi|yayın|yayım|дата|опубликовано|город|г|года|gada|il|ili"
)
_SAYS_SOMETHING: Final = regex.compile(r"[\p{N}:|,;]|[.!?…][\p{P}]*$")


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence that may answer.

    Attributes:
        text: the sentence.
        sentence: its place in the document's text.
        span: the part of it that answers; offsets count in the document's text.
        score: higher is better, comparable within one question only.
        cosine: of the question's vector and the sentence's.
        relevance: a trained reader's logit of "this passage answers"; 0 where none has read it.
        margin: its best span here against "nowhere here", a difference of log probabilities; 0 too.
        mass: the log probability that the answer starts and ends here; 0 too.
        close: its logit of "this answers", read with the sentence before only; 0 too.
        fits: whether it has a thing of the kind asked for.
        vector: the sentence's, (dimension,) float32, unit length; None where none is kept.
    """

    hit: Hit
    text: str
    sentence: Span
    span: Span
    score: float
    cosine: float
    relevance: float = 0.0
    margin: float = 0.0
    mass: float = 0.0
    close: float = 0.0
    fits: bool = False
    vector: npt.NDArray[np.float32] | None = field(default=None, compare=False, repr=False)

    @property
    def place(self) -> Span:
        """The span, counted in the sentence."""
        return Span(self.span.start - self.sentence.start, self.span.end - self.sentence.start)


Reader = Callable[[Query, Sequence[Hit], Sequence[SentenceRow]], list[Reading]]


def read_sentences(
    query: Query, hits: Sequence[Hit], sentences: Sequence[SentenceRow]
) -> list[Reading]:
    """Return a reading for each sentence, best first; the span is the whole sentence."""
    by_passage = {hit.passage.id: hit for hit in hits}
    readings = []
    for row in sentences:
        hit = by_passage[row.passage_id]
        cosine = float(row.vector @ query.vector)
        readings.append(
            Reading(
                hit=hit,
                text=row.text,
                sentence=Span(row.start, row.end),
                span=Span(row.start, row.end),
                score=cosine
                + hit.cosine
                + LEXICAL * hit.lexical
                - HEADING * is_heading(row.text, hit.passage.title),
                cosine=cosine,
                vector=row.vector,
            )
        )
    return sorted(readings, key=lambda reading: -reading.score)


def is_heading(text: str, title: str) -> bool:
    """Tell a heading: a part of the title, or a short line that isn't a sentence.

    "3. Pieņemšana" is one; "Budget: 240,000" and "Inta Žagare, director" aren't.
    """
    line = " ".join(text.split())
    if line in " ".join(title.split()):
        return True
    return len(line) <= _HEADING_CHARS and not _SAYS_SOMETHING.search(_NUMBERING.sub("", line))


def is_dateline(text: str, title: str) -> bool:
    """Tell a line that only says where and when a document is from: "Baku, 14 May 2022".

    The date may also stand behind the title, or behind what the document calls itself.
    """
    dates = find_dates(text) if len(text) <= len(title) + _HEADING_CHARS else ()
    if not dates:
        return False
    rest = _without(text, [date.span for date in dates])
    words = _WORD.findall(rest)
    if not words or (title and " ".join(rest.split()).strip(" ,.–-") in " ".join(title.split())):
        return True
    if names_a_kind(rest) and is_heading(rest, ""):
        return True
    places = [word for word in words if not _OF_THE_DOCUMENT.fullmatch(word)]
    apart = not places or "," in rest
    return len(words) <= _DATELINE_WORDS and apart and all(word[0].isupper() for word in places)


def _without(text: str, spans: Sequence[Span]) -> str:
    """Return a text without these parts of it, in order."""
    kept, last = "", 0
    for span in spans:
        kept += text[last : span.start] + " "
        last = max(last, span.end)
    return kept + text[last:]
