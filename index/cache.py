"""Vectors once computed, by (model, text): an interrupted build goes on where it stopped."""

import hashlib
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

_LOOKUP = 500


def text_key(text: str) -> bytes:
    """Return the key of a text: its sha256."""
    return hashlib.sha256(text.encode()).digest()


class VectorCache:
    """The file vectors.cache: one table, half precision. A broken file is begun anew."""

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        try:
            self._connection = self._open(path)
        except sqlite3.DatabaseError:
            path.unlink()
            self._connection = self._open(path)

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors"
            " (model TEXT, text BLOB, vector BLOB NOT NULL, PRIMARY KEY (model, text))"
            " WITHOUT ROWID"
        )
        return connection

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, npt.NDArray[np.float32]]:
        """Return the vectors that are kept, by key."""
        found = {}
        for start in range(0, len(keys), _LOOKUP):
            part = keys[start : start + _LOOKUP]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT text, vector FROM vectors WHERE model = ? AND text IN ({marks})",
                [self._fingerprint, *part],
            )
            found.update({key: unpack(vector) for key, vector in rows})
        return found

    def put(self, items: Iterable[tuple[bytes, npt.NDArray[np.float32]]]) -> None:
        """Keep vectors; they are on disk when this returns."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)",
                [(self._fingerprint, key, pack(vector)) for key, vector in items],
            )


def pack(vector: npt.NDArray[np.float32]) -> bytes:
    """Return a vector's bytes, in half precision."""
    return vector.astype(np.float16).tobytes()


def unpack(data: bytes) -> npt.NDArray[np.float32]:
    """Return the vector of `pack`'s bytes: (dimension,) float32."""
    return np.frombuffer(data, np.float16).astype(np.float32)
