"""An answer that somebody kept, read again: every quote is cut anew out of its document.

What is kept is `Answer.to_json`. It comes back from a browser, so nothing in it is believed but
addresses, and a quote whose words stand there no more is left out and counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from documents import Span
from index.errors import FolioError
from qa.answer import Answer, Quote, quote_from
from qa.assistant import MAX_QUESTION_CHARS, Assistant

_MOST = 50


@dataclass(frozen=True, slots=True)
class Recalled:
    """An answer as far as its quotes still hold.

    Attributes:
        gone: how many of its quotes, or nearest passages, don't.
        whole: whether all of it holds, also what other documents say the same.
    """

    answer: Answer
    gone: int
    whole: bool


def recalled(assistant: Assistant, kept: Mapping[str, Any]) -> Recalled:
    """Return a kept answer with those of its quotes that still are in the library.

    Raises:
        ValueError: this isn't an answer.
    """
    try:
        question = str(kept["question"])[:MAX_QUESTION_CHARS]
        answered = kept["status"] == "answered"
        wanted = list(kept["quotes" if answered else "nearest"])[:_MOST]
        found = [_quote(assistant, item) for item in wanted]
        quotes = tuple(quote for quote in found if quote)
        # The first two are the sides; without one of them nothing is left that differs.
        differ = bool(kept.get("sources_differ")) and len(found) > 1 and all(found[:2])
        answer = Answer(
            question=question,
            language=str(kept["language"]),
            status="answered" if answered else "abstained",
            confidence=float(kept["confidence"]),
            quotes=quotes if answered else (),
            reason=None if answered else str(kept["reason"]),
            nearest=() if answered else quotes,
            generation=int(kept["generation"]),
            elapsed_ms=int(kept["elapsed_ms"]),
            sources_differ=differ,
            understood=str(kept["understood"]) if kept.get("understood") else None,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this isn't an answer that Folio gave") from error
    whole = all(
        quote and len(quote.versions) == len(_versions(item))
        for quote, item in zip(found, wanted, strict=True)
    )
    return Recalled(answer, len(wanted) - len(quotes), whole)


def recalled_all(assistant: Assistant, kept: Sequence[Mapping[str, Any]]) -> list[Recalled]:
    """Return a conversation's answers; what isn't one is left out."""
    answers = []
    for item in kept:
        try:
            answers.append(recalled(assistant, item))
        except ValueError:
            continue
    return answers


def _versions(kept: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(kept.get("versions") or [])[:_MOST]


def _quote(assistant: Assistant, kept: Mapping[str, Any]) -> Quote | None:
    """Return a kept quote as it stands now, wherever its document has it; None where it doesn't."""
    start, end = int(kept["start"]), int(kept["end"])
    try:
        source = assistant.source(str(kept["passage"]), start, end)
        if source is None or source.now is None or source.now.quote != kept["quote"]:
            return None
        place = Span(source.now.start, source.now.end)
        first = place.start - start
        span = Span(int(kept["span"]["start"]) + first, int(kept["span"]["end"]) + first)
        quote = quote_from(source.text, place, span, source.passage, float(kept["score"]))
        versions = [_quote(assistant, each) for each in _versions(kept)]
        return replace(quote, versions=tuple(version for version in versions if version))
    except FolioError:
        return None
