"""From readings to places to quote: different places, and neighbours together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from documents import Span
from qa.reading import Reading

# How much worse than the best a sentence may score and still be quoted.
_MARGIN: Final = 0.2
# Sentences of one paragraph have a space between them.
_NEXT: Final = 1
_MAX_QUOTE_CHARS: Final = 600


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to quote: one sentence or a few that stand together, with the best one's reading."""

    reading: Reading
    place: Span


def choose(readings: Sequence[Reading], limit: int) -> list[Choice]:
    """Return at most `limit` places to quote, best first.

    A sentence next to one that is chosen already joins it, and the same words in one document are
    quoted once; in another document they are another source.

    Args:
        readings: best first.
    """
    chosen: list[Choice] = []
    for reading in readings:
        if reading.score < readings[0].score - _MARGIN:
            break
        for number, choice in enumerate(chosen):
            joined = _joined(choice, reading)
            if joined:
                chosen[number] = joined
                break
        else:
            if len(chosen) < limit and not any(_repeats(reading, choice) for choice in chosen):
                chosen.append(Choice(reading, reading.sentence))
    return chosen


def _joined(choice: Choice, reading: Reading) -> Choice | None:
    """Return the choice with a sentence that stands right before or after it."""
    if reading.hit.passage.document != choice.reading.hit.passage.document:
        return None
    before, after = sorted([choice.place, reading.sentence])
    place = Span(before.start, after.end)
    fits = place.end - place.start <= _MAX_QUOTE_CHARS
    return replace(choice, place=place) if after.start - before.end == _NEXT and fits else None


def _repeats(reading: Reading, choice: Choice) -> bool:
    same_document = reading.hit.passage.document == choice.reading.hit.passage.document
    return same_document and reading.text == choice.reading.text
