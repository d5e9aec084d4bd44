"""PDF → text page by page. The one home of pypdf.

Leaves out attachments, and what pictures show: a scan without a text layer is "no_text", unless its
pages were recognised before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from unicodedata import normalize

import regex

from documents.errors import DocumentError
from documents.formats.columns import in_columns
from documents.formats.fields import filled
from documents.formats.pdfium import Pdfium
from documents.formats.raw import Raw
from documents.limits import limits

# Private use, replacement and control characters, and glyphs' numbers in place of letters.
_UNREADABLE: Final = regex.compile(r"[\ufffd\p{Co}\x00-\x08\x0e-\x1f]|\(cid:\d+\)|/g\d+\b")
_GARBLED_SHARE: Final = 0.2
_TOKEN: Final = regex.compile(r"\S+")
_CASED_WORD: Final = regex.compile(
    r"\P{L}*(?:\p{Lu}?[\p{Ll}\p{M}'’-]+|[\p{Lu}\p{M}'’-]+)(?:[-–/.'’\p{L}]*)\P{L}*"
)
_VOWEL: Final = regex.compile(r"[aeiouyəıаеиоуыэюяіїєα-ωά-ώ]")
_OTHER_SCRIPT: Final = regex.compile(r"[^\p{Latin}\p{Cyrillic}\p{Greek}\p{P}\p{S}\p{N}\p{M}\s]")
_MIXABLE: Final = ("Latin", "Cyrillic", "Greek")
_SAMPLE_CHARS: Final = 20_000
_IDEOGRAPHS: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Bopomofo}]+")
_SHORT_CHARS: Final = 200
# What pypdf may be given of one file: 5 to 12 s of 20, at 1 to 2.3 µs a byte. A count and not a
# clock, so that the same bytes give the same text on a busy machine.
_MOST_BYTES: Final = 5_000_000
_PAGE_BYTES: Final = 10_000  # what a page costs besides: its fonts
_FORMS_DEEP: Final = 3
_FEWEST_LINES: Final = 5  # that may be two columns side by side
_FEW_LETTERS: Final = 60  # beside a large picture they are a stamp, a number or a caption
_MORE: Final = 2  # times as many letters in the picture: then it is the page's text
_PDF_DATE: Final = regex.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


def load(data: bytes, recognised: Mapping[int, str] | None = None) -> Raw:
    """Return the text of a PDF's pages; title, author and date as its metadata has them.

    Each page is pypdf's, unless that is empty or can't be words: then PDFium's, if it is better.
    Pages that neither can read are left empty, and noted.

    Args:
        recognised: page, counted from 1 → what was recognised in its picture, where that was tried.

    Raises:
        DocumentError: encrypted, limit, no_text, garbled, or corrupt.
    """
    try:
        reader = _opened(data)
    except DocumentError as error:
        if error.reason == "limit":
            raise
        reader, failure = None, error
    try:
        with Pdfium(data) as second:
            if len(second) > limits().pages:
                raise _too_long(len(second))
            found = _read(reader, second)
    except DocumentError as error:
        if reader is None:
            raise failure if error.reason == "corrupt" else error from None
        if error.reason == "limit":
            raise
        found = _Pages(_texts(reader))
    found.take(recognised or {})
    _check(found)
    title, author, date = _metadata(reader) if reader is not None else (None, None, None)
    return Raw(
        found.texts,
        paged=True,
        wrapped=True,
        title=title,
        author=author,
        date=date,
        notes=found.notes(),
        recognised=tuple(found.recognised),
        unread=found.unread(),
    )


@dataclass(slots=True)
class _Pages:
    """The pages' texts, and the numbers, from 1, of those that something is to be said of."""

    texts: list[str]
    pictures: list[int] = field(default_factory=list)
    garbled: list[int] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)
    mostly_pictures: list[int] = field(default_factory=list)
    by_second: list[int] = field(default_factory=list)
    hidden: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    in_vain: list[int] = field(default_factory=list)

    def notes(self) -> tuple[str, ...]:
        """Return what people should know of these pages."""
        said = (
            (self.recognised, "text recognised in a picture"),
            (self.in_vain, "a picture without text that can be recognised"),
            (self._left(self.pictures), "no text, only a picture"),
            (self._left(self.mostly_pictures), "a picture with little text"),
            (self._left(self.garbled), "letters that can't be told"),
            (self.blank, "no text"),
            (self.by_second, "read by PDFium"),
            (self.hidden, "text that can't be seen is left out"),
        )
        return tuple(f"{_named(numbers)}: {what}." for numbers, what in said if numbers)

    def unread(self) -> tuple[int, ...]:
        """Return the pages that show something of which no text was had."""
        shown = {*self.pictures, *self.mostly_pictures, *self.garbled}
        return tuple(sorted(shown.difference(self.recognised)))

    def take(self, recognised: Mapping[int, str]) -> None:
        """Take over what was recognised in the pictures of unread pages."""
        for page in self.unread():
            text = recognised.get(page)
            if text is None:
                continue
            letters = len(_letters(text))
            if letters and letters >= _MORE * len(_letters(self.texts[page - 1])):
                self.texts[page - 1] = text
                self.recognised.append(page)
            else:
                self.in_vain.append(page)

    def _left(self, numbers: list[int]) -> list[int]:
        return [page for page in numbers if page not in (*self.recognised, *self.in_vain)]


