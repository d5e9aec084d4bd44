"""From readings to places to quote: different places, neighbours together, versions as one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from documents import Span
from index.lexical import fold
from qa.agreement import is_version
from qa.answer_types import typed
from qa.reading import Reading

# How much worse than the best a sentence may score and still be quoted.
_MARGIN: Final = 0.15
# Sentences of one paragraph have a space between them.
_NEXT: Final = 1
_MAX_QUOTE_CHARS: Final = 600
# A list's members are read one by one, and none of them answers all of the question.
_LIST_MARGIN: Final = 0.3
LIST_QUOTES: Final = 6
_MAX_VERSIONS: Final = 8
_STEM: Final = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to quote: one sentence or a few that stand together, with the best one's reading.

    Attributes:
        answering: the one of them whose span answers: the best one, unless only another has a
            thing of the kind asked for.
        versions: readings of the same said in other documents, best first.
    """

    reading: Reading
    place: Span
    answering: Reading
    versions: tuple[Reading, ...] = ()

    def holds(self, reading: Reading) -> bool:
        """Return whether a sentence stands in this place."""
        same_document = self.reading.hit.passage.document == reading.hit.passage.document
        return same_document and self.place.start <= reading.sentence.start < self.place.end


def choose(readings: Sequence[Reading], limit: int, listed: bool = False) -> list[Choice]:
    """Return at most `limit` places to quote, best first.

    A sentence next to one that is chosen already joins it. What is said again in the same words in
    one document is quoted once; what another document repeats or translates is a version of it.

    Args:
        readings: best first.
        listed: whether several things are asked for. Then there may be more quotes, each of which
            has a name that those before it don't; those of one document stand in its order.
    """
    chosen: list[Choice] = []
    limit = max(limit, LIST_QUOTES) if listed else limit
    for reading in readings:
        if reading.score < readings[0].score - (_LIST_MARGIN if listed else _MARGIN):
            break
        for number, choice in enumerate(chosen):
            grown = _joined(choice, reading) or _with_version(choice, reading)
            if grown:
                chosen[number] = grown
                break
        else:
            new = not any(_repeats(reading, choice) for choice in chosen)
            if new and len(chosen) < limit and (not listed or _adds_a_member(reading, chosen)):
                chosen.append(Choice(reading, reading.sentence, reading))
    return _in_reading_order(chosen) if listed else chosen


def with_rival(chosen: list[Choice], rival: Reading | None) -> list[Choice]:
    """Return the choices with a source that differs behind the first; the last one gives way.

    Args:
        rival: of another document than the first choice's; None where there is none.
    """
    if rival is None:
        return chosen
    held = next((each for each in chosen[1:] if each.holds(rival) or rival in each.versions), None)
    others = [each for each in chosen[1:] if each is not held]
    second = held or Choice(rival, rival.sentence, rival)
    if rival not in second.versions:
        second = replace(second, answering=rival)
    return [chosen[0], second, *others][: max(2, len(chosen))]


def _in_reading_order(chosen: list[Choice]) -> list[Choice]:
    """Return the choices by document, the best one's first, and there by place."""
    documents = list(dict.fromkeys(each.reading.hit.passage.document for each in chosen))
    return sorted(
        chosen,
        key=lambda each: (documents.index(each.reading.hit.passage.document), each.place.start),
    )


def _adds_a_member(reading: Reading, chosen: Sequence[Choice]) -> bool:
    """Return whether a sentence has a name that what is chosen hasn't."""
    known = {stem for choice in chosen for stem in _names(choice.reading)}
    return not chosen or not _names(reading) <= known


def _names(reading: Reading) -> set[str]:
    found = typed(reading.text, "name", reading.hit.passage.language)
    names = [reading.text[each.span.start : each.span.end] for each in found]
    return {fold(word)[:_STEM] for name in names for word in name.split()}


def _with_version(choice: Choice, reading: Reading) -> Choice | None:
    """Return the choice with another document's version of it."""
    documents = {each.hit.passage.document for each in (choice.reading, *choice.versions)}
    new = reading.hit.passage.document not in documents
    if not new or len(choice.versions) == _MAX_VERSIONS or not is_version(reading, choice.reading):
        return None
    return replace(choice, versions=(*choice.versions, reading))


def _joined(choice: Choice, reading: Reading) -> Choice | None:
    """Return the choice with a sentence that stands right before or after it."""
    if reading.hit.passage.document != choice.reading.hit.passage.document:
        return None
    before, after = sorted([choice.place, reading.sentence])
    place = Span(before.start, after.end)
    if after.start - before.end != _NEXT or place.end - place.start > _MAX_QUOTE_CHARS:
        return None
    better = reading.fits and not choice.answering.fits
    return replace(choice, place=place, answering=reading if better else choice.answering)


def _repeats(reading: Reading, choice: Choice) -> bool:
    same_document = reading.hit.passage.document == choice.reading.hit.passage.document
    return same_document and reading.text == choice.reading.text
