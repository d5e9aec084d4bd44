"""What a document is called, when it is from and what kind it is: rules, no model.

A date that the text mentions in passing is not the document's: only a date line near its
beginning or its end counts, or what the file says of itself.
"""

from pathlib import PurePosixPath
from typing import Final

import regex

from documents.dates import date_in

_MAX_TITLE: Final = 200
_CUT_TITLE: Final = 100
_HEADING_CHARS: Final = 160
_MEANINGLESS: Final = regex.compile(
    r"(?i)(?:microsoft (?:word|powerpoint|excel)\b.*|untitled.*|document\s*\d*|\S+\.\w{2,5}"
    r"|.*\.(?:docx?|pdf|indd|qxd|tex|dvi|rtf|odt|html?|txt)"
    r"|(?:bez nosaukuma|без названия|başlıksız|adsız|başlıqsız).*|word document|scan\w*"
    r"|image\s*\d*|(?:slide|page) 1|title|print|none|null|home|index|[\W\d_]*)"
)
_NOBODY: Final = regex.compile(
    r"(?i)openpyxl|python-(?:docx|pptx)|(?:microsoft|ms)? ?(?:office|windows) user|user"
    r"|admin\w*|root|owner|author|unknown|anonymous|none|null|scanner|lietotājs|пользователь|администратор"
    r"|kullanıcı|istifadəçi|\w+\(0x[0-9a-f]+\)|[\W\d_]*"
)
_DATELINE: Final = regex.compile(
    r"(?i)^(?:date|datums|tarix|tarih|дата|published|publicēts)\b\s*:?\s*(\d{4}-\d\d-\d\d)"
)
# Where a story begins "RIGA, 18 October 2017 – ".
_PLACE_LINE: Final = regex.compile(r"^\p{Lu}[^–—\n]{5,70}?(?=\s?[–—]| - |\. /)")
# Who wrote an article: "By Ayya Lmahamad", "Автор: Павел Жуков", also behind its date.
_NAME: Final = r"\p{Lu}[\p{L}\p{M}'’.-]*"
_BY_LINE: Final = regex.compile(
    r"^(?:(?:date|datums|tarix|tarih|дата|published|publicēts)\b.{0,20}\d\s+)?"
    r"(?i:by|autor[se]?|author|автор|müəllif|yazar|yazan)\b\s*:?\s+"
    rf"(?P<name>{_NAME}(?:\s{_NAME}){{1,3}})$",
)
# What a title that goes on in the next line ends with, or that stands in a line of its own.
_JOINTS: Final = frozenset({"OF", "TO", "FOR", "ON", "AND", "BETWEEN"})
_ANNEX: Final = regex.compile(
    r"(?i)(?:exhibit|annex|appendix|schedule|attachment|pielikums|приложение|ek|əlavə|draft|copy)"
    r"\b[\s#№:-]*(?:nr\.?|no\.?|№)?\s*[\w.()-]{0,8}"
)
_LONE_DATE_CHARS: Final = 60
_HEAD_LINES: Final = 12
_TAIL_LINES: Final = 6
_PLACE_LINES: Final = 3
_PREAMBLE_CHARS: Final = 1500  # an agreement says there when it was made

KINDS: Final = ("article", "agreement", "memorandum", "minutes", "report", "other")

_NAMED_KINDS: Final = (
    (
        "memorandum",
        r"memorand|\bmou\b|меморандум|mutabakat (?:zaptı|muhtırası)|anlaşma muhtırası"
        r"|niyyət protokolu",
    ),
    (
        "minutes",
        r"\bminutes of\b|meeting minutes|protokols"
        r"|протокол (?:\w+ )?(?:заседания|совещания|встречи)"
        r"|toplantı tutanağı|(?:iclas|görüş)\w* protokolu",
    ),
    (
        "agreement",
        r"\b(?:agreement|contract|treaty|amendment)\b|līgums|vienošanās|соглашение|договор|контракт"
        r"|anlaşma|sözleşme|protokolü|müqavilə|saziş|razılaşma",
    ),
    (
        "report",
        r"\b(?:report|review)\b|pārskats|ziņojums|atskaite|отч[её]т|доклад|\brapor\b|raporu|hesabat",
    ),
)
_CLAUSE: Final = regex.compile(
    r"(?mi)^(?:\d{1,2}\.|(?-i:[IVX]{1,4}\.\s)|(?:article|section|clause|статья|пункт|madde|maddə|pants|§)\s\d)"
)


def title_of(text: str, name: str, hint: str | None, untitled: bool = False) -> str:
    """Return the title of a document, one line, never empty.

    Args:
        text: canonical text.
        name: the file's path, the last resort.
        hint: what the file's metadata say; passed over where it says nothing.
        untitled: whether the text begins with something else, as a table does with a row.
    """
    said = " ".join((hint or "").split())
    if said and not _MEANINGLESS.fullmatch(said):
        return _shortened(said, _MAX_TITLE)
    if not untitled and (heading := _heading_of(text)):
        return heading
    stem = " ".join(regex.sub(r"[_\-.]+", " ", PurePosixPath(name).stem).split())
    if regex.search(r"\p{L}{3}", stem) and not regex.search(r"[0-9a-f]{12}", stem):
        return stem
    if untitled:
        return stem or name
    from documents.sentences import sentences

    for span in sentences(text[:4000]):
        sentence = text[span.start : span.end]
        if not _is_furniture(sentence):
            return _shortened(sentence, _CUT_TITLE).replace("\n", " ")
    return stem or name


