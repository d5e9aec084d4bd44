"""A copy of records.sqlite a day, beside it: what `folio repair` takes what is lost from.

Two are kept, and each was whole when it was made: a damaged file never takes the place of a good
copy. Where users or kept answers have become fewer, the last copy that has more stays too, for a
month: who was taken out isn't kept for ever. A disk that is nearly full has none; `folio backup` is
what survives the disk itself.
"""

import logging
import os
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from index.archive import damaged_texts
from index.disk import sync
from index.errors import RecordsError
from index.library import Library
from index.records import Records, holds_answer
from index.removed import damaged_files
from index.room import has_room_on_disk

_KEPT: Final = 2
_MONTH: Final = timedelta(days=30)
_NAME: Final = re.compile(r"records-\d{4}-\d\d-\d\d\.sqlite")
_log = logging.getLogger("folio.index")


def copies(library: Library) -> list[Path]:
    """Return the copies, the newest first."""
    return sorted((p for p in library.folder.iterdir() if _NAME.fullmatch(p.name)), reverse=True)


def damages(records: Records) -> list[str]:
    """Return what isn't as it was written: of the file's structure, of texts, files and answers."""
    answers = [
        f"kept answer {row['id']}"
        for row in records.rows("SELECT id, answer, sha256 FROM answers")
        if not holds_answer(row)
    ]
    return [*records.damage(), *damaged_texts(records), *damaged_files(records), *answers]


def keep_copy(library: Library) -> Path | None:
    """Make today's copy where there is none yet, and forget those that nothing needs.

    Returns:
        The copy; None where none was made: there is one, nothing has changed since the last, the
        records are damaged, or the disk is nearly full.
    """
    today = datetime.now(UTC)
    target = _copy_of(library, today)
    try:
        if target.exists() or not _has_changed(library):
            return None
        if not has_room_on_disk(library, library.records.stat().st_size):
            return None
        opened = Records.read(library.records)
        if opened is None:
            return None
        with opened as records:
            if damages(records):
                _log.warning("records.sqlite is damaged: `folio doctor` says what to do")
                return None
            _write(records, target)
    except (RecordsError, OSError) as error:
        # What was to be done is done; only the copy of it isn't.
        _log.warning("no copy of records.sqlite could be made: %s", error)
        return None
    found = copies(library)
    lost = next((each for each in found if _has_more(each, target)), None)
    oldest = _copy_of(library, today - _MONTH)
    for old in found[_KEPT:]:
        if old != lost or old < oldest:
            old.unlink(missing_ok=True)
    return target


def _copy_of(library: Library, day: datetime) -> Path:
    return library.folder / f"records-{day:%Y-%m-%d}.sqlite"


def _has_changed(library: Library) -> bool:
    last = copies(library)[:1]
    if not library.records.exists():
        return False
    return not last or library.records.stat().st_mtime_ns > last[0].stat().st_mtime_ns


def _has_more(copy: Path, than: Path) -> bool:
    """Return whether a copy has more users or kept answers than another."""
    return any(ours > theirs for ours, theirs in zip(_counts(copy), _counts(than), strict=True))


def _counts(copy: Path) -> tuple[int, int]:
    sql = "SELECT (SELECT count(*) FROM users), (SELECT count(*) FROM answers)"
    try:
        with closing(sqlite3.connect(f"{copy.absolute().as_uri()}?mode=ro", uri=True)) as opened:
            users, answers = opened.execute(sql).fetchone()
            return users, answers
    except sqlite3.Error:
        return 0, 0


def _write(records: Records, target: Path) -> None:
    unfinished = target.with_name(f".{target.name}-{os.getpid()}.part")
    try:
        records.copy_to(unfinished)
        # It has the hashes of passwords.
        unfinished.chmod(records.path.stat().st_mode & 0o777)
        sync(unfinished)
        unfinished.replace(target)
        sync(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)
