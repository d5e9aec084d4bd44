import pytest

from index.records import Records
from qa.people import sessions, users
from tests.qa.clock import Clock

HOUR = 3600


@pytest.fixture
def token(records: Records, clock: Clock) -> str:
    users.add(records, "anna", "reader", "correct horse battery")
    return sessions.begin(records, "anna", clock)


def test_a_token_is_its_users_and_isnt_kept(records: Records, clock: Clock, token: str) -> None:
    assert sessions.user_of(records, token, clock) == "anna"
    assert len(token) >= 43
    assert token.encode() not in records.path.read_bytes()
    kept = records.rows("SELECT token FROM sessions")[0][0]
    for wrong in ("", token[:-1], token + "x", token.lower(), kept):
        assert sessions.user_of(records, wrong, clock) is None


def test_a_session_ends_after_eight_hours_without_a_request(
    records: Records, clock: Clock, token: str
) -> None:
    clock.pass_(8 * HOUR - 120)
    assert sessions.user_of(records, token, clock) == "anna"
    clock.pass_(8 * HOUR + 1)
    assert sessions.user_of(records, token, clock) is None


def test_a_session_ends_twelve_hours_after_its_login_however_busy_it_is(
    records: Records, clock: Clock, token: str
) -> None:
    for _ in range(12):
        assert sessions.user_of(records, token, clock) == "anna"
        clock.pass_(HOUR - 1)
    assert sessions.user_of(records, token, clock) == "anna"
    clock.pass_(13)
    assert sessions.user_of(records, token, clock) is None


def test_a_logout_ends_one_session(records: Records, clock: Clock, token: str) -> None:
    other = sessions.begin(records, "anna", clock)
    sessions.end(records, token)
    assert sessions.user_of(records, token, clock) is None
    assert sessions.user_of(records, other, clock) == "anna"


def test_sessions_that_ended_are_forgotten(records: Records, clock: Clock, token: str) -> None:
    clock.pass_(9 * HOUR)
    sessions.begin(records, "anna", clock)
    assert records.rows("SELECT count(*) FROM sessions")[0][0] == 1
