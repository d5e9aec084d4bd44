"""Numbers with their units, as English, Latvian, Azerbaijani, Turkish and Russian texts have them.

A value can be compared across languages: "EUR 240,000", "240 000 eiro" and "240 bin avro" are one.
Leaves out "one", which is an article in most of them, and fractions in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

import regex

from documents import Span
from index.lexical import fold

_Known = TypeVar("_Known")


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


# Folded, as `index.lexical.fold` does, so that the beginnings of words are enough.
_UNITS: Final = {
    "%": "% percent cent procent faiz yuzde protsent",
    "EUR": "eur eiro avro € evro",
    "USD": "usd dollar dolar $ dollarov",
    "GBP": "gbp £ pound marcin funt sterlin",
    "AZN": "azn manat",
    "TRY": "try lira tl",
    "KZT": "kzt tenge",
    "year": "year gad gadu gada gadi il ilin ile illik ilden"
    " yil yilda yilin yili yillik let god goda godu godam yas yasi yasin yasinda",
    "month": "month menes ay aya ayda aydan ayin ayliq aylik mesyats",
    "week": "week nedel hafta hefte",
    "day": "day days dien gun gune gunde gunden gunluk den dnya dnei dni sutok",
    "hour": "hour stund saat chas",
    "minute": "minute minut deqiqe dakika",
    "people": "people person participant dalibnie cilvek iedzivot nefer adam istirakci kisi insan "
    "katilimci chelovek uchastnik lyudei",
    "company": "compan uznemum sirket firma kompani",
    "application": "application pieteik muraciet basvuru zayav",
    "team": "team komand ekip takim",
    "kilometre": "km kilomet",
    "mile": "mile judz mil",
    "hectare": "hectare hektar gektar",
}
KNOWN_UNITS: Final = frozenset(_UNITS)
TIMES: Final = frozenset(["year", "month", "week", "day", "hour", "minute"])
MONEY: Final = frozenset(["EUR", "USD", "GBP", "AZN", "TRY", "KZT"])
MEASURES: Final = TIMES | MONEY | {"%", "kilometre", "mile", "hectare"}
_UNIT_OF: Final = {form: unit for unit, forms in _UNITS.items() for form in forms.split()}
# A word of fewer letters is a unit only when it is all of the word: "il" but not "illaj".
_WHOLE_BELOW: Final = 4

_TIMES: Final = {
    1e3: "thousand tukst bin tysyach tys",
    1e6: "million milj miljon milyon mln",
    1e9: "billion miljard milyard milyar milliard mlrd",
}
_TIMES_OF: Final = {form: times for times, forms in _TIMES.items() for form in forms.split()}
_WORDS: Final = {
    2: "two divi divas divu diviem divam divus iki dva dve dvukh dvum",
    3: "three tris triju trim uc tri trekh trem",
    4: "four cetri cetras cetru cetriem cetrus dord chetyre chetyrekh",
    5: "five pieci piecas piecu pieciem piecus bes pyat pyati",
    6: "six sesi sesas sesu sesiem sesus alti shest shesti",
    7: "seven septini septinas septinu septiniem septinus yeddi yedi sem semi",
    8: "eight astoni astonas astonu astoniem astonus sekkiz sekiz vosem vosmi",
    9: "nine devini devinas devinu deviniem devinus doqquz dokuz devyat devyati",
    10: "ten desmit desmito on desyat desyati",
    11: "eleven vienpadsmit odinnadtsat odinnadtsati",
    12: "twelve divpadsmit dvenadtsat dvenadtsati",
    13: "thirteen trispadsmit trinadtsat",
    14: "fourteen cetrpadsmit chetyrnadtsat",
    15: "fifteen piecpadsmit pyatnadtsat pyatnadtsati",
    16: "sixteen sespadsmit shestnadtsat shestnadtsati",
    17: "seventeen septinpadsmit semnadtsat",
    18: "eighteen astonpadsmit vosemnadtsat vosemnadtsati",
    19: "nineteen devinpadsmit devyatnadtsat",
    20: "twenty divdesmit iyirmi yirmi dvadtsat dvadtsati",
    30: "thirty trisdesmit otuz tridtsat tridtsati",
    40: "forty cetrdesmit qirx kirk sorok soroka",
    50: "fifty piecdesmit elli pyatdesyat pyatidesyati",
    60: "sixty sesdesmit altmis shestdesyat shestidesyati",
    70: "seventy septindesmit yetmis semdesyat semidesyati",
    80: "eighty astondesmit seksen vosemdesyat",
    90: "ninety devindesmit doxsan doksan devyanosto",
    100: "hundred simts yuz sto",
}
# Only behind tens: alone they are articles or pronouns.
_ONES: Final = frozenset(
    ["one", "viens", "viena", "vienu", "bir", "odin", "odna", "odno", "odnogo", "odnoi", "odnu"]
)
_VALUE_OF: Final = {form: value for value, forms in _WORDS.items() for form in forms.split()}

_DIGITS: Final = r"(?<![\p{L}\d.,])\d{1,3}(?:[ \u00a0\u202f.,]\d{3})+(?![\d])|(?<![\p{L}\d])\d+"
_NUMBER: Final = regex.compile(
    rf"(?P<before>[$€£]\s?|\b[A-Z]{{3}}\s|(?i:\byüzde\s))?(?P<whole>{_DIGITS})(?P<part>[.,]\d{{1,2}}(?!\d))?"
)
_WORD: Final = regex.compile(r"[\p{L}\p{M}]+")
_NEXT: Final = regex.compile(r"[\s\u00a0-]{0,2}(?:per\s(?=cent))?(?P<word>[%$€£]|[\p{L}\p{M}]+)")


def find_numbers(text: str, language: str) -> list[Number]:
    """Return the numbers of a text in order, those in words too."""
    found = [_of_digits(text, match) for match in _NUMBER.finditer(text)]
    return sorted([*found, *_of_words(text, language)], key=lambda number: number.span)


def _of_digits(text: str, match: "regex.Match[str]") -> Number:
    whole = regex.sub(r"\D", "", match["whole"])
    part = (match["part"] or "")[1:]
    value = float(f"{whole}.{part or 0}")
    before = unit_of((match["before"] or "").strip())
    start = match.start() if before else match.start("whole")
    return _with_unit(text, start, match.end(), value, before)


def _of_words(text: str, language: str) -> list[Number]:
    """Return the numbers in words; "forty-one" and "yirmi beş" are one each."""
    found: list[Number] = []
    turkic = language in ("az", "tr")
    words = [(match, _value(match[0], turkic)) for match in _WORD.finditer(text)]
    place = 0
    while place < len(words):
        match, value = words[place]
        place += 1
        if value < 2:
            continue
        end = match.end()
        if value >= 10 and value % 10 == 0 and place < len(words):
            following, more = words[place]
            near = following.start() - end == 1
            if near and 0 < more < 10:
                value, end, place = value + more, following.end(), place + 1
        found.append(_with_unit(text, match.start(), end, float(value), ""))
    return found


@lru_cache(maxsize=20_000)
def _value(word: str, turkic: bool) -> int:
    """Return what a word counts; 0 for others, 1 for what counts only behind tens."""
    word = fold(word)
    if word == "on" and not turkic:
        return 0
    return _VALUE_OF.get(word, int(word in _ONES))


def _with_unit(text: str, start: int, end: int, value: float, unit: str) -> Number:
    """Return the number with what the next words say: thousands, then the unit."""
    following = _NEXT.match(text, end)
    times = following and _begins(fold(following["word"]), _TIMES_OF)
    if following and times:
        value, end = value * times, following.end()
        following = _NEXT.match(text, end)
    if not unit and following:
        known = unit_of(following["word"])
        # "ABŞ dolları", "US dollars": one word may stand between.
        second = None if known else _NEXT.match(text, following.end())
        if second and unit_of(second["word"]) in ("USD", "EUR", "GBP", "AZN", "people"):
            known, following = unit_of(second["word"]), second
        if known:
            unit, end = known, following.end()
        else:
            unit = fold(following["word"])[:_WHOLE_BELOW]
    return Number(Span(start, end), value, unit)


def unit_of(word: str) -> str:
    """Return the unit that a word names, in any of the languages; "" where it names none."""
    return _begins(fold(word), _UNIT_OF) or ""


def _begins(word: str, known: Mapping[str, _Known]) -> _Known | None:
    """Return what the word, or a long enough beginning of it, stands for."""
    if word in known:
        return known[word]
    for size in range(len(word), _WHOLE_BELOW - 1, -1):
        if word[:size] in known:
            return known[word[:size]]
    return None
