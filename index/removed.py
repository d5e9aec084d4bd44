"""Files that were taken out of documents/: kept in records.sqlite until they are pruned."""

import getpass
import os
import tempfile
import zlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final

from index.errors import LibraryError, RecordsError
from index.files import delete, located, put
from index.library import Library
from index.records import Records, now

MAX_KEPT_BYTES: Final = 500 << 20
# What people say of a document, in a file beside it, goes and comes back with it.
_SIDECAR: Final = ".meta.toml"


@dataclass(frozen=True, slots=True)
class Removed:
    """A file that was taken out.

    Attributes:
        document: the path that it had.
        size: in bytes.
        removed_at: ISO 8601.
        removed_by: the user's name on this machine.
    """

    document: str
    sha256: str
    size: int
    removed_at: str
    removed_by: str


def take_out(library: Library, document: str, keep: bool = True) -> None:
    """Delete a file from documents/, with what lies beside it about it; it can be put back.

    Args:
        keep: whether to keep it; without, it is gone for good.

    Raises:
        LibraryError: there is no such file, or it is too large to be kept.
        RecordsError: it can't be kept; it is still there then.
    """
    path = located(library, document)
    beside = path.with_name(path.name + _SIDECAR)
    for name, file in ((document, path), (document + _SIDECAR, beside)):
        there = file.is_file() and not file.is_symlink()
        if there and keep:
            _keep(library, name, file)
        if there or name == document:
            delete(library, name)


def put_back(library: Library, document: str) -> None:
    """Put a removed file back where it was, with what lay beside it about it.

    Raises:
        LibraryError: no such file is kept, or another lies there now.
        RecordsError: what was kept is damaged.
    """
    if library.records.exists():
        with Records.open(library.records) as records:
            if _put_back(library, records, document):
                if not os.path.lexists(library.documents / (document + _SIDECAR)):
                    _put_back(library, records, document + _SIDECAR)
                return
    raise LibraryError(
        f"no removed file {document!r} is kept: `folio documents --removed` lists what is"
    )


def removed(library: Library) -> list[Removed]:
    """Return the files that can be put back, by path; of several of a path the last one."""
    opened = Records.read(library.records)
    if opened is None:
        return []
    with opened as records:
        rows = records.rows(
            "SELECT document, sha256, size, removed_at, removed_by, max(id) FROM removals"
            " WHERE restored_at IS NULL GROUP BY document ORDER BY document"
        )
    return [
        Removed(*tuple(row)[:5])
        for row in rows
        # A process that is killed between keeping and deleting leaves the file where it is.
        if not os.path.lexists(library.documents / row["document"])
    ]


def prune(library: Library, older_than_days: float = 0) -> list[Removed]:
    """Forget removed files, and return them. Texts that citations need stay.

    Args:
        older_than_days: only those that were removed as long ago.
    """
    if not library.records.exists():
        return []
    before = datetime.now(UTC) - timedelta(days=older_than_days)
    with Records.open(library.records) as records:
        with records.writing():
            rows = records.rows(
                "SELECT document, sha256, size, removed_at, removed_by FROM removals"
                " WHERE removed_at <= ? ORDER BY document, id",
                [before.strftime("%Y-%m-%dT%H:%M:%SZ")],
            )
            pruned = [Removed(*row) for row in rows]
            records.rows(
                "DELETE FROM removals WHERE removed_at <= ?",
                [before.strftime("%Y-%m-%dT%H:%M:%SZ")],
            )
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


def _keep(library: Library, document: str, path: Path) -> None:
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
            "INSERT INTO removals (document, sha256, size, removed_at, removed_by)"
            " VALUES (?, ?, ?, ?, ?)",
            [document, digest, len(data), now(), user()],
        )


def _put_back(library: Library, records: Records, document: str) -> bool:
    rows = records.rows(
        "SELECT sha256 FROM removals WHERE document = ? AND restored_at IS NULL"
        " ORDER BY id DESC LIMIT 1",
        [document],
    )
    if not rows:
        return False
    data = _bytes(records, rows[0]["sha256"])
    path = PurePosixPath(document)
    with tempfile.TemporaryDirectory(prefix="folio-") as scratch:
        copy = Path(scratch, path.name)
        copy.write_bytes(data)
        put(library, copy, "" if path.parent == PurePosixPath() else path.parent.as_posix())
    # The file stays in the records until it is pruned: a backup made now has it twice, never not.
    with records.writing():
        records.rows("UPDATE removals SET restored_at = ? WHERE document = ?", [now(), document])
    return True


def _bytes(records: Records, digest: str) -> bytes:
    data = b""
    for row in records.rows("SELECT bytes FROM files WHERE sha256 = ?", [digest]):
        with suppress(zlib.error):
            data = zlib.decompress(row["bytes"])
    if sha256(data).hexdigest() != digest:
        raise RecordsError(
            f"{records.path}: a removed file isn't what was kept: put back the records.sqlite of a "
            "backup"
        )
    return data


def user() -> str:
    """Return the user's name on this machine, empty where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""
