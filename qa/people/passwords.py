"""Passwords as they are kept: argon2id. argon2-cffi's one home."""

from functools import cache
from typing import Any, Final

from index.errors import LibraryError

SHORTEST: Final = 12
# Hashing takes as long as its input; nobody remembers more.
_LONGEST: Final = 1024


def is_long_enough(password: str) -> bool:
    """Return whether a password can be taken."""
    return SHORTEST <= len(password) <= _LONGEST


def hashed(password: str) -> str:
    """Return a password's argon2id hash, with its own salt and parameters in it.

    Raises:
        LibraryError: the password is too short or too long.
    """
    if not is_long_enough(password):
        raise LibraryError(
            f"the password has {len(password)} characters: give one of {SHORTEST} or more, "
            "for instance four words that don't belong together"
        )
    made: str = _hasher().hash(password)
    return made


def matches(kept: str | None, password: str) -> bool:
    """Return whether a password is the one that was hashed.

    It takes the same work where there is nobody of that name, or nobody's password: a stranger
    can't tell by the time which names are users.
    """
    from argon2.exceptions import Argon2Error, InvalidHashError

    try:
        right = bool(_hasher().verify(kept or _nobodys(), password[:_LONGEST]))
    except (Argon2Error, InvalidHashError):
        return False
    return right and bool(kept) and len(password) <= _LONGEST


@cache
def _hasher() -> Any:
    from argon2 import PasswordHasher

    return PasswordHasher()  # RFC 9106's second recommendation: 64 MiB, three passes


@cache
def _nobodys() -> str:
    import secrets

    made: str = _hasher().hash(secrets.token_urlsafe(32))
    return made