def _opened(data: bytes) -> Any:
    from io import BytesIO

    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("encrypted", "The PDF needs a password: save it without one.")
        count = len(reader.pages)
    except (DocumentError, MemoryError):
        raise
    except (DependencyError, NotImplementedError) as error:
        raise DocumentError(
            "encrypted", f"The PDF is protected in a way that can't be opened ({error})."
        ) from error
    except Exception as error:  # pypdf raises many types on damaged files
        raise _corrupt(error) from error
    if count > limits().pages:
        raise _too_long(count)
    return reader


def _too_long(count: int) -> DocumentError:
    return DocumentError("limit", f"The PDF has {count} pages; {limits().pages} can be read.")


def _read(reader: Any, second: Pdfium) -> _Pages:
    """Return the pages' texts by the better reader."""
    left = _MOST_BYTES
    found = _Pages([])
    named: set[str] = set()
    for number in range(len(second)):
        # A long book is read in time: what is too much for pypdf is PDFium's.
        left -= _cost(reader, number) if reader is not None and left > 0 else 0
        text = _text(reader, number) if reader is not None and left > 0 else ""
        shown = second.shown(number)
        if shown is not None:
            found.hidden.append(number + 1)
            text = _without(text, *shown)
        elif not _is_readable(text):
            other = second.text(number)
            if _is_readable(other) or (other.strip() and not text.strip()):
                text = other
                found.by_second.append(number + 1)
        text = _in_order(text, number, second)
        is_garbled = bool(text.strip()) and not _is_readable(text)
        if is_garbled and len(text) >= _SHORT_CHARS:
            text = ""
        fields = filled(reader, number, named) if reader is not None else []
        text = "\n\n".join([text, *fields])
        if is_garbled:
            found.garbled.append(number + 1)
        elif not text.strip():
            shows = second.is_picture(number)
            (found.pictures if shows else found.blank).append(number + 1)
        elif len(_letters(text)) < _FEW_LETTERS and second.is_scan(number):
            found.mostly_pictures.append(number + 1)
        found.texts.append(text)
    return found


def _in_order(text: str, number: int, second: Pdfium) -> str:
    """Return a page's text, column by column where it goes to and fro between two."""
    if text.count("\n") < _FEWEST_LINES:
        return text
    letters = _letters(text)
    width = second.width(number)
    lines = in_columns(second.pieces(number), width, lambda line: letters.find(_letters(line)))
    # Nothing may be lost: only the order is another.
    ordered = "\n".join(lines or ())
    return ordered if lines and sorted(_letters(ordered)) == sorted(letters) else text


def _without(text: str, seen: str, unseen: str) -> str:
    """Return pypdf's lines but for those that can't be seen; PDFium's where that can't be told."""
    letters, others = _letters(seen), _letters(unseen)
    kept = [line for line in text.split("\n") if not _is_among(_letters(line), others, letters)]
    found = sorted(_letters("".join(kept)))
    return "\n".join(kept) if found == sorted(letters) else seen


def _is_among(line: str, unseen: str, seen: str) -> bool:
    return bool(line) and line in unseen and line not in seen


def _letters(text: str) -> str:
    return str(regex.sub(r"[^\p{L}\p{N}]+", "", normalize("NFKC", text)))


def _is_readable(text: str) -> bool:
    return bool(text.strip()) and not _is_garbled(text)


