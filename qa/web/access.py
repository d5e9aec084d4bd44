"""Who may do what. The one place that asks; users and roles have their seam here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

# No form and no other site can send it without being asked about it first.
_OURS: Final = "x-folio"
_HERE: Final = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Access:
    """What those who reach the page may do.

    Attributes:
        may_change: whether they may change the library: they sit at this machine.
    """

    may_change: bool

    def may_write(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request that changes the library comes from our own page.

        Args:
            headers: by small letters.
        """
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        # A name that only now points here is another site's: no library is changed through it.
        return self.may_change and self.may_say(headers) and host in _HERE

    def may_say(self, headers: Mapping[str, str]) -> bool:
        """Return whether a request comes from our own page, and not through another site."""
        origin = headers.get("origin")
        ours = origin is None or urlsplit(origin).netloc == headers.get("host")
        return _OURS in headers and ours
