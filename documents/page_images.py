"""A page of a PDF as an image, with boxes on the words of a citation. The one home of pypdfium2.

Folio's text is pypdf's, cleaned; what is drawn is PDFium's. The two are brought together by their
letters and digits in order, and a place is told only where it is found as often on the drawn page
as in the text, so that the marked words are the right ones. Otherwise there is an image without
boxes, and the reader of the page shows the text. The words of a picture have the places where they
were recognised.

PDFium is C++ that gets untrusted files: call this in a worker (`documents.worker`).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import normalize

import regex

from documents.document import Layer
from documents.errors import DocumentError

# Sharp on a dense screen at the width of the panel; a page is about 100 kB.
_WIDTH_PX: Final = 1240
_MAX_HEIGHT_PX: Final = 4000
SCAN_DPI: Final = 300
"""Dots per inch that text recognition is made for."""

_SCAN_PIXELS: Final = 12_000_000  # A4 has 8.7 million
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
        recognised: whether the page's text was recognised in its picture.
        revision: differs where the file's bytes do; "" where nobody has said.
    """

    boxes: tuple[Box, ...]
    ratio: float
    pages: int
    recognised: bool = False
    revision: str = ""


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


def scan(
    data: bytes, page: int, turn: int = 0, dpi: int = SCAN_DPI
) -> tuple[bytes, int, tuple[int, int]]:
    """Return a page, counted from 1, as text recognition wants it: grey, large, a PGM.

    Args:
        turn: clockwise, in degrees: 0, 90, 180 or 270.
        dpi: dots per inch; fewer where the page is very large.

    Returns:
        The picture, its dots per inch, and its width and height in pixels.

    Raises:
        DocumentError: corrupt where the page can't be drawn.
    """
    with _opened(data, page) as (_, sheet):
        width, height = sheet.get_size()
        most = (_SCAN_PIXELS / (width * height)) ** 0.5
        scale = min(dpi / 72, most)
        bitmap = sheet.render(scale=scale, rotation=turn, grayscale=True)
        across, down, stride = bitmap.width, bitmap.height, bitmap.stride
        rows = memoryview(bitmap.buffer).cast("B")
        lines = (rows[start : start + across] for start in range(0, down * stride, stride))
        pixels = b"".join(lines)
        return b"P5 %d %d 255\n" % (across, down) + pixels, round(scale * 72), (across, down)


def locate(
    data: bytes, page: int, text: str, start: int, end: int, layer: Layer | None = None
) -> Place:
    """Find cited words on a page, counted from 1.

    Args:
        text: the page's canonical text.
        start, end: the cited characters in `text`.
        layer: the words that were recognised on the page, where its text comes from them.

    Raises:
        DocumentError: corrupt where the page can't be opened.
    """
    with _opened(data, page) as (pdf, sheet):
        width, height = sheet.get_size()
        boxes: list[Box] = []
        if end > start:
            characters, box_of = _printed(sheet) if layer is None else _recognised(layer)
            found = _places(characters, text, start, end)
            boxes = _lines([box_of(at) for at in found])
        return Place(tuple(boxes), height / width, len(pdf), layer is not None)


_Printed = tuple[list[str], Callable[[int], Box]]
"""A page's characters, and what tells where the one of a number stands."""


def _printed(sheet: Any) -> _Printed:
    textpage = sheet.get_textpage()
    # One by one: the index of a character is what its box is asked for by.
    characters = [_character(textpage, at) for at in range(textpage.count_chars())]
    return characters, lambda at: _box(textpage.get_charbox(at, loose=True), sheet)


def _recognised(layer: Layer) -> _Printed:
    places = [word for word in layer for _ in word.text + word.after]
    characters = [each for word in layer for each in word.text + word.after]
    return characters, lambda at: Box(*places[at][2:])


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


def _places(characters: list[str], text: str, start: int, end: int) -> list[int]:
    """Return which of a page's characters are those cited; none where that isn't sure."""
    drawn, places = _letters(characters)
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
    while first > 0 and characters[first - 1] in _OPENING:
        first -= 1
    while last + 1 < len(characters) and characters[last + 1] in _CLOSING:
        last += 1
    return [place for place in range(first, last + 1) if not characters[place].isspace()]


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
