"""What kind of thing answers? A date, a term, a number, a name: told by question words, by shape.

Rules for English, Latvian, Azerbaijani, Turkish and Russian. Leaves out what no rule can tell:
whether a name is a person's or a town's, and what "what" and "why" ask for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import regex

from documents import Span
from documents.dates import Date, find_dates
from qa.numbers import KNOWN_UNITS, MONEY, TIMES, Number, find_numbers, unit_of
from qa.plain import or_plain
from qa.units import answers_with, units_asked

Kind = Literal["date", "term", "number", "name"]


@dataclass(frozen=True, slots=True)
class Typed:
    """An expression of some kind in a text.

    Attributes:
        span: its place there.
        value: what can be compared across languages: an ISO date, or a number; "" for a name. A
            term has a number of some unit of time, or the date at which it ends.
        unit: of a number or a term, "" where it has none.
    """

    kind: Kind
    span: Span
    value: str | float
    unit: str = ""


# By language: the kind whose words come first in the question is asked for, of those that begin at
# one word the first here. A "when" behind another question word only tells when that was.
# "kimi" is "whom" where it begins, or stands before the verb that ends; elsewhere "as", "some".
# All may be typed without diacritics, but for what is written as \u with its number: "neçə" is "how
# many", "necə" is "how", and so is "nece" where such a verb follows.
_QUESTION_WORDS: Final[dict[str, tuple[tuple[Kind, str], ...]]] = {
    "en": (
        ("number", r"how long (?:is|was) the (?:road|line|bridge|tunnel|river|route|wall)"),
        ("term", r"how (?:long|often|many (?:\p{L}+ )?(?:years|months|weeks|days|hours|minutes)"
         r"|much time)|until when|(?:till|until|by) (?:what|which) (?:date|year|month|day)"
         r"|(?:what|which) (?:is |was )?(?:the )?(?:\p{L}+ )?(?:term|period|duration|deadline)"),
        ("number", r"how (?:many|much|large|big|old|far|high|tall)|(?:what|which) "
         r"(?:percentage|share|number|sum|amount)|(?:what|which) (?:is|was) the (?:\p{L}+ ){0,2}"
         r"(?:price|cost|budget|fee|salary|rent)"
         r"|what time"),
        ("date", r"(?<!\b(?:what|why|how)\b.*)(?:where and )?when|and when"
         r"|(?:what|which) (?:date|year|month|day)\b"
         r"|(?:what|which) (?:is|was) the (?:\p{L}+ ){0,2}date\b"),
        ("name", r"who|whom|whose|where|(?:in|to|from) (?:what|which) (?:city|town|country|place)"
         r"|(?:what|which) (?:company|organi[sz]ation|team|park|university|country|city)\b"),
    ),
    "lv": (
        ("term", r"cik (?:ilg|bieži|gad|mēne|nedēļ|dien(?!est)|stund|minū)\p{L}*|cik daudz laika"
         r"|(?:kād|kur)\p{L}+ (?:ir |bija )?(?:\p{L}+ )?(?:termiņ|ilgum|periods?\b)\p{L}*"
         r"|uz kādu (?:laik|period)\p{L}*|līdz (?:kad|kur\p{L}+ (?:laik|dat|gad|dien))\p{L}*"),
        ("number", r"cik\p{L}*|kur\p{L}+ pēc kārtas"),
        ("date", r"(?<!\b(?:ko|kas|k\u0101|kāpēc|kād\p{L}+)\b.*)(?:kur un )?kad|un kad"
         r"|kur\p{L}+ (?:gad|dien|mēnes|datum|laik)\p{L}*"
         r"|kād\p{L}+ (?:ir |bija )?(?:\p{L}+ ){0,2}datum\p{L}*"),
        ("name", r"kurš|kur|kurp|kam|kur\p{L}+ (?:pilsēt|valst|viet|uzņēmum|organizācij|komand"
         r"|aģentūr|universitāt)\p{L}*|kas (?:ir )?(?:vad|parakst|pārstāv|uzvar|dibin)\p{L}*"),
    ),
    "az": (
        ("term", r"nə qədər (?:müddət|vaxt|davam|qüvvədə|çək)\p{L}*|hansı müddət\p{L}*|nə tez-tez"
         r"|neçə (?:il|ay|həftə|gün|saat|dəqiqə)(?!ində)\p{L}*|haçana\p{L}*|nə vaxt(?:a|adək)\b"
         r"|müddət\p{L}* (?:nə|neçə)\p{L}*"),
        ("date", r"(?:hara\p{L}+ və )?nə (?:vaxt|zaman)\p{L}*|haçan"
         r"|(?:hansı|neçənci) (?:il|gün|ay|tarix)\p{L}*"
         r"|tarixi (?:nə|hansı)(?:d[ıi]r|yd[ıi]|\b)"),
        ("number", r"ne\u00e7\u0259\p{L}*|nece(?:\p{L}+|(?! \p{L}+[nl][iıuü][rb]\b))"
         r"|nə qədər\p{L}*"),
        ("name", r"(?:^kimi|kimi(?= \p{L}+\W*$)|kim(?:in|ə|də|dən|lə|inlə|di\p{L}*|lər\p{L}*)?)"
         r"|hara\p{L}*|hansı (?:şəhər|ölkə|yer|şirkət|təşkilat|komanda)\p{L}*"),
    ),
    "tr": (
        ("term", r"kaç (?:yıl|ay|hafta|gün|saat|dakika)(?!ında)\p{L}*|ne zamana (?:kadar|dek)"
         r"|ne kadar (?:bir )?(?:süre|zaman|sürdü|sürecek|geçerli)\p{L}*|ne sıklık\p{L}*"
         r"|hangi süre\p{L}*|süresi (?:ne|kaç)\p{L}*"),
        ("date", r"(?:nere\p{L}+ ve )?ne zaman\p{L}*"
         r"|(?:hangi|kaçıncı) (?:yıl|gün|ay|tarih)\p{L}*|kaç yılında"
         r"|tarihi (?:ne|hangi|kaç)(?:dir|tır|si|sidir|ydi|\b)"),
        ("number", r"kaç\p{L}*|ne kadar\p{L}*"),
        ("name", r"(?:^kimi|kimi(?= \p{L}+\W*$)|kim(?:in|e|de|den|le|inle|di\p{L}*|ler\p{L}*)?)"
         r"|nere(?!deyse)\p{L}*|hangi (?:şehir|ülke|yer|şirket|kurum|ekip|takım)\p{L}*"),
    ),
    "ru": (
        ("term", r"как\p{L}+ (?:был )?(?:\p{L}+ )?(?:срок|период|продолжительност)\p{L}*"
         r"|как (?:долго|часто)|до как\p{L}+ (?:врем|числ|год|пор|дат|дн)\p{L}*"
         r"|сколько (?:лет|месяц|недел|дн|час|минут|врем|длил|длит|продолж|действ)\p{L}*"),
        ("number", r"сколько|скольк\p{L}+|как далеко"),
        ("date", r"(?<!\b(?:что|чем|почему|как\p{L}*)\b.*)(?:где и )?когда|и когда"
         r"|как\p{L}+ (?:год|месяц|дн|числ|дат)\p{L}*"
         r"|как(?:ая|ой|ова) (?:была )?(?:\p{L}+ая )?дат\p{L}*"),
        ("name", r"кто|кого|кому|кем|чей|где|куда|откуда|как\p{L}+ (?:город|стран|компани"
         r"|организаци|команд)\p{L}*"),
    ),
}  # fmt: skip
# Several things, behind "which". A word before them may be a thing itself and they its verb: "which
# bus goes there"; then an article follows, or it is one of the commonest verbs.
_PLURAL: Final = r"\p{L}{2,}[^\W\d_sui]s\b"
_SEVERAL: Final = (
    rf"(?!does\b){_PLURAL}"
    r"|(?!(?:date|year|month|day)\b|\p{L}+ (?:does|goes|says|takes|gives|makes|comes|starts|begins"
    r"|expires|leads|owns|belongs|applies|pays|lasts|runs)\b)"
    rf"\p{{L}}+ {_PLURAL}(?! (?:the|an?|its|their|this|that|there|it)\b)"
)
# "kurās" and "kurām" are several, "kuras" and "kuram" may be one.
_LISTS: Final = {
    "en": rf"(?:which|in what) (?:{_SEVERAL})|what are the"
    r"|what (?:\p{L}+ )?\p{L}{2,}[^\W\d_sui]s (?:are|were|did|do|have)|^name (?:all|the)|^list"
    r"|who (?:all )?(?:attend|took part|participat|was present|were|are|signed|came)\p{L}*",
    "lv": r"k(?:ād|ur)(?:i|as)(?= \p{L}+(?:i|as|es|us|is)\b)"
    r"|k(?:ād|ur)(?:os|\u0101s|iem|\u0101m)"
    r"|kas (?:visi )?(?:piedal|bija klāt|parakst|apmeklē)\p{L}*|^nosauc\p{L}*|^uzskait\p{L}*",
    "az": r"hansı \p{L}+l[aə]r\p{L}*|kimlər\p{L}*|nələr\p{L}*|sadala\p{L}*",
    "tr": r"hangi \p{L}+l[ae]r\p{L}*|kimler\p{L}*|neler\p{L}*|sırala\p{L}*",
    "ru": r"какие|каких|какими|кто (?:участвовал|присутствовал|подписал|был(?:и| на))"
    r"|перечисл\p{L}*|назовите(?! (?:дат|срок|сумм))",
}
# A clause before the question itself: "When the board met, who led it?" In Latvian and Russian what
# follows may be a relative clause as well, unless it begins with one of these words.
_CLAUSE: Final = {
    language: regex.compile(words, regex.I)
    for language, words in {
        "en": r"^(?:when|where) (?!(?:was|were|is|are|did|does|do|will|would|has|have|had|can|could"
        r"|and|exactly)\b)[^?]*?, (?=(?:(?!(?:and|or)\b)\p{L}+ )?"
        r"(?:who|whom|whose|what|which|where|when|why|how)\b)",
        "lv": r"^kad [^?]*?, (?=(?:(?!un\b)\p{L}+ )?(?:cik|kāpēc|kād)\p{L}*)",
        "ru": r"^когда [^?]*?(?<!\bте|\bтот|\bта|\bвсе), "
        r"(?=(?:(?!и\b)\p{L}+ )?"
        r"(?:сколько|почему|как(?:ой|ая|ое|ие|ов\p{L}?)|кто|кем|кого|кому)\b)",
    }.items()
}
_PUBLISHING: Final = (
    r"published|dated|come out|came out|date of (?:the|this) (?:article|document|report)"
    r"|publicē\p{L}*|datēt\p{L}*|iznāca|dərc \p{L}+|yayımlan\p{L}*|yayınlan\p{L}*|tarixli|tarihli"
    r"|опубликован\p{L}*|датирован\p{L}*|вышл[аои]|вышел"
)
_DOCUMENT_DATE: Final = regex.compile(rf"\b(?:{or_plain(_PUBLISHING)})\b", regex.I)
# The day of what such a document does is the one it is dated by.
_SIGNING: Final = (
    r"sign(?:ed|ing|ature)|concluded|parakst\p{L}*|noslē[dg]\p{L}*|imzala\p{L}*|bağlan\p{L}*"
    r"|akdedil\p{L}*|подпис\p{L}*|заключ\p{L}*"
    r"|date of (?:the|this) (?:\p{L}+ )?(?:agreement|contract|memorandum)"
    r"|(?:līguma|vienošanās|memoranda) datum\p{L}*|(?:müqavilə|saziş|memorandum)\p{L}* tarixi"
    r"|(?:anlaşma|sözleşme|protokol|memorandum|zaptı)\p{L}* tarihi"
    r"|дат\p{L} (?:договор|соглашени|контракт|меморандум)\p{L}*"
)
_MEETING: Final = (
    r"met|meets?|meeting|session|sēd[eēi]\p{L}*|sanāk\p{L}*|iclas\p{L}*|toplan\p{L}*|заседа\p{L}*"
    r"|собра\p{L}*|совеща\p{L}*"
)
_DAY_OF: Final = {
    kind: regex.compile(rf"\b(?:{or_plain(words)})\b", regex.I)
    for kind, words in {
        "agreement": _SIGNING,
        "memorandum": _SIGNING,
        "minutes": _MEETING,
    }.items()
}
_ASKS_FOR_LIST: Final = {
    language: regex.compile(rf"\b(?:{or_plain(words)})\b", regex.I)
    for language, words in _LISTS.items()
}
_ASKS: Final = {
    language: tuple(
        (kind, regex.compile(rf"\b(?:{or_plain(words)})\b", regex.I)) for kind, words in rows
    )
    for language, rows in _QUESTION_WORDS.items()
}
# A name: words with a capital that follow one another, or one that doesn't begin the sentence.
_NAME: Final = regex.compile(
    r"(?<=[„“«\"])[^„“”«»\"\n]{2,60}(?=[”»\"])"
    r"|\p{Lu}[\p{L}\p{M}\p{N}'’.-]*"
    r"(?:\s(?:(?:of|the|and|de|bin|al-)\s){0,2}\p{Lu}[\p{L}\p{M}\p{N}'’-]*)*"
)
_NUMBERING: Final = regex.compile(r"\s*(?:§\s?)?\d{1,3}(?:\.\d{1,3})*[.)]\s")
# One year, half a year: what `find_numbers` leaves out.
_SINGLE: Final = regex.compile(
    r"\b(?:(?P<half>half an?|pus|yarım|пол)|one|vien\p{L}{1,2}|bir|од(?:ин|н(?:ого|ой|ому|им|у|а)))"
    r"(?:\s\(1\)\s?)?\s?(?P<unit>\p{L}+)",
    regex.I,
)
_YEAR_CHARS: Final = 4
# Behind these a year stands, whatever follows: "in 2021 companies were asked". Not so where the
# year is said already: "2023. gadā 2000 dalībnieku".
_BEFORE_A_YEAR: Final = regex.compile(
    r"(?:\b(?:in|since|(?<!ed )by|from|during|until|till|before|after|the|years?|early|late|mid"
    r"|kopš|в|с|со|к|(?<!\d\S{0,4}\s?)(?:gad\p{L}*|il\p{L}{0,3}|yıl\p{L}{0,3}|год\p{L}{0,2}))\s"
    r"|(?:19|20)\d\d\s?[-–]\s?)$",
    regex.I,
)
_BEFORE_A_YEAR_CHARS: Final = 16
_CODE_OF_NEXT: Final = regex.compile(r"\d\s(?:[A-Z]{3}\s\d|[$€£₽₺₼₸]\s?\d)")
_CODE_CHARS: Final = 2
_BEFORE_AN_END: Final = regex.compile(
    r"\b(?:(?:until|till|by|before|than|līdz|до|по|не позднее)\s(?:the\s)?"
    r"|(?:expire[sd]?|end(?:s|ed)?|lapse[sd]?)\s(?:on|in)\s"
    r"|(?:beidz|beigs|истека|истеч|заканчив)\p{L}+\s)$",
    regex.I,
)
_BEHIND_AN_END: Final = regex.compile(
    r"\p{L}*[-'’]?\p{L}{0,4}(?:dək|dek|\s?(?:qədər|kadar|kimi|gec))\b"
    r"|(?:\stari[xh]\p{L}+)?\s(?:başa çat|sona çat|sona er|bit[aei])"
)


def expected(question: str, language: str) -> Kind | None:
    """Return what kind of thing a question asks for, None where its words don't tell."""
    asked = _asked(question, language)
    if asked:
        return asked[1]
    return "number" if units_asked(question) else None


