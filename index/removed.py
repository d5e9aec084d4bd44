"""Files that were taken out of documents/, or made way for another of their name.

They are kept in records.sqlite until they are pruned, and can be put back.
"""

import getpass
import os
import sqlite3
import tempfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path, PurePosixPath
from typing import Final

from documents import sidecar
from index.errors import LibraryError, RecordsError
from index.files import delete, located, put, same_format
from index.files import replace as take_place
from index.library import Library
from index.records import Records, now, written

MAX_KEPT_BYTES: Final = 500 << 20
_MOST_DAYS: Final = 36_500


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that was taken out, or replaced.

    Attributes:
        document: the path that it had.
        size: in bytes.
        removed_at: ISO 8601.
        removed_by: the user's name on this machine.
        replaced: whether another file took its place.
    """

    document: str
    sha256: str
    size: int
    removed_at: str
    removed_by: str
    replaced: bool = False


def take_out(library: Library, document: str, keep: bool = True, by: str | None = None) -> None:
    """Delete a file from documents/, with what lies beside it about it; it can be put back.

    Args:
        keep: whether to keep it; without, it is gone for good.
        by: who does it; the user's name on this machine where it isn't given.

    Raises:
        LibraryError: there is no such file, or it is too large to be kept.
        RecordsError: it can't be kept; it is still there then.
    """
    path = located(library, document)
    # What people say of a document, in a file beside it, goes and comes back with it.
    beside = path.with_name(path.name + sidecar.SUFFIX)
    for name, file in ((document, path), (document + sidecar.SUFFIX, beside)):
        there = file.is_file() and not file.is_symlink()
        if there and keep:
            _keep(library, name, file, by)
        if there or name == document:
            delete(library, name)


def replace(
    library: Library, file: Path, document: str, keep: bool = True, by: str | None = None
) -> None:
    """Put a file's bytes in a document's place; its path stays, and `put_back` undoes it.

    Args:
        keep: whether to keep what was there; without, it is gone for good.
        by: as `take_out` has it.

    Raises:
        LibraryError: there is no such document, the file is of another format, what is there is
            too large to be kept, or the disk doesn't take it.
        RecordsError: it can't be kept; it is still there then.
    """
    target = located(library, document)
    same_format(document, file.name)
    if keep and target.is_file() and not target.is_symlink():
        _keep(library, document, target, by, replaced=True)
    take_place(library, file, document)


def put_back(library: Library, document: str, by: str | None = None) -> None:
    """Put a removed file back where it was, with what lay beside it about it.

    One that was replaced changes places with the file that is there, which is kept then.

    Args:
        by: as `take_out` has it.

    Raises:
        LibraryError: no such file is kept, or a new one lies there now.
        RecordsError: what was kept is damaged.
    """
    if library.records.exists():
        with Records.open(library.records) as records:
            if _put_back(library, records, document, by):
                if not os.path.lexists(library.documents / (document + sidecar.SUFFIX)):
                    _put_back(library, records, document + sidecar.SUFFIX, by)
                return
    if os.path.lexists(library.documents / document):
        raise LibraryError(
            f"there is another file at {document!r}, and none that it replaced is kept: rename or "
            "remove it first; `folio documents --removed` lists what can be put back"
        )
    raise LibraryError(
        f"no removed file {document!r} is kept: `folio documents --removed` lists what is"
    )


def removed(library: Library) -> list[Removed]:
    """Return the files that can be put back, by path; of several of a path the last one."""
    opened = Records.read(library.records)
    if opened is None:
        return []
    with opened as records:
        documents = [
            row["document"]
            for row in records.rows("SELECT DISTINCT document FROM removals ORDER BY document")
            # A flipped bit makes nothing, or bytes, of a name; `folio doctor` tells.
            if isinstance(row["document"], str)
        ]
        rows = [_last(library, records, document) for document in documents]
    return [_removed(row) for row in rows if row]


def prune(library: Library, older_than_days: float = 0) -> list[Removed]:
    """Forget removed files, and return them. Texts that citations need stay.

    Args:
        older_than_days: only those that were removed as long ago.

    Raises:
        LibraryError: that is no number of days, or more than a hundred years.
    """
    if not 0 <= older_than_days <= _MOST_DAYS:
        raise LibraryError(f"{older_than_days:g} days: give a number from 0 to {_MOST_DAYS}")
    if not library.records.exists():
        return []
    before = written(datetime.now(UTC) - timedelta(days=older_than_days))
    with Records.open(library.records) as records:
        with records.writing():
            rows = records.rows(
                "SELECT * FROM removals WHERE removed_at <= ? ORDER BY document, id", [before]
            )
            pruned = [_removed(row) for row in rows]
            records.rows("DELETE FROM removals WHERE removed_at <= ?", [before])
            records.rows("DELETE FROM files WHERE sha256 NOT IN (SELECT sha256 FROM removals)")
        if pruned:
            records.compact()
    return pruned


def damaged_files(records: Records) -> list[str]:
    """Return the removed documents whose bytes aren't what was kept."""
    found = []
    for row in records.rows("SELECT DISTINCT document, sha256 FROM removals ORDER BY document"):
        try:
            _bytes(records, row["sha256"])
        except RecordsError:
            found.append(row["document"])
    return found


