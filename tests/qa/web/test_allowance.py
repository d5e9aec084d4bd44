from contextlib import ExitStack

import pytest

from qa.web.access import Person
from qa.web.allowance import OF_AN_ADDRESS, Allowance, TooMany
from tests.qa.clock import Clock


def ask(allowance: Allowance, name: str) -> None:
    with allowance.asking(Person(name, "reader")):
        pass


def test_a_person_asks_thirty_questions_a_minute(clock: Clock) -> None:
    allowance = Allowance(clock)
    for _ in range(30):
        ask(allowance, "anna")
        clock.pass_(1)
    with pytest.raises(TooMany):
        ask(allowance, "anna")
    ask(allowance, "juris")
    clock.pass_(30)
    ask(allowance, "anna")
    with pytest.raises(TooMany):
        ask(allowance, "anna")


def test_a_person_has_eight_questions_at_once(clock: Clock) -> None:
    allowance = Allowance(clock)
    with ExitStack() as stack:
        for _ in range(8):
            stack.enter_context(allowance.asking(Person("anna", "reader")))
        with pytest.raises(TooMany):
            ask(allowance, "anna")
        ask(allowance, "juris")
    ask(allowance, "anna")


def test_a_question_that_fails_is_over(clock: Clock) -> None:
    allowance = Allowance(clock)
    for _ in range(9):
        with pytest.raises(ZeroDivisionError), allowance.asking(Person("anna", "reader")):
            raise ZeroDivisionError
    ask(allowance, "anna")


def test_who_isnt_asked_to_log_in_is_limited_by_the_address_to_a_part_of_the_line(
    clock: Clock,
) -> None:
    allowance = Allowance(clock)
    here, there = (Person("", "reader", address=f"198.51.100.{host}") for host in (7, 8))
    with ExitStack() as stack:
        for _ in range(OF_AN_ADDRESS.at_once):
            stack.enter_context(allowance.asking(here))
        with pytest.raises(TooMany):
            stack.enter_context(allowance.asking(here))
        stack.enter_context(allowance.asking(there))
    for _ in range(OF_AN_ADDRESS.a_minute - OF_AN_ADDRESS.at_once):
        with allowance.asking(here):
            pass
    with pytest.raises(TooMany), allowance.asking(here):
        pass
    clock.pass_(60)
    with allowance.asking(here):
        pass


def test_whoever_sits_at_this_machine_is_limited_by_the_line_only(clock: Clock) -> None:
    allowance = Allowance(clock)
    with ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(allowance.asking(Person("", "librarian", address="127.0.0.1")))
            stack.enter_context(allowance.asking(None))


def test_who_asks_no_more_is_forgotten(clock: Clock) -> None:
    allowance = Allowance(clock)
    for host in range(100):
        with allowance.asking(Person("", "reader", address=f"198.51.100.{host}")):
            pass
    clock.pass_(60)
    ask(allowance, "anna")
    assert list(allowance._asked) == ["person anna"]
