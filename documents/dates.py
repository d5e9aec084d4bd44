"""Dates as texts write them out in English, Latvian, Azerbaijani, Turkish and Russian: by rule.

Leaves out what must be reckoned ("last Thursday", "two years later") and months that stand alone.
"""

from dataclasses import dataclass
from typing import Final

import regex

from documents.document import Span

# Endings follow a stem; where a stem also begins other words its endings are written out.
_MONTH_STEMS: Final = (
    "january janvār yanvar ocak ocağ январ",
    "february februār fevral şubat феврал",
    "march mart(?:s|ā|a|am|u|ın|ı|da|dan|ta|tan)?(?!\\p{L}) март(?:а|е|у)?(?!\\p{L})",
    "april aprīl aprel nisan апрел",
    "maij mayıs may(?:ın|ı|da|dan|a)?(?!\\p{L}) ма[йяею](?!\\p{L})",
    "june jūnij iyun haziran июн",
    "july jūlij iyul temmuz июл",
    "august avqust ağustos август",
    "september septembr sentyabr eylül сентябр",
    "october oktobr oktyabr ekim октябр",
    "november novembr noyabr kasım ноябр",
    "december decembr dekabr aralı декабр",
)
_MONTH_SHORT: Final = (
    "jan janv", "feb febr", "mar", "apr", "", "jun", "jul", "aug", "sep sept", "oct", "nov", "dec",
)  # fmt: skip
_FORMS: Final = tuple(
    "|".join(
        [rf"{stem}(?:\p{{L}}{{0,7}})" if stem.isalpha() else stem for stem in stems.split()]
        + [rf"{short}\b" for short in shorts.split()]
    )
    for stems, shorts in zip(_MONTH_STEMS, _MONTH_SHORT, strict=True)
)
_NAMED: Final = "(?P<n>" + "|".join(_FORMS) + r")(?!\p{L})"
_MONTH_OF: Final = tuple(regex.compile(form, regex.I) for form in _FORMS)