def _asked(question: str, language: str) -> tuple[int, Kind] | None:
    """Return where the first words that tell a kind stand, and the kind."""
    clause = _CLAUSE[language].match(question) if language in _CLAUSE else None
    start = clause.end() if clause else 0
    found = [
        (match.start(), kind)
        for kind, words in _ASKS.get(language, ())
        if (match := words.search(question, start))
    ]
    return min(found, key=lambda each: each[0], default=None)


def asks_for_list(question: str, language: str) -> bool:
    """Return whether a question asks for several: "Which countries …?", "Kas piedalījās …?".

    What is asked first decides: "When did those who attended leave?" asks for one date.
    """
    words = _ASKS_FOR_LIST.get(language)
    several = words.search(question) if words else None
    asked = _asked(question, language)
    return several is not None and (asked is None or several.start() <= asked[0])


def asks_for_document_date(question: str, kind: Kind | None, document: str) -> bool:
    """Return whether a question asks when a document itself is from: "When was it published?".

    Args:
        kind: of thing that is asked for.
        document: the document's kind. An agreement's date is also when it was signed, that of
            minutes when the meeting was.
    """
    day = _DAY_OF.get(document) if kind == "date" else None
    return bool(_DOCUMENT_DATE.search(question) or (day and day.search(question)))


