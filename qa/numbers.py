"""Numbers with their units, as English, Latvian, Azerbaijani, Turkish and Russian texts have them.

A value can be compared across languages: "EUR 240,000", "240 000 eiro" and "240 bin avro" are one.
What a number is worth is told by `qa.numerals`.
"""

from dataclasses import dataclass
from typing import Final

import regex

from documents import Span
from index.lexical import fold
from qa.numerals import Numeral, find_numerals, forms_of, known_by


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text.

    Attributes:
        span: its place there, with its unit where that is known.
        value: of one of it: "1,8 milyon lira" is 1,800,000.
        unit: a name of _UNITS, or the beginning of the next word; "" where there is none.
    """

    span: Span
    value: float
    unit: str


# A star ends the beginning of words. Europe begins as the euro does, and a part as the hour.
_UNITS: Final = {
    "%": "% percent* procent* faiz* yuzde* protsent*",
    "EUR": "eur € eiro evro euro euros euroya euroyu eurodan eurodur euroluk"
    " avro avrod* avroluk* avroluq* avron* avros* avroy*",
    "USD": "usd $ dollar* dolar*",
    "GBP": "gbp £ pound* marcin* funt* sterlin*",
    "AZN": "azn ₼ manat*",
    "TRY": "₺ lira* tl",
    "KZT": "kzt ₸ tenge*",
    "RUB": "rub ₽ rubl* rouble*",
    "year": "year* gad gads gada gadu gadam gadi gadus gados gadiem gadig* il ilin* ile illik*"
    " ilden* yil yilda* yilin* yili* yillik* let god goda* godu* godam* yas yasi*",
    "month": "month* menes* ay aya ayda* aydan* ayin* ayliq* aylik* mesyats*",
    "week": "week* nedel* hafta* hefte*",
    "day": "day days dien diena* dienu* dienn* gun gune* gunde* gunden* gunluk* den dnya* dnei* dni"
    " sutok*",
    "hour": "hour* stund* saat* chas chasa* chasov* chasy",
    "minute": "minut* min deqiqe* dakika*",
    "people": "people* person* participant* dalibnie* cilvek* iedzivot* nefer* adam* istirakci* "
    "kisi* insan* katilimci* chelovek* uchastnik* lyudei*",
    "company": "compan* uznemum* sirket* firma* kompani*",
    "application": "application* pieteik* muraciet* basvuru* zayav*",
    "team": "team* komand* ekip* takim*",
    "kilometre": "km kilomet*",
    "mile": "mile miles judz* mil",
    "hectare": "hectare* hektar* gektar*",
}
KNOWN_UNITS: Final = frozenset(_UNITS)
TIMES: Final = frozenset(["year", "month", "week", "day", "hour", "minute"])
MONEY: Final = frozenset(["EUR", "USD", "GBP", "AZN", "TRY", "KZT", "RUB"])
MEASURES: Final = TIMES | MONEY | {"%", "kilometre", "mile", "hectare"}
_UNIT_OF: Final = forms_of(_UNITS)
# "5 m" is a length, "€5 m" and "5 m euros" aren't.
_SCALES_OF_MONEY: Final = {"k": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6}
# "ABŞ dolları", "US dollars", "young people": one word may stand before these.
_BEHIND_ANOTHER: Final = MONEY | {"people"}
_AND: Final = frozenset(["and", "un", "ve", "i"])
# So many letters tell a word that is no known unit.
_WORD_CHARS: Final = 4

_SIGNS: Final = "$€£₽₺₼₸"
_BEFORE: Final = regex.compile(rf"(?:[{_SIGNS}]\s?|\b[A-Z]{{3}}\s|(?i:\byüzd[eə]\s)|(?<!\d\s?)%)$")
_BEFORE_CHARS: Final = 6
_NEXT: Final = regex.compile(
    rf"[\s-]{{0,2}}(?P<word>[%{_SIGNS}]|(?i:per\s(?=cent\b))?[\p{{L}}\p{{M}}]+)"
)
# In "10 and EUR 500" the currency is the second number's.
_OF_ANOTHER: Final = regex.compile(rf"\s?(?:[{_SIGNS}]|[A-Z]{{3}})\s?\d")
_SHORTENED: Final = regex.compile(
    r"(?<=\b(?:tūkst|mlj|milj|mljr?d|тыс|млн|млрд|min|mln|mlr|mlrd))\.", regex.I
)
# "3 (three) years": what stands in the bracket says it again, or a word of it.
_BRACKET: Final = regex.compile(r"\s?\([^()]{1,60}\)")


def find_numbers(text: str, language: str) -> list[Number]:
    """Return the numbers of a text in order, those in words too; one that is said twice once."""
    found: list[Number] = []
    last: Numeral | None = None
    for numeral in find_numerals(text, language):
        number = _with_unit(text, numeral)
        if last is None or not _says_again(text, last, numeral):
            found.append(number)
        elif number.unit in KNOWN_UNITS and found[-1].unit not in KNOWN_UNITS:
            found[-1] = number
        last = numeral
    return found


def _says_again(text: str, last: Numeral, numeral: Numeral) -> bool:
    """Return whether a number stands in a bracket right behind the same one."""
    bracket = _BRACKET.match(text, last.span.end) if last.value == numeral.value else None
    return bracket is not None and numeral.span.end < bracket.end()


def _with_unit(text: str, numeral: Numeral) -> Number:
    """Return a number with the unit that is written before it or behind it."""
    (start, end), value = numeral.span, numeral.value
    unit = ""
    if before := _BEFORE.search(text, max(0, start - _BEFORE_CHARS), start):
        unit = unit_of(before[0].strip())
        start = before.start() if unit else start
    if scaled := _scale_of_money(text, end, unit):
        times, end = scaled
        value = round(value * times, 2)
    if not unit:
        unit, end = _unit_behind(text, end)
    return Number(Span(start, end), value, unit)


def _scale_of_money(text: str, end: int, unit: str) -> tuple[float, int] | None:
    """Return how many times a letter behind a number takes it, and its end, where money does."""
    following = _NEXT.match(text, end)
    times = _SCALES_OF_MONEY.get(fold(following["word"])) if following else None
    if following is None or times is None:
        return None
    money = unit or _unit_behind(text, following.end())[0]
    return (times, following.end()) if money in MONEY else None


def _unit_behind(text: str, end: int) -> tuple[str, int]:
    """Return the unit behind a place and where that ends; the next word's beginning for others."""
    stop = _SHORTENED.match(text, end)
    at = stop.end() if stop else end
    bracket = _BRACKET.match(text, at)
    following = _NEXT.match(text, bracket.end() if bracket else at)
    if following is None:
        return "", end
    if unit := unit_of(following["word"]):
        return unit, following.end()
    word = fold(following["word"])
    second = _NEXT.match(text, following.end())
    if word in _AND or _OF_ANOTHER.match(text, following.end()):
        second = None
    if second and (unit := unit_of(second["word"])) in _BEHIND_ANOTHER:
        return unit, second.end()
    return "" if bracket else word[:_WORD_CHARS], end


def unit_of(word: str) -> str:
    """Return the unit that a word names, in any of the languages; "" where it names none."""
    # A currency's code in capitals: to try is an English word.
    if word in MONEY:
        return word
    # "per cent" is one word, too.
    return known_by("".join(fold(word).split()), _UNIT_OF) or ""
