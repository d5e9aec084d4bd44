"""What a format's loader returns, before cleaning."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raw:
    """A file's text as its format gives it.

    Attributes:
        pages: text of each page; one string where the format has no pages.
        paged: whether the format has pages, and lines broken by their width.
        title: what the file says its title is, or None.
        date: ISO date that the file says of itself, cut to its precision, or None.
        date_is_sure: whether `date` is when the text was published, not when a file was made.
    """

    pages: list[str]
    paged: bool = False
    title: str | None = None
    date: str | None = None
    date_is_sure: bool = False
