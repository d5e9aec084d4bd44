"""One SQLite file with a generation's texts, passages, sentences and full-text index.

Written once by a build, then only read. Vectors of passages are FAISS's; those of sentences, which
are only looked up and never searched, are kept here in half precision.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from documents.document import Layer, Word
from index.cache import unpack
from index.errors import IndexCorrupt
from index.rows import DocumentRow, PassageRow, Related, SentenceRow

FORMAT: Final = 4


class Store:
    """An opened passages.sqlite. Reading is safe from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        self._connection = connection
        # A connection runs one statement at a time; rows are fetched while the lock is held.
        self._lock = threading.Lock()

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

    def revisions(self) -> dict[str, tuple[str, int]]:
        """Return what each file was when it was read: its revision and version of the reader."""
        rows = self._rows("SELECT DISTINCT file, revision, reader FROM documents")
        return {row["file"]: (row["revision"], row["reader"]) for row in rows}

    def documents(self) -> list[DocumentRow]:
        """Return the table of documents, by path."""
        related = self._related()
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
                related=tuple(related.get(row["path"], ())),
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

    def related(self, document: str) -> list[Related]:
        """Return the documents that say the same as this one, the surest first."""
        return self._related("WHERE d.path = ?", [document]).get(document, [])

    def _related(self, which: str = "", values: Sequence[Any] = ()) -> dict[str, list[Related]]:
        rows = self._rows(
            "SELECT d.path, o.path, o.title, o.language, r.relation, r.score FROM related r"
            " JOIN documents d ON d.id = r.document_id JOIN documents o ON o.id = r.other_id"
            f" {which} ORDER BY d.path, r.relation, r.score DESC, o.path",
            values,
        )
        found: dict[str, list[Related]] = {}
        for row in rows:
            path, *link = row
            found.setdefault(path, []).append(Related(*link))
        return found

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


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
