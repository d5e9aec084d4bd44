"""Users, collections and the audit for admins: seen, and changed, from the page.

Names and passwords come in a request's body, never in its address, which proxies write down.
"""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from index.errors import FolioError, LibraryError
from index.library import Library
from qa.people import audit, collections, sessions, users
from qa.people.passwords import SHORTEST, is_long_enough
from qa.web.access import Access, Person
from qa.web.bodies import json_of
from qa.web.gate import person_of
from qa.web.refused import Refused, reason_of

if TYPE_CHECKING:
    from fastapi import APIRouter

    from qa.web.door import Door

_LINES: Final = 1000


def people_routes(library: Library, access: Access) -> "APIRouter":
    """Return what lies under /folio/people; there is nothing where nobody logs in."""
    from fastapi import APIRouter, Depends, HTTPException, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse

    routes = APIRouter(prefix="/folio/people")
    door = access.door
    if door is None:
        return routes

    def admin(request: Request) -> Person:
        person = person_of(request, access)
        safe = request.method == "GET" or access.may_say(request.headers)
        if not (person.may_see_people and safe):
            raise HTTPException(403, "not allowed")
        return person

    by = Depends(admin)

    @routes.get("", dependencies=[by])
    def people() -> JSONResponse:
        logged_in = sessions.alive(door.records)
        known = users.users(door.records)
        told = [asdict(each) | {"sessions": logged_in[each.name]} for each in known]
        return JSONResponse(
            {
                "users": told,
                "collections": [asdict(each) for each in collections.collections(door.records)],
                "folders": collections.folders(library),
                "audit": [asdict(each) for each in audit.entries(door.records, _LINES)],
                "without_password": bool(door.proxies.user_header),
            }
        )

    @routes.post("/{change}")
    async def changed(
        change: str, request: Request, lang: str = "", person: Person = by
    ) -> JSONResponse:
        act, body = _CHANGES.get(change), await json_of(request)
        if act is None or not isinstance(body, dict):
            return JSONResponse({"message": "no such change"}, 404)
        try:
            await run_in_threadpool(act, _Asked(library, access, door, person, body))
        except FolioError as error:
            return JSONResponse({"message": reason_of(error, lang)}, 409)
        return JSONResponse({"done": True})

    return routes


class _Asked:
    """One change that an admin asks for, with what it needs."""

    def __init__(
        self, library: Library, access: Access, door: "Door", person: Person, body: dict[str, Any]
    ) -> None:
        self.library, self.records, self.person = library, door.records, person
        self._access, self._body = access, body
        self._without_password = bool(door.proxies.user_header)

    def text(self, name: str) -> str:
        value = self._body.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        values = self._body.get(name)
        return [each for each in values if isinstance(each, str)] if values else []

    def role(self) -> users.Role:
        for role in users.ROLES:
            if role == self.text("role"):
                return role
        raise LibraryError("there is no such role")

    def password(self) -> str | None:
        """Return the password that was typed; None where the proxy may say who it is."""
        typed = self.text("password")
        if not typed and self._without_password:
            return None
        if not is_long_enough(typed):
            raise Refused("password_short", count=SHORTEST)
        return typed

    def other(self) -> str:
        """Return the user that is meant: not who asks, so that one admin is always left."""
        name = users.folded(self.text("name"))
        if name == self.person.name:
            raise Refused("own_account")
        return name

    def note(self, event: audit.Event, detail: str) -> None:
        self._access.note(self.person, event, detail)


def _add(asked: _Asked) -> None:
    name, role = users.folded(asked.text("name")), asked.role()
    if not users.may_be_named(name):
        raise Refused("bad_user_name")
    if users.find(asked.records, name):
        raise Refused("user_taken")
    users.add(asked.records, name, role, asked.password())
    asked.note("user_added", f"{name} ({role})")


def _role(asked: _Asked) -> None:
    changed = users.change_role(asked.records, asked.other(), asked.role())
    asked.note("user_role", f"{changed.name} ({changed.role})")


def _password(asked: _Asked) -> None:
    changed = users.change_password(asked.records, asked.text("name"), asked.password())
    asked.note("user_password", changed.name)


def _end_sessions(asked: _Asked) -> None:
    found = users.user(asked.records, asked.text("name"))
    with asked.records.writing():
        sessions.revoke(asked.records, found.name)
    asked.note("sessions_ended", found.name)


def _remove(asked: _Asked) -> None:
    name = asked.other()
    users.remove(asked.records, name)
    asked.note("user_removed", name)


def _close(asked: _Asked) -> None:
    made = collections.close(
        asked.library, asked.records, asked.text("folder"), asked.texts("readers")
    )
    asked.note("collection_set", f"{made.folder}: {', '.join(made.readers)}")


def _open(asked: _Asked) -> None:
    found = collections.collection(asked.records, asked.text("folder"))
    collections.open_again(asked.records, found.folder)
    asked.note("collection_removed", found.folder)


_CHANGES: Final[dict[str, Callable[[_Asked], None]]] = {
    "add": _add,
    "role": _role,
    "password": _password,
    "sessions": _end_sessions,
    "remove": _remove,
    "close": _close,
    "open": _open,
}
