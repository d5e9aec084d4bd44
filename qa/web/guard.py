"""The last gate before the browser: headers that keep the page to itself, and a page that is ours.

Pure ASGI, so that nothing streams less well than before.
"""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from html import escape
from typing import Any, Final
from urllib.parse import urlsplit

from qa.markup import style_html
from qa.strings import choose_language, page_words

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Asgi = Callable[[Message, Receive, Send], Awaitable[None]]

_ICONS: Final = (
    '<link rel="icon" href="/folio/folio.svg" type="image/svg+xml">'
    '<link rel="manifest" href="/folio/folio.webmanifest">'
    '<link rel="apple-touch-icon" href="/folio/icon-192.png">'
    '<meta name="theme-color" content="#faf6ee" media="(prefers-color-scheme: light)">'
    '<meta name="theme-color" content="#1a1714" media="(prefers-color-scheme: dark)">'
)
_STYLES: Final = ("fonts", "folio", "panel", "library")
# In a request: whose browser it is, where people log in; what it keeps is that person's.
ACCOUNT: Final = "folio.account"
LANGUAGE_COOKIE: Final = "folio_lang"
A_YEAR_S: Final = 365 * 24 * 3600
_REMEMBERED: Final = f"Max-Age={A_YEAR_S}; SameSite=Lax"
# Gradio's page needs inline and evaluated scripts; nothing may come from, or go to, another host.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
# What the page needs of the framework's addresses; it has many more, which nobody gets to.
_FRAMEWORK: Final = re.compile(
    r"/(config/?|theme\.css|favicon\.ico|robots\.txt|manifest\.json"
    r"|(assets|static|svelte)/.+"
    r"|gradio_api/(info/?|startup-events|heartbeat/[^/]+|queue/(join|data)|cancel|reset/?"
    r"|app_id/?|theme\.css|login_check/?))?"
)
_OURS: Final = ("/folio/", "/healthz", "/readyz")


def page_language(wished: str | None, remembered: str | None, headers: Any) -> str:
    """Return the language of the page: the link's, else the chosen one, else the browser's."""
    return choose_language(wished, remembered, headers.get("accept-language"))


def head_html(styles: Sequence[str]) -> str:
    """Return what a page's head has: icons, and styles in their order."""
    links = (f'<link rel="stylesheet" href="/folio/{name}.css">' for name in styles)
    return _ICONS + "".join(links)


def guarded(app: Asgi) -> Asgi:
    """Wrap an app: headers that keep the page to itself, and a page that begins as ours."""

    async def respond_guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        path = scope["path"]
        if not (path.startswith(_OURS) or _FRAMEWORK.fullmatch(path)):
            await send({"type": "http.response.start", "status": 404, "headers": list(_HEADERS)})
            await send({"type": "http.response.body", "body": b""})
            return
        respond = _Page(scope, send) if path == "/" else send

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in _HEADERS} | {b"server"}
                kept = [item for item in message.get("headers", []) if item[0] not in ours]
                message = {**message, "headers": [*kept, *_HEADERS]}
            await respond(message)

        await app(scope, receive, with_headers)

    return respond_guarded


class _Page:
    """Sends the page with its language and style from the first byte, and without strangers."""

    def __init__(self, scope: Message, send: Send) -> None:
        from starlette.requests import Request

        request = Request(scope)
        self._language = page_language(
            request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), request.headers
        )
        # By one of the page's own links; a link that somebody sends changes nothing for good.
        self._chosen = request.query_params.get("lang") == self._language and urlsplit(
            request.headers.get("referer", "")
        ).netloc == request.headers.get("host")
        self._scope = scope
        self._send = send
        self._start: Message = {}
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = dict(self._start["headers"])
        if headers.get(b"content-type", b"").startswith(b"text/html"):
            self._body = _own_page(
                self._body.decode(), self._language, self._scope.get(ACCOUNT, "")
            ).encode()
            headers[b"content-length"] = str(len(self._body)).encode()
        kept = list(headers.items())
        if self._chosen:
            cookie = f"{LANGUAGE_COOKIE}={self._language}; Path=/; {_REMEMBERED}"
            kept.append((b"set-cookie", cookie.encode()))
        await self._send({**self._start, "headers": kept})
        await self._send({"type": "http.response.body", "body": self._body})


def _own_page(page: str, language: str, account: str) -> str:
    page = re.sub(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*>', "", page)
    page = page.replace('<link rel="manifest" href="/manifest.json" />', "")
    named = f' data-account="{escape(account)}"' if account else ""
    page = page.replace(
        '<html\n\tlang="en"', f'<html lang="{language}" data-language="{language}"{named}', 1
    )
    ours = head_html(_STYLES) + style_html("print") + _words(language)
    return page.replace("</head>", ours + "</head>", 1)


def _words(language: str) -> str:
    """Return what the page's scripts say, as data; "<" escaped, so that it can't end early."""
    words = json.dumps(page_words(language), ensure_ascii=False).replace("<", "\\u003c")
    return f'<script type="application/json" id="folio-words">{words}</script>'
