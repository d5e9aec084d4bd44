"""Who did what and when: logins, changes of the library, of users and of collections.

Never what was asked, a password, or the name that somebody tried who is no user: people type their
password there by mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from index.records import Records, now

Event = Literal[
    "login",
    "login_failed",
    "logout",
    "add",
    "replace",
    "rename",
    "describe",
    "remove",
    "restore",
    "prune",
    "rebuild",
    "cancel",
    "user_added",
    "user_password",
    "user_role",
    "user_removed",
    "sessions_ended",
    "collection_set",
    "collection_removed",
]
_DETAIL_CHARS: Final = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit.

    Attributes:
        at: ISO 8601.
        person: a user's name; who runs Folio on this machine where it was done there; "" where
            nobody is known.
        address: where from over the network; "" where it was done on this machine.
        detail: the document, user or folder that it was done to.
    """

    at: str
    event: str
    person: str
    address: str
    detail: str


def note(records: Records, event: Event, person: str, address: str = "", detail: str = "") -> None:
    """Write one line.

    Raises:
        RecordsError: it can't be written.
    """
    values = [now(), event, person, address, detail[:_DETAIL_CHARS]]
    with records.writing():
        records.rows(
            "INSERT INTO audit (at, event, person, address, detail) VALUES (?, ?, ?, ?, ?)", values
        )


def entries(records: Records, limit: int) -> Sequence[Entry]:
    """Return the last lines, the earliest of them first."""
    rows = records.rows(
        "SELECT at, event, person, address, detail FROM"
        " (SELECT * FROM audit ORDER BY id DESC LIMIT ?) ORDER BY id",
        [limit],
    )
    return [Entry(**dict(row)) for row in rows]
