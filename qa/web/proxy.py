"""Where a request comes from, also where a proxy stands before Folio.

What a proxy says in its headers is believed of the addresses in `trusted_proxy` only: anybody else
can send the same headers.
"""

from collections.abc import Mapping, MutableMapping
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any, Final

from index.errors import LibraryError

_NET_BITS: Final = 64  # what one household or company has of IPv6


class Proxies:
    """The proxies that are trusted.

    Attributes:
        user_header: in which they name who is logged in, in small letters; "" where they don't.
    """

    def __init__(self, addresses: str = "", user_header: str = "") -> None:
        """Take addresses or networks, with commas between them.

        Raises:
            LibraryError: one of them is none, or a header is to be believed of nobody.
        """
        self.user_header: Final = user_header.lower()
        self._networks: Final = [_network(each) for each in addresses.split(",") if each.strip()]
        if user_header and not self._networks:
            raise LibraryError(
                f"user_header is {user_header!r}, but trusted_proxy names nobody who may send it: "
                'set trusted_proxy = "127.0.0.1", or wherever the proxy is'
            )

    def address(self, scope: Mapping[str, Any]) -> str:
        """Return the address that a request comes from, of IPv6 its network."""
        address = _peer(scope)
        if self._trusts(address):
            # Each proxy adds whom it heard from at the end; the first stranger is the visitor.
            for said in reversed(headers_of(scope).get("x-forwarded-for", "").split(",")):
                if _plain(said) is None:
                    break
                address = _plain(said) or address
                if not self._trusts(address):
                    break
        return _counted(address)

    def scheme(self, scope: Mapping[str, Any]) -> str:
        """Return "https" or "http": what the visitor's browser speaks."""
        if self._trusts(_peer(scope)):
            said = headers_of(scope).get("x-forwarded-proto", "")
            if said in ("http", "https"):
                return said
        return str(scope.get("scheme", "http"))

    def user(self, scope: Mapping[str, Any]) -> str | None:
        """Return whom a trusted proxy says this is; None where none says so."""
        if not self.user_header or not self._trusts(_peer(scope)):
            return None
        return headers_of(scope).get(self.user_header) or None

    def _trusts(self, address: str) -> bool:
        plain = _plain(address)
        if plain is None:
            return False
        return any(ip_address(plain) in network for network in self._networks)


def headers_of(scope: Mapping[str, Any]) -> dict[str, str]:
    """Return a request's headers by small letters; of one that comes twice all, with commas."""
    found: MutableMapping[str, str] = {}
    for name, value in scope.get("headers", ()):
        key, text = name.decode("latin-1").lower(), value.decode("utf-8", "replace")
        found[key] = f"{found[key]},{text}" if key in found else text
    return dict(found)


def _peer(scope: Mapping[str, Any]) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _network(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text.strip())
    except ValueError as error:
        raise LibraryError(
            f"trusted_proxy names {text.strip()!r}: write an address, 127.0.0.1, or a network, "
            "10.0.0.0/24"
        ) from error


def _plain(text: str) -> str | None:
    """Return an address without a port, and IPv4 as IPv4; None where it is no address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _counted(address: str) -> str:
    plain = _plain(address)
    if plain is None or ":" not in plain:
        return plain or address
    return str(ip_network((plain, _NET_BITS), strict=False))
