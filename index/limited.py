"""A generation of which only some documents are there: for who may not read all of a library.

Whoever has a limited generation can't see anything else by any way, since it is the tables
themselves that are smaller: search, citations, lists and counts need no care of their own. Only the
lengths and frequencies in FTS5's own BM25 are those of the whole library; a word that no readable
passage has finds nothing all the same.
"""

import itertools
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from index.generation import Generation
from index.store import Store
from index.vectors import Vectors

# Reads a document's path, and says whether it is there.
Allows = Callable[[str], bool]

_numbers: Final = itertools.count()
# Each stands in the place of the table of that name, in any statement that begins with this.
_TABLES: Final = """
    WITH documents AS NOT MATERIALIZED (
        SELECT * FROM main.documents WHERE id IN (SELECT id FROM temp.{seen})
    ), passages AS NOT MATERIALIZED (
        SELECT * FROM main.passages WHERE document_id IN (SELECT id FROM temp.{seen})
    ), sketches AS NOT MATERIALIZED (
        SELECT * FROM main.sketches WHERE document_id IN (SELECT id FROM temp.{seen})
    ), related AS NOT MATERIALIZED (
        SELECT * FROM main.related WHERE document_id IN (SELECT id FROM temp.{seen})
        AND other_id IN (SELECT id FROM temp.{seen})
    ), sentences AS NOT MATERIALIZED (
        SELECT * FROM main.sentences WHERE passage_id IN (
            SELECT id FROM main.passages WHERE document_id IN (SELECT id FROM temp.{seen})
        )
    ), layers AS NOT MATERIALIZED (
        SELECT * FROM main.layers WHERE document_id IN (SELECT id FROM temp.{seen})
    )
"""


def limited(generation: Generation, allows: Allows) -> Generation:
    """Return a generation that has only the documents whose path is allowed."""
    store = LimitedStore(generation.store, allows)
    vectors = LimitedVectors(generation.vectors, store.passage_ids())
    return replace(generation, store=store, vectors=vectors)


class LimitedStore(Store):
    """A store that has only some of another's documents; only to be read."""

    def __init__(self, whole: Store, allows: Allows) -> None:
        # A connection runs one statement at a time: it and its lock are shared.
        self._connection, self._lock = whole._connection, whole._lock
        self._allows: Allows = lambda path: whole.allows(path) and allows(path)
        seen = f"seen_{next(_numbers)}"
        ids = [(number,) for number, path in whole.document_ids() if allows(path)]
        with self._lock:
            self._connection.execute(f"CREATE TEMP TABLE {seen} (id INTEGER PRIMARY KEY)")
            self._connection.executemany(f"INSERT INTO temp.{seen} VALUES (?)", ids)
            self._connection.commit()
        self._tables = _TABLES.format(seen=seen)

    def allows(self, document: str) -> bool:
        """Return whether a document of this path could be here."""
        return self._allows(document)

    def word_ids(self) -> list[int]:
        """Return the ids of the passages that the full-text index holds."""
        return [row[0] for row in self._rows(_WORD_IDS)]

    def holding(self, terms: Sequence[str]) -> dict[str, int]:
        """Return how many passages hold each of these terms; those that none holds are left out."""
        # The full-text index counts in all documents, so each term's passages are counted here.
        counts = {term: self._rows(_HOLDING, [f'"{term}"'])[0][0] for term in terms}
        return {term: count for term, count in counts.items() if count}

    def bm25(
        self, terms: Sequence[str], limit: int, among: Sequence[int] | None = None
    ) -> dict[int, float]:
        """Return passages that hold any of these terms: id → BM25 score, higher is better."""
        seen = {row[0] for row in self._rows(_AMONG, [json.dumps(list(among))])} if among else None
        ids = self.passage_ids() if among is None else sorted(seen or ())
        return super().bm25(terms, limit, ids)

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> Any:
        return super()._rows(self._tables + sql, values)


class LimitedVectors(Vectors):
    """The vectors of some of another's passages; only to be read."""

    def __init__(self, whole: Vectors, ids: Sequence[int]) -> None:
        super().__init__(whole._index)
        self._ids = np.asarray(sorted(ids), np.int64)

    def __len__(self) -> int:
        return len(self._ids)

    def ids(self) -> list[int]:
        """Return the ids that there is a vector for."""
        return [int(number) for number in self._ids]

    def nearest(
        self,
        query: npt.NDArray[np.float32],
        limit: int,
        among: npt.NDArray[np.int64] | None = None,
    ) -> dict[int, float]:
        """Return the passages nearest to (dimension,) `query`: id → cosine, best first."""
        ids = self._ids if among is None else np.intersect1d(self._ids, among)
        return super().nearest(query, limit, ids)

    def cosines(self, query: npt.NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of (dimension,) `query` with each of these passages."""
        here = set(np.intersect1d(self._ids, np.asarray(ids, np.int64)).tolist())
        return super().cosines(query, [number for number in ids if number in here])


_WORD_IDS: Final = "SELECT id FROM words_docsize WHERE id IN (SELECT id FROM passages)"
_HOLDING: Final = (
    "SELECT count(*) FROM words WHERE words MATCH ? AND rowid IN (SELECT id FROM passages)"
)
_AMONG: Final = "SELECT id FROM passages WHERE id IN (SELECT value FROM json_each(?))"
