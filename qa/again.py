"""The question before, asked again of another name or another year: "And in Narva?"

By rule: a question of nothing but names, beside words that say nothing, puts them in the place of
those in the question before. Leaves out what has no capital and no digit: "and in winter?"
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import chain, islice, product
from typing import Final

import regex

from documents import Span
from index import lexical
from qa.mentions import placed
from qa.words import beside_names, empty_words, lowered, without_connectives

WORD: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:[-–'’][\p{L}\p{M}\p{N}]+)*")
_YEAR: Final = regex.compile(r"(?:19|20)\d\d(?!\d)")
_DIGIT: Final = regex.compile(r"\p{N}")
_FIRST: Final = regex.compile(r"(?P<word>\p{Lu}[\p{L}\p{M}\p{N}]*)(?:['’]\p{Ll}+)?")
# Where a place comes first in a question as often as not.
_PLACE_FIRST: Final = frozenset({"az", "tr"})
_END: Final = " ?!.…"
# "And who is Kamran Aliyarov?" is no question about another director.
_WHO_IS: Final = frozenset(
    [
        *("is", "are", "was", "were", "who", "what"),
        *("ir", "bija", "kas"),
        *("kim", "kimdir", "nədir", "nedir"),
        *("кто", "что", "был", "была"),
    ]
)
# So many ways to understand a question are tried.
_MOST: Final = 3

_Edit = tuple[Span, str]


def only_names(question: str, language: str, known: Collection[str] = ()) -> bool:
    """Return whether a question says nothing but names and numbers.

    Args:
        known: words that may stand beside them, in lower case.
    """
    rest, places = _named(question, language)
    beside = [
        lowered(match[0])
        for match in WORD.finditer(rest)
        if not any(place.start <= match.start() < place.end for place in places)
    ]
    return bool(places) and beside_names(language).union(known).issuperset(beside)


def asked_again(question: str, language: str, before: str, language_before: str) -> list[str]:
    """Return the question before with the names of this one in the place of its own.

    Several where they may stand in several places, none where this one says more than names.

    >>> asked_again("And in Narva?", "en", "How long does the course in Alat last?", "en")
    ['How long does the course in Narva last?']
    """
    said = {lowered(word) for word in WORD.findall(before)}
    if not only_names(question, language, said - _WHO_IS):
        return []
    rest, places = _named(question.rstrip(_END), language)
    before = before.rstrip(_END)
    held = set(lexical.terms(before))
    new = [place for place in places if not held.issuperset(lexical.terms(_at(rest, place)))]
    # What an earlier question carried stands before a colon, and begins with no question word.
    had = _places(before, first=": " in before)
    sorts = dict.fromkeys(_sort(_at(rest, place)) for place in new)
    choices: list[list[list[_Edit]]] = []
    for sort in sorts:
        parts = [place for place in new if _sort(_at(rest, place)) == sort]
        phrase = rest[parts[0].start : parts[-1].end]
        old = [place for place in had if _sort(_at(before, place)) == sort]
        first = _place_first(before, language_before, had) if sort == "name" else []
        if len(parts) == len(old) and not first:
            pairs = zip(old, parts, strict=True)
            choices.append([[(place, _at(rest, part)) for place, part in pairs]])
            continue
        ways = [[(place, phrase)] for place in dict.fromkeys([*first, *old])]
        if not old and only_names(question, language):
            end = Span(len(before), len(before))
            ways.append([(end, f" {phrase if len(sorts) > 1 else rest}")])
        choices.append(ways)
    if not choices:
        return []
    return [
        f"{_replaced(before, chain.from_iterable(edits))}?"
        for edits in islice(product(*choices), _MOST)
    ]


def _named(question: str, language: str) -> tuple[str, list[Span]]:
    """Return a question without its connectives, and the places of the names in that."""
    rest = without_connectives(question, language)
    # Behind a connective the first word has a capital only if it is a name.
    return rest, _places(rest, first=rest != question)


def _places(text: str, *, first: bool) -> list[Span]:
    """Return the places of names, of the first word too if its capital says that it is one."""
    ahead = "– " if first else ""
    moved = len(ahead)
    return [Span(place.start - moved, place.end - moved) for _, place in placed(ahead + text)]


def _place_first(question: str, language: str, had: Sequence[Span]) -> list[Span]:
    """Return the place of a first word that may be a name, where it isn't known to be one."""
    first = _FIRST.match(question)
    if language not in _PLACE_FIRST or not first or lowered(first["word"]) in empty_words():
        return []
    return [] if any(place.start == 0 for place in had) else [Span(0, first.end())]


def _sort(name: str) -> str:
    if _YEAR.match(name):
        return "year"
    return "number" if _DIGIT.match(name) else "name"


def _at(text: str, place: Span) -> str:
    return text[place.start : place.end]


def _replaced(text: str, edits: Iterable[_Edit]) -> str:
    """Return a text with other words at these places."""
    for place, words in sorted(edits, reverse=True):
        text = text[: place.start] + words + text[place.end :]
    return text
