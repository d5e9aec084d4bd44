"""What the library was: texts that have left the index, and the history of its generations.

A build calls `preserve` before it commits and `remember` afterwards. Both can be repeated: a build
that is killed in between leaves nothing that the next one doesn't put right.
"""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from documents.document import page_at
from index.errors import RecordsError
from index.records import Records, now
from index.rows import DocumentRow, passage_key

# A passage that the next generation hasn't got, with its document.
_LEAVING: Final = """
    SELECT d.id AS document, d.path, d.title, d.kind, d.language, d.date, d.page_starts,
           p.key, p.start, p."end"
    FROM last.passages p JOIN last.documents d ON d.id = p.document_id
    WHERE NOT EXISTS (SELECT 1 FROM main.passages n WHERE n.key = p.key)
    ORDER BY d.id
"""
# Each document's last row up to a generation.
_STATE: Final = """
    SELECT document, sha256, title, max(generation) AS generation FROM changes
    WHERE generation <= ? GROUP BY document
"""


@dataclass(frozen=True, slots=True)
class Archived:
    """A passage that has left the index, with its document's text as it was.

    Attributes:
        document: the path that the document had.
        page_starts: as documents.Document has them.
        start, end: the passage's place in `text`.
        went_at: when a build took it out of the index, ISO 8601.
    """

    key: str
    document: str
    title: str
    kind: str
    language: str
    date: str | None
    page_starts: tuple[int, ...]
    text: str
    start: int
    end: int
    went_at: str

    def page_at(self, offset: int) -> int | None:
        """Return the page of the document that held `offset`, counted from 1."""
        return page_at(self.page_starts, offset)


@dataclass(frozen=True, slots=True)
class Past:
    """A document as a generation had it: the file's sha256, and its title where it was read."""

    sha256: str
    title: str | None


def preserve(records: Records, last: Path, following: Path) -> int:
    """Keep the texts that one store has and the one to be committed after it hasn't.

    Args:
        last: passages.sqlite of the committed generation. It needn't be sound: a text is kept
            only where its passages' keys prove it.
        following: passages.sqlite of the next one, closed.

    Returns:
        How many passages were kept.

    Raises:
        RecordsError: they can't be kept; the generation must not be committed then.
    """
    kept = 0
    moment = now()
    with _opened(following) as connection:
        for number, passages in _leaving(connection, last):
            kept += _keep(records, connection, number, passages, moment)
    return kept


def archived(records: Records, key: str) -> Archived | None:
    """Return the passage of this name as it was; None where it never left the index.

    Raises:
        RecordsError: its text isn't what was kept.
    """
    rows = records.rows(
        'SELECT t.*, p.key, p.start, p."end" FROM passages p JOIN texts t ON t.sha256 = p.text'
        " WHERE p.key = ?",
        [key],
    )
    if not rows:
        return None
    row = rows[0]
    text = _unpacked(records, row["sha256"], row["text"])
    if passage_key(row["sha256"], row["start"], row["end"]) != key:
        raise _not_kept(records)
    try:
        page_starts = tuple(json.loads(row["page_starts"]))
    except (ValueError, TypeError) as error:
        raise _not_kept(records) from error
    return Archived(
        key=key,
        document=row["document"],
        title=row["title"],
        kind=row["kind"],
        language=row["language"],
        date=row["date"],
        page_starts=page_starts,
        text=text,
        start=row["start"],
        end=row["end"],
        went_at=row["went_at"],
    )


def damaged_texts(records: Records) -> list[str]:
    """Return the documents whose kept text, or a passage of it, isn't what was kept."""
    found = [
        row["document"] or f"passage {row['key']}"
        for row in records.rows(
            'SELECT p.key, p.text, p.start, p."end", t.document FROM passages p'
            " LEFT JOIN texts t ON t.sha256 = p.text"
        )
        if passage_key(row["text"], row["start"], row["end"]) != row["key"]
    ]
    for row in records.rows("SELECT sha256, document FROM texts"):
        data = records.rows("SELECT text FROM texts WHERE sha256 = ?", [row["sha256"]])
        try:
            _unpacked(records, row["sha256"], data[0]["text"] if data else b"")
        except RecordsError:
            found.append(row["document"])
    return sorted({str(name) for name in found})


