"""Which question is a follow-up, and what does it carry from the turn before?

By rule: pronouns and demonstratives with nothing before them to point at, a connective at the
beginning, and questions too short to stand alone. What is carried are the words that say what the
earlier question was about. Whether a doubtful one is a follow-up, as all are that say enough to
stand alone, is told by what is found with and without them, which is qa.assistant's business.
Leaves out what was said more than a turn ago, but for what that turn itself had carried.
"""

from enum import IntEnum
from typing import Final

from documents import detect
from documents.language import frequent_words
from qa.again import WORD, asked_again, only_names
from qa.answer import Answer
from qa.evidence import Wording
from qa.mentions import names
from qa.strings import LANGUAGES
from qa.words import (
    beside_names,
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
# Where "that" isn't behind one of these, or a preposition, it is "the team that won".
_AUXILIARY: Final = _EXPLETIVE | {"do", "does", "did", "has", "have", "had", "will", "would", "can"}
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

    A name alone, too, however foreign it is.

    Args:
        before: the language of that turn.
    """
    if only_names(question, before):
        return before
    found = detect(question)
    words = _words(question)
    if before not in LANGUAGES or (len(words) > _SHORT and found in LANGUAGES):
        return found
    known = {language: _known(words, language) for language in LANGUAGES}
    most = max(known.values())
    likely = [before, found, *LANGUAGES]
    return next(language for language in likely if known.get(language) == most) if most else found


def dependence(question: str, language: str) -> Dependence:
    """Tell whether a question can be understood alone, by its words."""
    if only_names(question, language) or not _content(question, language):
        return Dependence.SURE
    connected = without_connectives(question, language) != question
    hangs = connected or _points_back(question, language)
    if _says_little(question, language):
        return Dependence.SURE if hangs else Dependence.PERHAPS
    return Dependence.PERHAPS if hangs else Dependence.NONE


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
    carried = carried[-_MAX_CARRIED:]
    if not carried:
        return []
    return [
        Wording(
            searched=f"{' '.join(carried)}: {without_connectives(question, language)}",
            asked=question,
            behind=", ".join(names(_about(turn))) or " ".join(carried),
            language=language,
            near=frozenset(quote.document for quote in turn.quotes[:1]),
        )
    ]


def topic(turn: Answer) -> list[str]:
    """Return the words that say what a turn was about, as they stand in its question."""
    return list(dict.fromkeys(_content(_about(turn), turn.language)))


def _about(turn: Answer) -> str:
    """Return a turn's question, with what it carried unless it says enough itself."""
    if turn.understood and _says_little(turn.question, turn.language):
        return turn.understood
    return turn.question


def _persons(turn: Answer) -> list[str]:
    """Return the name that answered, where it was one."""
    for quote in turn.quotes[:1]:
        said = quote.quote[quote.span.start - quote.start : quote.span.end - quote.start]
        return [name for name in names(f"– {said}") if not name.isdigit()][:1]
    return []


def _says_little(question: str, language: str) -> bool:
    """Return whether a question can't tell by itself what it is about.

    That is, where it names nothing and has few words of its own, or begins with "This" or "Its".
    """
    if only_names(question, language):
        return True
    empty = pointing(language)
    if any(not (name.isdigit() or lowered(name) in empty) for name in names(question)):
        return False
    first = _words(without_connectives(question, language))[:1]
    return len(_content(question, language)) <= _FEW or not empty.isdisjoint(first)


def _content(question: str, language: str) -> list[str]:
    """Return a question's words without those that only ask, point or connect."""
    empty = common_words() | pointing(language) | connectives(language)
    return [word for word in WORD.findall(question) if lowered(word) not in empty]


def _points_back(question: str, language: str) -> bool:
    words = _words(question)
    for place, word in enumerate(words):
        if word not in pointing(language) or (place and _points_at_nothing(words, place)):
            continue
        before = question[: [*WORD.finditer(question)][place].start()]
        return not names(before)
    return False


def _points_at_nothing(words: list[str], place: int) -> bool:
    """Return whether a word is the "there" of "is there" or the "that" of "the team that won"."""
    word, before = words[place], words[place - 1]
    if word == "that":
        last = place == len(words) - 1
        return not (last or before in _AUXILIARY or before in beside_names("en"))
    return word == "there" and before in _EXPLETIVE


def _known(words: list[str], language: str) -> int:
    """Return how many words are a language's frequent, pointing or connecting ones."""
    known = frequent_words(language) | pointing(language) | connectives(language)
    return sum(word in known for word in words)


def _words(question: str) -> list[str]:
    return [lowered(word) for word in WORD.findall(question)]
