"""Names in a question that no passage has: what a refusal tells."""

from typing import Final

import regex

from index.search import Searcher
from qa.evidence import Evidence
from qa.words import empty_words, lowered

# Where a name comes first in a question as often as not.
_NAMES_FIRST: Final = frozenset({"az", "tr"})
_FIRST: Final = regex.compile(r"\p{Lu}[\p{L}\p{M}\p{N}]*")
# Where "Тула" and "Тулу" share too few letters for saying that one of them isn't there.
_VOWELS_CHANGE: Final = frozenset({"lv", "ru"})
_SHORT: Final = 4
_MOST: Final = 5


def missing_names(searcher: Searcher, evidence: Evidence) -> tuple[str, ...]:
    """Return the names and numbers of a question that no passage has in any form.

    A follow-up is asked for what it carries too.
    """
    wanted = evidence.names()
    first = None if evidence.asked.isupper() else _FIRST.match(evidence.asked)
    if evidence.language in _NAMES_FIRST and first and lowered(first[0]) not in empty_words():
        # The first word may be a name alone, or a place before one: "Gəncədə Samsung …".
        wanted = [name.removeprefix(f"{first[0]} ") for name in wanted if name != first[0]]
        wanted = [first[0], *wanted]
    if evidence.language in _VOWELS_CHANGE:
        wanted = [name for name in wanted if len(name) > _SHORT or not name.istitle()]
    return tuple(searcher.missing(wanted, evidence.language)[:_MOST])
