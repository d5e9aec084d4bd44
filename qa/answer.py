"""An answer: quotations with their citations, or an abstention with its reason.

The only door for a quote is `quote_from`, which cuts it out of the document's text by offsets. What
can't be proved against that text is an error, never shown.
"""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from documents import Span
from index.errors import FolioError
from index.rows import PassageRow


class QuoteError(FolioError):
    """A quote isn't character for character in its source."""


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of a document, with their address.

    Attributes:
        document: path under documents/, with "/".
        page: counted from 1, None where the format has none.
        start, end: code points of the document's canonical text.
        quote: that text.
        span: the part of it that answers; the same offsets count.
        score: probability that it answers, 0 to 1.
        passage: the passage's permanent name.
        versions: quotes of the same said in other documents: repeats and translations.
    """

    document: str
    title: str
    language: str
    date: str | None
    page: int | None
    start: int
    end: int
    quote: str
    span: Span
    score: float
    passage: str
    versions: tuple["Quote", ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What Folio says to a question.

    Attributes:
        language: of the question.
        confidence: probability that the first quote answers, 0 to 1.
        quotes: best first; empty where it abstains.
        reason: why it abstains, a sentence; None where it answers.
        nearest: where it abstains, the nearest passages' sentences, which are not an answer.
        generation: the one that was asked.
        sources_differ: whether the first two quotes name different dates or numbers for one thing.
        understood: the question as it can be understood alone, where it hung on earlier turns;
            None where it was asked as it stands.
    """

    question: str
    language: str
    status: Literal["answered", "abstained"]
    confidence: float
    quotes: tuple[Quote, ...]
    reason: str | None
    nearest: tuple[Quote, ...]
    generation: int
    elapsed_ms: int
    sources_differ: bool = False
    understood: str | None = None

    def to_json(self, question_id: Any = None, follows: bool = False) -> dict[str, Any]:
        """Return the answer as the command line prints it.

        Args:
            follows: whether earlier turns were given; "understood" tells what was made of them.
        """
        values: dict[str, Any] = {
            "id": question_id,
            "question": self.question,
            "language": self.language,
            "status": self.status,
            "confidence": self.confidence,
            "quotes": [quote_json(quote) for quote in self.quotes],
            "reason": self.reason,
            "nearest": [quote_json(quote) for quote in self.nearest],
            "generation": self.generation,
            "elapsed_ms": self.elapsed_ms,
        }
        if self.sources_differ:
            values["sources_differ"] = True
        return values | {"understood": self.understood} if follows else values


def quote_json(quote: Quote) -> dict[str, Any]:
    """Return a quote as the command line prints it."""
    values = asdict(quote) | {"span": quote.span._asdict()}
    del values["date"], values["versions"]
    versions = [quote_json(version) for version in quote.versions]
    return values | ({"versions": versions} if versions else {})


def quote_from(text: str, place: Span, span: Span, passage: PassageRow, score: float) -> Quote:
    """Cut a quote out of a document's text.

    Args:
        text: the document's whole canonical text.
        place: the quote.
        span: the part that answers, inside `place`.

    Raises:
        QuoteError: the offsets don't lie in the text, or not in one another.
    """
    inside = 0 <= place.start <= span.start < span.end <= place.end <= len(text)
    if not inside or not text[place.start : place.end].strip():
        raise QuoteError(f"{passage.document}: {place} with {span} is no quote of its text")
    quote = Quote(
        document=passage.document,
        title=passage.title,
        language=passage.language,
        date=passage.date,
        page=passage.page_at(place.start),
        start=place.start,
        end=place.end,
        quote=text[place.start : place.end],
        span=span,
        score=round(score, 4),
        passage=passage.key,
    )
    verify(quote, text)
    return quote


def verify(quote: Quote, text: str | None) -> None:
    """Hold a quote against the text it names.

    Raises:
        QuoteError: it isn't there, character for character.
    """
    if text is None or text[quote.start : quote.end] != quote.quote:
        raise QuoteError(
            f"{quote.document}: what stands at {quote.start}–{quote.end} isn't the quote; "
            "run `folio index`"
        )
