"""Too many who ask: status 503 before the framework takes a question."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.web.crowd import Crowd, came
from qa.web.guard import Message, Receive, Send
from qa.web.line import Line

JOIN = "/gradio_api/queue/join"
ASKS = 7


class Framework:
    """Takes what is sent, as the framework's queue does, and begins no event."""

    def __init__(self) -> None:
        self.taken: list[Any] = []
        self.scopes: list[Message] = []
        self.status = 200

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        self.taken.append(json.loads((await receive())["body"]))
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"{}"})


@pytest.fixture
def line() -> Line:
    return Line(at_once=2, waiting=3)


@pytest.fixture
def framework() -> Framework:
    return Framework()


@pytest.fixture
def client(line: Line, framework: Framework) -> TestClient:
    app = Crowd(framework, line, lambda event, query: event == ASKS or (event == 8 and bool(query)))
    return TestClient(app)


def test_of_a_hundred_in_one_moment_no_more_are_taken_than_may_wait(
    client: TestClient, framework: Framework
) -> None:
    question = {"fn_index": ASKS, "data": ["Kas parakstīja?"]}
    answers = [client.post(JOIN, json=question) for _ in range(100)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [503] * 95
    assert answers[-1].headers["retry-after"] == "60"
    assert framework.taken == [question] * 5


def test_who_joins_the_line_or_is_not_taken_has_no_place_kept(
    client: TestClient, framework: Framework, line: Line
) -> None:
    for _ in range(5):
        client.post(JOIN, json={"fn_index": ASKS})
    assert client.post(JOIN, json={"fn_index": ASKS}).status_code == 503
    came(line, framework.scopes[0])
    framework.status = 400
    for _ in range(20):
        assert client.post(JOIN, json={"fn_index": ASKS}).status_code == 400


@pytest.mark.parametrize(
    ("query", "body", "status"),
    [
        ("", {"fn_index": 8}, 200),
        ("?q=Who", {"fn_index": 8}, 503),
        ("", {"fn_index": 3}, 200),
        ("", {"fn_index": [ASKS]}, 200),
        ("", [ASKS], 200),
    ],
)
def test_only_what_asks_is_turned_away(
    client: TestClient, line: Line, query: str, body: Any, status: int
) -> None:
    for _ in range(5):
        line.join()
    assert client.post(JOIN + query, json=body).status_code == status


def test_what_is_longer_than_any_question_is_not_read_to_its_end(
    client: TestClient, framework: Framework
) -> None:
    assert client.post(JOIN, content=b" " * (5 << 20)).status_code == 413
    assert framework.taken == []
