"""How much numbers are worth: in digits, in words, with thousands and millions behind them.

"86 400", "forty-one", "двести", "on beş", "2,5 млн" and "2 milyon 300 min", in English, Latvian,
Azerbaijani, Turkish and Russian. Leaves out fractions in words, "one" alone, which is an article in
most of them, and a thousand that no number stands before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

import regex

from documents import Span
from index.lexical import fold

_Known = TypeVar("_Known")

# No beginning of words has fewer letters: it would begin too many.
_SHORTEST: Final = 4


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text: its place there without a unit, and its value."""

    span: Span
    value: float


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, or a number in digits.

    Attributes:
        joined: whether it follows the one before it as a part of the same number may.
        digits: what a number in digits has, "" for a word.
        value: of these, or of a word; 0 for a word that counts nothing.
        scale: a thousand, a million; 1 for what isn't such a word.
    """

    span: Span
    word: str
    joined: bool
    digits: str
    value: float
    scale: float


def forms_of(table: Mapping[_Known, str]) -> dict[str, _Known]:
    """Return what each of a table's forms stands for.

    Args:
        table: by what they stand for, forms folded as `index.lexical.fold` does, with spaces
            between them. A star ends one that is the beginning of words, of four letters at least.
    """
    return {form: known for known, forms in table.items() for form in forms.split()}


def known_by(word: str, forms: Mapping[str, _Known]) -> _Known | None:
    """Return what a folded word, or the longest known beginning of it, stands for."""
    if word in forms:
        return forms[word]
    beginnings = (f"{word[:size]}*" for size in range(len(word), _SHORTEST - 1, -1))
    return next((forms[beginning] for beginning in beginnings if beginning in forms), None)


_SCALES: Final = forms_of(
    {
        1e3: "thousand* tukst* bin bine binden binlik tysyach* tys",
        1e6: "million* milj* mlj miljon* milyon* mln mlyn",
        1e9: "bn billion* miljard* mljrd mljd milyard* milyar* mlr mlrd milliard*",
        1e12: "trillion* triljon* trilyon* trln",
    }
)
# Elsewhere "min" is a minute.
_SCALES_IN_AZ: Final = forms_of({1e3: "min mini mine minde minden minlik"})
_HUNDRED: Final = 100
_VALUES: Final = forms_of(
    {
        1: "one viens viena vienu vienam bir odin odna odno odnogo odnoi odnu",
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
        13: "thirteen trispadsmit trinadtsat trinadtsati",
        14: "fourteen cetrpadsmit chetyrnadtsat chetyrnadtsati",
        15: "fifteen piecpadsmit pyatnadtsat pyatnadtsati",
        16: "sixteen sespadsmit shestnadtsat shestnadtsati",
        17: "seventeen septinpadsmit semnadtsat semnadtsati",
        18: "eighteen astonpadsmit vosemnadtsat vosemnadtsati",
        19: "nineteen devinpadsmit devyatnadtsat devyatnadtsati",
        20: "twenty divdesmit iyirmi yirmi dvadtsat dvadtsati",
        30: "thirty trisdesmit otuz tridtsat tridtsati",
        40: "forty cetrdesmit qirx kirk sorok soroka",
        50: "fifty piecdesmit elli pyatdesyat pyatidesyati",
        60: "sixty sesdesmit altmis shestdesyat shestidesyati",
        70: "seventy septindesmit yetmis semdesyat semidesyati",
        80: "eighty astondesmit seksen vosemdesyat vosmidesyati",
        90: "ninety devindesmit doxsan doksan devyanosto devyanosta",
        _HUNDRED: "hundred simts simtu simti simtus simtiem yuz sto sta",
        200: "divsimt dvesti dvukhsot",
        300: "trissimt trista trekhsot",
        400: "cetrsimt chetyresta chetyrekhsot",
        500: "piecsimt pyatsot pyatisot",
        600: "sessimt shestsot shestisot",
        700: "septinsimt semsot semisot",
        800: "astonsimt vosemsot vosmisot",
        900: "devinsimt devyatsot devyatisot",
    }
)
# Hundreds of something, where no number stands before them.
_SOME_HUNDREDS: Final = frozenset(["simti", "simtus", "simtiem"])

_TOKEN: Final = regex.compile(
    r"(?P<digits>(?<![\p{L}\d.,])[1-9]\d{0,2}(?:[ \u00a0\u202f.,]\d{3})+(?!\d)"
    r"|(?<![\p{L}\d])\d+)"
    # Three digits are thousands, but for those behind a zero.
    r"(?P<part>(?<=(?<!\d)0)[.,]\d+|[.,]\d{1,2}(?!\d))?"
    r"|(?P<word>[\p{L}\p{M}]+)"
)
_BETWEEN: Final = regex.compile(r"[\s-]{0,2}")


def find_numerals(text: str, language: str) -> list[Numeral]:
    """Return the numbers of a text in order, in digits and in words."""
    tokens = list(_tokens(text, language))
    found: list[Numeral] = []
    place = 0
    while place < len(tokens):
        value, after = _whole(tokens, place)
        if after > place:
            found.append(Numeral(Span(tokens[place].span.start, tokens[after - 1].span.end), value))
        place = max(after, place + 1)
    return found


def _tokens(text: str, language: str) -> Iterator[_Token]:
    last = 0
    for match in _TOKEN.finditer(text):
        joined = _BETWEEN.fullmatch(text, last, match.start()) is not None
        span, last = Span(*match.span()), match.end()
        if word := match["word"]:
            yield _Token(span, word, joined, "", *_worth(word, language))
        else:
            digits = regex.sub(r"\D", "", match["digits"])
            value = float(f"{digits}.{(match['part'] or '')[1:] or 0}")
            yield _Token(span, "", joined, digits, value, 1.0)


@lru_cache(maxsize=20_000)
def _worth(word: str, language: str) -> tuple[float, float]:
    """Return what a word counts, 0 for others, and by how much it multiplies what is before it."""
    word = fold(word)
    scale = known_by(word, _SCALES) or 1.0
    if language == "az":
        scale = _SCALES_IN_AZ.get(word, scale)
    if word == "on" and language not in ("az", "tr"):
        return 0, scale
    return _VALUES.get(word, 0), scale


def _whole(tokens: Sequence[_Token], place: int) -> tuple[float, int]:
    """Return the value of the number that begins here, and which token follows it.

    Each further part is of the next smaller scale: "five thousand two hundred", "2 milyon 300 min".
    """
    value, scale, after = _part(tokens, place)
    while after > place and scale > 1 and _joined(tokens, after):
        more, smaller, end = _part(tokens, after)
        # A year may stand behind thousands, or another number.
        single = end == after + 1 and tokens[after].digits
        if smaller * 1000 != scale or more >= scale or (single and len(tokens[after].digits) != 3):
            break
        value, scale, after = value + more, smaller, end
    return value, after


def _part(tokens: Sequence[_Token], place: int) -> tuple[float, float, int]:
    """Return a number's value up to one scale, that scale, and which token follows."""
    value, after = _group(tokens, place)
    scale = 1.0
    if after > place and _joined(tokens, after):
        scale = tokens[after].scale
    if scale > 1:
        # 2.3 million is 2,300,000, not a little less.
        return round(value * scale, 2), scale, after + 1
    alone = value == 1 and not tokens[place].digits
    return (0, 1, place) if alone else (value, 1, after)


def _group(tokens: Sequence[_Token], place: int, behind_and: bool = False) -> tuple[float, int]:
    """Return the value of a number in digits, or of one in words that is below a thousand."""
    if tokens[place].digits:
        return tokens[place].value, place + 1
    value, room, start = 0.0, 1000, place
    while place < len(tokens) and (place == start or tokens[place].joined):
        token, more = tokens[place], tokens[place].value
        some = more == _HUNDRED and not value and fold(token.word) in _SOME_HUNDREDS
        if token.digits or some:
            break
        if more == _HUNDRED and 0 < value < 10:
            value, room = value * more, 100
        elif 0 < more < room:
            value, room = value + more, _room(more)
        elif room == _HUNDRED and token.word == "and" and not behind_and:
            if not _joined(tokens, place + 1):
                break
            more, end = _group(tokens, place + 1, behind_and=True)
            return (value + more, end) if 0 < more < _HUNDRED else (value, place)
        else:
            break
        place += 1
    return value, place


def _room(value: float) -> int:
    """Return below what a word has to be that adds to one of this value: 20 → 10."""
    return next(room for room in (100, 10, 1) if value % room == 0)


def _joined(tokens: Sequence[_Token], place: int) -> bool:
    return place < len(tokens) and tokens[place].joined
