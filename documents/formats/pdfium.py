"""A second opinion on a PDF's text. The one home of pypdfium2.

It reads fonts that pypdf doesn't, opens files that pypdf can't, and is ten times as fast; pypdf
keeps reading order and paragraphs better. Runs in workers only: it is C++.
"""

from types import TracebackType
from typing import Any, Final, Self

import regex

from documents.errors import DocumentError

_LINE_END_HYPHEN: Final = regex.compile(r"[\x02\ufffe](?:\r?\n)?")
_IMAGE_SHARE: Final = 0.02  # of a page that has no text
_DEEPEST: Final = 3
_PASSWORD: Final = 4  # FPDF_ERR_PASSWORD


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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()

    def __len__(self) -> int:
        return len(self._file)

    def text(self, page: int) -> str:
        """Return the text of a page, counted from 0; none where the page is damaged."""
        import pypdfium2

        try:
            found: str = self._file[page].get_textpage().get_text_bounded()
        except (pypdfium2.PdfiumError, IndexError):
            return ""
        return str(_LINE_END_HYPHEN.sub("-\n", found)).replace("\r\n", "\n")

    def is_picture(self, page: int) -> bool:
        """Tell whether a page without text, counted from 0, shows a picture."""
        import pypdfium2
        from pypdfium2 import raw

        try:
            opened = self._file[page]
            area = opened.get_width() * opened.get_height()
            for picture in opened.get_objects(filter=_pictures(raw), max_depth=_DEEPEST):
                left, bottom, right, top = picture.get_bounds()
                if abs((right - left) * (top - bottom)) >= _IMAGE_SHARE * area:
                    return True
        except (pypdfium2.PdfiumError, IndexError):
            return False
        return False


def _pictures(raw: Any) -> list[int]:
    """Return the kinds of objects that show something without letters: scans, and drawings."""
    return [raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH]