def typed(text: str, kind: Kind, language: str, units: frozenset[str] = frozenset()) -> list[Typed]:
    """Return the expressions of a kind in a sentence, in order.

    Args:
        units: that a number or a length of time has to have, as `units_asked` gives them.
    """
    found = _FINDERS[kind](text, language)
    if kind not in ("number", "term") or (kind == "term" and not units & TIMES):
        return found
    return [each for each in found if isinstance(each.value, str) or answers_with(each.unit, units)]


def _dates(text: str, language: str) -> list[Typed]:
    """Return the dates, without years that count something: "2000 participants"."""
    dates = find_dates(text)
    numbers = find_numbers(text, language) if any(map(_is_year, dates)) else []
    return _dates_among(text, dates, numbers)


def _dates_among(text: str, dates: Sequence[Date], numbers: Sequence[Number]) -> list[Typed]:
    counts = [number.span for number in numbers if _counts(text, number)] if dates else []
    return [
        Typed("date", date.span, date.iso)
        for date in dates
        if not (_is_year(date) and any(overlap(date.span, count) for count in counts))
    ]


def _is_year(date: Date) -> bool:
    """Return whether a date is nothing but the four digits of a year."""
    return date.span.end - date.span.start == _YEAR_CHARS


def _counts(text: str, number: Number) -> bool:
    """Return whether a number counts something even where it could be a year."""
    if number.unit in MONEY:
        # "In 2021 EUR 500,000 was paid": the currency is the next number's.
        return not _CODE_OF_NEXT.search(text, number.span.start, number.span.end + _CODE_CHARS)
    start = number.span.start
    before = _BEFORE_A_YEAR.search(text, max(0, start - _BEFORE_A_YEAR_CHARS), start)
    return number.unit in KNOWN_UNITS - {"year"} and not before


