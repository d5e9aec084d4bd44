"""Which question is a follow-up, and what does it carry from the turn before?

By rule: pronouns and demonstratives with nothing before them to point at, a connective at the
beginning, and questions too short to stand alone. What is carried are the words that say what the
earlier question was about. Whether a doubtful one is a follow-up is told by what is found with and
without them, which is qa.assistant's business. Leaves out what was said more than a turn ago, but
for what that turn itself had carried.
"""

from enum import IntEnum
from typing import Final

from documents import detect
from qa.again import WORD, asked_again, only_names
from qa.answer import Answer
from qa.evidence import Wording
from qa.mentions import names
from qa.strings import LANGUAGES
from qa.words import (
    common_words,
    connectives,
    lowered,
    pointing,
    without_connectives,
)

_MAX_CARRIED: Final = 16
# With so few words of its own and no name a question may well hang on the one before.
_FEW: Final = 3
# Questions this short are too short to tell their language.
_SHORT: Final = 4

# "Is there a …" points at nothing.
_EXPLETIVE: Final = frozenset(["is", "are", "was", "were"])
_PERSONS: Final = frozenset(
    [
        *("he", "him", "his", "she", "her"),
        *("viņš", "viņa", "viņu", "viņam"),
        *("он", "его", "ему", "она", "её", "ей"),
    ]
)


class Dependence(IntEnum):
    """How much a question looks like one that hangs on the turn before."""

    NONE = 0
    PERHAPS = 1
    SURE = 2


def language_of(question: str, before: str) -> str:
    """Return a question's language; a short one is taken to be in that of the turn before.

    Args:
        before: the language of that turn.
    """
    found = detect(question)
    if len(_words(question)) > _SHORT and found in LANGUAGES:
        return found
    empty = pointing(before) | connectives(before) | common_words()
    known = sum(word in empty for word in _words(question))
    return before if before in LANGUAGES and known else found


def dependence(question: str, language: str) -> Dependence:
    """Tell whether a question can be understood alone, by its words."""
    words = _words(question)
    own = [name for name in names(question) if name.lower() not in pointing(language)]
    content = _content(question, language)
    if only_names(question, language) or _points_back(question, words, language) or not content:
        return Dependence.SURE
    if without_connectives(question, language) != question:
        return Dependence.PERHAPS if own and len(content) > _FEW else Dependence.SURE
    if not own and len(content) <= _FEW:
        return Dependence.PERHAPS
    return Dependence.NONE


def carry(question: str, turn: Answer, language: str) -> list[Wording]:
    """Return the ways to ask a question that hangs on a turn, none where that carries nothing.

    One that only has another name, or another year, is the question before with that in the place
    of its own; where it may stand in several places, each is a way.
    """
    again = asked_again(question, language, turn.understood or turn.question, turn.language)
    if again:
        return [Wording(each, each, "", turn.language, frozenset()) for each in again]
    carried = topic(turn)
    if any(word in _PERSONS for word in _words(question)):
        carried = list(dict.fromkeys([*carried, *_persons(turn)]))
    held = set(_words(question))
    # A name stays whole: "Xəzər Start" before "where will it start?".
    carried = [word for word in carried if word[0].isupper() or lowered(word) not in held]
    carried = carried[:_MAX_CARRIED:]
    if not carried:
        return []
    return [
        Wording(
            searched=f"{' '.join(carried)}: {without_connectives(question, language)}",
            asked=question,
            behind=", ".join(names(turn.understood or turn.question)) or " ".join(carried),
            language=language,
            near=frozenset(quote.document for quote in turn.quotes[:1]),
        )
    ]


def topic(turn: Answer) -> list[str]:
    """Return the words that say what a turn was about, as they stand in its question."""
    return list(dict.fromkeys(_content(turn.understood or turn.question, turn.language)))


def _persons(turn: Answer) -> list[str]:
    """Return the name that answered, where it was one."""
    for quote in turn.quotes[:1]:
        said = quote.quote[quote.span.start - quote.start : quote.span.end - quote.start]
        return [name for name in names(f"– {said}") if not name.isdigit()][:1]
    return []


def _content(question: str, language: str) -> list[str]:
    """Return a question's words without those that only ask, point or connect."""
    empty = common_words() | pointing(language) | connectives(language)
    return [word for word in WORD.findall(question) if lowered(word) not in empty]


def _points_back(question: str, words: list[str], language: str) -> bool:
    for place, word in enumerate(words):
        if word not in pointing(language):
            continue
        if word == "there" and place and words[place - 1] in _EXPLETIVE:
            continue
        before = question[: [*WORD.finditer(question)][place].start()]
        return not names(before)
    return False


def _words(question: str) -> list[str]:
    return [lowered(word) for word in WORD.findall(question)]
