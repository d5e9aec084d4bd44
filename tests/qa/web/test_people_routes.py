"""Users and collections, changed by an admin through the page's own addresses."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from index.library import Library
from index.records import Records
from qa.people import collections, sessions, users
from qa.people.audit import entries
from qa.web.access import Access
from qa.web.door import COOKIE, Door
from qa.web.gate import Pages, gated
from qa.web.guard import guarded
from qa.web.proxy import Proxies
from qa.web.routes import server_of

PASSWORD = "correct horse battery"
Change = Callable[..., Response]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    (tmp_path / "library/documents/board/2024").mkdir(parents=True)
    with Records.open(Library.open(tmp_path / "library").records) as opened:
        users.add(opened, "ada", "admin", PASSWORD)
        users.add(opened, "rita", "reader", PASSWORD)
        yield opened


@pytest.fixture
def client(records: Records, tmp_path: Path, request: pytest.FixtureRequest) -> TestClient:
    header = getattr(request, "param", "")
    access = Access(False, Door(records, Proxies("127.0.0.1" if header else "", header)))
    desks: Any = SimpleNamespace(library=Library.open(tmp_path / "library"), of=lambda person: None)
    app = guarded(gated(server_of(desks, access), access, Pages()))
    made = TestClient(app, "http://folio.example", client=("127.0.0.1", 4711))
    made.cookies.set(COOKIE, sessions.begin(records, "ada"))
    return made


@pytest.fixture
def change(client: TestClient) -> Change:
    """Return what asks for a change; its values are the body."""

    def ask(what: str, lang: str = "en", **values: Any) -> Response:
        address = f"/folio/people/{what}?lang={lang}"
        return client.post(address, json=values, headers={"x-folio": "1"})

    return ask


def told(records: Records) -> list[tuple[str, str, str]]:
    return [(each.event, each.person, each.detail) for each in entries(records, 100)]


def test_a_user_is_added_given_another_role_and_password_and_removed(
    change: Change, records: Records
) -> None:
    assert change("add", name=" Bob ", role="reader", password=PASSWORD).status_code == 200
    assert users.proved(records, "bob", PASSWORD) is not None
    assert change("role", name="bob", role="librarian").status_code == 200
    assert change("password", name="bob", password="another good password").status_code == 200
    found = users.proved(records, "bob", "another good password")
    assert found is not None
    assert found.role == "librarian"
    assert change("remove", name="bob").status_code == 200
    assert users.find(records, "bob") is None
    assert told(records) == [
        ("user_added", "ada", "bob (reader)"),
        ("user_role", "ada", "bob (librarian)"),
        ("user_password", "ada", "bob"),
        ("user_removed", "ada", "bob"),
    ]


def test_a_users_sessions_are_counted_and_ended(
    change: Change, client: TestClient, records: Records
) -> None:
    tokens = [sessions.begin(records, "rita") for _ in range(2)]

    def counted() -> dict[str, int]:
        return {
            each["name"]: each["sessions"] for each in client.get("/folio/people").json()["users"]
        }

    assert counted() == {"ada": 1, "rita": 2}
    assert change("sessions", name="rita").status_code == 200
    assert counted() == {"ada": 1, "rita": 0}
    assert [sessions.user_of(records, token) for token in tokens] == [None, None]
    assert told(records) == [("sessions_ended", "ada", "rita")]


def test_a_folder_is_closed_for_all_but_its_readers_and_opened_again(
    change: Change, client: TestClient, records: Records
) -> None:
    assert client.get("/folio/people").json()["folders"] == ["board", "board/2024"]
    assert change("close", folder="board", readers=["rita"]).status_code == 200
    assert collections.collection(records, "board").readers == ("rita",)
    assert change("close", folder="board", readers=[]).status_code == 200
    assert collections.collection(records, "board").readers == ()
    assert change("open", folder="board").status_code == 200
    assert collections.collections(records) == []


@pytest.mark.parametrize(
    ("what", "values", "why"),
    [
        ("add", {"name": "rita", "password": PASSWORD}, "There is a user of this name already."),
        ("add", {"name": "a/b", "password": PASSWORD}, "A name has up to 64"),
        ("add", {"name": "bob", "password": "short"}, "A password has 12 characters or more"),
        ("add", {"name": "bob", "password": ""}, "A password has 12 characters or more"),
        ("add", {"name": "bob", "password": PASSWORD, "role": "root"}, "no such role"),
        ("role", {"name": "ADA"}, "Another administrator has to do this"),
        ("remove", {"name": "ada"}, "Another administrator has to do this"),
        ("remove", {"name": "nobody"}, "there is no user 'nobody'"),
        ("password", {"name": ["rita"], "password": PASSWORD}, "there is no user ''"),
        ("close", {"folder": "../..", "readers": []}, "there is no folder"),
        ("close", {"folder": "board", "readers": ["nobody"]}, "there is no user 'nobody'"),
        ("open", {"folder": "news"}, "is no collection"),
    ],
)
def test_what_cant_be_done_says_why_and_changes_nothing(
    change: Change, records: Records, what: str, values: dict[str, Any], why: str
) -> None:
    before = users.users(records), collections.collections(records)
    answer = change(what, **({"role": "reader"} | values))
    assert answer.status_code == 409
    assert why in answer.json()["message"]
    assert (users.users(records), collections.collections(records)) == before
    assert told(records) == []


def test_what_cant_be_done_is_said_in_the_pages_language(change: Change) -> None:
    answer = change("remove", "lv", name="ada")
    assert answer.json()["message"] == "Ar jūsu pašu kontu tas jādara citam administratoram."


@pytest.mark.parametrize("client", ["X-Remote-User"], indirect=True)
def test_where_a_proxy_names_people_a_user_needs_no_password(
    change: Change, records: Records
) -> None:
    assert change("add", name="bob", role="reader", password="").status_code == 200
    assert users.user(records, "bob").has_password is False


def test_no_other_site_and_no_other_role_changes_users(
    client: TestClient, records: Records
) -> None:
    body = {"name": "bob", "role": "admin", "password": PASSWORD}
    address = "/folio/people/add"
    assert client.post(address, json=body).status_code == 403
    strange = {"x-folio": "1", "origin": "http://evil.example"}
    assert client.post(address, json=body, headers=strange).status_code == 403
    client.cookies.set(COOKIE, sessions.begin(records, "rita"))
    assert client.post(address, json=body, headers={"x-folio": "1"}).status_code == 403
    assert client.get("/folio/people").status_code == 403
    assert users.find(records, "bob") is None


def test_a_body_that_is_no_change_is_refused(client: TestClient) -> None:
    for data in (b"", b"[]", b"{", b"null"):
        answer = client.post("/folio/people/add", content=data, headers={"x-folio": "1"})
        assert answer.status_code == 404


def test_what_is_open_to_all_asks_for_nobody(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError("somebody was looked up")

    monkeypatch.setattr(Access, "person", asked)
    for address in ("/healthz", "/folio/login", "/folio/folio.css"):
        assert client.get(address).status_code == 200
