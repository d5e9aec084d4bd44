"""Logging in and out: one plain page without scripts, and the cookie."""

import math
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from qa import welcome
from qa.markup import escaped
from qa.people.sessions import LONGEST_S
from qa.strings import LANGUAGES, say
from qa.web.access import Access
from qa.web.bodies import body_of
from qa.web.door import COOKIE, Door, Refused
from qa.web.gate import LOGIN
from qa.web.guard import A_YEAR_S, LANGUAGE_COOKIE, head_html, page_language

if TYPE_CHECKING:
    from fastapi import APIRouter
    from fastapi.responses import Response

_STYLES: Final = ("fonts", "folio", "login")
_MOST_BYTES: Final = 8 << 10


def login_routes(access: Access) -> "APIRouter":
    """Return the addresses to log in and out at; there are none where nobody logs in."""
    from fastapi import APIRouter, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import HTMLResponse, RedirectResponse, Response

    routes = APIRouter()
    door = access.door
    if door is None:
        return routes

    @routes.get(LOGIN)
    def show(request: Request) -> Response:
        query = request.query_params
        language = _language(request)
        shown = HTMLResponse(login_html(language, _inside(query.get("next", ""))))
        if query.get("lang") in LANGUAGES:
            shown.set_cookie(LANGUAGE_COOKIE, language, max_age=A_YEAR_S, samesite="lax")
        return shown

    @routes.post(LOGIN)
    async def log_in(request: Request) -> Response:
        form = await _form(request)
        target = _inside(form.get("next", ""))
        came = await run_in_threadpool(
            door.log_in, form.get("name", ""), form.get("password", ""), request.scope
        )
        if isinstance(came, Refused):
            return _refused(came, _language(request), target, form.get("name", ""))
        answer = RedirectResponse(target, 303)
        _set_cookie(answer, door, request.scope, came, LONGEST_S)
        return answer

    @routes.post("/folio/logout")
    def log_out(request: Request) -> Response:
        door.log_out(request.scope)
        answer = RedirectResponse(LOGIN, 303, {"clear-site-data": '"cache"'})
        _set_cookie(answer, door, request.scope, "", 0)
        return answer

    return routes


def login_html(language: str, target: str = "/", why: str = "", name: str = "") -> str:
    """Return the page to log in at.

    Args:
        target: where to go afterwards.
        why: what was wrong with the last try.
        name: that was typed.
    """
    keep = "&" + urlencode({"next": target}) if target != "/" else ""
    alert = f'<p role="alert">{escaped(why)}</p>' if why else ""
    title = escaped(say("log_in", language))
    typed = ("", " autofocus") if name else (" autofocus", "")
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · Folio</title>{head_html(_STYLES)}"
        f'</head><body class="door"><div id="masthead">{welcome.masthead_html(language, keep)}'
        f'</div><main><h2>{title}</h2>{alert}<form method="post" action="{LOGIN}">'
        f'<input type="hidden" name="next" value="{escaped(target)}">'
        f'<label>{escaped(say("user_name", language))}<input name="name" required'
        f' value="{escaped(name)}" autocomplete="username" autocapitalize="none"'
        f' spellcheck="false" maxlength="100"{typed[0]}></label>'
        f'<label>{escaped(say("password", language))}<input name="password" type="password"'
        f' required autocomplete="current-password" maxlength="1024"{typed[1]}></label>'
        f'<button type="submit">{title}</button></form></main></body></html>'
    )


def _refused(refused: Refused, language: str, target: str, name: str) -> "Response":
    from fastapi.responses import HTMLResponse

    if not refused.wait_s:
        said = say("login_failed", language)
        return HTMLResponse(login_html(language, target, said, name), 401)
    seconds = math.ceil(refused.wait_s)
    said = say("login_wait", language, seconds=seconds)
    html = login_html(language, target, said, name)
    return HTMLResponse(html, 429, {"retry-after": str(seconds)})


def _set_cookie(answer: Any, door: Door, scope: Any, token: str, age_s: int) -> None:
    secure = door.proxies.scheme(scope) == "https"
    answer.set_cookie(COOKIE, token, max_age=age_s, httponly=True, samesite="lax", secure=secure)


def _language(request: Any) -> str:
    wished, remembered = request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)
    return page_language(wished, remembered, request.headers)


def _inside(target: str) -> str:
    """Return where to go after a login: this page with its query, and nowhere else."""
    parts = urlsplit(target)
    plain = target.isprintable() and not (parts.scheme or parts.netloc) and parts.path == "/"
    return f"/?{parts.query}" if plain and parts.query else "/"


async def _form(request: Any) -> dict[str, str]:
    """Return a form's fields; none where it is no form, or more than anybody types."""
    body = await body_of(request, _MOST_BYTES)
    try:
        fields = parse_qs((body or b"").decode(), keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return {}
    return {name: values[0] for name, values in fields.items()}
