"""A store that is being written: the copy that a build makes of the last generation's.

Nobody else sees it before it is committed, so a crash costs no more than the copy.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from documents import Document, DocumentError, Passage, Span
from index import lexical
from index.cache import pack
from index.rows import Source, passage_key
from index.store import Store

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
CREATE TABLE sketches (
    hash INTEGER NOT NULL,
    document_id INTEGER NOT NULL REFERENCES documents,
    PRIMARY KEY (hash, document_id)
) WITHOUT ROWID;
CREATE INDEX sketches_document ON sketches (document_id);
CREATE TABLE related (
    document_id INTEGER NOT NULL REFERENCES documents,
    other_id INTEGER NOT NULL REFERENCES documents,
    relation TEXT NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (document_id, other_id)
) WITHOUT ROWID;
CREATE INDEX related_other ON related (other_id);
CREATE VIRTUAL TABLE words USING fts5 (
    terms, content = '', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE VIRTUAL TABLE words_rows USING fts5vocab (words, row);
"""


_CACHE_KB: Final = 64 * 1024


class Draft(Store):
    """A passages.sqlite to be written, and read meanwhile."""

    @classmethod
    def create(cls, path: Path) -> "Draft":
        """Make an empty file, to be written."""
        store = cls.edit(path)
        store._connection.executescript(_SCHEMA)
        return store

    @classmethod
    def edit(cls, path: Path) -> "Draft":
        """Open a file to be written: the copy that a build makes of the last generation."""
        connection = sqlite3.connect(path)
        # Until the generation is committed a crash only costs the copy.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
        return cls(connection)

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
        ours = "IN (SELECT id FROM documents WHERE file = ?)"
        for sql in (
            f"DELETE FROM layers WHERE document_id {ours}",
            f"DELETE FROM sketches WHERE document_id {ours}",
            f"DELETE FROM related WHERE document_id {ours}",
            f"DELETE FROM related WHERE other_id {ours}",
            "DELETE FROM documents WHERE file = ?",
        ):
            self._connection.execute(sql, (file,))
        return ids

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[sqlite3.Row]:
        """Run one statement, and return its rows."""
        return self._rows(sql, values)

    def text_of(self, document: int) -> str:
        """Return the text of a document by its id."""
        [row] = self._rows("SELECT text FROM documents WHERE id = ?", [document])
        return str(row["text"])


def _indexed_terms(text: str) -> str:
    return " ".join(lexical.terms(text))
