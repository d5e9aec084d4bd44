"""What a generation holds: documents, passages and sentences as they come out of its store."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from documents.document import page_at

Relation = Literal["duplicate", "translation"]
"""How documents are related: nearly the same words, or the same in another language."""


class Source(NamedTuple):
    """The file that a document came in.

    Attributes:
        name: its path under documents/, with "/".
        revision: changes when the file or its sidecar does.
        reader: the version of the reader that read it.
    """

    name: str
    revision: str
    reader: int


@dataclass(frozen=True, slots=True)
class Related:
    """Another document that says the same.

    Attributes:
        document: its path, with its title and language.
        score: how surely, 0 to 1; comparable within one relation only.
    """

    document: str
    title: str
    language: str
    relation: Relation
    score: float


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document of the library, read or not.

    Attributes:
        document: the path under documents/, with "/".
        pages: how many, None where the format has none.
        passages: how many.
        state: indexed or failed.
        reason: a code of documents.errors.REASONS where it failed.
        message: the reason in words; of a document that is indexed, what is to be known of how it
            was read, or None.
        sha256: of the document's bytes.
        author: who wrote it, where that was found.
        signed: when an agreement was signed.
        origins: where title, author, language, dates and kind were found: name → "file", "text",
            "name" or "sidecar".
        file: the file under documents/ that it is in: itself, or an archive or letter.
        recognised: the pages, counted from 1, whose text was recognised in their picture.
        unread: the pages, counted from 1, that show something of which no text was had.
        related: documents that say the same, the surest first.
    """

    document: str
    title: str | None
    kind: str | None
    language: str | None
    date: str | None
    pages: int | None
    passages: int
    state: Literal["indexed", "failed"]
    reason: str | None
    message: str | None
    sha256: str
    author: str | None = None
    signed: str | None = None
    origins: dict[str, str] = field(default_factory=dict)
    file: str = ""
    recognised: list[int] = field(default_factory=list)
    unread: list[int] = field(default_factory=list)
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class PassageRow:
    """A passage with what its citation says of the document.

    Attributes:
        id: its number in this generation.
        key: its name in every generation that has this text at this place.
        page_starts: as Document has them.
        text: `document's text[start:end]`.
    """

    id: int
    key: str
    document: str
    title: str
    language: str
    date: str | None
    kind: str
    page_starts: tuple[int, ...]
    start: int
    end: int
    text: str

    def page_at(self, offset: int) -> int | None:
        """Return the page of the document that holds `offset`, counted from 1."""
        return page_at(self.page_starts, offset)


@dataclass(frozen=True, slots=True)
class SentenceRow:
    """A sentence with its (dimension,) float32 vector; offsets count in the document's text."""

    passage_id: int
    start: int
    end: int
    text: str
    vector: npt.NDArray[np.float32]


def passage_key(text_sha256: str, start: int, end: int) -> str:
    """Return the name of a passage, the same wherever and whenever this text is indexed."""
    return sha256(f"{text_sha256}:{start}:{end}".encode()).hexdigest()[:16]
