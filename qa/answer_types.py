"""What kind of thing answers? A date, a number, a name: told by the question word, found by shape.

Rules for English, Latvian, Azerbaijani, Turkish and Russian. Leaves out what no rule can tell:
whether a name is a person's or a town's, and what "what" and "why" ask for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import regex

from documents import Span
from documents.dates import find_dates
from qa.numbers import find_numbers

Kind = Literal["date", "number", "name"]


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression of some kind in a text.

    Attributes:
        span: its place there.
        value: what can be compared across languages: an ISO date, or a number; "" for a name.
        unit: of a number, "" where it has none.
    """

    kind: Kind
    span: Span
    value: str | float
    unit: str = ""


# By language; the first kind whose words are in the question is asked for.
_QUESTION_WORDS: Final[dict[str, tuple[tuple[Kind, str], ...]]] = {
    "en": (
        ("number", r"how (?:many|much|large|big|old|far|long|often|high|tall)|(?:what|which) "
         r"(?:percentage|share|number|sum|amount)|(?:what|which) (?:is|was) the (?:\p{L}+ ){0,2}"
         r"(?:price|cost|budget|fee|salary|rent)"
         r"|what time"),
        ("date", r"when|(?:what|which) (?:date|year|month|day)\b"),
        ("name", r"who|whom|whose|where|(?:in|to|from) (?:what|which) (?:city|town|country|place)"
         r"|(?:what|which) (?:company|organi[sz]ation|team|park|university|country|city)\b"),
    ),
    "lv": (
        ("number", r"cik\p{L}*|kur\p{L}+ pēc kārtas"),
        ("date", r"kad|kur\p{L}+ (?:gad|dien|mēnes|datum|laik)\p{L}*"),
        ("name", r"kurš|kur|kurp|kam|kur\p{L}+ (?:pilsēt|valst|viet|uzņēmum|organizācij|komand"
         r"|aģentūr|universitāt)\p{L}*|kas (?:ir )?(?:vad|parakst|pārstāv|uzvar|dibin)\p{L}*"),
    ),
    "az": (
        ("date", r"nə (?:vaxt|zaman)\p{L}*|haçan|(?:hansı|neçənci) (?:il|gün|ay|tarix)\p{L}*"),
        ("number", r"neçə\p{L}*|nə qədər\p{L}*"),
        ("name", r"kim\p{L}*|hara\p{L}*|hansı (?:şəhər|ölkə|yer|şirkət|təşkilat|komanda)\p{L}*"),
    ),
    "tr": (
        ("date", r"ne zaman\p{L}*|(?:hangi|kaçıncı) (?:yıl|gün|ay|tarih)\p{L}*"),
        ("number", r"kaç\p{L}*|ne kadar\p{L}*|ne sıklık\p{L}*"),
        ("name", r"kim\p{L}*|nere\p{L}*|hangi (?:şehir|ülke|yer|şirket|kurum|ekip|takım)\p{L}*"),
    ),
    "ru": (
        ("number", r"сколько|скольк\p{L}+|как (?:долго|часто|далеко)"),
        ("date", r"когда|как\p{L}+ (?:год|месяц|дн|числ|дат)\p{L}*"),
        ("name", r"кто|кого|кому|кем|чей|где|куда|откуда|как\p{L}+ (?:город|стран|компани"
         r"|организаци|команд)\p{L}*"),
    ),
}  # fmt: skip
_LISTS: Final = {
    "en": r"which (?:\p{L}+ )?\p{L}{2,}[^\W\d_sui]s|what are the|in (?:which|what) \p{L}+s"
    r"|what (?:\p{L}+ )?\p{L}{2,}[^\W\d_sui]s (?:are|were|did|do|have)|^name (?:all|the)|^list"
    r"|who (?:all )?(?:attend|took part|participat|was present|were|are|signed|came)\p{L}*",
    "lv": r"kād[ia]s?(?= \p{L}+(?:i|as|es|us|is)\b)|kur[ia]s?(?= \p{L}+(?:i|as|es|us|is)\b)"
    r"|k(?:ād|ur)(?:os|ās|iem|ām)|kas (?:visi )?(?:piedal|bija klāt|parakst|apmeklē)\p{L}*"
    r"|^nosauc\p{L}*|^uzskait\p{L}*",
    "az": r"hansı \p{L}+l[aə]r\p{L}*|kimlər\p{L}*|nələr\p{L}*|sadala\p{L}*",
    "tr": r"hangi \p{L}+l[ae]r\p{L}*|kimler\p{L}*|neler\p{L}*|sırala\p{L}*",
    "ru": r"какие|каких|какими?|кто (?:участвовал|присутствовал|подписал|были?)|перечисл\p{L}*"
    r"|назовите",
}
_ASKS_FOR_LIST: Final = {
    language: regex.compile(rf"\b(?:{words})\b", regex.I) for language, words in _LISTS.items()
}
_ASKS: Final = {
    language: tuple((kind, regex.compile(rf"\b(?:{words})\b", regex.I)) for kind, words in rows)
    for language, rows in _QUESTION_WORDS.items()
}
# A name: words with a capital that follow one another, or one that doesn't begin the sentence.
_NAME: Final = regex.compile(
    r"(?<=[„“«\"])[^„“”«»\"\n]{2,60}(?=[”»\"])"
    r"|\p{Lu}[\p{L}\p{M}\p{N}'’.-]*"
    r"(?:\s(?:(?:of|the|and|de|bin|al-)\s){0,2}\p{Lu}[\p{L}\p{M}\p{N}'’-]*)*"
)


def expected(question: str, language: str) -> Kind | None:
    """Return what kind of thing a question asks for, None where its words don't tell."""
    for kind, words in _ASKS.get(language, ()):
        if words.search(question):
            return kind
    return None


def asks_for_list(question: str, language: str) -> bool:
    """Return whether a question asks for several: "Which countries …?", "Kas piedalījās …?"."""
    words = _ASKS_FOR_LIST.get(language)
    return words is not None and words.search(question) is not None


def typed(text: str, kind: Kind, language: str) -> list[Typed]:
    """Return the expressions of a kind in a sentence, in order."""
    return _FINDERS[kind](text, language)


def _dates(text: str, _: str) -> list[Typed]:
    return [Typed("date", date.span, date.iso) for date in find_dates(text)]


def _numbers(text: str, language: str) -> list[Typed]:
    """Return the numbers that are no part of a date."""
    dates = [date.span for date in find_dates(text)]
    return [
        Typed("number", number.span, number.value, number.unit)
        for number in find_numbers(text, language)
        if not any(overlap(number.span, date) for date in dates)
    ]


def _names(text: str, _: str) -> list[Typed]:
    begin = len(text) - len(text.lstrip("„“«\"'(– "))
    return [
        Typed("name", Span(*match.span()), "")
        for match in _NAME.finditer(text)
        if match.start() > begin or " " in match[0]
    ]


_FINDERS: Final[dict[Kind, Callable[[str, str], list[Typed]]]] = {
    "date": _dates,
    "number": _numbers,
    "name": _names,
}


def overlap(one: Span, other: Span) -> bool:
    """Return whether two places share a character."""
    return one.start < other.end and other.start < one.end


def nearest(found: Sequence[Typed], span: Span) -> Typed:
    """Return the expression nearest to a place, the first of those as near.

    Args:
        found: at least one.
    """
    return min(found, key=lambda each: max(each.span.start - span.end, span.start - each.span.end))