def remember(
    records: Records, number: int, documents: Iterable[DocumentRow], committed_at: str | None = None
) -> None:
    """Write down which documents a generation has. Of one that is known already, nothing."""
    with records.writing():
        if records.rows("SELECT 1 FROM generations WHERE number = ?", [number]):
            return
        before = {name: (past.sha256, past.title) for name, past in state(records, number).items()}
        after = {row.document: (row.sha256, row.title) for row in documents}
        changes: list[tuple[str, str | None, str | None]] = [
            (name, *values) for name, values in after.items() if before.get(name) != values
        ]
        changes += [(name, None, None) for name in before.keys() - after.keys()]
        records.rows("INSERT INTO generations VALUES (?, ?)", [number, committed_at or now()])
        for name, digest, title in changes:
            records.rows("INSERT INTO changes VALUES (?, ?, ?, ?)", [name, number, digest, title])


def generations(records: Records) -> dict[int, str]:
    """Return the generations that are known, oldest first: number → when it was committed."""
    rows = records.rows("SELECT number, committed_at FROM generations ORDER BY number")
    return {row["number"]: row["committed_at"] for row in rows}


def state(records: Records, number: int) -> dict[str, Past]:
    """Return what a generation had: path → the document."""
    return {
        row["document"]: Past(row["sha256"], row["title"])
        for row in records.rows(_STATE, [number])
        if row["sha256"] is not None
    }


def removal_of(records: Records, document: str) -> tuple[str, set[str]] | None:
    """Return when a document last went out of the library, and which others were there beside it.

    None where that isn't known.
    """
    rows = records.rows(
        "SELECT g.number, g.committed_at FROM changes c JOIN generations g"
        " ON g.number = c.generation WHERE c.document = ? AND c.sha256 IS NULL"
        " ORDER BY g.number DESC LIMIT 1",
        [document],
    )
    if not rows:
        return None
    return rows[0]["committed_at"], set(state(records, rows[0]["number"] - 1)) - {document}


@contextmanager
def _opened(store: Path) -> Iterator[sqlite3.Connection]:
    uri = f"{store.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        yield connection


def _leaving(connection: sqlite3.Connection, last: Path) -> Iterator[tuple[int, list[sqlite3.Row]]]:
    """Yield the documents that lose passages, each with those passages.

    A last store that is broken, or of another format, ends early: what can't be read is lost.
    """
    passages: list[sqlite3.Row] = []
    try:
        connection.execute("ATTACH ? AS last", [f"{last.absolute().as_uri()}?mode=ro&immutable=1"])
        for row in connection.execute(_LEAVING):
            if passages and passages[0]["document"] != row["document"]:
                yield passages[0]["document"], passages
                passages = []
            passages.append(row)
    except sqlite3.DatabaseError:
        pass
    if passages:
        yield passages[0]["document"], passages


def _keep(
    records: Records,
    connection: sqlite3.Connection,
    number: int,
    passages: list[sqlite3.Row],
    moment: str,
) -> int:
    """Keep one document's text with these passages, and return how many are proved by it."""
    try:
        [(text,)] = connection.execute("SELECT text FROM last.documents WHERE id = ?", [number])
        digest = sha256(text.encode()).hexdigest()
        json.loads(passages[0]["page_starts"])
    except (sqlite3.DatabaseError, ValueError, TypeError, AttributeError):
        return 0
    proved = [
        (row["key"], digest, row["start"], row["end"])
        for row in passages
        if passage_key(digest, row["start"], row["end"]) == row["key"]
    ]
    if not proved:
        return 0
    values: dict[str, Any] = {name: passages[0][name] for name in passages[0].keys()}  # noqa: SIM118
    values |= {"sha256": digest, "text": zlib.compress(text.encode()), "went_at": moment}
    with records.writing():
        # What went once, came back and goes again is dated anew.
        records.rows(
            "INSERT INTO texts VALUES (:sha256, :path, :title, :kind, :language, :date,"
            " :page_starts, :text, :went_at) ON CONFLICT (sha256) DO UPDATE SET"
            " document = excluded.document, title = excluded.title, went_at = excluded.went_at",
            values,
        )
        for row in proved:
            records.rows("INSERT OR IGNORE INTO passages VALUES (?, ?, ?, ?)", row)
    return len(proved)


def _unpacked(records: Records, digest: str, data: bytes) -> str:
    try:
        packed = zlib.decompress(data)
    except (zlib.error, TypeError):
        packed = b""
    if sha256(packed).hexdigest() != digest:
        raise _not_kept(records)
    return packed.decode()


def _not_kept(records: Records) -> RecordsError:
    return RecordsError(f"{records.path}: a kept text isn't what was kept: run `folio repair`")
