"""What a request carries, as far as it isn't more than anybody sends."""

import json
from typing import Any, Final

_MOST_JSON_BYTES: Final = 1 << 20


async def body_of(request: Any, most_bytes: int) -> bytes | None:
    """Return a request's body; None where it is longer, of which no more is read."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > most_bytes:
            return None
    return body


async def json_of(request: Any) -> Any:
    """Return a request's JSON; None where it is none, or more than anybody needs."""
    body = await body_of(request, _MOST_JSON_BYTES)
    try:
        return json.loads(body or b"")
    except ValueError:
        return None
