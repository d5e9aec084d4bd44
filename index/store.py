"""One SQLite file with a generation's texts, passages, sentences and full-text index.

Written once by a build, then only read. Vectors of passages are FAISS's; those of sentences, which
are only looked up and never searched, are kept here in half precision.
"""

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from documents import Document, DocumentError, Passage, Span
from documents.document import Layer, Word, page_at
from index import lexical
from index.cache import pack, unpack
from index.errors import IndexCorrupt

FORMAT: Final = 3

_SCHEMA: Final = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    file TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    revision TEXT NOT NULL,
    reader INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    message TEXT,
    title TEXT,
    kind TEXT,
    language TEXT,
    date TEXT,
    page_starts TEXT,
    text TEXT,
    passages INTEGER NOT NULL DEFAULT 0,
    author TEXT,
    signed TEXT,
    origins TEXT NOT NULL DEFAULT '{}',
    unread TEXT NOT NULL DEFAULT '[]'
);
CREATE TABLE layers (
    document_id INTEGER NOT NULL REFERENCES documents,
    page INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (document_id, page)
) WITHOUT ROWID;
CREATE INDEX documents_file ON documents (file);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents,
    key TEXT NOT NULL,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL
);
CREATE INDEX passages_document ON passages (document_id);
CREATE INDEX passages_key ON passages (key);
CREATE TABLE sentences (
    passage_id INTEGER NOT NULL REFERENCES passages,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    vector BLOB NOT NULL,
    PRIMARY KEY (passage_id, start)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
    terms, content = '', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE words_rows USING fts5vocab (words, row);
"""


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


class Store:
    """An opened passages.sqlite. Reading is safe from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        self._connection = connection
        # A connection runs one statement at a time; rows are fetched while the lock is held.
        self._lock = threading.Lock()

    @classmethod
    def create(cls, path: Path) -> "Store":
        """Make an empty file, to be written."""
        store = cls.edit(path)
        store._connection.executescript(_SCHEMA)
        return store

    @classmethod
    def edit(cls, path: Path) -> "Store":
        """Open a file to be written: the copy that a build makes of the last generation."""
        connection = sqlite3.connect(path)
        # Until the generation is committed a crash only costs the copy.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        return cls(connection)

    @classmethod
    def read(cls, path: Path) -> "Store":
        """Open a committed file, which never changes."""
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        return cls(sqlite3.connect(uri, uri=True, check_same_thread=False))

    def close(self) -> None:
        """Close the file; what was written is in it."""
        self._connection.commit()
        self._connection.close()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        try:
            with self._lock:
                return self._connection.execute(sql, values).fetchall()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            # It was whole when it was opened: the disk has changed it since.
            raise IndexCorrupt(f"the index can't be read ({error}): run `folio index`") from error

    # Writing

    def add_failed(self, path: str, digest: str, error: DocumentError, file: Source) -> None:
        """Keep a document that couldn't be read, with its reason."""
        self._connection.execute(
            "INSERT INTO documents"
            " (path, file, sha256, revision, reader, state, reason, message, unread)"
            " VALUES (?, ?, ?, ?, ?, 'failed', ?, ?, ?)",
            (
                path,
                file.name,
                digest,
                file.revision,
                file.reader,
                error.reason,
                error.message,
                json.dumps(error.pages),
            ),
        )

    def add(
        self, path: str, digest: str, document: Document, passages: Sequence[Passage], file: Source
    ) -> list[int]:
        """Keep a document with its passages, and return their ids."""
        cursor = self._connection.execute(
            "INSERT INTO documents (path, file, sha256, revision, reader, state, message, title,"
            " kind, language, date, page_starts, text, passages, author, signed, origins, unread)"
            " VALUES (?, ?, ?, ?, ?, 'indexed', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                path,
                file.name,
                digest,
                file.revision,
                file.reader,
                " ".join(document.notes) or None,
                document.title,
                document.kind,
                document.language,
                document.date,
                json.dumps(document.page_starts),
                document.text,
                len(passages),
                document.author,
                document.signed,
                json.dumps(dict(document.origins)),
                json.dumps(document.unread),
            ),
        )
        self._connection.executemany(
            "INSERT INTO layers VALUES (?, ?, ?)",
            [
                (cursor.lastrowid, page, json.dumps(layer, ensure_ascii=False))
                for page, layer in document.recognised.items()
            ],
        )
        text_digest = sha256(document.text.encode()).hexdigest()
        ids = []
        for passage in passages:
            key = passage_key(text_digest, passage.start, passage.end)
            row = self._connection.execute(
                'INSERT INTO passages (document_id, key, start, "end") VALUES (?, ?, ?, ?)',
                (cursor.lastrowid, key, passage.start, passage.end),
            )
            assert row.lastrowid is not None  # noqa: S101  (sqlite3 types it as optional)
            self._connection.execute(
                "INSERT INTO words (rowid, terms) VALUES (?, ?)",
                (row.lastrowid, _indexed_terms(passage.text)),
            )
            ids.append(row.lastrowid)
        return ids

    def add_sentences(self, items: Iterable[tuple[int, Span, npt.NDArray[np.float32]]]) -> None:
        """Keep sentences: passage id, place in the document, vector."""
        self._connection.executemany(
            "INSERT INTO sentences VALUES (?, ?, ?, ?)",
            [(passage, span.start, span.end, pack(vector)) for passage, span, vector in items],
        )

    def remove(self, file: str) -> list[int]:
        """Forget a file's documents, and return the ids that their passages had."""
        passages = self._passages("d.file = ?", [file])
        # A contentless full-text table has to be told what it held.
        self._connection.executemany(
            "INSERT INTO words (words, rowid, terms) VALUES ('delete', ?, ?)",
            [(passage.id, _indexed_terms(passage.text)) for passage in passages],
        )
        ids = [passage.id for passage in passages]
        for sql in (
            "DELETE FROM sentences WHERE passage_id = ?",
            "DELETE FROM passages WHERE id = ?",
        ):
            self._connection.executemany(sql, [(passage_id,) for passage_id in ids])
        self._connection.execute(
            "DELETE FROM layers WHERE document_id IN (SELECT id FROM documents WHERE file = ?)",
            (file,),
        )
        self._connection.execute("DELETE FROM documents WHERE file = ?", (file,))
        return ids

    # Reading

    def revisions(self) -> dict[str, tuple[str, int]]:
        """Return what each file was when it was read: its revision and version of the reader."""
        rows = self._rows("SELECT DISTINCT file, revision, reader FROM documents")
        return {row["file"]: (row["revision"], row["reader"]) for row in rows}

    def documents(self) -> list[DocumentRow]:
        """Return the table of documents, by path."""
        return [
            DocumentRow(
                document=row["path"],
                title=row["title"],
                kind=row["kind"],
                language=row["language"],
                date=row["date"],
                pages=len(json.loads(row["page_starts"] or "[]")) or None,
                passages=row["passages"],
                state=row["state"],
                reason=row["reason"],
                message=row["message"],
                sha256=row["sha256"],
                author=row["author"],
                signed=row["signed"],
                origins=json.loads(row["origins"]),
                file=row["file"],
                recognised=json.loads(row["recognised"]),
                unread=json.loads(row["unread"]),
            )
            for row in self._rows(
                "SELECT path, title, kind, language, date, page_starts, passages, state, reason,"
                " message, sha256, author, signed, origins, file, unread,"
                " (SELECT json_group_array(page) FROM layers WHERE document_id = id) AS recognised"
                " FROM documents ORDER BY path"
            )
        ]

    def document_ids(self) -> list[tuple[int, str]]:
        """Return every document's id in this store and its path."""
        return [(row["id"], row["path"]) for row in self._rows("SELECT id, path FROM documents")]

    def allows(self, document: str) -> bool:
        """Return whether a document of this path could be here: any could."""
        return True

    def layer(self, document: str, page: int) -> Layer | None:
        """Return what was recognised on a page, counted from 1; None where its text is its own."""
        rows = self._rows(
            "SELECT words FROM layers JOIN documents ON id = document_id"
            " WHERE path = ? AND page = ?",
            [document, page],
        )
        return tuple(Word(*word) for word in json.loads(rows[0]["words"])) if rows else None

    def text(self, document: str) -> str | None:
        """Return a document's canonical text; None where there is no such document, or no text."""
        rows = self._rows("SELECT text FROM documents WHERE path = ?", [document])
        return rows[0]["text"] if rows else None

    def passage_count(self) -> int:
        """Return how many passages there are."""
        return int(self._rows("SELECT count(*) FROM passages")[0][0])

    def passage_ids(self) -> list[int]:
        """Return every passage's id."""
        return [row[0] for row in self._rows("SELECT id FROM passages")]

    def word_ids(self) -> list[int]:
        """Return the ids of the passages that the full-text index holds."""
        return [row[0] for row in self._rows("SELECT id FROM words_docsize")]

    def passage_languages(self) -> dict[str, list[int]]:
        """Return the ids of each language's passages."""
        rows = self._rows(
            "SELECT d.language, p.id FROM passages p JOIN documents d ON d.id = p.document_id"
        )
        found: dict[str, list[int]] = {}
        for row in rows:
            found.setdefault(row["language"], []).append(row["id"])
        return found

    def passage_ids_of(self, documents: Sequence[str]) -> list[int]:
        """Return the ids of these documents' passages."""
        rows = self._rows(
            "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id"
            " WHERE d.path IN (SELECT value FROM json_each(?)) ORDER BY p.id",
            [json.dumps(list(documents))],
        )
        return [row["id"] for row in rows]

    def passages(self, ids: Sequence[int]) -> list[PassageRow]:
        """Return passages by id, in the order asked for."""
        found = {row.id: row for row in self._passages(f"p.id IN ({_marks(ids)})", ids)}
        return [found[passage_id] for passage_id in ids]

    def languages(self, ids: Sequence[int]) -> dict[int, str]:
        """Return the languages of these passages."""
        rows = self._rows(
            "SELECT p.id, d.language FROM passages p JOIN documents d ON d.id = p.document_id"
            f" WHERE p.id IN ({_marks(ids)})",
            ids,
        )
        return {row["id"]: row["language"] for row in rows}

    def passages_by_key(self, key: str) -> list[PassageRow]:
        """Return the passages of this name; several where a file lies there twice."""
        return self._passages("p.key = ?", [key])

    def passages_of(self, document: str) -> list[PassageRow]:
        """Return a document's passages, in its order."""
        return self._passages("d.path = ?", [document])

    def _passages(self, condition: str, values: Sequence[Any]) -> list[PassageRow]:
        rows = self._rows(
            'SELECT p.id, p.key, p.start, p."end", d.path, d.title, d.language, d.date, d.kind,'
            ' d.page_starts, substr(d.text, p.start + 1, p."end" - p.start) AS text'
            f" FROM passages p JOIN documents d ON d.id = p.document_id WHERE {condition}"
            " ORDER BY d.path, p.start",
            values,
        )
        return [
            PassageRow(
                id=row["id"],
                key=row["key"],
                document=row["path"],
                title=row["title"],
                language=row["language"],
                date=row["date"],
                kind=row["kind"],
                page_starts=tuple(json.loads(row["page_starts"])),
                start=row["start"],
                end=row["end"],
                text=row["text"],
            )
            for row in rows
        ]

    def sentences(self, passage_ids: Sequence[int]) -> Iterator[SentenceRow]:
        """Yield the sentences that start in these passages."""
        rows = self._rows(
            'SELECT s.passage_id, s.start, s."end", s.vector,'
            ' substr(d.text, s.start + 1, s."end" - s.start) AS text FROM sentences s'
            " JOIN passages p ON p.id = s.passage_id JOIN documents d ON d.id = p.document_id"
            f" WHERE s.passage_id IN ({_marks(passage_ids)}) ORDER BY s.passage_id, s.start",
            passage_ids,
        )
        for row in rows:
            yield SentenceRow(
                passage_id=row["passage_id"],
                start=row["start"],
                end=row["end"],
                text=row["text"],
                vector=unpack(row["vector"]),
            )

    def sentence_vectors(
        self, passage_ids: Sequence[int]
    ) -> Iterator[tuple[int, npt.NDArray[np.float32]]]:
        """Yield the vector of each sentence that starts in these passages, with its passage."""
        rows = self._rows(
            f"SELECT passage_id, vector FROM sentences WHERE passage_id IN ({_marks(passage_ids)})",
            passage_ids,
        )
        for row in rows:
            yield row["passage_id"], unpack(row["vector"])

    def holding(self, terms: Sequence[str]) -> dict[str, int]:
        """Return how many passages hold each of these terms; those that none holds are left out."""
        rows = self._rows(
            f"SELECT term, doc FROM words_rows WHERE term IN ({_marks(terms)})", terms
        )
        return {row["term"]: row["doc"] for row in rows}

    def bm25(
        self, terms: Sequence[str], limit: int, among: Sequence[int] | None = None
    ) -> dict[int, float]:
        """Return passages that hold any of these terms: id → BM25 score, higher is better.

        Args:
            terms: as lexical.terms gives them.
            limit: how many at most.
            among: only these ids.
        """
        if not terms:
            return {}
        query = " OR ".join(f'"{term}"' for term in terms)
        # As one value: there may be more ids than a statement takes values.
        condition = "" if among is None else " AND rowid IN (SELECT value FROM json_each(?))"
        chosen = [] if among is None else [json.dumps(list(among))]
        rows = self._rows(
            f"SELECT rowid, rank FROM words WHERE words MATCH ?{condition} ORDER BY rank LIMIT ?",
            [query, *chosen, limit],
        )
        return {row["rowid"]: -row["rank"] for row in rows}


def passage_key(text_sha256: str, start: int, end: int) -> str:
    """Return the name of a passage, the same wherever and whenever this text is indexed."""
    return sha256(f"{text_sha256}:{start}:{end}".encode()).hexdigest()[:16]


def _indexed_terms(text: str) -> str:
    return " ".join(lexical.terms(text))


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
