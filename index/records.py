"""The file records.sqlite: what can't be made again from documents/.

Texts that citations still need, removed files, the history of generations, kept answers, feedback
and people. Asking never needs it. What the tables hold is read and written by `index.archive`,
`index.removed`, `qa.kept` and `qa.people`; here is the file itself: its schema, safe writing, and
its checks.
"""

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

from index.errors import RecordsError

_BUSY_S: Final = 30

# Each tuple takes the file from one schema to the next; what has been released never changes.
MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # A text that has left the index: compressed, under the sha256 of what it is.
        """CREATE TABLE texts (
            sha256 TEXT PRIMARY KEY,
            document TEXT NOT NULL,
            title TEXT NOT NULL,
            kind TEXT NOT NULL,
            language TEXT NOT NULL,
            date TEXT,
            page_starts TEXT NOT NULL,
            text BLOB NOT NULL,
            went_at TEXT NOT NULL
        )""",
        """CREATE TABLE passages (
            key TEXT PRIMARY KEY,
            text TEXT NOT NULL REFERENCES texts,
            start INTEGER NOT NULL,
            "end" INTEGER NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE generations (
            number INTEGER PRIMARY KEY,
            committed_at TEXT NOT NULL
        )""",
        # What a generation has otherwise than the one before; sha256 is NULL where it is removed.
        """CREATE TABLE changes (
            document TEXT NOT NULL,
            generation INTEGER NOT NULL REFERENCES generations,
            sha256 TEXT,
            title TEXT,
            PRIMARY KEY (document, generation)
        ) WITHOUT ROWID""",
        "CREATE TABLE files (sha256 TEXT PRIMARY KEY, bytes BLOB NOT NULL)",
        """CREATE TABLE removals (
            id INTEGER PRIMARY KEY,
            document TEXT NOT NULL,
            sha256 TEXT NOT NULL REFERENCES files,
            size INTEGER NOT NULL,
            removed_at TEXT NOT NULL,
            removed_by TEXT NOT NULL,
            restored_at TEXT
        )""",
        """CREATE TABLE answers (
            id INTEGER PRIMARY KEY,
            question TEXT NOT NULL,
            language TEXT NOT NULL,
            answer TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            kept_at TEXT NOT NULL,
            kept_by TEXT NOT NULL
        )""",
        """CREATE TABLE feedback (
            id INTEGER PRIMARY KEY,
            question TEXT NOT NULL,
            helpful INTEGER NOT NULL CHECK (helpful IN (0, 1)),
            reason TEXT NOT NULL,
            answer TEXT NOT NULL,
            given_at TEXT NOT NULL,
            given_by TEXT NOT NULL
        )""",
    ),
    # Whether another file took the place of the one that is kept.
    ("ALTER TABLE removals ADD COLUMN replaced INTEGER NOT NULL DEFAULT 0",),
    (
        # An empty password is none: the name comes with a header of the proxy's only.
        """CREATE TABLE users (
            name TEXT PRIMARY KEY,
            password TEXT NOT NULL,
            role TEXT NOT NULL CHECK (role IN ('reader', 'librarian', 'admin')),
            added_at TEXT NOT NULL
        ) WITHOUT ROWID""",
        # Under the sha256 of what the browser has; moments are seconds since 1970.
        """CREATE TABLE sessions (
            token TEXT PRIMARY KEY,
            user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            began REAL NOT NULL,
            seen REAL NOT NULL
        ) WITHOUT ROWID""",
        "CREATE INDEX sessions_user ON sessions (user)",
        "CREATE TABLE collections (folder TEXT PRIMARY KEY) WITHOUT ROWID",
        """CREATE TABLE collection_readers (
            folder TEXT NOT NULL REFERENCES collections ON DELETE CASCADE,
            user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
            PRIMARY KEY (folder, user)
        ) WITHOUT ROWID""",
        """CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            at TEXT NOT NULL,
            event TEXT NOT NULL,
            person TEXT NOT NULL,
            address TEXT NOT NULL,
            detail TEXT NOT NULL
        )""",
    ),
    (
        # Who put a file there; one that was simply copied has none.
        """CREATE TABLE additions (
            id INTEGER PRIMARY KEY,
            document TEXT NOT NULL,
            added_at TEXT NOT NULL,
            added_by TEXT NOT NULL
        )""",
        "CREATE INDEX additions_document ON additions (document)",
    ),
)


