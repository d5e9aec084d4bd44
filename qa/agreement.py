"""Do two sentences say the same, or differ about the same thing? Judged by their dates and numbers.

What differs in a date or a number is never the same, however near its words are. Leaves out names:
in five languages and two scripts one name has too many spellings.
"""

from collections.abc import Sequence
from typing import Final

from index.lexical import fold
from qa.answer_types import Kind, Typed, nearest, typed
from qa.numbers import KNOWN_UNITS
from qa.reading import Reading

# Of two sentences' vectors, from which on they are translations if their facts agree.
TRANSLATION: Final = 0.9
# From which on two sentences are about the same thing, though they name different values for it.
_SAME_THING: Final = 0.93
# How near the second of two differing sources must score.
_NEAR: Final = 0.4
_STEM: Final = 5


def is_version(reading: Reading, other: Reading) -> bool:
    """Return whether two documents say the same: a repeat, or a translation."""
    one, two = reading.hit.passage, other.hit.passage
    if one.document == two.document:
        return False
    if _words(reading.text) == _words(other.text):
        return True
    if one.language == two.language or _cosine(reading, other) < TRANSLATION:
        return False
    return same_facts(reading.text, one.language, other.text, two.language)


def same_facts(one: str, language: str, two: str, other_language: str) -> bool:
    """Return whether two sentences have the same dates and numbers."""
    dates, other_dates = (
        sorted(str(each.value) for each in typed(text, "date", code))
        for text, code in ((one, language), (two, other_language))
    )
    if dates != other_dates:
        return False
    ours, theirs = (
        sorted(
            (each.value, each.unit if each.unit in KNOWN_UNITS else "")
            for each in typed(text, "number", code)
        )
        for text, code in ((one, language), (two, other_language))
    )
    return len(ours) == len(theirs) and all(
        a[0] == b[0] and (a[1] == b[1] or not a[1] or not b[1])
        for a, b in zip(ours, theirs, strict=True)
    )


def rival(readings: Sequence[Reading], kind: Kind | None, names: Sequence[str]) -> Reading | None:
    """Return the best reading of another document that gives another date, term or number, or None.

    It has to say what the best reading says but for that, so that a near miss is no rival.

    Args:
        readings: best first.
        kind: what the question asks for.
        names: that the question has; a source without one of them is about another thing.
    """
    if kind is None or kind == "name" or not readings:
        return None
    best = readings[0]
    said = answer_of(best, kind)
    if said is None:
        return None
    for other in readings[1:]:
        if other.score < best.score - _NEAR:
            break
        if (
            other.hit.passage.document != best.hit.passage.document
            and _cosine(best, other) >= _SAME_THING
            and _about(other, names)
            and _differ(said, answer_of(other, kind))
        ):
            return other
    return None


def answer_of(reading: Reading, kind: Kind) -> Typed | None:
    """Return the expression that a reading answers with; offsets count in the sentence."""
    found = typed(reading.text, kind, reading.hit.passage.language)
    return nearest(found, reading.place) if found else None


def _cosine(one: Reading, two: Reading) -> float:
    if one.vector is None or two.vector is None:
        return 0.0
    return float(one.vector @ two.vector)


def _differ(one: Typed, two: Typed | None) -> bool:
    if two is None:
        return False
    if isinstance(one.value, str) and isinstance(two.value, str):
        parts = zip(_parts(one.value), _parts(two.value), strict=False)
        return any(a != b for a, b in parts if a and b)
    return one.unit == two.unit and one.unit in KNOWN_UNITS and one.value != two.value


def _parts(iso: str) -> list[str]:
    """Return year, month and day, as many as are said: "" for a year that isn't, in "--10-18"."""
    return iso.replace("--", "-").split("-")


def _about(reading: Reading, names: Sequence[str]) -> bool:
    """Return whether a passage with its title has the beginnings of all names."""
    passage = reading.hit.passage
    words = {word[:_STEM] for word in _words(f"{passage.title} {passage.text}").split()}
    return all(word[:_STEM] in words for name in names for word in _words(name).split())


def _words(text: str) -> str:
    """Return the words of a text, folded, without marks."""
    return " ".join("".join(c if c.isalnum() else " " for c in fold(text)).split())
