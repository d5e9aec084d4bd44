"""The page to log in at, behind the same gate and headers as everything else."""

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from index.records import Records
from qa.people import users
from qa.strings import LANGUAGES, say
from qa.web.access import Access
from qa.web.door import Door
from qa.web.gate import Pages, gated
from qa.web.guard import guarded
from qa.web.proxy import Proxies
from qa.web.routes import server_of
from tests.qa.clock import Clock

PASSWORD = "correct horse battery"


@pytest.fixture
def client(records: Records, clock: Clock, tmp_path: Path) -> Iterator[TestClient]:
    users.add(records, "anna", "reader", PASSWORD)
    # The tests' client has no address: a proxy of 127.0.0.1 stands before it.
    door = Door(records, Proxies("127.0.0.1", "X-Remote-User"), clock=clock)
    access = Access(False, door)
    library = SimpleNamespace(documents=tmp_path)
    desks: Any = SimpleNamespace(library=library, of=lambda person: None, ready=lambda: 1)
    app = guarded(gated(server_of(desks, access), access, Pages()))
    with TestClient(
        app, "http://folio.example", follow_redirects=False, client=("127.0.0.1", 4711)
    ) as made:
        yield made


def log_in(client: TestClient, password: str = PASSWORD, **more: str) -> Response:
    headers = {"x-forwarded-for": more.pop("address", "198.51.100.7")}
    headers["x-forwarded-proto"] = more.pop("scheme", "http")
    return client.post(
        "/folio/login",
        content=urlencode({"name": "anna", "password": password, **more}),
        headers={**headers, "content-type": "application/x-www-form-urlencoded"},
    )


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_cookie_is_kept_from_scripts_and_other_sites_and_from_plain_http(
    client: TestClient, scheme: str
) -> None:
    answer = log_in(client, scheme=scheme)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"]
    assert re.match(r"folio_session=[\w-]{43};", cookie)
    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/", "max-age=43200"} <= parts
    assert ("secure" in parts) == (scheme == "https")
    assert not [part for part in parts if part.startswith("domain")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_in_five_languages_and_keeps_to_itself(
    client: TestClient, language: str
) -> None:
    shown = client.get(f"/folio/login?lang={language}&next=/%3Fq%3Dwho")
    assert shown.status_code == 200
    assert f'<html lang="{language}">' in shown.text
    for key in ("log_in", "user_name", "password"):
        assert say(key, language) in shown.text
    assert 'value="/?q=who"' in shown.text
    assert "<script" not in shown.text
    assert "frame-ancestors 'none'" in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert f"folio_lang={language}" in shown.headers["set-cookie"]
    for asset in set(re.findall(r'href="(/folio/[^"?]+)"', shown.text)):
        assert client.get(asset).status_code == 200, asset


@pytest.mark.parametrize(
    ("target", "location"),
    [
        ("/?passage=abc&start=1", "/?passage=abc&start=1"),
        ("/", "/"),
        ("", "/"),
        ("//evil.example/", "/"),
        ("http://evil.example/?x", "/"),
        ("/\\evil.example?x", "/"),
        ("javascript:alert(1)?x", "/"),
        ("/folio/logout?x", "/"),
        ("/?x\r\nset-cookie: a=b", "/"),
    ],
)
def test_a_login_leads_to_the_page_and_nowhere_else(
    client: TestClient, target: str, location: str
) -> None:
    assert log_in(client, next=target).headers["location"] == location


def test_what_was_wrong_is_told_and_what_was_typed_is_only_text(client: TestClient) -> None:
    wrong = log_in(client, "wrong", name='"><script>ran = 1</script>')
    assert wrong.status_code == 401
    assert "<script" not in wrong.text
    assert "&lt;script&gt;" in wrong.text
    assert say("login_failed", "en") in wrong.text
    assert "wrong" not in wrong.text.replace(say("login_failed", "en"), "")
    assert "set-cookie" not in wrong.headers


def test_after_five_wrong_passwords_the_wait_is_told_and_kept(
    client: TestClient, clock: Clock
) -> None:
    answers = [log_in(client, f"wrong {number}") for number in range(7)]
    assert [answer.status_code for answer in answers] == [401] * 4 + [429] * 3
    assert answers[-1].headers["retry-after"] == "1"
    # Another address that the visitor writes itself doesn't help, nor does the right password.
    assert log_in(client, address="1.2.3.4, 198.51.100.7").status_code == 429
    clock.pass_(1)
    assert log_in(client).status_code == 303


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe", b"a" * 9000, b"name=anna", b"&" * 500, b"name=%00&password=%00"]
)
def test_what_is_no_login_is_refused(client: TestClient, body: bytes) -> None:
    assert client.post("/folio/login", content=body).status_code == 401


def test_a_session_opens_what_was_closed_until_the_logout(client: TestClient) -> None:
    assert client.get("/folio/people").status_code == 401
    log_in(client)
    assert client.get("/folio/people").status_code == 403
    left = client.post("/folio/logout")
    assert left.status_code == 303
    assert left.headers["clear-site-data"] == '"cache"'
    assert client.get("/folio/people").status_code == 401
    assert client.post("/folio/logout").status_code == 303


def test_a_change_of_role_holds_at_the_next_login_and_the_session_before_is_over(
    client: TestClient, records: Records
) -> None:
    log_in(client)
    users.change_role(records, "anna", "admin")
    assert client.get("/folio/people").status_code == 401
    log_in(client)
    told = client.get("/folio/people").json()
    assert [each["name"] for each in told["users"]] == ["anna"]
    assert [each["event"] for each in told["audit"]] == ["login", "login"]
    assert "argon2" not in str(told)


def test_a_trusted_proxys_word_is_a_login_and_a_strangers_isnt(
    client: TestClient, records: Records
) -> None:
    users.change_role(records, "anna", "admin")
    assert client.get("/folio/people", headers={"x-remote-user": "anna"}).status_code == 200
    assert client.get("/folio/people", headers={"x-remote-user": "nobody"}).status_code == 401
    stranger = TestClient(client.app, "http://folio.example", client=("198.51.100.7", 4711))
    assert stranger.get("/folio/people", headers={"x-remote-user": "anna"}).status_code == 401


def test_another_sites_form_logs_nobody_in_or_out(client: TestClient) -> None:
    evil = {"origin": "http://evil.example"}
    for path in ("/folio/login", "/folio/logout"):
        assert client.post(path, headers=evil).status_code == 403
