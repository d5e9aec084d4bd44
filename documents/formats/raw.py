"""What a format's loader returns: text before cleaning, or the files that a file holds."""

from dataclasses import dataclass

from documents.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Raw:
    """A file's text as its format gives it.

    Attributes:
        pages: text of each page; one string where the format has no pages.
        paged: whether the format has pages.
        wrapped: whether lines are broken by the page's width; None where the lines have to tell.
        title: what the file says its title is, or None.
        untitled: whether the text doesn't begin with a title, as a table doesn't.
        author: who the file says wrote it, or None.
        date: ISO date that the file says of itself, cut to its precision, or None.
        date_is_sure: whether `date` is when the text was published, not when a file was made.
        kind: what kind of document it is where the format settles that.
        notes: what people should know of this reading, a sentence each.
        recognised: the pages, counted from 1, whose text was recognised in their picture.
        unread: the pages, counted from 1, that show something of which no text was had.
    """

    pages: list[str]
    paged: bool = False
    wrapped: bool | None = None
    title: str | None = None
    untitled: bool = False
    author: str | None = None
    date: str | None = None
    date_is_sure: bool = False
    kind: str | None = None
    notes: tuple[str, ...] = ()
    recognised: tuple[int, ...] = ()
    unread: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside another one.

    Attributes:
        name: its path inside, with "/"; never one that leads out.
        data: its bytes; none where `error` says why they can't be had.
    """

    name: str
    data: bytes
    error: DocumentError | None = None


@dataclass(slots=True)
class Room:
    """What one file may still unpack to, however its archives are nested."""

    bytes_left: int
    members_left: int
    is_full: bool = False

    def check(self, size: int) -> None:
        """Refuse an archive that tells to be too large.

        Raises:
            DocumentError: limit.
        """
        if size > self.bytes_left:
            self._refuse()

    def take_bytes(self, size: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            DocumentError: limit.
        """
        self.bytes_left -= size
        if self.bytes_left < 0:
            self._refuse()

    def take_members(self, count: int) -> None:
        """Count members.

        Raises:
            DocumentError: limit.
        """
        self.members_left -= count
        if self.members_left < 0:
            self._refuse()

    def _refuse(self) -> None:
        self.is_full = True
        raise DocumentError(
            "limit", "The archive holds more than can be read: put its files in one by one."
        )
