"""Every address and every event of the page, asked by nobody, a reader, a librarian, an admin."""

import asyncio
import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from fastapi.routing import iter_route_contexts
from fastapi.testclient import TestClient
from httpx import Response
from starlette.routing import Mount

import ui
from documents.worker import ReaderPool
from index.build import build
from index.library import Library
from index.records import Records
from index.removed import take_out
from qa.assistant import Assistant
from qa.people import collections, sessions, users
from qa.strings import say
from qa.web import gate
from qa.web.access import Access
from qa.web.crowd import Crowd
from qa.web.desks import Desks
from qa.web.door import Door
from qa.web.gate import Pages, gated
from qa.web.guard import guarded
from qa.web.proxy import Proxies
from qa.web.shelf import Shelf

SECRET = "personnel/zanzibarax.txt"
CANARIES = ("zanzibarax", "quillwort", "4711", "brumelda", "personnel")
# What the framework says of its own work: times and an id, whose digits are anything.
_MEASURED = re.compile(r'"(?:event_id|eta|rank_eta|avg_time|(?:\w+_)?duration)":[^,}]+')
SECRET_TEXT = (
    "The zanzibarax appraisal\n\nOn 3 May 2021 Brumelda Vontresk was given the quillwort medal. "
    "The medal cost 4711 thalers. Her salary was raised to nine hundred thalers a week."
)
ROLES = {"reader": "reader", "insider": "reader", "librarian": "librarian", "admin": "admin"}
OURS = {"x-folio": "1"}
# The framework sets an option of pandas that pandas wants no more.
pytestmark = pytest.mark.filterwarnings("ignore:'future.no_silent_downcasting'")
_pages = count()


class Served:
    """The app as it is served, with a session for each role."""

    def __init__(
        self, client: TestClient, app: Any, tokens: dict[str, str], desks: Desks, access: Access
    ) -> None:
        self.client, self.app, self.tokens = client, app, tokens
        self.desks, self.access = desks, access
        framework = next(each.app for each in app.routes if isinstance(each, Mount))
        self.framework = framework
        self.events = {fn.name: number for number, fn in framework.get_blocks().fns.items()}

    def ask(self, role: str | None, method: str, path: str, **options: Any) -> Response:
        headers = dict(options.pop("headers", OURS))
        if role:
            headers["cookie"] = f"folio_session={self.tokens[role]}"
        return self.client.request(method, path, headers=headers, **options)

    def event(self, role: str, name: str, *data: Any, page: str | None = None) -> str:
        """Return all that an event of the page tells."""
        page = page or f"page{next(_pages)}"
        body = {"data": data, "fn_index": self.events[name], "session_hash": page}
        joined = self.ask(role, "POST", "/gradio_api/queue/join", json=body)
        assert joined.status_code == 200, joined.text
        told = self.ask(role, "GET", f"/gradio_api/queue/data?session_hash={page}")
        return _MEASURED.sub("", told.text)


@pytest.fixture(scope="module")
def library(small_library: Library, tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder = tmp_path_factory.mktemp("roles") / "library"
    shutil.copytree(small_library.folder, folder)
    path = folder / "documents" / SECRET
    path.parent.mkdir()
    path.write_text(SECRET_TEXT, encoding="utf-8")
    (path.parent / "4711-broken.pdf").write_bytes(b"%PDF-broken")
    library = Library.open(folder)
    build(library)
    return library


def made_in_a_loop(make: Callable[[], Any]) -> Any:
    """Return what is made while a loop runs: the framework leaves one of its own open otherwise."""
    found: list[Any] = []

    async def run() -> None:
        found.append(make())

    # In a thread of its own, whatever loop runs in this one.
    thread = threading.Thread(target=lambda: asyncio.run(run()))
    thread.start()
    thread.join()
    return found[0]


@pytest.fixture(scope="module")
def served(library: Library) -> Iterator[Served]:
    with Records.open(library.records) as records, ReaderPool() as pool:
        tokens = {}
        for name, role in ROLES.items():
            users.add(records, name, role, None)  # type: ignore[arg-type]
            tokens[name] = sessions.begin(records, name)
        collections.close(library, records, "personnel", ["insider"])
        access, pages = Access(False, Door(records, Proxies())), Pages()
        desks = Desks(Assistant.open(library), pool)
        app = made_in_a_loop(lambda: ui.routed(desks, access, pages))
        serving = guarded(gated(app, access, pages))
        with TestClient(serving, "http://folio.example", follow_redirects=False) as client:
            yield Served(client, app, tokens, desks, access)


@pytest.fixture(autouse=True)
def nothing_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Shelf, "rebuild", lambda self: None)


