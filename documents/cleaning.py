"""Pages as a format gave them → the canonical text, made once and never changed again.

Characters that can't be seen go, spaces and line ends become one kind, words broken at a line's
end are joined; in formats with pages the running headers, footers and page numbers go too, and
lines broken by the page's width become paragraphs. Nothing is reordered, respelt or case-folded.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Final
from unicodedata import normalize

import regex

_NEWLINES: Final = regex.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
_SPACES: Final = regex.compile(r"[\p{Zs}\t]+")
# A joiner is spelling between letters of the scripts that use it, and an invisible trick elsewhere.
_JOINING: Final = (
    r"[\p{Arabic}\p{Devanagari}\p{Bengali}\p{Tamil}\p{Telugu}\p{Sinhala}\p{Malayalam}]"
)
_STRAY_JOINERS: Final = regex.compile(
    rf"(?<!{_JOINING})[\u200c\u200d]|[\u200c\u200d](?!{_JOINING})"
)
_INVISIBLE: Final = regex.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    r"\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\ufdd0-\ufdef\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SURROGATES: Final = regex.compile(r"[\ud800-\udfff]")
_SOFT_BREAK: Final = regex.compile(r"\u00ad[ \t]*\n[ \t]*(?=\p{L})")
# Ligatures, and the shapes of Arabic letters that PDFs give in place of the letters.
_SHAPES: Final = regex.compile(r"[\ufb00-\ufb06\ufb50-\ufdcf\ufdf0-\ufdfb\ufe70-\ufefc]")

_BROKEN_WORD: Final = regex.compile(r"(\p{L}+)[-‐]$")
_WORD_REST: Final = regex.compile(r"^\p{Ll}[\p{L}\p{M}]*")
_ITEM: Final = regex.compile(
    r"^(?:[•●▪■◦‣·*–—-] ?\S|\(?(?:\d{1,3}(?:\.\d{1,3})*|\p{L}|[ivxIVX]{1,5})[.)] "
    r"|\d+(?:\.\d+)+ \p{Lu}|§)"
)
_PAGE_WORD: Final = r"(?:page|pg|p|lpp|lapa|lappuse|стр|страница|səh|səhifə|sayfa|s)\.?"
_PAGE_NUMBER: Final = regex.compile(
    rf"(?i)(?P<open>[-–—] ?)?(?P<word>{_PAGE_WORD} ?)?(?P<number>\d{{1,4}})"
    rf"(?:(?P<nth>\. ?{_PAGE_WORD})|\.| ?{_PAGE_WORD})?"
    rf"(?: ?(?:of|/|no|из|iš|von) ?\d{{1,4}}(?: ?{_PAGE_WORD})?)?(?P<close> ?[-–—])?"
)
_RULE: Final = regex.compile(r"(?:[-_=~*·.–—] ?){3,}")
_OPEN_COMPOUND: Final = regex.compile(r"[\p{L}\p{N}][-‐–]$|\S/$")
_TERMINAL: Final = regex.compile(r"[.!?…:;。！？؟۔।][\"'”’»)\]]*$")
_EDGE_LINES: Final = 4
_LONGEST_HEADER: Final = 150
_PAIR: Final = 2  # with two pages, what both begin or end with is a header
_NUMBERED_LINES: Final = 6


def clean(
    pages: list[str], paged: bool = False, wrapped: bool | None = None
) -> tuple[str, tuple[int, ...]]:
    """Return the canonical text of `pages` and where each of them starts in it.

    Args:
        pages: text as the format gave it; one string where the format has no pages.
        paged: whether the format has pages.
        wrapped: whether lines are broken by the page's width, and pages have headers and numbers;
            None where the format doesn't tell: the lines do then.

    Returns:
        The text, and the offset of each page's first character, ascending; no offsets where
        `paged` is false. A page without text starts where the next does.
    """
    lines_of = [characters(page).split("\n") for page in pages]
    if wrapped:
        lines_of = _without_running_lines([_without_rules(lines) for lines in lines_of])
    compounds = _compounds(lines_of)
    if wrapped is None:
        wrapped = _is_wrapped(lines_of)
    width = _width(lines_of) if wrapped else 0
    text: list[str] = []
    starts: list[int] = []
    length = 0
    previous, blank = "", False
    joined = False
    for page, line in _numbered(lines_of):
        if not line:
            blank = blank or bool(previous)
            continue
        if not previous:
            between, cut = "", 0
        else:
            crossing = page >= len(starts)
            apart = blank or (paged and not wrapped and crossing)
            between, cut = _between(
                previous, line, apart and not (crossing and width), width, compounds, joined
            )
        if cut:
            text[-1] = text[-1][:-cut]
            length -= cut
        joined = bool(previous) and between in ("", " ")
        text += (between, line)
        length += len(between)
        while len(starts) <= page:
            starts.append(length)
        length += len(line)
        previous, blank = line, False
    while len(starts) < len(pages):
        starts.append(length)
    return "".join(text), tuple(starts) if paged else ()


def characters(text: str) -> str:
    """Return `text` with its characters made canonical; words and lines stay as they are."""
    text = _NEWLINES.sub("\n", text)
    text = _SOFT_BREAK.sub("", text)
    text = _INVISIBLE.sub("", _STRAY_JOINERS.sub("", text))
    text = _SURROGATES.sub("\ufffd", text)
    text = _SHAPES.sub(lambda found: normalize("NFKC", found[0]), text)
    text = _SPACES.sub(" ", normalize("NFC", text))
    return "\n".join(line.strip(" ") for line in text.split("\n"))


def _numbered(lines_of: list[list[str]]) -> Iterator[tuple[int, str]]:
    for page, lines in enumerate(lines_of):
        for line in lines:
            yield page, line


def _between(
    line: str, following: str, blank: bool, width: int, compounds: frozenset[str], joined: bool
) -> tuple[str, int]:
    """Return what goes between two lines, and how many characters the first one loses."""
    goes_on = following[0].islower() and not _TERMINAL.search(line) and 2 * len(line) >= width
    if blank and not (width and goes_on):
        return "\n\n", 0
    broken, rest = _BROKEN_WORD.search(line), _WORD_REST.search(following)
    if broken and rest:
        return "", 0 if f"{broken[1]}-{rest[0]}".lower() in compounds else 1
    if _OPEN_COMPOUND.search(line) and following[0].isalnum():
        return "", 0
    if width and not _ITEM.search(following) and (goes_on or _is_full(line, following, width)):
        return " ", 0
    return ("\n\n", 0) if joined else ("\n", 0)


def _is_full(line: str, following: str, width: int) -> bool:
    """Tell whether `line` was broken because the next word didn't fit into the page's width."""
    if line[-1].islower() and following[0].isdigit() and 2 * len(line) >= width:
        return True
    if len(line) + 1 + len(following.split(" ", 1)[0]) < 0.92 * width:
        return False
    ends = _TERMINAL.search(line) and not line.endswith((",", ";"))
    # After the end of a sentence a short line without one is a heading.
    return not ends or 2 * len(following) >= width or _TERMINAL.search(following) is not None


def _compounds(lines_of: list[list[str]]) -> frozenset[str]:
    """Return the words that are written with a hyphen inside a line."""
    found = regex.compile(r"\b(\p{L}+-\p{Ll}\p{L}*)\b")
    return frozenset(
        word.lower()
        for lines in lines_of
        for line in lines
        if "-" in line
        for word in found.findall(line)
    )


def _width(lines_of: list[list[str]]) -> int:
    """Return how many characters a full line has, 0 where there are too few lines to tell."""
    lengths = sorted(len(line) for lines in lines_of for line in lines if len(line) >= 20)
    return lengths[int(len(lengths) * 0.8)] if len(lengths) >= 3 else 0


def _is_wrapped(lines_of: list[list[str]]) -> bool:
    """Tell whether a plain text was broken into lines of one width, as e-mails are."""
    lines = [line for page in lines_of for line in page]
    pairs = [
        (len(line), len(following.split(" ", 1)[0]))
        for line, following in pairwise(lines)
        if line and following
    ]
    longest = max((length for length, _ in pairs), default=0)
    if len(pairs) < 4 or not 40 <= longest <= 100:
        return False
    full = sum(length + 1 + word > longest - 3 for length, word in pairs)
    return full >= 0.7 * len(pairs)


def _without_rules(lines: list[str]) -> list[str]:
    """Drop lines that only draw one, and a column of line numbers set beside the text."""
    kept = [line for line in lines if not _RULE.fullmatch(line)]
    filled = [(at, line) for at, line in enumerate(kept) if line]
    numbers: set[int] = set()
    run: list[int] = []
    for (at, line), (_, following) in pairwise([*filled, (-1, "")]):
        if not line.isdecimal() or len(line) > 3:
            continue
        run.append(at)
        if not (following.isdecimal() and int(following) == int(line) + 1):
            if len(run) >= _NUMBERED_LINES:
                numbers.update(run)
            run = []
    return [line for at, line in enumerate(kept) if at not in numbers]


def _without_running_lines(lines_of: list[list[str]]) -> list[list[str]]:
    """Drop page numbers, and headers and footers: lines that most pages share but for digits."""
    edges_of = [_edges(lines) for lines in lines_of]
    counts = Counter(
        (place, _key(line))
        for edges in edges_of
        for edge in edges
        for place, _, line in edge
        if len(line) <= _LONGEST_HEADER
    )
    filled = sum(any(lines) for lines in lines_of)
    enough = _PAIR if filled == _PAIR else max(3, filled * 0.5)
    running = {key for key, count in counts.items() if count >= enough}
    kept = []
    for number, (lines, edges) in enumerate(zip(lines_of, edges_of, strict=True), start=1):
        dropped = _dropped(edges, number, running, sum(map(bool, lines)))
        kept.append([line for at, line in enumerate(lines) if at not in dropped])
    return kept


_Edge = list[tuple[int, int, str]]
"""Lines from the outermost inwards: place (1 the first line, -1 the last), line number, line."""


def _edges(lines: list[str]) -> tuple[_Edge, _Edge]:
    filled = [(at, line) for at, line in enumerate(lines) if line]
    top = [(place, at, line) for place, (at, line) in enumerate(filled[:_EDGE_LINES], start=1)]
    tail = filled[::-1][:_EDGE_LINES]
    return top, [(-place, at, line) for place, (at, line) in enumerate(tail, start=1)]


def _dropped(
    edges: tuple[_Edge, _Edge], number: int, running: set[tuple[int, str]], filled: int
) -> set[int]:
    """Return the numbers of the lines to drop, from each edge inwards as far as they go."""
    dropped: set[int] = set()
    repeated: set[int] = set()
    for edge in edges:
        for place, at, line in edge:
            if _is_page_number(line, number):
                dropped.add(at)
            elif (place, _key(line)) in running:
                repeated.add(at)
            else:
                break
    # Pages that say nearly the same are forms or slides, not pages with a large header.
    return dropped if 2 * len(repeated) > filled else dropped | repeated


def _is_page_number(line: str, number: int) -> bool:
    """Tell whether a line is the number of its page; where only digits tell, they must be its own.

    "Page 7", "7. lpp." and "- 7 -" are numbers of pages; "7 p." may tell how long a book is, and
    "2018." may end a sentence.
    """
    found = _PAGE_NUMBER.fullmatch(line)
    if found is None:
        return False
    named = found["word"] or found["nth"] or (found["open"] and found["close"])
    return bool(named) or int(found["number"]) == number


def _key(line: str) -> str:
    return str(regex.sub(r"\d+", "#", line.lower()))
