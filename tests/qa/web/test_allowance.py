from contextlib import ExitStack

import pytest

from qa.web.allowance import Allowance, TooMany
from tests.qa.clock import Clock


def ask(allowance: Allowance, name: str) -> None:
    with allowance.asking(name):
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
            stack.enter_context(allowance.asking("anna"))
        with pytest.raises(TooMany):
            ask(allowance, "anna")
        ask(allowance, "juris")
    ask(allowance, "anna")


def test_a_question_that_fails_is_over(clock: Clock) -> None:
    allowance = Allowance(clock)
    for _ in range(9):
        with pytest.raises(ZeroDivisionError), allowance.asking("anna"):
            raise ZeroDivisionError
    ask(allowance, "anna")


def test_those_who_arent_told_apart_are_limited_by_the_line_only(clock: Clock) -> None:
    allowance = Allowance(clock)
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(allowance.asking(""))
