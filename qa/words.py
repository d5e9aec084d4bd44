"""Words that ask, point back or connect, and so say nothing of what a question is about."""

from functools import cache
from typing import Final

from documents.language import frequent_words
from qa.strings import LANGUAGES

# Words that point back where nothing stands before them in the question.
_POINTING: Final = {
    "en": "he him his she her hers it its they them their theirs this that these those there then",
    "lv": "viņš viņa viņu viņam viņā viņi viņus viņiem viņas viņām viņai tas tā to tam tajā tie "
    "tos tiem tās tām tai tur šis šī šo šim šīs šajā šie šos šiem šajos šajās tad toreiz",
    "az": "o onu onun ona onda ondan onunla onlar onları onların onlara onlardan bu bunu bunun "
    "buna bunda bundan bunlar bunları bunların həmin orada ora oradan oranın burada",
    "tr": "o onu onun ona onda ondan onunla onlar onları onların onlara onlardan bu bunu bunun "
    "buna bunda bundan bunlar bunları bunların şu orada oraya oradan oradaki orası burada buradaki",
    "ru": "он его него ему нему им ним нём она её ее неё нее ей ней оно они их них ими ними этот "
    "эта это эти этого этой этому этом этим этих этими эту тот те того той том тем тех там туда "
    "оттуда тогда",
}  # fmt: skip
_CONNECTIVES: Final = {
    "en": "and but also then so",
    "lv": "un bet savukārt",
    "az": "bəs və amma",
    "tr": "peki ya ve ama",
    "ru": "а и но",
}


@cache
def common_words() -> frozenset[str]:
    """Return the frequent words and question words of the languages that Folio speaks."""
    return frozenset().union(*(frequent_words(code) for code in LANGUAGES))


def pointing(language: str) -> frozenset[str]:
    """Return a language's pronouns and demonstratives of the third person."""
    return frozenset(_POINTING.get(language, "").split())


def connectives(language: str) -> frozenset[str]:
    """Return the words that begin a question which goes on from another."""
    return frozenset(_CONNECTIVES.get(language, "").split())


@cache
def empty_words() -> frozenset[str]:
    """Return all of these, of every language that Folio speaks."""
    return common_words().union(*(pointing(code) | connectives(code) for code in LANGUAGES))
