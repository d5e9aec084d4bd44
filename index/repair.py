"""Make a damaged or lost records.sqlite whole again, with as little lost as can be.

Each table is read from both its ends as far as that goes, and what carries a checksum has to prove
it. Where something is missing, rows of the last copy fill it in. Sessions aren't kept: everybody
logs in again. The damaged file stays beside the new one.
"""

import shutil
import sqlite3
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from index.copies import copies, damages
from index.disk import sync
from index.errors import RecordsError
from index.generation import writing
from index.library import Library
from index.records import Records, holds_answer, now
from index.rows import passage_key

# Table → how its rows are ordered on the disk. Those that others name come before them.
_TABLES: Final[dict[str, str]] = {
    "texts": "rowid",
    "passages": "key",
    "generations": "rowid",
    "changes": "document, generation",
    "files": "rowid",
    "removals": "rowid",
    "answers": "rowid",
    "feedback": "rowid",
    "users": "name",
    "collections": "folder",
    "collection_readers": "folder, user",
    "audit": "rowid",
    "additions": "rowid",
}
# Table → what its rows name: column, the other table and its column.
_NAMED: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "passages": (("text", "texts", "sha256"),),
    "changes": (("generation", "generations", "number"),),
    "removals": (("sha256", "files", "sha256"),),
    "collection_readers": (("folder", "collections", "folder"), ("user", "users", "name")),
}
# People are taken out on purpose: the copy's come back only where the table can't be read at all.
# (A collection that comes back closes what was opened; one that is lost opens what was closed.)
_TAKEN_AWAY: Final = ("users", "collection_readers")
# What SQLite says of the disk, of rights and of other programs, and not of what is in the file.
_AROUND: Final = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_NOMEM,
}


@dataclass(frozen=True, slots=True)
class Mended:
    """What became of a table.

    Attributes:
        rows: how many it has now.
        copied: how many of them came out of the copy.
        is_whole: whether all of the table could be read, so that nothing is missing.
    """

    table: str
    rows: int
    copied: int
    is_whole: bool


@dataclass(frozen=True, slots=True)
class Repaired:
    """What a repair did.

    Attributes:
        damaged: where the damaged file lies now, None where there was none any more.
        copy: the copy that rows were taken from, None where there was none.
    """

    damaged: Path | None
    copy: Path | None
    tables: tuple[Mended, ...]


def is_damaged(library: Library) -> bool:
    """Return whether records.sqlite has to be repaired."""
    try:
        opened = Records.read(library.records)
        if opened is None:
            return False
        with opened as records:
            return bool(damages(records))
    except RecordsError as error:
        # A newer Folio's, or one that can't be opened now, isn't damaged.
        cause = error.__cause__
        code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        return cause is not None and code & 0xFF not in _AROUND