def _keep(
    library: Library, document: str, path: Path, by: str | None = None, replaced: bool = False
) -> None:
    try:
        size = path.stat().st_size
        if size > MAX_KEPT_BYTES:
            raise LibraryError(
                f"{document} has {size} bytes, and {MAX_KEPT_BYTES} can be kept: put it elsewhere "
                "first, then use --for-good"
            )
        data = path.read_bytes()
    except OSError as error:
        raise LibraryError(f"{document} can't be read to be kept: {error}") from error
    digest = sha256(data).hexdigest()
    with Records.open(library.records) as records, records.writing():
        records.rows("INSERT OR IGNORE INTO files VALUES (?, ?)", [digest, zlib.compress(data)])
        records.rows(
            "INSERT INTO removals (document, sha256, size, removed_at, removed_by, replaced)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [document, digest, len(data), now(), user() if by is None else by, replaced],
        )


def _last(library: Library, records: Records, document: str) -> sqlite3.Row | None:
    """Return the row of the last file of a path that can be put back, None where none can."""
    path = library.documents / document
    for row in records.rows(
        "SELECT * FROM removals WHERE document = ? AND restored_at IS NULL ORDER BY id DESC",
        [document],
    ):
        # A process that is killed after keeping a file leaves it where it is.
        if not os.path.lexists(path) or (row["replaced"] and not _is(path, row)):
            return row
    return None


def _is(path: Path, row: sqlite3.Row) -> bool:
    """Return whether a file has the bytes that a row keeps."""
    try:
        return bool(path.stat().st_size == row["size"] and _digest(path) == row["sha256"])
    except OSError:
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _removed(row: sqlite3.Row) -> Removed:
    return Removed(
        document=row["document"],
        sha256=row["sha256"],
        size=row["size"],
        removed_at=row["removed_at"],
        removed_by=row["removed_by"],
        replaced=bool(row["replaced"]),
    )


def _put_back(library: Library, records: Records, document: str, by: str | None) -> bool:
    row = _last(library, records, document)
    if row is None:
        return False
    data = _bytes(records, row["sha256"])
    path = PurePosixPath(document)
    with tempfile.TemporaryDirectory(prefix="folio-") as scratch:
        copy = Path(scratch, path.name)
        copy.write_bytes(data)
        if os.path.lexists(library.documents / document):
            replace(library, copy, document, by=by)
        else:
            put(library, copy, "" if path.parent == PurePosixPath() else path.parent.as_posix())
    # The file stays in the records until it is pruned: a backup made now has it twice, never not.
    with records.writing():
        records.rows(
            "UPDATE removals SET restored_at = ?"
            " WHERE document = ? AND (id = ? OR (NOT replaced AND sha256 = ?))",
            [now(), document, row["id"], row["sha256"]],
        )
    return True


def _bytes(records: Records, digest: str) -> bytes:
    data = b""
    for row in records.rows("SELECT bytes FROM files WHERE sha256 = ?", [digest]):
        with suppress(zlib.error, TypeError):
            data = zlib.decompress(row["bytes"])
    if sha256(data).hexdigest() != digest:
        raise RecordsError(
            f"{records.path}: a removed file isn't what was kept: run `folio repair`"
        )
    return data


def user() -> str:
    """Return the user's name on this machine, empty where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
