import pytest

from qa.web import throttle as module
from qa.web.throttle import Throttle
from tests.qa.clock import Clock


def guesses(throttle: Throttle, clock: Clock, count: int, every_s: float, **keys: str) -> int:
    """Return how many of so many wrong guesses were evaluated."""
    evaluated = 0
    for number in range(count):
        account = keys.get("account") or f"user{number}"
        address = keys.get("address") or f"203.0.113.{number}"
        if not throttle.wait_s(account, address):
            evaluated += 1
            throttle.failed(account, address)
        clock.pass_(every_s)
    return evaluated


@pytest.mark.parametrize("every_s", [0, 0.01, 1, 10])
def test_of_a_thousand_guesses_fewer_than_thirty_are_evaluated(
    clock: Clock, every_s: float
) -> None:
    for keys in ({"account": "anna"}, {"address": "203.0.113.9"}):
        throttle = Throttle(clock)
        evaluated = guesses(throttle, clock, 1000, every_s, **keys)
        assert 5 <= evaluated < 30


def test_after_five_failures_the_wait_doubles_up_to_a_quarter_of_an_hour(clock: Clock) -> None:
    throttle = Throttle(clock)
    waits = []
    for _ in range(20):
        throttle.failed("anna", "203.0.113.9")
        waits.append(throttle.wait_s("anna", "203.0.113.9"))
        clock.pass_(waits[-1])
        assert throttle.wait_s("anna", "203.0.113.9") == 0
    assert waits[:8] == [0, 0, 0, 0, 1, 2, 4, 8]
    assert waits[-6:] == [900] * 6
    assert max(waits) == 900


def test_a_login_forgives_its_own_accounts_failures_only(clock: Clock) -> None:
    throttle = Throttle(clock)
    for _ in range(7):
        throttle.failed("anna", "203.0.113.9")
    throttle.succeeded("juris", "203.0.113.9")
    assert throttle.wait_s("juris", "203.0.113.9") == 4
    throttle.succeeded("anna", "203.0.113.9")
    assert throttle.wait_s("anna", "203.0.113.9") == 0
    assert throttle.wait_s("juris", "203.0.113.9") == 0


def test_others_dont_wait(clock: Clock) -> None:
    throttle = Throttle(clock)
    for _ in range(9):
        throttle.failed("anna", "203.0.113.9")
    assert throttle.wait_s("juris", "203.0.113.10") == 0


def test_failures_are_forgotten_and_what_is_kept_is_bounded(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    throttle = Throttle(clock)
    for _ in range(9):
        throttle.failed("anna", "203.0.113.9")
    clock.pass_(4 * 3600 + 1)
    assert throttle.wait_s("anna", "203.0.113.9") == 0
    assert throttle._failures == {}
    monkeypatch.setattr(module, "_MOST", 100)
    for number in range(1000):
        throttle.failed(f"user{number}", f"address{number}")
        assert len(throttle._failures) <= 101
