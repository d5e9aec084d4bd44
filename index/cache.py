"""Vectors once computed, by (model, text): an interrupted build goes on where it stopped.

A row carries a checksum, since SQLite doesn't notice a flipped bit: one that doesn't hold is as
good as none, and the vector is computed again. A broken file is begun anew.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final, Self, TypeVar

import numpy as np
import numpy.typing as npt

_LOOKUP: Final = 500
_CHECK_BYTES: Final = 8
# What a disk can do to a file that is in order; whatever else SQLite says, the file is broken.
_DISK_ERRORS: Final = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
}

_Result = TypeVar("_Result")


def text_key(text: str) -> bytes:
    """Return the key of a text: its sha256."""
    return hashlib.sha256(text.encode()).digest()


class VectorCache:
    """The file vectors.cache: one table, half precision.

    Raises:
        sqlite3.Error: the disk doesn't do what it should.
    """

    def __init__(self, path: Path, fingerprint: str) -> None:
        self._fingerprint = fingerprint
        self._path = path
        self._connection = sqlite3.connect(path)
        self._mended(self._prepare)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, npt.NDArray[np.float32]]:
        """Return the vectors that are kept, by key."""
        return self._mended(lambda: self._get(keys))

    def put(self, items: Iterable[tuple[bytes, npt.NDArray[np.float32]]]) -> None:
        """Keep vectors; they are on disk when this returns."""
        rows = [(self._fingerprint, key, self._sealed(key, pack(row))) for key, row in items]
        self._mended(lambda: self._put(rows))

    def _prepare(self) -> None:
        # A flipped bit may make a text of a blob, and an invalid one: bytes are compared.
        self._connection.text_factory = bytes
        self._connection.execute("PRAGMA journal_mode = WAL")
        # Rows in the order they come: in the order of their keys, which are hashes, each row would
        # dirty a page of its own, and three times as much be written.
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS vectors"
            " (model TEXT, text BLOB, vector BLOB NOT NULL, PRIMARY KEY (model, text))"
        )

    def _get(self, keys: Sequence[bytes]) -> dict[bytes, npt.NDArray[np.float32]]:
        found = {}
        for start in range(0, len(keys), _LOOKUP):
            part = keys[start : start + _LOOKUP]
            marks = ",".join("?" * len(part))
            rows = self._connection.execute(
                f"SELECT text, vector FROM vectors WHERE model = ? AND text IN ({marks})",
                [self._fingerprint, *part],
            )
            for key, data in rows:
                packed = data[:-_CHECK_BYTES] if isinstance(data, bytes) else b""
                if data == self._sealed(key, packed):
                    found[key] = unpack(packed)
        return found

    def _put(self, rows: list[tuple[str, bytes, bytes]]) -> None:
        with self._connection:
            self._connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

    def _sealed(self, key: bytes, packed: bytes) -> bytes:
        named = self._fingerprint.encode() + key + packed
        return packed + hashlib.blake2b(named, digest_size=_CHECK_BYTES).digest()

    def _mended(self, work: Callable[[], _Result]) -> _Result:
        """Do what is to be done with the file, and once more with a new one if it is broken."""
        try:
            return work()
        except sqlite3.Error as error:
            if error.sqlite_errorcode & 0xFF in _DISK_ERRORS:
                raise
        self._connection.close()
        # A log left beside a new file would be played back into it.
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
        self._connection = sqlite3.connect(self._path)
        self._prepare()
        return work()


def pack(vector: npt.NDArray[np.float32]) -> bytes:
    """Return a vector's bytes, in half precision."""
    return vector.astype(np.float16).tobytes()


def unpack(data: bytes) -> npt.NDArray[np.float32]:
    """Return the vector of `pack`'s bytes: (dimension,) float32."""
    return np.frombuffer(data, np.float16).astype(np.float32)