# Method, address, and what nobody, a reader, a librarian and an admin get.
OPEN, READ, WRITE = (200, 200, 200, 200), (401, 200, 200, 200), (401, 403, 200, 200)
TABLE: dict[tuple[str, str], tuple[str, tuple[int, ...]]] = {
    ("GET", "/healthz"): ("", OPEN),
    ("GET", "/readyz"): ("", OPEN),
    ("GET", "/folio/login"): ("", OPEN),
    ("POST", "/folio/login"): ("", (401, 401, 401, 401)),
    ("GET", "/folio/source"): ("?document=en.txt", READ),
    ("GET", "/folio/page.png"): ("?document=en.txt", (401, 404, 404, 404)),
    ("GET", "/folio/original"): ("?document=en.txt", READ),
    ("GET", "/folio/suggestions"): ("", READ),
    ("GET", "/folio/limits"): ("", READ),
    ("POST", "/folio/export"): ("?format=none", (401, 404, 404, 404)),
    ("POST", "/folio/judgement"): ("?helpful=true", (401, 400, 400, 400)),
    ("GET", "/folio/library"): ("", READ),
    ("GET", "/folio/library/job"): ("", READ),
    ("GET", "/folio/library/findings"): ("", WRITE),
    ("GET", "/folio/library/feedback"): ("", WRITE),
    ("GET", "/folio/offline"): ("", READ),
    ("GET", "/folio/library/changes"): ("", WRITE),
    ("GET", "/folio/library/description"): ("?document=en.txt", WRITE),
    ("PUT", "/folio/library/description"): ("?document=en.txt", (401, 403, 400, 400)),
    ("POST", "/folio/library/rename"): ("?document=nothing.txt&new=a.txt", (401, 403, 409, 409)),
    ("PUT", "/folio/library/file"): ("?name=../evil.txt", WRITE),
    ("POST", "/folio/library/remove"): ("?document=nothing.txt", (401, 403, 409, 409)),
    ("POST", "/folio/library/restore"): ("?document=nothing.txt", (401, 403, 409, 409)),
    ("POST", "/folio/library/build"): ("", WRITE),
    ("POST", "/folio/library/cancel"): ("", WRITE),
    ("GET", "/folio/people"): ("", (401, 403, 403, 200)),
    ("POST", "/folio/people/{change}"): ("", (401, 403, 403, 404)),
    ("GET", "/folio/{name:path}"): ("", READ),
}
FOUND = {("POST", "/folio/logout")}  # it ends the session; a test of its own