def _heading_of(text: str) -> str | None:
    """Return the line that a text begins with, where that can be a title."""
    lines = [line for line in text[:4000].split("\n") if line]
    at = next((at for at, line in enumerate(lines) if not _is_furniture(line)), len(lines))
    if at == len(lines) or len(lines[at]) > _MAX_TITLE or lines[at].endswith((".", ",", ";", ":")):
        return None
    heading, *more = lines[at:]
    # "AMENDMENT", "OF", "JOINT VENTURE AGREEMENT": a title that is set in lines.
    while heading.isupper() and more:
        joined = f"{heading} {more[0]}"
        joint = heading.split()[-1] in _JOINTS or more[0] in _JOINTS
        if not (joint and joined.isupper() and len(joined) <= _MAX_TITLE):
            break
        heading, more = joined, more[1:]
    return heading


def origin_of_title(title: str, text: str, hint: str | None) -> str:
    """Return where `title_of` found a title: "file" (its metadata), "text" or "name"."""
    words = title.removesuffix("…").rstrip()
    if hint and " ".join(hint.split()).startswith(words):
        return "file"
    return "text" if words in " ".join(text[:4000].split()) else "name"


def author_of(said: str | None) -> str | None:
    """Return who a file says wrote it, in one line; None where it names nobody, or a program."""
    named = _shortened(" ".join((said or "").split()), _MAX_TITLE)
    return None if not named or _NOBODY.fullmatch(named) else named


def by_line_of(text: str) -> str | None:
    """Return who wrote a text, where a line near its beginning says so.

    >>> by_line_of("date 2020-12-02 By Ayya Lmahamad\\n\\nA memorandum was signed.")
    'Ayya Lmahamad'
    """
    lines = [line for line in text[:4000].split("\n") if line][:_HEAD_LINES]
    found = next(filter(None, map(_BY_LINE.match, lines)), None)
    return str(found["name"]) if found else None


def _is_furniture(line: str) -> bool:
    """Tell whether a line is no title: a date, a by-line, a number."""
    if _DATELINE.match(line) or _ANNEX.fullmatch(line) or not regex.search(r"\p{L}{2}", line):
        return True
    return len(line) <= _LONE_DATE_CHARS and date_in(line) is not None


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[:limit].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def date_of(text: str, hint: str | None, sure: bool = False) -> str | None:
    """Return the ISO date a document is from, cut to its precision, or None.

    Args:
        text: canonical text.
        hint: what the file says of itself.
        sure: whether the hint is a date of publication; otherwise the text goes first.
    """
    if hint and sure:
        return hint
    lines = [line for line in text.split("\n") if line]
    for line in lines[:_HEAD_LINES] + lines[-_TAIL_LINES:]:
        stated = _DATELINE.match(line)
        if stated:
            return str(stated[1])
        if len(line) <= _LONE_DATE_CHARS:
            found = date_in(line)
            if found:
                return found
    for line in lines[:_PLACE_LINES]:
        place = _PLACE_LINE.match(line)
        if place and (found := date_in(place[0])):
            return found
    if _is_formal(text):
        return date_in(text[:_PREAMBLE_CHARS]) or hint
    return hint


def signed_of(text: str, kind: str) -> str | None:
    """Return the ISO date on which an agreement was signed, as its text says; else None."""
    return date_of(text, None) if kind in ("agreement", "memorandum") else None


def kind_of(text: str, title: str) -> str:
    """Return article, agreement, memorandum, minutes, report or other.

    The words that name the kind must stand in the title or the first short lines of something
    built like a document; an article about an agreement is an article.
    """
    head = "\n".join([title, *_first_lines(text)])
    if _is_formal(text):
        for kind, pattern in _NAMED_KINDS:
            if regex.search(pattern, head, regex.I):
                return kind
    return "article" if regex.search(r"\p{L}{3}", text) else "other"


def names_a_kind(line: str) -> bool:
    """Return whether a line names a kind of document: "Memorandum of understanding"."""
    return any(regex.search(pattern, line, regex.I) for _, pattern in _NAMED_KINDS)


def _first_lines(text: str) -> list[str]:
    """Return the lines before the first paragraph, at most five."""
    lines: list[str] = []
    for line in text[:2000].split("\n"):
        if len(line) > _HEADING_CHARS or len(lines) == _HEAD_LINES // 2:
            break
        if line:
            lines.append(line)
    return lines


def _is_formal(text: str) -> bool:
    """Tell whether a text has numbered clauses, or a heading in capitals that names a kind."""
    if len(_CLAUSE.findall(text)) >= 3:
        return True
    kinds = "|".join(pattern for _, pattern in _NAMED_KINDS)
    return any(line.isupper() and regex.search(kinds, line, regex.I) for line in _first_lines(text))
