"""Users, collections and the audit for admins, as JSON; they are changed on the command line."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from qa.people import audit, collections, users
from qa.web.access import Access
from qa.web.gate import person_of

if TYPE_CHECKING:
    from fastapi import APIRouter

_LINES: Final = 1000


def people_routes(access: Access) -> "APIRouter":
    """Return the address of people; there is none where nobody logs in."""
    from fastapi import APIRouter, HTTPException, Request
    from fastapi.responses import JSONResponse

    routes = APIRouter()
    door = access.door
    if door is None:
        return routes

    @routes.get("/folio/people")
    def people(request: Request) -> JSONResponse:
        if not person_of(request, access).may_see_people:
            raise HTTPException(403, "not allowed")
        return JSONResponse(
            {
                "users": [asdict(each) for each in users.users(door.records)],
                "collections": [asdict(each) for each in collections.collections(door.records)],
                "audit": [asdict(each) for each in audit.entries(door.records, _LINES)],
            }
        )

    return routes
