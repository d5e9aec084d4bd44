"""Why a file can't be read.

DocumentError            a file costs itself only: its reason is kept, the rest is indexed
"""

from typing import Final

REASONS: Final = (
    "empty",
    "no_text",
    "garbled",
    "encrypted",
    "corrupt",
    "type_mismatch",
    "unsupported",
    "limit",
    "timeout",
    "memory",
    "dtd_forbidden",
    "unsafe_path",
    "binary",
)


class DocumentError(Exception):
    """A file that can't become a document.

    Args:
        reason: one of REASONS, for programs.
        message: a sentence for people that says what was found and what to do.
        pages: those, counted from 1, whose pictures may be recognised as text.
    """

    def __init__(self, reason: str, message: str, pages: tuple[int, ...] = ()) -> None:
        if reason not in REASONS:
            raise ValueError(f"{reason!r} is not one of {REASONS}")
        super().__init__(reason, message, pages)
        self.reason = reason
        self.message = message
        self.pages = pages

    def __str__(self) -> str:
        return self.message
