"""Words that ask, point back or connect, and so say nothing of what a question is about."""

from functools import cache
from typing import Final

import regex

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
# What asks the question before again of another name: "What about Baku?"
_AGAIN: Final = {
    "en": r"(?:what|how) about|(?:the )?same (?:question )?(?=(?:for|in|with)\b)",
    "lv": r"kā (?:ir |būtu )?ar|tas pats (?=(?:par|ar)\b)",
    "az": r"eyni sual",
    "tr": r"aynı soru",
    "ru": r"(?:что|как) насч[её]т|что (?=со?\b)|то же(?: самое)? (?=(?:для|про|в|за)\b)",
}
# What may stand beside the names of such a question.
_BESIDE: Final = {
    "en": "in at on for with by from of to the about during between and or since until before "
    "after under year",
    "lv": "ar no par uz pie pēc pirms kopš līdz starp un vai gads gada gadā gadu",
    "az": "ilə üçün haqqında barədə və il ildə ilin ili necə",
    "tr": "ile için hakkında ve veya yıl yılı yılında yılının yılındaki",
    "ru": "в во на с со из о об от к у по про для до после между за и или год года году",
}
# Question words that are too rare, or too much like others, to tell a language by, and words that
# begin a question with a capital.
_ASKING: Final = (
    "whose whether will would can could shall should may might must during before after since "
    "until under between "
    "ko kā kam kura kuru kurā kurai kuram kuras kurus kuros kurās kurām kuriem kurp kāda kādu kādā "
    "kādai kādam kādus kādas kādos kādās kādiem kādām kādēļ cikos vai pēc pirms kopš līdz laikā "
    "kimi kimə kimdə kimdən kimlə kimlər kimləri kimlərin kimlərə kimlərdən haçan haçandan nəyi "
    "nəyə nəyin nədə nədən nələr nələri hansılar hansıları neçənci neçəyə haraya haradan harda "
    "hardan haradadır "
    "kime kimde kimden kiminle kimler kimleri kimlere kimlerin kimlerle neyi neye neyin neden "
    "neler neleri niye nereye nereden nereli nereyi hangisi hangileri kaçıncı kaça kaçta "
    "кого кому чей чья чьё чье чьи чего чему чём чем куда откуда зачем какого какому каким каком "
    "какую какими каких каков какова каково каковы которая которое которые которого которой "
    "которую насколько скольких скольким после до перед при во с со под ли"
)


@cache
def common_words() -> frozenset[str]:
    """Return the frequent words and question words of the languages that Folio speaks."""
    frequent = frozenset().union(*(frequent_words(code) for code in LANGUAGES))
    return frequent.union(_ASKING.split())


def pointing(language: str) -> frozenset[str]:
    """Return a language's pronouns and demonstratives of the third person."""
    return frozenset(_POINTING.get(language, "").split())


def connectives(language: str) -> frozenset[str]:
    """Return the words that begin a question which goes on from another."""
    return frozenset(_CONNECTIVES.get(language, "").split())


def beside_names(language: str) -> frozenset[str]:
    """Return the words that say nothing beside a name: "in", "during", "the year"."""
    return frozenset(_BESIDE.get(language, "").split())


def without_connectives(question: str, language: str) -> str:
    """Return a question without what ties it to another: "And what about Baku?" → "Baku?"."""
    beginning = _beginning(language).match(lowered(question))
    return question[beginning.end() :] if beginning else question


def lowered(text: str) -> str:
    """Return a text in lower case, letter by letter; "İ" is no dot more than "i"."""
    return text.replace("İ", "i").lower()


@cache
def _beginning(language: str) -> "regex.Pattern[str]":
    words = [*sorted(connectives(language)), _AGAIN.get(language, "")]
    return regex.compile(
        rf"(?:(?:{'|'.join(filter(None, words))})\b[\s,]*)+(?=[\p{{L}}\p{{N}}“„«\"])"
    )


@cache
def empty_words() -> frozenset[str]:
    """Return all of these, of every language that Folio speaks."""
    return common_words().union(*(pointing(code) | connectives(code) for code in LANGUAGES))
