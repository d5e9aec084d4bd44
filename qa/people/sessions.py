"""Who is logged in: a random token in the browser, its sha256 here.

A session ends after eight hours without a request, twelve hours after the login, at the logout,
and when its user's password or role changes.
"""

import secrets
import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Final

from index.records import Records

IDLE_S: Final = 8 * 3600
LONGEST_S: Final = 12 * 3600
# How often "seen" is written: a page of many requests isn't as many writes.
_NOTED_S: Final = 60

Clock = Callable[[], float]


def begin(records: Records, name: str, clock: Clock = time.time) -> str:
    """Begin a user's session and return its token, which isn't kept."""
    token = secrets.token_urlsafe(32)
    moment = clock()
    with records.writing():
        records.rows("DELETE FROM sessions WHERE seen < ? OR began < ?", _limits(moment))
        records.rows(
            "INSERT INTO sessions VALUES (?, ?, ?, ?)", [_kept(token), name, moment, moment]
        )
    return token


def user_of(records: Records, token: str, clock: Clock = time.time) -> str | None:
    """Return whose session it is, and note that it is used; None where it has ended."""
    moment = clock()
    rows = records.rows("SELECT user, began, seen FROM sessions WHERE token = ?", [_kept(token)])
    if not rows:
        return None
    seen_after, began_after = _limits(moment)
    if rows[0]["seen"] < seen_after or rows[0]["began"] < began_after:
        return None
    if moment - rows[0]["seen"] >= _NOTED_S:
        with records.writing():
            records.rows("UPDATE sessions SET seen = ? WHERE token = ?", [moment, _kept(token)])
    return str(rows[0]["user"])


def alive(records: Records, clock: Clock = time.time) -> Counter[str]:
    """Return how many sessions each user has that haven't ended."""
    rows = records.rows(
        "SELECT user FROM sessions WHERE seen >= ? AND began >= ?", list(_limits(clock()))
    )
    return Counter(str(row["user"]) for row in rows)


def end(records: Records, token: str) -> None:
    """End one session."""
    with records.writing():
        records.rows("DELETE FROM sessions WHERE token = ?", [_kept(token)])


def revoke(records: Records, name: str) -> None:
    """End all of a user's sessions; call it inside of `records.writing`."""
    records.rows("DELETE FROM sessions WHERE user = ?", [name])


def _kept(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _limits(moment: float) -> tuple[float, float]:
    """Return when a session that is alive was seen last, and began, at the earliest."""
    return moment - IDLE_S, moment - LONGEST_S
