"""Who put which file into documents/, and when. What is known of it stands in records.sqlite."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from index.library import Library
from index.records import Records, now

# Each document's first generation since it last was away, and until when it was.
_SINCE: Final = """
    SELECT c.document, min(g.committed_at) AS since, (
        SELECT max(h.committed_at) FROM changes b JOIN generations h ON h.number = b.generation
        WHERE b.document = c.document AND b.sha256 IS NULL
    ) AS gone
    FROM changes c JOIN generations g ON g.number = c.generation
    WHERE c.sha256 IS NOT NULL AND c.generation > coalesce((
        SELECT max(generation) FROM changes b WHERE b.document = c.document AND b.sha256 IS NULL
    ), 0)
    GROUP BY c.document
"""
_LAST: Final = """
    SELECT document, added_at, added_by, max(id) FROM additions GROUP BY document
"""


@dataclass(frozen=True, slots=True)
class Added:
    """When a file came, ISO 8601, and who put it there; empty where nobody said so."""

    at: str
    by: str


def note(library: Library, document: str, by: str) -> None:
    """Write down that somebody has just put a file there.

    Raises:
        RecordsError: records.sqlite can't be written.
    """
    _keep(library, {document: Added(now(), by)})


def renamed(library: Library, old: str, new: str) -> None:
    """Write down that a file, or a folder, has another name now: what is there came when it came.

    Raises:
        RecordsError: records.sqlite can't be written.
    """
    moved = {
        new + document[len(old) :]: added
        for document, added in additions(library).items()
        if document == old or document.startswith(f"{old}/")
    }
    _keep(library, moved)


def count_since(library: Library, by: str, moment: str) -> int:
    """Return how many files somebody has put there since a moment, ISO 8601 in UTC."""
    opened = Records.read(library.records)
    if opened is None:
        return 0
    with opened as records:
        sql = "SELECT count(*) FROM additions WHERE added_by = ? AND added_at >= ?"
        return int(records.rows(sql, [by, moment])[0][0])


def additions(library: Library) -> dict[str, Added]:
    """Return when each document came, by its path; what is packed in a file by its own."""
    opened = Records.read(library.records)
    if opened is None:
        return {}
    with opened as records:
        since = records.rows(_SINCE)
        noted = {row["document"]: row for row in records.rows(_LAST)}
    found = {row["document"]: Added(row["since"], "") for row in since}
    gone = {row["document"]: row["gone"] or "" for row in since}
    for document, row in noted.items():
        # Who put it there before it was taken out had nothing to do with its coming back.
        if row["added_at"] >= gone.get(document, ""):
            found[document] = Added(row["added_at"], row["added_by"])
    return found


def _keep(library: Library, came: Mapping[str, Added]) -> None:
    with Records.open(library.records) as records, records.writing():
        for document, added in came.items():
            records.rows(
                "INSERT INTO additions (document, added_at, added_by) VALUES (?, ?, ?)",
                [document, added.at, added.by],
            )
