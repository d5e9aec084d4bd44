"""What a format's loader returns, before cleaning."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raw:
    """A file's text as its format gives it.

    Attributes:
        pages: text of each page; one string where the format has no pages.
        paged: whether the format has pages.
        wrapped: whether lines are broken by the page's width; None where the lines have to tell.
        title: what the file says its title is, or None.
        author: who the file says wrote it, or None.
        date: ISO date that the file says of itself, cut to its precision, or None.
        date_is_sure: whether `date` is when the text was published, not when a file was made.
        notes: what people should know of this reading, a sentence each.
    """

    pages: list[str]
    paged: bool = False
    wrapped: bool | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    date_is_sure: bool = False
    notes: tuple[str, ...] = ()
