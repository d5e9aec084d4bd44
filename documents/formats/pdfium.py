"""A second opinion on a PDF's text. The one home of pypdfium2.

It reads fonts that pypdf doesn't, opens files that pypdf can't, and is ten times as fast; pypdf
keeps reading order and paragraphs better. Runs in workers only: it is C++.
"""

from contextlib import closing
from typing import Any, Final, Self

import regex

from documents.errors import DocumentError
from documents.formats.columns import Piece

_LINE_END_HYPHEN: Final = regex.compile(r"[\x02\ufffe](?:\r?\n)?")
_IMAGE_SHARE: Final = 0.02  # of a page that has no text
_SCAN_SHARE: Final = 0.5  # of a page that has little text
_DEEPEST: Final = 3
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD
_INVISIBLE: Final = 3  # a text's rendering mode
_SMALLEST_PT: Final = 1.0
_WHITE: Final = 250  # of 255, in red, green and blue
_MOST_OBJECTS: Final = 50_000  # of a page that is looked through for hidden text

_MOST_PIECES: Final = 2_000  # of a page that is looked through for columns

_Box = tuple[float, float, float, float]


class Pdfium:
    """An opened PDF; a context manager.

    Raises:
        DocumentError: encrypted or corrupt.
    """

    def __init__(self, data: bytes) -> None:
        import pypdfium2

        try:
            self._file: Any = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _PASSWORD or "password" in str(error).lower():
                raise DocumentError(
                    "encrypted", "The PDF needs a password: save it without one."
                ) from error
            raise DocumentError("corrupt", f"The PDF is damaged ({error}).") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._file)

    def text(self, page: int) -> str:
        """Return the text of a page, counted from 0; none where the page is damaged."""
        import pypdfium2

        try:
            return _text(self._file[page])
        except (pypdfium2.PdfiumError, IndexError):
            return ""

    def width(self, page: int) -> float:
        """Return a page's width."""
        return float(self._file[page].get_width())

    def pieces(self, page: int) -> list[Piece]:
        """Return the pieces of lines on a page; none where it is damaged or has very many."""
        import pypdfium2

        try:
            with closing(self._file[page].get_textpage()) as opened:
                count = opened.count_rects()
                boxes: list[_Box] = [
                    opened.get_rect(number) for number in range(min(count, _MOST_PIECES))
                ]
                said = [(box, opened.get_text_bounded(*box).strip()) for box in boxes]
        except (pypdfium2.PdfiumError, IndexError):
            return []
        return [Piece(*box, text) for box, text in said if text] if count < _MOST_PIECES else []

    def shown(self, page: int) -> tuple[str, str] | None:
        """Return a page's text that can be seen, and what can't be; None where all can be.

        Not seen are: letters drawn invisibly, unless over a picture, where they are its
        recognised text; white ones on white; letters of less than a point; and what lies off the
        page. Inside forms only the first is looked for, as their places are their own.
        """
        import pypdfium2
        from pypdfium2 import raw

        try:
            opened = self._file[page]
            if raw.FPDFPage_CountObjects(opened) > _MOST_OBJECTS:
                return None
            hidden = _hidden(opened)
            unseen = _said(opened, hidden)
            if not regex.search(r"[\p{L}\p{N}]", unseen):
                return None
            for text in hidden:
                opened.remove_obj(text)
            return _text(opened), unseen
        except (pypdfium2.PdfiumError, IndexError):
            return None

    def is_picture(self, page: int) -> bool:
        """Tell whether a page without text, counted from 0, shows a picture."""
        from pypdfium2 import raw

        return self._covered(page, raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH) >= _IMAGE_SHARE

    def is_scan(self, page: int) -> bool:
        """Tell whether pictures cover most of a page."""
        from pypdfium2 import raw

        return self._covered(page, raw.FPDF_PAGEOBJ_IMAGE) >= _SCAN_SHARE

    def _covered(self, page: int, *kinds: int) -> float:
        """Return what share of a page objects cover; over 1 where they lie over each other."""
        import pypdfium2

        total = 0.0
        try:
            opened = self._file[page]
            area = opened.get_width() * opened.get_height()
            # A scan may be cut into strips, and letters may be drawn as paths: many small ones.
            for shape in opened.get_objects(filter=list(kinds), max_depth=_DEEPEST):
                left, bottom, right, top = shape.get_bounds()
                total += abs((right - left) * (top - bottom)) / area
        except (pypdfium2.PdfiumError, IndexError, ZeroDivisionError):
            pass
        return total


def _text(page: Any) -> str:
    with closing(page.get_textpage()) as opened:
        found: str = opened.get_text_bounded()
    return str(_LINE_END_HYPHEN.sub("-\n", found)).replace("\r\n", "\n")


def _hidden(page: Any) -> list[Any]:
    """Return the texts on a page that can't be seen."""
    from pypdfium2 import raw

    objects = list(page.get_objects(max_depth=_DEEPEST))
    texts = [each for each in objects if each.type == raw.FPDF_PAGEOBJ_TEXT]
    others = [each for each in objects if each.type != raw.FPDF_PAGEOBJ_TEXT]
    # A form's picture may lie anywhere: then all of the page counts as a picture.
    pictures = [
        each.get_bounds() if not each.level else page.get_bbox()
        for each in others
        if each.type == raw.FPDF_PAGEOBJ_IMAGE
    ]
    under: list[_Box] | None = None
    found = []
    for text in texts:
        if raw.FPDFTextObj_GetTextRenderMode(text) == _INVISIBLE:
            if not _is_over(text.get_bounds(), pictures):
                found.append(text)
        elif text.level:
            continue
        elif _is_off(text.get_bounds(), page.get_bbox()) or _is_tiny(text):
            found.append(text)
        elif _is_white(text):
            if under is None:
                under = [each.get_bounds() for each in others if _has_colour(each)]
            if not _is_over(text.get_bounds(), under):
                found.append(text)
    return found


def _said(page: Any, texts: list[Any]) -> str:
    if not texts:
        return ""
    with closing(page.get_textpage()) as opened:
        for text in texts:
            text.textpage = opened
        return "".join(text.extract() for text in texts)


def _is_over(box: _Box, others: list[_Box]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return any(left <= x <= right and bottom <= y <= top for left, bottom, right, top in others)


def _is_off(box: _Box, page: _Box) -> bool:
    return box[2] < page[0] or box[0] > page[2] or box[3] < page[1] or box[1] > page[3]


def _is_tiny(text: Any) -> bool:
    matrix = text.get_matrix()
    size = abs(text.get_font_size()) * (matrix.c**2 + matrix.d**2) ** 0.5
    left, bottom, right, top = text.get_bounds()
    # A font may count in other units, so what is seen has to be small as well.
    return bool(size < _SMALLEST_PT and min(right - left, top - bottom) < _SMALLEST_PT)


def _is_white(element: Any) -> bool:
    from ctypes import c_uint

    from pypdfium2 import raw

    parts = [c_uint() for _ in range(4)]
    known = raw.FPDFPageObj_GetFillColor(element, *parts)
    return bool(known and all(part.value >= _WHITE for part in parts[:3]))


def _has_colour(element: Any) -> bool:
    """Tell whether white letters can be seen on a path, picture, shading or form."""
    from ctypes import c_int

    from pypdfium2 import raw

    if element.level:
        return False  # its form counts
    if element.type != raw.FPDF_PAGEOBJ_PATH:
        return True
    fill, stroke = c_int(), c_int()
    raw.FPDFPath_GetDrawMode(element, fill, stroke)
    return bool(fill.value and not _is_white(element))
