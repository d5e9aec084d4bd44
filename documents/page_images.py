"""A page of a PDF as an image, with boxes on the words of a citation. The one home of pypdfium2.

Folio's text is pypdf's, cleaned; what is drawn is PDFium's. The two are brought together by their
letters and digits in order, and a place is told only where it is found as often on the drawn page
as in the text, so that the marked words are the right ones. Otherwise there is an image without
boxes, and the reader of the page shows the text.

PDFium is C++ that gets untrusted files: call this in a worker (`documents.worker`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize

import regex

from documents.errors import DocumentError

# Sharp on a dense screen at the width of the panel; a page is about 100 kB.
_WIDTH_PX: Final = 1240
_MAX_HEIGHT_PX: Final = 4000
_OPENING: Final = "“„«\"'(["
_CLOSING: Final = ".,;:!?…”“»\"')]"
_UNSEEN: Final = regex.compile(r"[^\p{L}\p{N}]")


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the page, in shares of its width and height; 0, 0 is the upper left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Place:
    """Where cited words stand on a page.

    Attributes:
        boxes: one a line; empty where the words can't be told for sure.
        ratio: the page's height by its width.
        pages: how many the document has.
    """

    boxes: tuple[Box, ...]
    ratio: float
    pages: int


def draw(data: bytes, page: int) -> bytes:
    """Return a page, counted from 1, as a PNG.

    Raises:
        DocumentError: corrupt where the page can't be drawn.
    """
    from io import BytesIO

    with _opened(data, page) as (_, sheet):
        width, height = sheet.get_size()
        scale = min(_WIDTH_PX / width, _MAX_HEIGHT_PX / height)
        png = BytesIO()
        # Letters on white: few shades say as much as all, and less compressing is enough.
        sheet.render(scale=scale).to_pil().convert("RGB").save(png, "PNG", compress_level=2)
        return png.getvalue()


def locate(data: bytes, page: int, text: str, start: int, end: int) -> Place:
    """Find cited words on a page, counted from 1.

    Args:
        text: the page's canonical text.
        start, end: the cited characters in `text`.

    Raises:
        DocumentError: corrupt where the page can't be opened.
    """
    with _opened(data, page) as (pdf, sheet):
        width, height = sheet.get_size()
        found = _places(sheet.get_textpage(), text, start, end) if end > start else []
        boxes = _lines([_box(corners, sheet) for corners in found])
        return Place(tuple(boxes), height / width, len(pdf))


@contextmanager
def _opened(data: bytes, page: int) -> Iterator[tuple[Any, Any]]:
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
        if not 1 <= page <= len(pdf):
            raise DocumentError("corrupt", f"The PDF has {len(pdf)} pages; there is no {page}.")
        yield pdf, pdf[page - 1]
    except pypdfium2.PdfiumError as error:
        raise DocumentError("corrupt", f"The PDF can't be drawn ({error}).") from error


_Corners = tuple[float, float, float, float]
"""Left, bottom, right and top in the page's own units."""


def _places(textpage: Any, text: str, start: int, end: int) -> list[_Corners]:
    """Return where each of the cited characters is drawn; nothing where that isn't sure."""
    count = textpage.count_chars()
    # One by one: the index of a character is what its box is asked for by.
    drawn, places = _letters([_character(textpage, at) for at in range(count)])
    wanted, _ = _letters(list(text[start:end]))
    before, _ = _letters(list(text[:start]))
    whole, _ = _letters(list(text))
    if not wanted or _count(wanted, whole) != _count(wanted, drawn):
        return []
    at = -1
    for _ in range(_count(wanted, whole[: len(before) + len(wanted)])):
        at = drawn.find(wanted, at + 1)
    first, last = places[at], places[at + len(wanted) - 1]
    # A sentence's full stop and quotation marks stand outside of its letters.
    while first > 0 and _character(textpage, first - 1) in _OPENING:
        first -= 1
    while last + 1 < count and _character(textpage, last + 1) in _CLOSING:
        last += 1
    return [
        textpage.get_charbox(place, loose=True)
        for place in range(first, last + 1)
        if not _character(textpage, place).isspace()
    ]


def _character(textpage: Any, at: int) -> str:
    import pypdfium2.raw as pdfium

    code = pdfium.FPDFText_GetUnicode(textpage.raw, at)
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "


def _letters(characters: list[str]) -> tuple[str, list[int]]:
    """Return letters and digits without marks and ligatures, and where each comes from."""
    letters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(characters):
        for letter in _UNSEEN.sub("", normalize("NFKD", character)):
            letters.append(letter)
            places.append(place)
    return "".join(letters), places


def _count(wanted: str, text: str) -> int:
    """Return how often `wanted` begins in `text`, overlaps counted."""
    count, at = 0, text.find(wanted)
    while at >= 0:
        count, at = count + 1, text.find(wanted, at + 1)
    return count


def _box(corners: _Corners, sheet: Any) -> Box:
    left, bottom, right, top = corners
    (x1, y1), (x2, y2) = _on_image(sheet, left, top), _on_image(sheet, right, bottom)
    return Box(min(x1, x2), min(y1, y2), abs(x2 - x1), abs(y2 - y1))


def _on_image(sheet: Any, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the page is drawn, whatever is cut off or turned."""
    import ctypes

    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    size = 1_000_000
    pdfium.FPDF_PageToDevice(sheet.raw, 0, 0, size, size, 0, x, y, across, down)
    return across.value / size, down.value / size


def _lines(boxes: list[Box]) -> list[Box]:
    """Join the boxes of characters that stand in one line."""
    lines: list[Box] = []
    for box in boxes:
        if lines and _same_line(lines[-1], box):
            last = lines[-1]
            left, top = min(last.left, box.left), min(last.top, box.top)
            right = max(last.left + last.width, box.left + box.width)
            bottom = max(last.top + last.height, box.top + box.height)
            lines[-1] = Box(left, top, right - left, bottom - top)
        elif box.width and box.height:
            lines.append(box)
    return lines


def _same_line(line: Box, box: Box) -> bool:
    middle = box.top + box.height / 2
    return line.top <= middle <= line.top + line.height and box.left >= line.left
