"""Who comes in: by a session's cookie, or by what a trusted proxy says.

A login is proved one at a time: each try is weighed against those before it, also where a thousand
come at once.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from index.errors import RecordsError
from index.library import Library
from index.records import Records, is_lost
from qa.people import sessions, users
from qa.people.audit import note
from qa.people.collections import hidden_from
from qa.people.users import User
from qa.web.access import Person
from qa.web.proxy import Proxies, headers_of
from qa.web.throttle import Throttle

COOKIE: Final = "folio_session"


@dataclass(frozen=True, slots=True)
class Refused:
    """A login that isn't let in.

    Attributes:
        wait_s: how long the next try has to wait; 0 where it needn't.
    """

    wait_s: float


class Door:
    """Recognises people. Safe to call from several threads.

    Attributes:
        records: where users and sessions are.
    """

    def __init__(
        self,
        records: Records,
        proxies: Proxies,
        asks: bool | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the door.

        Args:
            asks: whether people have to log in; where it isn't said, as soon as there are users.
            clock: seconds since 1970.
        """
        self.records: Final = records
        self.proxies: Final = proxies
        self._asks = asks
        self._clock = clock
        self._throttle = Throttle(clock)
        self._proving = threading.Lock()

    def asks(self) -> bool:
        """Return whether people have to log in; it stays so when the last user goes."""
        if self._asks is None and users.any_users(self.records):
            self._asks = True
        return bool(self._asks)

    def person(self, scope: Mapping[str, Any]) -> Person | None:
        """Return who sends a request; None where that isn't known."""
        named = named_by = self.proxies.user(scope)
        token = token_of(scope)
        if named is None and token:
            named = sessions.user_of(self.records, token, self._clock)
        found = users.find(self.records, named) if named else None
        return self._person(found, scope, bool(named_by)) if found else None

    def log_in(self, name: str, password: str, scope: Mapping[str, Any]) -> str | Refused:
        """Return a new session's token, or why there is none."""
        account, address = users.folded(name)[:100], self.proxies.address(scope)
        with self._proving:
            if wait_s := self._throttle.wait_s(account, address):
                return Refused(wait_s)
            found = users.proved(self.records, account, password)
            if found is None:
                self._throttle.failed(account, address)
                known = users.find(self.records, account)
                note(self.records, "login_failed", known.name if known else "", address)
                return Refused(self._throttle.wait_s(account, address))
            self._throttle.succeeded(account, address)
        note(self.records, "login", found.name, address)
        return sessions.begin(self.records, found.name, self._clock)

    def log_out(self, scope: Mapping[str, Any]) -> None:
        """End the session that a request is of."""
        token, person = token_of(scope), self.person(scope)
        if token:
            sessions.end(self.records, token)
        if person:
            note(self.records, "logout", person.name, person.address)

    def _person(self, found: User, scope: Mapping[str, Any], by_proxy: bool) -> Person:
        hidden = hidden_from(self.records, found)
        address = self.proxies.address(scope)
        return Person(found.name, found.role, hidden, address, by_proxy)


@contextmanager
def opened_door(folder: Path | None, no_auth: bool) -> Iterator[Door]:
    """Open the door of a library for as long as the block lasts.

    Args:
        folder: the library's; None for the default one.
        no_auth: whether nobody is asked to log in.

    Raises:
        LibraryError: there is no such library, or its settings have a mistake.
        RecordsError: records.sqlite can't be used.
    """
    library = Library.open(folder)
    settings = library.settings
    proxies = Proxies(settings.trusted_proxy, settings.user_header)
    with _records(library) as records:
        yield Door(records, proxies, asks=False if no_auth else None)


def _records(library: Library) -> Records:
    """Open the records; where they aren't, and can't be made, there never was a user."""
    try:
        return Records.open(library.records)
    except RecordsError:
        if os.path.lexists(library.records) or is_lost(library.records):
            raise
        return Records.in_memory()


def token_of(scope: Mapping[str, Any]) -> str | None:
    """Return the token of a request's cookie."""
    for pair in headers_of(scope).get("cookie", "").replace(",", ";").split(";"):
        name, _, value = pair.strip().partition("=")
        if name == COOKIE:
            return value or None
    return None
