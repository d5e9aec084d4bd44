import threading
from collections.abc import Callable
from typing import Any

import pytest

from index.records import Records
from qa.people import users
from qa.people.audit import entries
from qa.web import door as module
from qa.web.door import Door, Refused
from qa.web.proxy import Proxies
from tests.qa.clock import Clock

Make = Callable[..., dict[str, Any]]
PASSWORD = "correct horse battery"


@pytest.fixture
def door(records: Records, clock: Clock) -> Door:
    users.add(records, "anna", "librarian", PASSWORD)
    return Door(records, Proxies("127.0.0.1", "x-remote-user"), clock=clock)


def with_cookie(scope: Make, token: object) -> dict[str, Any]:
    return scope(cookie=f"folio_lang=lv; folio_session={token}; other=1")


def test_a_login_is_recognised_until_it_ends(door: Door, scope: Make) -> None:
    token = door.log_in("Anna", PASSWORD, scope())
    person = door.person(with_cookie(scope, token))
    assert person is not None
    assert (person.name, person.role, person.may_change) == ("anna", "librarian", True)
    door.log_out(with_cookie(scope, token))
    assert door.person(with_cookie(scope, token)) is None


@pytest.mark.parametrize("token", ["", "x", "None", "' OR 1=1", "\x00", "a" * 10_000])
def test_a_made_up_cookie_is_nobodys(door: Door, scope: Make, token: str) -> None:
    door.log_in("anna", PASSWORD, scope())
    assert door.person(with_cookie(scope, token)) is None
    assert door.person(scope()) is None


def test_of_a_thousand_guesses_at_once_fewer_than_thirty_are_evaluated(
    door: Door, scope: Make, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated = []

    def wrong(_: Records, name: str, password: str) -> None:
        evaluated.append((name, password))

    monkeypatch.setattr(module.users, "proved", wrong)
    results: list[object] = []

    def guess(first: int) -> None:
        for number in range(first, first + 100):
            results.append(door.log_in("anna", f"guess {number}", scope(f"203.0.113.{number % 9}")))

    threads = [threading.Thread(target=guess, args=[first]) for first in range(0, 1000, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 1000
    assert all(isinstance(result, Refused) for result in results)
    assert len(evaluated) == 5
    clock.pass_(2)
    monkeypatch.undo()
    assert isinstance(door.log_in("anna", PASSWORD, scope("192.0.2.1")), str)


def test_while_an_account_waits_the_right_password_waits_too(
    door: Door, scope: Make, clock: Clock
) -> None:
    for number in range(5):
        refused = door.log_in("anna", f"wrong {number}", scope())
    assert isinstance(refused, Refused)
    assert refused.wait_s == 1
    assert isinstance(door.log_in("anna", PASSWORD, scope()), Refused)
    clock.pass_(1)
    assert isinstance(door.log_in("anna", PASSWORD, scope()), str)


def test_a_trusted_proxy_says_who_it_is_and_nobody_else_can(
    door: Door, scope: Make, records: Records
) -> None:
    users.add(records, "juris", "reader", None)
    person = door.person(scope("127.0.0.1", x_remote_user="Juris"))
    assert person is not None
    assert (person.name, person.by_proxy) == ("juris", True)
    assert door.person(scope("198.51.100.7", x_remote_user="juris")) is None
    assert door.person(scope("127.0.0.1", x_remote_user="nobody")) is None
    # Nor can the proxy's word be mixed with somebody else's cookie.
    token = door.log_in("anna", PASSWORD, scope())
    both = scope("127.0.0.1", x_remote_user="nobody", cookie=f"folio_session={token}")
    assert door.person(both) is None


def test_logins_are_noted_without_what_was_typed(door: Door, scope: Make, records: Records) -> None:
    token = door.log_in("anna", PASSWORD, scope())
    door.log_in("anna", "a wrong password", scope())
    door.log_in("my password by mistake", "x", scope())
    door.log_out(with_cookie(scope, token))
    noted = entries(records, 10)
    assert [(entry.event, entry.person, entry.detail) for entry in noted] == [
        ("login", "anna", ""), ("login_failed", "anna", ""), ("login_failed", "", ""),
        ("logout", "anna", ""),
    ]  # fmt: skip
    assert {entry.address for entry in noted} == {"198.51.100.7"}
    data = records.path.read_bytes()
    for secret in (PASSWORD, "a wrong password", "by mistake", str(token)):
        assert secret.encode() not in data


def test_people_have_to_log_in_from_the_first_user_on_and_still_when_the_last_one_goes(
    records: Records, scope: Make
) -> None:
    door = Door(records, Proxies())
    assert not door.asks()
    users.add(records, "anna", "reader", None)
    assert door.asks()
    users.remove(records, "anna")
    assert door.asks()
    assert not Door(records, Proxies(), asks=False).asks()