class Records:
    """An opened records.sqlite; a context manager. Threads may share it, and so may processes."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        self.path = path
        self._connection = connection
        self._lock = threading.RLock()

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file to read and write; it is made, or brought to this schema, where needed.

        Raises:
            RecordsError: it is damaged or lost, can't be written, or is of a newer Folio.
        """
        with _explained(path):
            _refuse_lost(path)
        return cls._connected(path)

    @classmethod
    def in_memory(cls) -> Self:
        """Return records that are kept nowhere."""
        return cls._connected(Path(":memory:"))

    @classmethod
    def _connected(cls, path: Path) -> Self:
        with _explained(path):
            # Transactions are begun by hand: a write takes its lock at once, or waits for it.
            connection = sqlite3.connect(
                path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
            )
            records = cls(path, connection)
            try:
                # A rollback journal, not WAL: the file alone is always all of it. EXTRA also has
                # the journal's end on the disk before a commit returns.
                connection.execute("PRAGMA journal_mode = DELETE")
                connection.execute("PRAGMA synchronous = EXTRA")
                connection.execute("PRAGMA foreign_keys = ON")
                records._migrate()
            except BaseException:
                connection.close()
                raise
        return records

    @classmethod
    def read(cls, path: Path) -> "Records | None":
        """Open the file to be read, also where nothing can be written; None where there is none.

        Raises:
            RecordsError: it is damaged or lost, or is of a newer Folio.
        """
        with _explained(path):
            _refuse_lost(path)
        if not path.exists():
            return None
        with _explained(path):
            # Not mode=ro: what a killed writer left has to be rolled back. Where the file can't be
            # written, SQLite reads it all the same.
            uri = f"{path.absolute().as_uri()}?mode=rw"
            connection = sqlite3.connect(uri, uri=True, timeout=_BUSY_S, check_same_thread=False)
            try:
                connection.execute("PRAGMA query_only = ON")
                version = _version(connection)
                _refuse_newer(path, version)
            except BaseException:
                connection.close()
                raise
            if version == len(MIGRATIONS):
                _check_schema(connection)
                return cls(path, connection)
            connection.close()
        return cls.open(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def rows(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> list[sqlite3.Row]:
        """Run one statement, and return its rows."""
        with self._lock, _explained(self.path):
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Make what is run inside one transaction: all of it is on the disk afterwards, or none."""
        with self._lock, _explained(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def copy_to(self, path: Path) -> None:
        """Write a copy of one moment to a new file, while others may be writing."""
        with self._lock, _explained(self.path), closing(sqlite3.connect(path)) as target:
            self._connection.backup(target)

    def compact(self) -> None:
        """Give back the room of what was deleted."""
        with self._lock, _explained(self.path):
            self._connection.execute("VACUUM")

    def damage(self) -> list[str]:
        """Return what SQLite finds wrong with the file's structure; the rows have own checksums."""
        found = [row[0] for row in self.rows("PRAGMA integrity_check") if row[0] != "ok"]
        return found + [
            f"a row of {row['table']} names one of {row['parent']} that isn't there"
            for row in self.rows("PRAGMA foreign_key_check")
        ]

    def _migrate(self) -> None:
        version = _version(self._connection)
        _refuse_newer(self.path, version)
        if version == len(MIGRATIONS):
            _check_schema(self._connection)
            return
        with self.writing():
            # Another process may have done it while this one waited.
            for statements in MIGRATIONS[_version(self._connection) :]:
                for statement in statements:
                    self._connection.execute(statement)
            self._connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def now() -> str:
    """Return this moment as it is written down."""
    return written(datetime.now(UTC))


def written(moment: datetime) -> str:
    """Return a moment in UTC as ISO 8601, to the second; such texts are in the moments' order."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def holds_answer(row: sqlite3.Row | Mapping[str, Any]) -> bool:
    """Return whether a row of `answers` has the answer that its checksum is of."""
    return bool(sha256(str(row["answer"]).encode()).hexdigest() == row["sha256"])


def is_lost(path: Path) -> bool:
    """Return whether a library's file is gone or empty, although there was one.

    SQLite would take that for a new file, in which there are no users: nobody would be asked to
    log in, and nothing would be closed.
    """
    try:
        with path.open("rb") as file:
            blank = not any(file.read(64)[60:])  # the header's user_version
    except OSError as error:
        blank = isinstance(error, FileNotFoundError)
    # A build makes it before the index.
    return blank and (
        os.path.lexists(path.parent / "index" / "CURRENT")
        or any(path.parent.glob("records-*.sqlite"))
    )


def _refuse_lost(path: Path) -> None:
    if is_lost(path):
        raise sqlite3.DatabaseError("it is gone or empty, and there was one")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _check_schema(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError where the tables aren't those that the migrations make."""
    if _schema(connection) != _made(MIGRATIONS):
        raise sqlite3.DatabaseError("its tables aren't those that were made")


def _schema(connection: sqlite3.Connection) -> list[tuple[object, ...]]:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name")
    return [tuple(row) for row in rows]


@lru_cache
def _made(migrations: tuple[tuple[str, ...], ...]) -> list[tuple[object, ...]]:
    """Return the schema that migrations make."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for statements in migrations:
            for statement in statements:
                connection.execute(statement)
        return _schema(connection)


def _refuse_newer(path: Path, version: int) -> None:
    if version > len(MIGRATIONS):
        raise RecordsError(
            f"{path} has schema {version}, this Folio knows {len(MIGRATIONS)}: use a newer Folio"
        )


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn SQLite's errors into one line that says what to do."""
    try:
        yield
    except UnicodeEncodeError as error:
        raise RecordsError(f"what was given isn't UTF-8, and {path} holds nothing else") from error
    except sqlite3.OperationalError as error:
        # Busy for long, read-only, disk full: nothing is wrong with what is in the file.
        raise RecordsError(
            f"{path} can't be used ({error}): see that it can be written, has room, and isn't held "
            "by another program, then try again"
        ) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise RecordsError(
            f"{path} is damaged ({error}): run `folio repair`, which keeps what can be read and "
            "takes the rest from the last copy"
        ) from error