def _named(numbers: list[int]) -> str:
    """Return pages as people name them.

    >>> _named([1, 3, 4, 5])
    'Pages 1, 3–5'
    """
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][1] == number - 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    said = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in parts)
    return f"Page{'s' * (len(numbers) > 1)} {said}"


def _check(found: _Pages) -> None:
    """Refuse a PDF without a readable page."""
    text = "".join(found.texts)
    if (text.strip() and _is_garbled(text)) or (found.garbled and not text.strip()):
        raise DocumentError(
            "garbled",
            "The PDF's fonts don't say which letters they show: export it again.",
            found.unread(),
        )
    if not text.strip():
        said = ["The PDF has no text that can be read."]
        if found.pictures:
            said = list(found.notes())
            if not found.in_vain:
                said.append("Install tesseract, or run text recognition on it first.")
        raise DocumentError("no_text", " ".join(said), found.unread())


def _is_garbled(text: str) -> bool:
    """Tell whether most of the text can't be words of any language."""
    visible = len("".join(text.split()))
    if len("".join(_UNREADABLE.findall(text))) > _GARBLED_SHARE * visible:
        return True
    words = [token for token in _TOKEN.findall(text[:_SAMPLE_CHARS]) if _has_letters(token)]
    if not words:
        return len(regex.findall(r"[\p{L}\p{N}]", text)) * 2 < visible
    return sum(_is_word(word) for word in words) * 2 < len(words)


def _has_letters(token: str) -> bool:
    return len(regex.findall(r"\p{L}", token)) >= 2


def _is_word(token: str) -> bool:
    """Tell whether a token has capitals where words have them, a vowel, and one script."""
    if _IDEOGRAPHS.search(token):  # written without spaces, also around other scripts
        return all(_is_word(part) for part in _IDEOGRAPHS.split(token) if _has_letters(part))
    if _OTHER_SCRIPT.search(token):
        scripts = [regex.search(rf"\p{{{script}}}", token) for script in _MIXABLE]
        return all(found is None for found in scripts) and not regex.match(r"\p{M}", token)
    letters = normalize("NFD", token.lower())
    return _CASED_WORD.fullmatch(token) is not None and (
        len(token) <= 6 or _VOWEL.search(letters) is not None or token.isupper()
    )


def _corrupt(error: Exception) -> DocumentError:
    return DocumentError("corrupt", f"The PDF is damaged ({type(error).__name__}: {error}).")


def _texts(reader: Any) -> list[str]:
    """Return the pages' texts by pypdf alone, where PDFium can't open the file."""
    return [_text(reader, number) for number in range(len(reader.pages))]


def _text(reader: Any, number: int) -> str:
    try:
        return str(reader.pages[number].extract_text())
    except MemoryError:
        raise
    except Exception:  # a damaged page costs itself only
        return ""


def _cost(reader: Any, number: int) -> int:
    """Return how many bytes pypdf has to go through for a page."""
    try:
        page = reader.pages[number]
        content = page.get_contents()
        own = len(content.get_data()) if content is not None else 0
        return _PAGE_BYTES + own + _bytes_of_forms(page, _FORMS_DEEP, set())
    except MemoryError:
        raise
    except Exception:  # a damaged page, which pypdf gives up at once
        return _PAGE_BYTES


def _bytes_of_forms(holder: Any, deep: int, seen: set[int]) -> int:
    """Return the bytes of what a page draws from forms, which may draw forms."""
    try:
        drawn = holder["/Resources"]["/XObject"]
    except KeyError:
        return 0
    total = 0
    for form in (drawn[name] for name in drawn):
        if deep and form.get("/Subtype") == "/Form" and id(form) not in seen:
            seen.add(id(form))
            total += len(form.get_data())
            total += _bytes_of_forms(form, deep - 1, seen)
    return total


def _metadata(reader: Any) -> tuple[str | None, str | None, str | None]:
    try:
        metadata = reader.metadata or {}
        title = str(metadata.get("/Title") or "").strip() or None
        author = str(metadata.get("/Author") or "").strip() or None
        found = _PDF_DATE.match(str(metadata.get("/CreationDate") or ""))
    except MemoryError:
        raise
    except Exception:  # metadata is a hint; without it the text tells
        return None, None, None
    return title, author, "-".join(found.groups()) if found else None
