"""Who may do what. The one place that asks.

Where nobody logs in, whoever reaches the page from this machine keeps the library, and everybody
else reads what is closed to nobody. Where people log in, their role says it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from qa.people.audit import Event, note
from qa.people.collections import hidden_from
from qa.people.users import Role

if TYPE_CHECKING:
    from qa.web.door import Door

# No form and no other site can send it without being asked about it first.
_OURS: Final = "x-folio"
_HERE: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Person:
    """Who sends a request.

    Attributes:
        name: a user's; "" where nobody logs in.
        hidden: the folders whose documents aren't there for this person.
        address: where from.
        by_proxy: whether a proxy says who it is.
    """

    name: str
    role: Role
    hidden: frozenset[str] = frozenset()
    address: str = ""
    by_proxy: bool = False

    @property
    def may_change(self) -> bool:
        """Whether the library may be changed."""
        return self.role in ("librarian", "admin")

    @property
    def may_see_people(self) -> bool:
        """Whether users and the audit may be seen."""
        return self.role == "admin"


@dataclass(frozen=True, slots=True)
class Access:
    """What those who reach the page may do.

    Attributes:
        may_change: whether somebody who isn't asked to log in may change the library.
        door: who recognises people; None where there is nothing to recognise them by.
    """

    may_change: bool
    door: "Door | None" = None

    def person(self, scope: Mapping[str, Any]) -> Person | None:
        """Return who sends a request; None where somebody has to log in first."""
        if self.door is None:
            return Person("", "librarian" if self.may_change else "reader")
        if self.door.asks():
            return self.door.person(scope)
        address = self.door.proxies.address(scope)
        if self.may_change:
            return Person("", "librarian", address=address)
        return Person("", "reader", hidden_from(self.door.records, None), address)

    def may_write(self, headers: Mapping[str, str], person: Person | None = None) -> bool:
        """Return whether a request that changes the library comes from our own page.

        Args:
            headers: by small letters.
            person: who sends it, where people log in.
        """
        if person and person.name:
            return person.may_change and self.may_say(headers)
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        # A name that only now points here is another site's: no library is changed through it.
        # (A login's cookie is sent to the name that it was made under, and to no other.)
        return self.may_change and self.may_say(headers) and host in _HERE

    def may_say(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request comes from our own page, and not through another site."""
        return _OURS in headers and from_here(headers)

    def note(self, person: Person, event: Event, detail: str = "") -> None:
        """Write down what somebody did to the library."""
        if self.door is not None:
            note(self.door.records, event, person.name, person.address, detail)


def from_here(headers: Mapping[str, str]) -> bool:
    """Return whether no other site has made the browser send this."""
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