def repair(library: Library) -> Repaired:
    """Put a whole file in the place of a damaged records.sqlite. Nobody may be using it.

    Raises:
        RecordsError: there is nothing to be repaired, or the new file can't be written.
        IndexBusy: a build is going on.
    """
    if not is_damaged(library):
        raise RecordsError(f"{library.records} isn't damaged: there is nothing to repair")
    with (
        writing(library.index),
        tempfile.TemporaryDirectory(prefix=".records-", dir=library.folder) as folder,
    ):
        # In a copy, so that what SQLite rolls back leaves the evidence alone.
        broken = Path(folder, "damaged.sqlite")
        for suffix in ("", "-journal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(f"{library.records}{suffix}", f"{broken}{suffix}")
        made = Path(folder, "records.sqlite")
        scratch = Path(folder, "copy.sqlite")
        last = next((each for each in copies(library) if _is_usable(each, scratch)), None)
        tables = _mend(broken, last and scratch, made)
        mode, aside = 0o600, None  # it has the hashes of passwords
        if library.records.exists():
            mode = library.records.stat().st_mode & 0o777
            aside = library.folder / f"records-damaged-{now().replace(':', '')}.sqlite"
            shutil.copyfile(library.records, aside)
            with suppress(FileNotFoundError):
                Path(f"{library.records}-journal").rename(f"{aside}-journal")
            sync(aside)
        made.chmod(mode)
        made.replace(library.records)
        sync(library.folder)
    return Repaired(aside, last, tables)


def _is_usable(copy: Path, scratch: Path) -> bool:
    """Return whether a copy is whole, and put it into a file with today's tables if it is."""
    shutil.copyfile(copy, scratch)
    try:
        with Records.open(scratch) as records:
            return not records.damage()
    except RecordsError:
        return False


def _mend(broken: Path, copy: Path | None, made: Path) -> tuple[Mended, ...]:
    mended = []
    sound = _is_sound(broken)
    with Records.open(made) as records:
        # A table's rows may name those of tables that come before it.
        for table in _TABLES:
            # A flipped bit can have SQLite pass over rows without a word.
            is_whole = _pour(records, broken, table) and (sound or table in _TAKEN_AWAY)
            before = _count(records, table)
            if not is_whole and copy is not None:
                _pour(records, copy, table)
            copied = _count(records, table) - before
            mended.append(Mended(table, before + copied, copied, is_whole))
        records.rows("DELETE FROM files WHERE sha256 NOT IN (SELECT sha256 FROM removals)")
        if damage := records.damage():
            raise RecordsError(f"{broken} can't be repaired ({damage[0]}): restore a backup")
    sync(made)
    return tuple(mended)


def _is_sound(broken: Path) -> bool:
    """Return whether a file's structure is right, and every row there that another one names."""
    try:
        with closing(sqlite3.connect(broken)) as connection:
            missing = connection.execute("PRAGMA foreign_key_check").fetchall()
            found = connection.execute("PRAGMA integrity_check").fetchall()
            return found == [("ok",)] and not missing
    except (sqlite3.Error, UnicodeDecodeError):
        return False


def _pour(records: Records, source: Path, table: str) -> bool:
    """Put a table's readable rows into the records; return whether that was all of the table."""
    columns = [row["name"] for row in records.rows(f"PRAGMA table_info({table})")]
    marks = ", ".join("?" * len(columns))
    whole = True
    with records.writing():
        for row in _rows(source, table, columns):
            if row is None or not _proved(table, row) or _dangles(records, table, row):
                whole = False
                continue
            records.rows(
                f"INSERT OR IGNORE INTO {table} VALUES ({marks})", [row[name] for name in columns]
            )
    return whole


def _dangles(records: Records, table: str, row: dict[str, Any]) -> bool:
    """Return whether a row names another that isn't there."""
    return any(
        not records.rows(f"SELECT 1 FROM {other} WHERE {key} = ?", [row[column]])
        for column, other, key in _NAMED.get(table, ())
    )


def _rows(source: Path, table: str, columns: list[str]) -> Iterator[dict[str, Any] | None]:
    """Yield a table's rows from its beginning; where that breaks off, None, and from its end."""
    # In brackets: a name in quotes that no column has would be taken for a text.
    named = ", ".join(f"[{name}]" for name in columns)
    order = _TABLES[table]
    backwards = ", ".join(f"{part} DESC" for part in order.split(", "))
    for way in (order, backwards):
        try:
            with closing(sqlite3.connect(source)) as connection:
                for values in connection.execute(f"SELECT {named} FROM {table} ORDER BY {way}"):
                    yield dict(zip(columns, values, strict=True))
            return
        except (sqlite3.Error, UnicodeDecodeError):
            yield None


def _proved(table: str, row: dict[str, Any]) -> bool:
    """Return whether a row is what was written, where that can be told."""
    proof = _PROOFS.get(table)
    if proof is None:
        return True
    try:
        return proof(row)
    except (zlib.error, TypeError, ValueError, AttributeError):
        return False


def _is(data: bytes, row: dict[str, Any]) -> bool:
    return bool(sha256(data).hexdigest() == row["sha256"])


_PROOFS: Final[dict[str, Callable[[dict[str, Any]], bool]]] = {
    "texts": lambda row: _is(zlib.decompress(row["text"]), row),
    "files": lambda row: _is(zlib.decompress(row["bytes"]), row),
    "answers": holds_answer,
    "passages": lambda row: bool(passage_key(row["text"], row["start"], row["end"]) == row["key"]),
}


def _count(records: Records, table: str) -> int:
    return int(records.rows(f"SELECT count(*) FROM {table}")[0][0])
