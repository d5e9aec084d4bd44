from collections.abc import Callable
from typing import Any

import pytest

from index.errors import LibraryError
from qa.web.proxy import Proxies

Make = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "address"),
    [
        ("", "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        ("127.0.0.1", "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        ("127.0.0.1", "127.0.0.1", "198.51.100.7", "198.51.100.7"),
        # What the visitor itself wrote stands before what the proxy adds.
        ("127.0.0.1", "127.0.0.1", "1.2.3.4, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1, 10.0.0.0/24", "127.0.0.1", "1.2.3.4, 198.51.100.7, 10.0.0.5", "198.51.100.7"),
        ("127.0.0.1", "127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "127.0.0.1", "198.51.100.7:5123", "198.51.100.7"),
        ("127.0.0.1", "::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("::1", "::1", "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("", "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        ("", "testclient", "", "testclient"),
    ],
)
def test_an_address_is_believed_of_trusted_proxies_only(
    scope: Make, trusted: str, peer: str, forwarded: str, address: str
) -> None:
    request = scope(peer, x_forwarded_for=forwarded) if forwarded else scope(peer)
    assert Proxies(trusted).address(request) == address


def test_a_header_that_comes_twice_is_one_list(scope: Make) -> None:
    request = scope("127.0.0.1")
    request["headers"] = [(b"x-forwarded-for", b"1.2.3.4"), (b"X-Forwarded-For", b"198.51.100.7")]
    assert Proxies("127.0.0.1").address(request) == "198.51.100.7"


def test_the_scheme_and_the_users_name_are_believed_of_trusted_proxies_only(scope: Make) -> None:
    said = {"x_forwarded_proto": "https", "x_remote_user": "anna"}
    proxies = Proxies("127.0.0.1", "X-Remote-User")
    assert proxies.scheme(scope("127.0.0.1", **said)) == "https"
    assert proxies.user(scope("127.0.0.1", **said)) == "anna"
    assert proxies.scheme(scope("198.51.100.7", **said)) == "http"
    assert proxies.user(scope("198.51.100.7", **said)) is None
    assert proxies.user(scope("127.0.0.1")) is None
    assert Proxies("127.0.0.1").user(scope("127.0.0.1", **said)) is None


def test_a_mistake_in_the_settings_is_told() -> None:
    with pytest.raises(LibraryError, match=r"10\.0\.0\.0/24"):
        Proxies("localhost")
    with pytest.raises(LibraryError, match="trusted_proxy names nobody"):
        Proxies("", "X-Remote-User")
