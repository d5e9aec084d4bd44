"""What does a question count? The units that a number which answers may have.

By rule: a unit named behind "how many", or words that ask for a percentage or for money. Leaves
out what has no unit of its own: mentors, sessions, teams of some kind.
"""

from typing import Final

import regex

from qa.numbers import KNOWN_UNITS, MEASURES, MONEY, unit_of
from qa.plain import or_plain

_WORD: Final = regex.compile(r"[\p{L}\p{M}%]+")
_COUNTING: Final = (
    r"how many|cik(?! (?:liel|daudz|tāl|sen|vec|augst|plaš|maks|ilg|biež|garu?\b))"
    r"|ne\u00e7\u0259|nece(?! \p{L}+[nl][iıuü][rb]\b)|kaç|сколько"
)
_HOW_MANY: Final = regex.compile(rf"\b(?:{or_plain(_COUNTING)})\s", regex.I)
_SHARE: Final = (
    r"(?:how many|what|which|cik|kād\p{L}*|kur\p{L}*|neçə|hansı|kaç|hangi|сколько|как\p{L}+)"
    r"(?:\s\p{L}+){0,2}?\s(?:per ?cent|procent|faiz|yüzde|процент)"
    r"|(?:faiz|yüzd[eə])\p{L}* (?:kaç|neçə|ne kadar|nə qədər)|what share(?! price)"
)
_PERCENTAGE: Final = regex.compile(rf"\b(?:{or_plain(_SHARE)})", regex.I)
# A unit stands so near: "how many paid days", "neçə nəfər", "cik jaunu uzņēmumu".
_NEAR: Final = 2
_FEW: Final = r"(?:\s\S+){0,4}?\s"
_GAP: Final = rf"\b{_FEW}"
_SPENDING: Final = (
    rf"how much (?:\S+ )?money|how much(?=\s(?:did|do|does|is|was|were|will|ha[sd])\b){_FEW}"
    r"(?:cost|pay|paid|spen[dt]|earn|charge|receive|get|worth|invest)"
    rf"|(?:what|which|how (?:large|big|high)){_GAP}(?:cost|price|budget|fees?\b|salar|income"
    r"|revenue)"
    r"|cik naud"
    rf"|(?:cik|kād\p{{L}}+|kur\p{{L}}+){_GAP}(?:cen[au]\b|\p{{L}}*maks|budžet|ieņēm|nopeln|iz?tērē"
    r"|alg[au]\b|summ)"
    rf"|(?:nə qədər|neçəyə|hansı|neçə){_GAP}(?:pul\b|qiymət|büdcə|gəlir|xərc|məbləğ|başa gəl|qazan)"
    rf"|(?:ne kadar|kaç){_GAP}(?:para\b|fiyat|maliyet|bütçe|gelir|harca|ücret|tutar)"
    rf"|(?:maliyet|bütçe|fiyat|ücret|gelir|tutar|ciro)\p{{L}}*{_GAP}(?:ne kadar|kaç)"
    rf"|(?:сколько|как(?:ой|ая|ую|им|ова|ов)){_GAP}(?:денег|сто[ия]т|стоил|цен[аыу]\b|бюджет|доход"
    r"|заработ|сумм|потра[тч]|расход|обош|обойд|зарплат|заплат)"
)
_MONEY_WORDS: Final = regex.compile(rf"\b(?:{or_plain(_SPENDING)})", regex.I)


def units_asked(question: str) -> frozenset[str]:
    """Return the units one of which a number that answers has; empty where any may do.

    What is counted is people, companies and such, or has no unit: never money or time.

    >>> sorted(units_asked("How many weeks did it take?"))
    ['week']
    """
    if _PERCENTAGE.search(question):
        return frozenset(["%"])
    asked = _HOW_MANY.search(question)
    if asked:
        following = [match[0] for match in _WORD.finditer(question, asked.end())][:_NEAR]
        unit = next(filter(None, map(unit_of, following)), "")
        if unit in MONEY:
            return MONEY
        if unit in MEASURES:
            return frozenset([unit])
    if _MONEY_WORDS.search(question):
        return MONEY
    return KNOWN_UNITS - MEASURES if asked else frozenset()


def answers_with(unit: str, units: frozenset[str]) -> bool:
    """Return whether a number of this unit may answer a question for one of `units`.

    What is counted often has no unit that is known ("nine start-ups"); money, times and shares do.
    """
    if not units or unit in units:
        return True
    return unit not in KNOWN_UNITS and not units <= MEASURES
