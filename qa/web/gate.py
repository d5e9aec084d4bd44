"""Before everything else: who sends this request, and may anybody in who isn't known?

Pure ASGI, before any route, so that what isn't thought of is closed: the page, each of the
framework's addresses, and what is added later. A route asks `person_of` for whom it works.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlencode

from qa.web.access import Access, Person, from_here
from qa.web.guard import ACCOUNT, Asgi, Message, Receive, Send
from qa.web.proxy import headers_of

if TYPE_CHECKING:
    from starlette.requests import Request

LOGIN: Final = "/folio/login"
_PERSON: Final = "folio.person"
# What a login page and whoever watches over the server need, and nothing of a document.
_OPEN: Final = frozenset({
    LOGIN, "/folio/logout", "/healthz", "/readyz", "/folio/folio.css", "/folio/fonts.css",
    "/folio/login.css", "/folio/folio.svg", "/folio/icon-192.png", "/folio/icon-512.png",
    "/folio/folio.webmanifest",
})  # fmt: skip
_FONTS: Final = "/folio/fonts/"
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_SESSION: Final = ("/gradio_api/heartbeat/", "/gradio_api/queue/data")
_MOST_PAGES: Final = 50_000


class Pages:
    """Whose each open page is; the framework itself takes a page's number for a password.

    Of very many pages those are forgotten that were not used for longest.
    """

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()

    def claim(self, page: str, name: str) -> bool:
        """Return whether a page is this person's; who comes first has it."""
        owner = self._owners.setdefault(page, name)
        self._owners.move_to_end(page)
        if len(self._owners) > _MOST_PAGES:
            self._owners.popitem(last=False)
        return owner == name


def gated(app: Asgi, access: Access, pages: Pages) -> Asgi:
    """Wrap an app: nobody who isn't known gets to it, where people log in."""
    from starlette.concurrency import run_in_threadpool

    async def respond_gated(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})  # there are none
            return
        if access.door:
            scope["scheme"] = access.door.proxies.scheme(scope)
        path, headers = scope["path"], headers_of(scope)
        is_open = _is_open(path)
        person = None if is_open else await run_in_threadpool(access.person, scope)
        # In place: what wraps this has to see it too.
        scope[_PERSON] = person
        scope[ACCOUNT] = person.name if person else ""
        if person is None and not is_open:
            await _turn_away(scope, headers, send)
        elif scope["method"] not in _SAFE and not from_here(headers):
            await _answer(send, 403, {"detail": "this came through another site"})
        elif person and not pages.claim(*_page_of(scope, person)):
            await _answer(send, 403, {"detail": "this page is somebody else's"})
        else:
            await app(scope, receive, send)

    return respond_gated


def person_of(request: "Request", access: Access) -> Person:
    """Return who sends a request; never nobody, whatever stands before a route.

    Raises:
        HTTPException: 401, it isn't known who does.
    """
    from starlette.exceptions import HTTPException

    scope = request.scope
    person: Person | None = scope[_PERSON] if _PERSON in scope else access.person(scope)
    if person is None:
        raise HTTPException(401, "log in first")
    return person


def _is_open(path: str) -> bool:
    font = path.removeprefix(_FONTS)
    return path in _OPEN or (font != path and "/" not in font and font.endswith(".woff2"))


def _page_of(scope: Mapping[str, Any], person: Person) -> tuple[str, str]:
    """Return the page that a request listens for, "" where it is none, with its person."""
    path = scope["path"]
    if not path.startswith(_SESSION):
        return "", ""
    query = parse_qs(scope.get("query_string", b"").decode("latin-1"))
    page = (query.get("session_hash") or [path.removeprefix(_SESSION[0])])[0]
    return page, person.name


async def _turn_away(scope: Message, headers: Mapping[str, str], send: Send) -> None:
    if scope["method"] != "GET" or scope["path"] != "/":
        await _answer(send, 401, {"detail": "log in first"})
        return
    query = scope.get("query_string", b"").decode("latin-1")
    where = urlencode({"next": f"/?{query}"} if query else {})
    target = f"{LOGIN}?{where}" if where else LOGIN
    await _answer(send, 303, {}, [(b"location", target.encode())])


async def _answer(
    send: Send,
    status: int,
    body: Mapping[str, Any],
    headers: list[tuple[bytes, bytes]] | None = None,
) -> None:
    data = json.dumps(body).encode() if body else b""
    kind = (b"content-type", b"application/json")
    length = (b"content-length", str(len(data)).encode())
    start = {"type": "http.response.start", "status": status}
    await send({**start, "headers": [kind, length, *(headers or [])]})
    await send({"type": "http.response.body", "body": data})
