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
    rf"(?:[.!?…]+|[؟۔।॥]+){_CLOSERS}*(?: »)?(?:\[\d{{1,3}}\])*(?=\s|$)|[。！？]+{_CLOSERS}*"
)
_LINE: Final = regex.compile(r"[^\n]+")
_OPENERS: Final = regex.compile(r"[\s\"'“”„‘’‚«»‹›(\[{—–‒―*•¿¡…-]*")
_SMALL: Final = regex.compile(r"(?!\p{Georgian})\p{Ll}")  # Georgian letters have no capitals
_BEFORE: Final = regex.compile(r"[\p{L}\p{M}\p{N}.'’-]+$")
_NEXT_WORD: Final = regex.compile(r"[\p{L}\p{M}]++(?!\.)")  # no initial, no "A.Ş."
_ROMAN: Final = regex.compile(r"[IVXLC]+")
_NUMBERING: Final = regex.compile(r"\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6}|\p{L})\)?")
_LETTER_DOTS: Final = regex.compile(r"(?:\p{Lu}\p{Ll}?\.)+\p{Lu}\p{Ll}?")
_INITIAL: Final = regex.compile(r"\p{Lu}|Dž|Dz|Ch|Дж|Yu|Ю|Ya|Sh|Zh|Ts")
_ORDINAL: Final = regex.compile(r"\d{1,2}")
_ORDINAL_LETTERS: Final = regex.compile(r"[āēīūģķļņšžčğışäöüõąęłśżń]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What comes after these belongs to them: a name, a title, a place.
_NEVER_LAST: Final = _words("""
    mr mrs ms messrs dr prof rev hon gen col capt lt sgt sen rep gov st ste mt vs v cf e.g i.e viz
    al ed eds asst assoc dept ds hl z.b bzw u.a dipl ing mme mlle lat fr ger eng
    t.i t.sk piem plkst akad plk ģen zv doc asoc mag sv izd red māc reģ oec iur
    ул им просп пер корп акад проф доц г-н г-жа т.е т.н напр см ср рис табл св англ нем лат фр
    греч итал тур азерб долл дж ч.ст т.ч оз пл наб
    yrd doç öğr gör uzm av alb yzb örn bkz mah cad sok apt blv hz ing fr alm
    məs bax küç prosp akad f.e.d f.e.n t.e.d t.e.n i.e.d i.e.n h.e.d h.e.n
    ks św ul tzw np dr.hab im
""")
# So it does after these as they are spelt here; written otherwise they are words or names: DOS.
_NEVER_LAST_AS_WRITTEN: Final = _words("""
    Maj dos Dos Sn Müh Yük Müd Bşk Gn Gnl Yön Krl
""")
# "Dr.sc.ing.", "Mg.oec.": a degree and what it is in, written as one word.
_DEGREE: Final = regex.compile(r"(?:Dr|Mg|Mag|Bc)(?:\.\p{Ll}{2,6}){1,2}")
# A number or an amount comes after these.
_BEFORE_NUMBER: Final = _words("""
    no nos nr nrs num c art arts sec fig figs vol pp p par ch cl rs tel fax ex approx ca est cap
    lpp punkts p.k sk sek mob tālr ap t g
    ст п пп гл ч стр тел ок т д кв
    md s sf ss səh ş m f
    jan feb mar apr jun jul aug sep sept oct nov dec
""")
# Also "EUR 5", "€ 5" and "IV"; a lone I may be somebody who speaks.
_NUMBER: Final = regex.compile(r"(?:\p{Sc}|[A-Z]{3})? ?\d|(?:[IVXLC]{2,}|[VX])\b")
# So does what a contract is registered under: "No. IDDA/VATP-2022/07".
_BEFORE_NAME_OF_NUMBER: Final = _words("no nos nr nrs num reg")
_HAS_NUMBER: Final = regex.compile(r"\S*\d")
# After a number these may end a sentence; elsewhere they stand before a name.
_AFTER_NUMBER: Final = _words("г")
# A sentence that says nothing else yet goes on: "В октябре 2017 г. Парк подписал".
_WHEN: Final = regex.compile(
    r"""(?xi)
    (?:(?:в|во|с|со|к|до|от|на|по|и|за|около|период|течение|начал[еау]|середин[еу]|конец|конц[еау]
      |квартале|полугодии|летом|осенью|зимой|весной
      |(?:январ|феврал|апрел|июн|июл|сентябр|октябр|ноябр|декабр)[ьяею]|(?:март|август)[ае]?|ма[йяе]
      |[IVX]+|[«“"]?\d{1,2}[»”"]?|\d{4}
    )[ ,]+)*
    (?:\d{4}[-–—])?\d{4}[ ]?гг?"""
)
# These end a sentence only where the next one plainly begins: after a company's name or a rank
# there may be a name, and there may be a new sentence.
_SELDOM_LAST: Final = _words("""
    inc ltd co corp llc plc bros jr sr ph.d m.d md b.c a.d p.m a.m d.c
    a.ş a.s ltd.şti şti san tic inş sia a/s oy p.i v.i обл ş r
""")
_STARTERS: Final = _words("""
    The This That These Those It Its He His She Her They Their We Our I You In On At As An A But And
    If When While However After Before For From By With To There Then Under According Both Each
    Tas Tā Tie Tās Viņš Viņa Viņi Šis Šī Bet Un Pēc Par Kad Ja Arī Taču
    Bu O Ancak Ve Ama Daha Bunun Şirket Ayrıca Onlar Biz
    Он Она Они Это Но И В На По Как После Если Также
    O Bu Onlar Lakin Və Biz Həmçinin
""")
_SHORTEST_PIECE: Final = 80
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
    following = rest[_OPENERS.match(rest).end() :]
    if not following:
        return True
    if _SMALL.match(following):
        return False
    if text[mark] != "." or text[mark : mark + 2] == "..":
        return True
    if after - mark > 1 and text[mark + 1] in "”»":
        return True
    before = _BEFORE.search(text, max(begin, mark - 40), mark)
    if before is None:
        return True
    word = before[0].strip("'’-.")
    leading = text[max(begin, before.start() - 5) : before.start()].rstrip()
    if _NUMBERING.fullmatch(word) and not leading.strip(" ([§") and before.start() - begin <= 5:
        return False
    glued = text[before.start() - 1] if before.start() > begin else " "
    if glued in ":&/°%" and (word.isdigit() or glued == "°"):
        return True  # a score, a ratio, a time, a bearing
    if text[mark - 1] == "г" and _WHEN.fullmatch(text[begin:mark].lstrip(" \n")):
        return False
    if word.lower() in _AFTER_NUMBER and not leading[-1:].isdigit():
        return False  # a town, not years
    return _ends_after(word, following, ordinals)


def _ends_after(word: str, following: str, ordinals: bool) -> bool:
    """Tell whether a full stop after `word` ends a sentence, if `following` comes next."""
    lower = word.lower().replace("i\u0307", "i")  # what becomes of a Turkish İ
    if lower in _NEVER_LAST or word in _NEVER_LAST_AS_WRITTEN or _DEGREE.fullmatch(word):
        return False
    first, _, others = lower.partition(".")
    if first in _NEVER_LAST and others.rpartition(".")[2] in _NEVER_LAST:
        return False  # "Prof.Dr." without a space
    if lower in _BEFORE_NUMBER and _NUMBER.match(following):
        return False
    if lower in _BEFORE_NAME_OF_NUMBER and _HAS_NUMBER.match(following):
        return False
    if _INITIAL.fullmatch(word):
        return False
    if lower in _SELDOM_LAST or _LETTER_DOTS.fullmatch(word):
        starter = _NEXT_WORD.match(following)
        return starter is not None and starter[0] in _STARTERS
    is_ordinal = ordinals and (_ORDINAL.fullmatch(word) or _ROMAN.fullmatch(word))
    return not is_ordinal


def _writes_ordinals_with_dots(text: str) -> bool:
    """Tell whether the text is in a language that writes 19. for nineteenth."""
    sample = text[:20_000]
    return len(_ORDINAL_LETTERS.findall(sample)) * 100 > len(sample)


def _readable(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield [start, end) stripped, in pieces of at most MAX_CHARS where it can be cut."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_CHARS:
        cut = stop = _cut(text, start)
        while text[stop - 1].isspace():
            stop -= 1
        yield Span(start, stop)
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield Span(start, end)


def _cut(text: str, start: int) -> int:
    """Return where to cut a long sentence: after the last semicolon that fits, or the like."""
    for mark in _SOFT_CUTS:
        at = text.rfind(mark, start + _SHORTEST_PIECE, start + MAX_CHARS - len(mark))
        if at >= 0:
            return at + len(mark)
    return start + MAX_CHARS
