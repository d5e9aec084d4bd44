"""Where sentences begin and end, in any script; rules for the languages our readers write.

No model and no tokenizer: a border is a mark that ends sentences, unless what stands around it
says otherwise. A line break ends a sentence too, since in the canonical text lines are headings,
list items, table rows or whole paragraphs.
"""

from collections.abc import Iterator
from typing import Final

import regex

from documents.document import Span

MAX_CHARS: Final = 600
"""A longer sentence is cut at semicolons or the like, so that a quote stays readable."""

_CLOSERS: Final = r"[\"'”’“»›)\]】」』]"
_BORDER: Final = regex.compile(
    rf"(?:[.!?…]+|[؟۔।॥]+){_CLOSERS}*(?:\[\d{{1,3}}\])*(?=\s|$)|[。！？]+{_CLOSERS}*"
)
_LINE: Final = regex.compile(r"[^\n]+")
_OPENERS: Final = " \"'“”„‘‚«‹([{—–-¿¡…\n"
_BEFORE: Final = regex.compile(r"[\p{L}\p{M}\p{N}.'’-]+$")
_NEXT_WORD: Final = regex.compile(r"[\p{L}\p{M}]+")
_ROMAN: Final = regex.compile(r"[IVXLC]+")
_NUMBERING: Final = regex.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|\p{L})\)?")
_LETTER_DOTS: Final = regex.compile(r"(?:\p{L}{1,2}\.)+\p{L}{1,2}")

# What comes after these belongs to them: a name, a title, a place.
_NEVER_LAST: Final = frozenset(
    """
    mr mrs ms messrs dr prof rev hon gen col capt lt sgt sen gov st mt vs cf e.g i.e viz al ed eds
    jr. doc assoc asst dept univ
    z.b bzw u.a prof.dr ph dipl ing
    t.i piem sk plkst akad kpt plk ģen zv doc mag sv izd red
    ул им пр просп пер д стр корп кв акад проф доц гр г-н г-жа т.е т.н напр см ср рис табл тов
    yrd doç öğr gör uzm av alb yzb örn bkz mah cad sok apt blv hz
    məs bax akad küç pr prosp
    """.split()
)
# These are followed by a number.
_BEFORE_NUMBER: Final = frozenset(
    """
    no nos nr nrs num art arts sec fig figs vol pp p par ch cl rs tel fax ex approx ca est
    lpp punkts p.k st sek mob tālr ap
    ст п пп гл ч рис табл тел ок т
    md s sf ss səh ş f m
    """.split()
)
# These end a sentence only where the next one plainly begins.
_SELDOM_LAST: Final = frozenset(
    "inc ltd co corp llc plc bros u.s u.k u.n a.ş a.s ltd.şti ş.ti jr sr ph.d m.d b.c a.d p.m a.m "
    "d.c st.no sia a/s oy ao ооо".split()
)
_MONTHS: Final = frozenset(
    """
    jan feb mar apr jun jul aug sep sept oct nov dec
    """.split()
)
_STARTERS: Final = frozenset(
    """
    The This That These Those It Its He His She Her They Their We Our I You In On At As An A But And
    If When While However After Before For From By With To There Then Under According Both Each
    """.split()
)
_SOFT_CUTS: Final = ("; ", "؛ ", "；", " | ", ": ", ", ", "، ", "，", " ")


def sentences(text: str) -> list[Span]:
    """Return the sentences of `text`, in order.

    Each is stripped of white space; together they cover everything else. One longer than
    `MAX_CHARS` characters is cut in two or more.
    """
    ordinals = _writes_ordinals_with_dots(text)
    found: list[Span] = []
    for start, end in _units(text):
        begin = start
        for border in _BORDER.finditer(text, start, end):
            if _is_border(text, begin, border.start(), border.end(), end, ordinals):
                found.extend(_readable(text, begin, border.end()))
                begin = border.end()
        found.extend(_readable(text, begin, end))
    return found


def _units(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges that no sentence crosses: lines, or lines that plainly go on."""
    start = end = -1
    for line in _LINE.finditer(text):
        if start >= 0 and line.start() == end + 1 and _goes_on(text, start, end, line.start()):
            end = line.end()
            continue
        if start >= 0:
            yield start, end
        start, end = line.span()
    if start >= 0:
        yield start, end


def _goes_on(text: str, start: int, end: int, following: int) -> bool:
    """Tell whether a line broken by width goes on in the next one."""
    line = text[max(start, text.rfind("\n", start, end) + 1) : end].rstrip()
    return len(line) >= 40 and text[following].islower() and line[-1] not in ".!?…:;|。！？"


def _is_border(text: str, begin: int, mark: int, after: int, end: int, ordinals: bool) -> bool:
    rest = text[after : min(end, after + 60)]
    following = rest.lstrip(_OPENERS)
    if not following:
        return True
    if following[0].islower():
        return False
    if text[mark] != "." or text[mark : mark + 2] == "..":
        return True
    if after - mark > 1 and text[mark + 1] in "”»":
        return True
    before = _BEFORE.search(text, max(begin, mark - 40), mark)
    if before is None:
        return True
    word = before[0].strip("'’-.")
    if _NUMBERING.fullmatch(word) and not text[begin : before.start()].strip(" ([§"):
        return False
    return _ends_after(word, following, ordinals)


def _ends_after(word: str, following: str, ordinals: bool) -> bool:
    """Tell whether a full stop after `word` ends a sentence, if `following` comes next."""
    lower = word.lower()
    if lower in _NEVER_LAST:
        return False
    if lower in _BEFORE_NUMBER and following[0].isdigit():
        return False
    if lower in _MONTHS and following[0].isdigit():
        return False
    if len(word) == 1 and word.isupper():
        return False
    if lower in _SELDOM_LAST or (_LETTER_DOTS.fullmatch(word) and word[0].isupper()):
        starter = _NEXT_WORD.match(following)
        return starter is not None and starter[0] in _STARTERS
    if ordinals and ((word.isdigit() and len(word) <= 2) or _ROMAN.fullmatch(word)):
        return False
    return True


def _writes_ordinals_with_dots(text: str) -> bool:
    """Tell whether the text is in a language that writes 19. for nineteenth."""
    sample = text[:20_000]
    return len(regex.findall(r"[āēīūģķļņšžčığşäöüõ]", sample)) * 50 > len(sample)


def _readable(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield [start, end) stripped, in pieces of at most MAX_CHARS where it can be cut."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_CHARS:
        cut = _cut(text, start, end)
        if cut is None:
            break
        stop = cut
        while text[stop - 1].isspace():
            stop -= 1
        yield Span(start, stop)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield Span(start, end)


def _cut(text: str, start: int, end: int) -> int | None:
    """Return where to cut a long sentence: at the last semicolon that fits, or the like."""
    for mark in _SOFT_CUTS:
        at = text.rfind(mark, start + 80, start + MAX_CHARS)
        if at >= 0 and text[start:at].strip():
            return at + len(mark)
    return None