def _numbers(text: str, language: str) -> list[Typed]:
    """Return the numbers that are no part of a date, nor the number of a clause or a list."""
    numbers = find_numbers(text, language)
    taken = [date.span for date in _dates_among(text, find_dates(text), numbers)]
    if numbering := _NUMBERING.match(text):
        taken.append(Span(*numbering.span()))
    return [
        Typed("number", number.span, number.value, number.unit)
        for number in numbers
        if not any(overlap(number.span, other) for other in taken)
    ]


def _names(text: str, _: str) -> list[Typed]:
    begin = len(text) - len(text.lstrip("„“«\"'(– "))
    return [
        Typed("name", Span(*match.span()), "")
        for match in _NAME.finditer(text)
        if match.start() > begin or " " in match[0]
    ]


def _terms(text: str, language: str) -> list[Typed]:
    """Return how long something lasts, how often it is, and the dates until when."""
    lengths = [
        Typed("term", each.span, each.value, each.unit)
        for each in _numbers(text, language)
        if each.unit in TIMES
    ]
    single = [
        Typed("term", Span(*match.span()), 0.5 if match["half"] else 1.0, unit)
        for match in _SINGLE.finditer(text)
        if (unit := unit_of(match["unit"])) in TIMES
    ]
    ends = [
        replace(date, kind="term")
        for date in _dates(text, language)
        if _BEFORE_AN_END.search(text, 0, date.span.start)
        or _BEHIND_AN_END.match(text, date.span.end)
    ]
    return sorted([*lengths, *single, *ends], key=lambda each: each.span)


_FINDERS: Final[dict[Kind, Callable[[str, str], list[Typed]]]] = {
    "date": _dates,
    "term": _terms,
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
