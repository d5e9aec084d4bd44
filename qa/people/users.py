"""Users: a name, a password's hash, a role, and the collections that they may read."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final, Literal, get_args

from index.errors import LibraryError
from index.records import Records, now
from qa.people import sessions
from qa.people.passwords import hashed, matches

# reader: asks; librarian: changes the library too; admin: reads the audit and sees the users too.
Role = Literal["reader", "librarian", "admin"]
ROLES: Final[tuple[Role, ...]] = get_args(Role)
_NAME: Final = re.compile(r"\w[\w.@+-]{0,63}")


@dataclass(frozen=True, slots=True)
class User:
    """A user.

    Attributes:
        has_password: False where the name can only come from the proxy.
        collections: the folders that this user is listed for.
        added_at: ISO 8601.
    """

    name: str
    role: Role
    has_password: bool
    collections: tuple[str, ...]
    added_at: str


def folded(name: str) -> str:
    """Return a name as it is kept: "Anna" and "ANNA" are one user."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name.strip()).casefold())


def may_be_named(name: str) -> bool:
    """Return whether a name, as it is kept, can be a user's."""
    return _NAME.fullmatch(name) is not None


def add(records: Records, name: str, role: Role, password: str | None) -> User:
    """Make a user.

    Args:
        password: None where the name comes from the proxy only.

    Raises:
        LibraryError: there is one of this name, or name or password can't be taken.
    """
    kept = folded(name)
    if not may_be_named(kept):
        raise LibraryError(
            f"{name!r} can't be a user's name: use up to 64 letters, digits and any of . @ + - _"
        )
    secret = "" if password is None else hashed(password)
    with records.writing():
        if records.rows("SELECT 1 FROM users WHERE name = ?", [kept]):
            raise LibraryError(f"there is a user {kept!r} already: `folio user list` shows them")
        records.rows("INSERT INTO users VALUES (?, ?, ?, ?)", [kept, secret, role, now()])
    return user(records, kept)


def user(records: Records, name: str) -> User:
    """Return a user.

    Raises:
        LibraryError: there is none of this name.
    """
    found = find(records, name)
    if found is None:
        raise LibraryError(f"there is no user {folded(name)!r}: `folio user list` shows them")
    return found


def find(records: Records, name: str) -> User | None:
    """Return a user; None where there is none of this name."""
    rows = records.rows("SELECT * FROM users WHERE name = ?", [folded(name)])
    if not rows:
        return None
    row = rows[0]
    read = records.rows(
        "SELECT folder FROM collection_readers WHERE user = ? ORDER BY folder", [row["name"]]
    )
    collections = tuple(str(each["folder"]) for each in read)
    return User(row["name"], row["role"], bool(row["password"]), collections, row["added_at"])


def users(records: Records) -> list[User]:
    """Return all users, by name."""
    names = [row["name"] for row in records.rows("SELECT name FROM users ORDER BY name")]
    return [user(records, name) for name in names]


def any_users(records: Records) -> bool:
    """Return whether there are users at all."""
    return bool(records.rows("SELECT 1 FROM users LIMIT 1"))


def proved(records: Records, name: str, password: str) -> User | None:
    """Return the user whose password this is; the same work is done where there is none."""
    rows = records.rows("SELECT password FROM users WHERE name = ?", [folded(name)])
    if not matches(rows[0]["password"] if rows else None, password):
        return None
    return find(records, name)


def change_password(records: Records, name: str, password: str | None) -> User:
    """Give a user another password, or none, and end the user's sessions.

    Raises:
        LibraryError: there is no such user, or the password can't be taken.
    """
    changed = user(records, name)
    secret = "" if password is None else hashed(password)
    with records.writing():
        records.rows("UPDATE users SET password = ? WHERE name = ?", [secret, changed.name])
        sessions.revoke(records, changed.name)
    return user(records, name)


def change_role(records: Records, name: str, role: Role) -> User:
    """Give a user another role, and end the user's sessions.

    Raises:
        LibraryError: there is no such user.
    """
    changed = user(records, name)
    with records.writing():
        records.rows("UPDATE users SET role = ? WHERE name = ?", [role, changed.name])
        sessions.revoke(records, changed.name)
    return user(records, name)


def remove(records: Records, name: str) -> None:
    """Forget a user, with the user's sessions and the places in lists of readers.

    Raises:
        LibraryError: there is no such user.
    """
    removed = user(records, name)
    with records.writing():
        records.rows("DELETE FROM users WHERE name = ?", [removed.name])
