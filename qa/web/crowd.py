"""When too many ask: a question is turned away by status 503, before the framework takes it.

A place is kept for each question that is let through, until its event begins: of a hundred that
come in one moment no more get in than may wait.
"""

import json
from collections.abc import Callable, MutableMapping
from typing import Any, Final

from qa.web.bodies import body_of
from qa.web.guard import Asgi, Message, Receive, Send
from qa.web.line import Line

_JOIN: Final = "/gradio_api/queue/join"
_EXPECTED: Final = "folio.expected"
_COME_AGAIN_S: Final = 60
# A question with all the turns of its conversation.
_MOST_BYTES: Final = 4 << 20
_TOO_LONG: Final = "this is longer than any question with its conversation"
_NO_MORE: Final = "too many are asking at this moment: ask again in a minute"


class Crowd:
    """ASGI middleware in front of the framework's own queue, which knows no line."""

    def __init__(self, app: Asgi, line: Line, asks: Callable[[int, str], bool]) -> None:
        """Wrap an app.

        Args:
            asks: whether an event asks something, by its number and the request's query.
        """
        self._app = app
        self._line = line
        self._asks = asks

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass a request on, unless it asks and as many wait as may, or is longer than any is."""
        if scope["type"] != "http" or scope["path"] != _JOIN:
            await self._app(scope, receive, send)
            return
        from starlette.requests import ClientDisconnect, Request
        from starlette.responses import JSONResponse

        try:
            body = await body_of(Request(scope, receive), _MOST_BYTES)
        except ClientDisconnect:
            return
        if body is None:
            await JSONResponse({"detail": _TOO_LONG}, 413)(scope, receive, send)
            return
        event = _event_of(body)
        if event is not None and self._asks(event, scope["query_string"].decode("latin-1")):
            number = self._line.expect()
            if number is None:
                later = {"retry-after": str(_COME_AGAIN_S)}
                await JSONResponse({"detail": _NO_MORE}, 503, later)(scope, receive, send)
                return
            scope[_EXPECTED] = number
        unread = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive_again() -> Message:
            return unread.pop() if unread else await receive()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] != 200:
                came(self._line, scope)
            await send(message)

        await self._app(scope, receive_again, watched)


def came(line: Line, scope: MutableMapping[str, Any]) -> None:
    """Give up the place that was kept for a request, now that its question joins the line."""
    if _EXPECTED in scope:
        line.came(scope[_EXPECTED])


def _event_of(body: bytes) -> int | None:
    try:
        joined = json.loads(body)
    except ValueError:
        return None
    event = joined.get("fn_index") if isinstance(joined, dict) else None
    return event if isinstance(event, int) else None