def routes_of(app: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield every method and path, those of what is included and mounted too."""
    for route in iter_route_contexts(app.routes):
        yield from ((method, prefix + str(route.path)) for method in route.methods or ())
    for mount in app.routes:
        if isinstance(mount, Mount):
            yield from routes_of(mount.app, prefix + mount.path)


def test_the_table_has_every_address_of_folio(served: Served) -> None:
    own = {(method, path) for method, path in routes_of(served.app) if path.startswith("/folio/")}
    assert own | {("GET", "/healthz"), ("GET", "/readyz")} == set(TABLE) | FOUND


@pytest.mark.parametrize(("method", "path"), TABLE)
def test_each_address_gives_a_role_what_it_may_have(served: Served, method: str, path: str) -> None:
    query, expected = TABLE[method, path]
    address = path.replace("{name:path}", "js/page.js") + query
    roles = (None, "reader", "librarian", "admin")
    found = tuple(served.ask(role, method, address).status_code for role in roles)
    assert found == expected


def test_nobody_gets_anything_of_the_framework(served: Served) -> None:
    seen = 0
    for method, path in set(routes_of(served.framework)):
        address = path.replace("{path:path}", "index.html").replace("{", "").replace("}", "")
        answer = served.ask(None, method, address)
        assert answer.status_code in (303, 401, 404), (method, address)
        assert method == "HEAD" or len(answer.text) < 50, (method, address)
        seen += 1
    assert seen > 50


def test_the_framework_has_no_addresses_but_what_the_page_needs(served: Served) -> None:
    for path in (
        "/gradio_api/upload", "/gradio_api/run/ask", "/gradio_api/call/ask", "/gradio_api/api/ask",
        "/gradio_api/file=/etc/passwd", "/gradio_api/file/etc/passwd", "/gradio_api/vibe-code",
        "/gradio_api/vibe-edit", "/gradio_api/component_server", "/monitoring", "/login", "/docs",
        "/gradio_api/proxy=http://127.0.0.1/", "/gradio_api/process_recording", "/openapi.json",
        "/gradio_api/queue/status", "/gradio_api/run-history/records", "/logout", "/pwa_icon",
    ):  # fmt: skip
        for method in ("GET", "POST"):
            assert served.ask("admin", method, path).status_code == 404, path


PROBES = [
    "/etc/passwd", "../../etc/passwd", "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd",
    "//etc/passwd", "file:///etc/passwd", "http://127.0.0.1/", "....//....//etc/passwd",
    "..\\..\\etc\\passwd", "%00/etc/passwd", "/proc/self/environ", "/proc/self/cwd/folio.toml",
    "~/.bashrc", "records.sqlite", "../records.sqlite", "{documents}/en.txt",
    "{documents}/personnel/zanzibarax.txt", "{documents}/../records.sqlite",
    "{documents}/../index/CURRENT", "C:\\Windows\\win.ini", "/dev/stdin", "..", ".", "",
    "%252e%252e/etc/passwd", "..;/etc/passwd", "/./etc/passwd", "..%c0%af..%c0%afetc/passwd",
    "index.html/../../../../../../etc/passwd", "js/../../../../ui.py",
]  # fmt: skip


@pytest.mark.parametrize("probe", PROBES)
def test_no_file_is_served_that_isnt_a_part_of_the_page(
    served: Served, library: Library, probe: str
) -> None:
    path = probe.replace("{documents}", str(library.documents))
    for place in (
        "/gradio_api/file=", "/gradio_api/file/", "/file=", "/static/", "/assets/", "/svelte/",
        "/folio/", "/gradio_api/custom_component/x/client/component/", "/gradio_api/stream/",
    ):  # fmt: skip
        answer = served.ask("admin", "GET", place + path)
        assert "root:" not in answer.text
        assert "scholarships" not in answer.text
        assert clean(answer.text)
        assert b"SQLite format" not in answer.content
        # ".." out of a folder of the framework's is the page.
        page = answer.url.path == "/"
        assert page or answer.status_code in (303, 307, 400, 401, 403, 404, 422), (place, probe)


def test_nobody_is_led_from_the_page_to_the_login_and_back(served: Served) -> None:
    answer = served.ask(None, "GET", "/?passage=abc&start=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/folio/login?next=%2F%3Fpassage%3Dabc%26start%3D1"
    assert served.ask(None, "POST", "/").status_code == 401
    for role in ROLES:
        page = served.ask(role, "GET", "/")
        assert page.status_code == 200
        assert f'data-account="{role}"' in page.text


def test_no_event_of_the_page_is_done_for_nobody(served: Served) -> None:
    for number in served.framework.get_blocks().fns:
        body = {"data": [], "fn_index": number, "session_hash": "x"}
        assert served.ask(None, "POST", "/gradio_api/queue/join", json=body).status_code == 401


def test_what_comes_through_another_site_is_refused_of_everybody(served: Served) -> None:
    for origin in ("http://evil.example", "null", "http://folio.example.evil.example"):
        for path in (
            "/gradio_api/queue/join",
            "/folio/library/build",
            "/folio/logout",
            "/folio/login",
        ):
            answer = served.ask("admin", "POST", path, headers={**OURS, "origin": origin})
            assert answer.status_code == 403, path
    same = served.ask(
        "admin", "POST", "/folio/library/build",
        headers={**OURS, "origin": "http://folio.example"},
    )  # fmt: skip
    assert same.status_code == 200
    assert served.ask("admin", "POST", "/folio/library/build", headers={}).status_code == 403


def test_beyond_those_who_may_wait_a_question_is_turned_away_and_nothing_else(
    served: Served,
) -> None:
    [line] = [each.kwargs["line"] for each in served.app.user_middleware if each.cls is Crowd]

    def sent(name: str, query: str = "") -> Response:
        body = {"data": [], "fn_index": served.events[name], "session_hash": "crowd"}
        return served.ask("reader", "POST", f"/gradio_api/queue/join{query}", json=body)

    tickets = [line.join() for _ in range(66)]
    for refused in (sent("ask"), sent("ask_alone"), sent("ask_linked", "?q=Who")):
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "60")
    for name in ("ask_linked", "stop", "recall", "table", "opened"):
        assert sent(name).status_code == 200
    for ticket in tickets:
        ticket.leave()
    # Once its event begins, no place is kept for a question any more.
    for _ in range(70):
        served.event("reader", "ask", "", None, None, "")


def test_a_page_is_its_persons_alone(served: Served) -> None:
    told = served.event("librarian", "table", None, page="mine")
    assert "zanzibarax" in told
    for path in ("/gradio_api/queue/data?session_hash=mine", "/gradio_api/heartbeat/mine"):
        assert served.ask("reader", "GET", path).status_code == 403
    body = {"data": [None], "fn_index": served.events["table"], "session_hash": "mine"}
    served.ask("reader", "POST", "/gradio_api/queue/join", json=body)
    told = served.ask("librarian", "GET", "/gradio_api/queue/data?session_hash=mine").text
    assert '"success":false' in told.replace(" ", "")


def test_a_page_in_use_stays_its_persons_whatever_many_others_are_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "_MOST_PAGES", 3)
    pages = gate.Pages()
    for other in "bcdefgh":
        assert pages.claim("a", "librarian")
        assert pages.claim(other, "reader")
    assert not pages.claim("a", "reader")


def test_pages_that_were_left_do_not_fill_the_memory(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = served.framework.state_holder
    assert holder.capacity == ui._REMEMBERED_PAGES
    monkeypatch.setattr(holder, "capacity", 5)
    for page in range(len(holder.session_data) + 9):
        served.event("reader", "turn_topic", None, None, "", page=f"left-{page}")
    # One goes for each that comes.
    assert len(holder.session_data) < 9 + 5
    assert "left-0" not in holder.session_data


def test_a_page_that_was_forgotten_is_answered_in_its_own_language(served: Served) -> None:
    # The server remembers none of these pages.
    told = {
        "title": served.event("reader", "table", "lv"),
        "keys": served.event("reader", "recall", None, "lv", ""),
        "no_answer": served.event("reader", "ask", "Who is in Helsinki?", None, "lv", ""),
    }
    for key, text in told.items():
        assert say(key, "lv") in text, (key, text)
    for name, last in (("turn_topic", ""), ("stop", "typed")):
        assert say("keys", "lv") in served.event("reader", name, None, "lv", last)


def clean(text: str) -> bool:
    return not [canary for canary in CANARIES if canary in text.lower()]


def test_documents_of_a_collection_are_in_no_address_for_whom_it_isnt_open(
    served: Served,
) -> None:
    whole = served.desks.of(person("admin")).assistant
    row = whole.searcher().generation.store.passages_of(SECRET)[0]
    quote = {
        "document": SECRET, "passage": row.key, "start": row.start, "end": row.end,
        "quote": row.text, "span": {"start": row.start, "end": row.end}, "score": 1.0,
    }  # fmt: skip
    kept = {
        "question": "Who?", "status": "answered", "quotes": [quote], "language": "en",
        "confidence": 1, "generation": 1, "elapsed_ms": 1, "reason": None, "nearest": [],
    }  # fmt: skip
    asked: list[Callable[[str], str]] = [
        lambda role: served.ask(role, "GET", f"/folio/source?passage={row.key}").text,
        lambda role: served.ask(role, "GET", f"/folio/source?document={SECRET}").text,
        lambda role: served.ask(role, "GET", f"/folio/original?document={SECRET}").text,
        lambda role: served.ask(role, "GET", "/folio/limits").text,
        lambda role: served.ask(role, "POST", "/folio/export?format=md", json=kept).text,
        lambda role: served.event(role, "table", None),
        lambda role: served.event(role, "recall", None, None, json.dumps({"turns": [kept]})),
        lambda role: served.event(role, "ask", QUESTIONS[1], None, None, ""),
    ]  # fmt: skip
    for number, ask in enumerate(asked):
        # The question itself stands on the page again.
        text = ask("reader").replace(QUESTIONS[1], "")
        assert clean(text.replace(SECRET, "").replace("“quillwort”", "")), (number, text)
        assert not clean(ask("insider")), number
        assert not clean(ask("admin")), number
    for path in ("/folio/library", "/folio/library/job", "/folio/suggestions", "/", "/config"):
        assert clean(served.ask("reader", "GET", path).text), path
    page = served.ask("reader", "GET", f"/folio/page.png?document={SECRET}")
    assert page.status_code == 404


def person(name: str) -> Any:
    from qa.web.access import Person

    hidden = frozenset({"personnel"}) if name == "reader" else frozenset()
    return Person(name, "reader", hidden)


QUESTIONS = [
    SECRET_TEXT, "What did the quillwort medal cost?", "Who is Brumelda Vontresk?", "zanzibarax",
    "4711 thalers", "Her salary was raised to nine hundred thalers a week.", "personnel/zanzibarax",
    "When was Brumelda Vontresk given the quillwort medal?",
]  # fmt: skip


def test_in_two_hundred_questions_a_collection_never_shows_for_whom_it_isnt_open(
    served: Served,
) -> None:
    reader = served.desks.of(person("reader")).assistant
    insider = served.desks.of(person("insider")).assistant
    limited, whole = reader.searcher(), insider.searcher()
    words = SECRET_TEXT.split()
    pieces = [
        " ".join(words[at : at + size]) for size in (1, 2, 3, 5, 8) for at in range(len(words))
    ]
    shown = 0
    for question in [*QUESTIONS, *pieces][:200]:
        hits = limited.search(limited.query(question), 20, 2)
        assert hits
        assert not [hit for hit in hits if not clean(f"{hit.passage}")], question
        shown += not clean(f"{whole.search(whole.query(question), 20, 2)}")
    assert shown > 150
    for question in QUESTIONS[1:4]:
        answer = reader.ask(question).to_json()
        del answer["question"]
        said = json.dumps(answer, ensure_ascii=False)
        # A refusal names what was asked for, as it does where no document has it.
        for word in ("“zanzibarax”", "“Brumelda Vontresk”", "“Brumelda”", "“quillwort”", "“4711”"):
            said = said.replace(word, "")
        assert clean(said), (question, said)
        assert not clean(json.dumps(insider.ask(question).to_json()["quotes"])), question


def test_names_that_only_a_collection_has_are_said_to_be_in_no_passage(served: Served) -> None:
    question = "What was Brumelda Vontresk given in Rēzekne?"
    hidden = served.desks.of(person("reader")).assistant.ask(question)
    assert hidden.status == "abstained"
    assert "Brumelda" in str(hidden.reason)


@pytest.mark.parametrize("count", [3, pytest.param(50, marks=pytest.mark.long)])
def test_twenty_people_at_once_see_their_own_questions_and_answers_only(
    served: Served, count: int
) -> None:
    door = served.access.door
    assert door is not None
    people = [f"person{number}of{count}" for number in range(20)]
    for name in people:
        users.add(door.records, name, "reader", None)
        served.tokens[name] = sessions.begin(door.records, name)

    def ask(name: str) -> str:
        told = ""
        # In two tabs by turns; at last one is opened anew, with what the other kept.
        for number in range(count):
            asked = f"Who is marker-{name}-end of Liepāja, number {number}?"
            page = f"page-{name}-{number % 2}"
            told += served.event(name, "ask", asked, None, None, "", page=page)
        told += served.event(name, "turn_topic", None, None, "", page=f"page-{name}-0")
        turn = {"question": f"marker-{name}-end", "status": "abstained", "language": "en"}
        turn |= {"confidence": 0, "reason": "", "nearest": [], "generation": 1, "elapsed_ms": 1}
        kept = json.dumps({"turns": [turn]})
        return told + served.event(name, "recall", None, None, kept, page=f"page-{name}-2")

    with ThreadPoolExecutor(20) as pool:
        told = dict(zip(people, pool.map(ask, people), strict=True))
    for name, text in told.items():
        assert set(re.findall(r"marker-(\w+)-end", text)) == {name}
        assert all(f"number {number}?" in text for number in range(count))


def test_a_logout_ends_the_session_and_the_cookie(served: Served) -> None:
    token = served.tokens["insider"]
    answer = served.ask("insider", "POST", "/folio/logout", headers={})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "Max-Age=0" in cookie
    assert "HttpOnly" in cookie
    assert served.ask("insider", "GET", "/folio/limits").status_code == 401
    assert served.tokens["insider"] == token


def test_what_was_in_a_collection_stays_closed_when_it_has_left_the_index(
    served: Served, library: Library
) -> None:
    row = served.desks.of(person("admin")).assistant.searcher().generation.store.passages_of(SECRET)
    take_out(library, SECRET)
    build(library)
    address = f"/folio/source?passage={row[0].key}"
    assert clean(served.ask("reader", "GET", address).text)
    assert "4711 thalers" in served.ask("admin", "GET", address).text
    assert clean(served.ask("reader", "GET", "/folio/library").text)
    assert "zanzibarax" in served.ask("admin", "GET", "/folio/library").text
