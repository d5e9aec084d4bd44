"""How much one file may be, hold and unpack to. A file that is more costs itself only: "limit".

They hold for all that is read while they are held, in this process; a pool of workers takes those
along that held when it was made.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may be at most.

    Attributes:
        file_mb: its size.
        pages: of a PDF.
        text_chars: of its text.
        unpacked_mb: what an archive or a letter unpacks to, however it is nested.
        unpacked_files: how many files such a one holds.
        office_mb: what a Word, Excel, PowerPoint or OpenDocument file unpacks to.
        office_parts: how many parts such a file has.
        html_mb: the size of a web page.
        ocr_pages: how many pictures of its pages are read; the others are left.
        ocr_s: how long that takes; what isn't read by then is left.
    """

    file_mb: int = 50
    pages: int = 5_000
    text_chars: int = 20_000_000
    unpacked_mb: int = 128
    unpacked_files: int = 2_000
    office_mb: int = 64
    office_parts: int = 2_000
    html_mb: int = 20
    ocr_pages: int = 500
    ocr_s: int = 25

    @property
    def file_bytes(self) -> int:
        """Return the size that a file may have, in bytes."""
        return self.file_mb << 20


_held: ContextVar[Limits] = ContextVar("_held", default=Limits())  # noqa: B039  (never changed)


def limits() -> Limits:
    """Return the limits that hold here and now."""
    return _held.get()


@contextmanager
def holding(held: Limits) -> Iterator[None]:
    """Let other limits hold while the block runs."""
    token = _held.set(held)
    try:
        yield
    finally:
        _held.reset(token)