_YEAR: Final = r"(?P<y>(?:19|20)\d\d)"
_DAY: Final = r"(?P<d>0?[1-9]|[12]\d|3[01])"
# "18", "18.", "18th", also as contracts write it: «18» октября.
_NTH: Final = rf"(?:\b{_DAY}(?:st|nd|rd|th)?|[«“„\"]\s?{_DAY}\.?\s?[»”“\"])"
# "14–15 Haziran", "18. un 19. oktobrī", "с 14 по 15 июня": the first day is the date. A sum stands
# before "till" too ("EUR 14 till 15 June"), so there the days have to begin with "from".
_MORE_DAYS: Final = (
    r"(?:(?:\.?\s?(?:[-–]|un|and|ilə|ile|və|ve|и)|\.\s?līdz|\sпо|[-'’]?[dt][əea]n"
    r"|(?<=\b(?:from|no|с|со)\s\d\d?(?:st|nd|rd|th)?)\s(?:to|till|until|līdz|до))"
    r"\s?\d{1,2}(?:st|nd|rd|th)?)?"
)
# What stands before a month's name; a dot needs no space: "18.oktobrī".
_GAP: Final = r"(?:\.\s?|\s)"
# What stands behind a year: "2017. gada", "2025-ci il", "2023 года".
_OF_YEAR: Final = (
    r"(?:\.?\s?(?:gada|gadā|gads|gadu|gadam|года|году|год|г\.)|-c[iıuü]\s?il(?:in|də|dən|ədək|i|ə)?"
    r"|'?[dt][ea]n?\b)?"
)
_FULL: Final = (
    rf"\b{_YEAR}-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3]\d)(?!\d)",
    rf"\b{_DAY}\s?[./]\s?(?P<m>0?[1-9]|1[0-2])\s?[./]\s?{_YEAR}\b",
    rf"\b{_YEAR}\.?\s?(?:gada|g\.|-c[iıuü] il(?:in)?)\s?(?:no\s)?{_NTH}{_MORE_DAYS}{_GAP}{_NAMED}",
    rf"\b{_YEAR}\s?-c[iıuü]\sil(?:in)?\s{_NAMED}\s{_DAY}\b",
    rf"{_NTH}{_MORE_DAYS}{_GAP}(?:of\s|day of\s)?{_NAMED}(?:\.?,?\s|\.){_YEAR}\b"
    rf"{_OF_YEAR}",
    rf"\b{_NAMED}\.?\s{_DAY}(?:st|nd|rd|th)?{_MORE_DAYS},?\s{_YEAR}\b",
)
_MONTH_AND_YEAR: Final = (
    rf"\b{_NAMED}\.?,?\s{_YEAR}\b{_OF_YEAR}",
    rf"\b{_YEAR}(?:\.?\s?(?:gada|g\.)|-c[iıuü]\sil(?:in)?)\s?{_NAMED}",
)
_DAY_AND_MONTH: Final = (
    rf"{_NTH}{_MORE_DAYS}{_GAP}(?:of\s)?{_NAMED}",
    rf"\b{_NAMED}\s{_DAY}(?:st|nd|rd|th)?{_MORE_DAYS}(?![\d,.]\d)\b",
)
# Before 1900 a number is a year only where the text says so.
_YEAR_ALONE: Final = (
    rf"(?<![\d.,$€£])\b{_YEAR}\b(?![.,]\d|\s\d\d\d){_OF_YEAR}",
    r"\b(?P<y>1[0-8]\d\d)(?:\.\s?gad\p{L}+|-c[iıuü]\s?il\p{L}*|\sгод\p{L}*|'?[td][ea]\b)",
    r"\b(?:in|в)\s(?P<y>1[0-8]\d\d)\b(?![.,]\d)",
)
_PATTERNS: Final = tuple(
    regex.compile(pattern, regex.I)
    for pattern in (*_FULL, *_MONTH_AND_YEAR, *_DAY_AND_MONTH, *_YEAR_ALONE)
)
_VERB_FOLLOWS: Final = regex.compile(r"\s[a-z]++(?!\p{L})")
_DIGIT: Final = regex.compile(r"\d")
_WITH_YEAR: Final = _PATTERNS[: len(_FULL) + len(_MONTH_AND_YEAR)]


@dataclass(frozen=True, slots=True)
class Date:
    """A date in a text.

    Attributes:
        span: its place there.
        iso: cut to its precision: "2017-10-18", "2017-10", "2017"; "--10-18" where no year is said.
    """

    span: Span
    iso: str


def find_dates(text: str) -> list[Date]:
    """Return the dates of a text in order; where two readings overlap, the fuller one."""
    found: list[Date] = []
    if not _DIGIT.search(text):
        return found
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if _is_verb(match, text):
                continue
            if not any(span.start < each.span.end and each.span.start < span.end for each in found):
                found.append(Date(span, _iso(match)))
    return sorted(found, key=lambda date: date.span)


def date_in(line: str) -> str | None:
    """Return the first date in a line that has its year and month, as ISO, or None.

    >>> date_in("Rīga, 2017. gada 18. oktobrī")
    '2017-10-18'
    """
    for pattern in _WITH_YEAR:
        found = pattern.search(line)
        if found:
            return _iso(found)
    return None


def _is_verb(match: "regex.Match[str]", text: str) -> bool:
    """Tell whether the month is a verb, "Clause 5 may be": in Azerbaijani it is the month."""
    if not match[0].endswith(" may") or not _VERB_FOLLOWS.match(text, match.end()):
        return False
    return "ə" not in text.lower()


def _iso(match: "regex.Match[str]") -> str:
    fields = {"y": "-", "m": None, "d": None, "n": None} | match.groupdict()
    month = int(fields["m"]) if fields["m"] else _month(fields["n"]) if fields["n"] else None
    parts = [fields["y"]] + [f"{int(part):02}" for part in (month, fields["d"]) if part]
    return "-".join(parts)


def _month(name: str) -> int:
    return next(number for number, form in enumerate(_MONTH_OF, 1) if form.fullmatch(name))
