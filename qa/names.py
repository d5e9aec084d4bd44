"""Names in a question: what it is about, and what a passage that answers would mention.

By rule, for questions: quoted names, runs of capitalised words, words in capitals, numbers. Leaves
out names in documents, where whole sentences are in capitals and a model does better.
"""

from typing import Final

import regex

from index.search import Searcher
from qa.evidence import Evidence
from qa.words import empty_words

_QUOTED: Final = r"[“„«\"](?P<quoted>[^“”„«»\"]{2,60})[”“»\"]"
_WORD: Final = r"\p{Lu}[\p{L}\p{M}\p{N}]*"
# "Department of International Projects", "Hazar–Karadeniz Teknopark Forumu", "Turku Science Park".
_RUN: Final = rf"(?P<run>{_WORD}(?:(?:[ \-–]| of (?:the )?){_WORD})*)"
_NUMBER: Final = r"(?P<number>(?<![\p{L}\p{N}])\p{N}+(?![\p{L}\p{N}]))"
_NAME: Final = regex.compile(rf"{_QUOTED}|(?<![\p{{L}}\p{{M}}]){_RUN}|{_NUMBER}")
_CAPITALS: Final = regex.compile(r"\p{Lu}.*\p{Lu}|\p{Lu}.*\p{N}")
# Where a name comes first in a question as often as not.
_NAMES_FIRST: Final = frozenset({"az", "tr"})
_FIRST: Final = regex.compile(r"\p{Lu}[\p{L}\p{M}\p{N}]*")
# Where "Тула" and "Тулу" share too few letters for saying that one of them isn't there.
_VOWELS_CHANGE: Final = frozenset({"lv", "ru"})
_SHORT: Final = 4
_MOST: Final = 5
# An ending that is set apart from its name: GOSB'un, ICESCO-nun.
_ENDING: Final = regex.compile(r"['’\-]\p{Ll}")


def names(question: str) -> list[str]:
    """Return the names in a question, in order, as they are written there.

    The first word of a question has a capital anyway: alone, it is a name only where it is all
    capitals, or an ending is set apart from it.

    >>> names("When did GOSB Teknopark'ın partner “Xəzər Start” join ICESCO in 2023?")
    ['GOSB Teknopark', 'Xəzər Start', 'ICESCO', '2023']
    """
    found = []
    for match in _NAME.finditer(question):
        name = match["quoted"] or match["number"]
        if match["run"]:
            name = _without_empty_words(match["run"])
            first = match.start() == 0 and name == match["run"]
            if first and not _is_name(name, question[match.end() :]):
                continue
        if name and name not in found:
            found.append(name)
    return found


def _without_empty_words(run: str) -> str:
    """Return a run without the empty words that it begins with: "Does GOSB" → "GOSB"."""
    words = run.split(" ")
    while words and words[0].lower() in empty_words():
        words.pop(0)
    return " ".join(words)


def _is_name(run: str, after: str) -> bool:
    return " " in run or bool(_CAPITALS.search(run)) or bool(_ENDING.match(after))


def missing_names(searcher: Searcher, evidence: Evidence) -> tuple[str, ...]:
    """Return the names and numbers of a question that no passage has in any form.

    A follow-up is asked for what it carries too.
    """
    question = evidence.wording.read if evidence.wording else evidence.query.text
    wanted = names(question)
    first = _FIRST.match(question)
    if evidence.language in _NAMES_FIRST and first and first[0].lower() not in empty_words():
        # The first word may be a name alone, or a place before one: "Gəncədə Samsung …".
        wanted = [name.removeprefix(f"{first[0]} ") for name in wanted if name != first[0]]
        wanted = [first[0], *wanted]
    if evidence.language in _VOWELS_CHANGE:
        wanted = [name for name in wanted if len(name) > _SHORT or not name.istitle()]
    return tuple(searcher.missing(wanted, evidence.language)[:_MOST])
