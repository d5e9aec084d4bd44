"""The addresses of the Library tab. Each change is asked of `Access` before anything is read."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from documents.formats import SUFFIXES
from index.errors import FolioError
from index.library import Library
from index.removed import user
from qa.difference import last_change
from qa.doctor import examine
from qa.kept import judgements
from qa.people.keeper import Keeper
from qa.strings import choose_language
from qa.web.access import Access, Person
from qa.web.bodies import json_of
from qa.web.gate import person_of
from qa.web.refused import reason_of
from qa.web.shelf import Shelf

if TYPE_CHECKING:
    from fastapi import APIRouter


def shelf_routes(library: Library, access: Access) -> "APIRouter":
    """Return what lies under /folio/library/."""
    from fastapi import APIRouter, Depends, HTTPException, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse

    shelf = Shelf(library)

    def reader(request: Request) -> Person:
        return person_of(request, access)

    def librarian(request: Request) -> Person:
        person = person_of(request, access)
        if not access.may_write(request.headers, person):
            raise HTTPException(403, "not allowed")
        return person

    by = Depends(librarian)

    def keeper_of(person: Person = by) -> Keeper:
        # Where nobody logs in, it is who runs Folio: others may not change anything.
        return Keeper(library, person.name or user(), person.address)

    keeping = Depends(keeper_of)

    read = APIRouter(prefix="/folio/library", dependencies=[Depends(reader)])
    write = APIRouter(dependencies=[by])

    @read.get("")
    def state(request: Request) -> JSONResponse:
        person = person_of(request, access)
        removed = shelf.removed() if person.may_change else []
        why = "" if person.may_change else "read_only_role" if person.name else "read_only"
        people = bool(person.name) and person.may_see_people
        may = {"may_change": person.may_change, "may_see_people": people, "why": why}
        settings = library.settings
        most = {"file_max_mb": settings.file_max_mb, "upload_max_files": settings.upload_max_files}
        takes = {"formats": sorted(SUFFIXES), **most}
        return JSONResponse({**may, **takes, "removed": removed})

    @read.get("/job")
    def job(request: Request) -> JSONResponse:
        # Its result names documents, also those that a reader mayn't know of.
        told = shelf.job() if person_of(request, access).may_change else {"state": "idle"}
        return JSONResponse(told)

    @write.get("/findings")
    def findings(lang: str = "") -> JSONResponse:
        language = choose_language(lang)
        return JSONResponse(
            [
                {
                    "check": found.check,
                    "ok": found.ok,
                    "detail": found.detail_in(language),
                    "repair": found.repair_in(language),
                    "remedy": found.remedy,
                }
                for found in examine(library.folder)
            ]
        )

    @write.get("/feedback")
    def feedback() -> JSONResponse:
        return JSONResponse([asdict(judgement) for judgement in judgements(library)])

    @write.put("/file")
    async def add(
        request: Request,
        name: str = "",
        replace: bool = False,
        came_as: str = "",
        lang: str = "",
        keeper: Keeper = keeping,
    ) -> JSONResponse:
        try:
            stream = request.stream()
            result = await shelf.add(keeper, name, stream, replace, came_as or name)
        except FolioError as error:
            return JSONResponse({"message": reason_of(error, lang)}, 409)
        return JSONResponse({"result": result})

    @write.post("/remove")
    async def remove(document: str = "", keeper: Keeper = keeping) -> JSONResponse:
        return await run_in_threadpool(_changed, partial(keeper.remove, document))

    @write.post("/restore")
    async def restore(document: str = "", keeper: Keeper = keeping) -> JSONResponse:
        return await run_in_threadpool(_changed, partial(keeper.restore, document))

    @write.post("/rename")
    async def rename(
        document: str = "", new: str = "", lang: str = "", keeper: Keeper = keeping
    ) -> JSONResponse:
        change = partial(shelf.rename, keeper, document, new)
        return await run_in_threadpool(_changed, change, lang)

    @write.get("/description")
    def description(document: str = "") -> JSONResponse:
        try:
            return JSONResponse(shelf.described(document))
        except FolioError as error:
            return JSONResponse({"message": reason_of(error)}, 409)

    @write.put("/description")
    async def describe(
        request: Request, document: str = "", lang: str = "", keeper: Keeper = keeping
    ) -> JSONResponse:
        try:
            values = {str(key): str(value) for key, value in (await json_of(request)).items()}
        except AttributeError:
            return JSONResponse({"message": "this is no description"}, 400)
        change = partial(shelf.describe, keeper, document, values)
        return await run_in_threadpool(_changed, change, lang)

    @write.get("/changes")
    def changes() -> JSONResponse:
        found = last_change(library)
        if found is None:
            return JSONResponse({})
        number, committed_at, difference = found
        return JSONResponse({"generation": number, "at": committed_at, **asdict(difference)})

    @write.post("/build")
    def build(person: Person = by) -> JSONResponse:
        access.note(person, "rebuild")
        shelf.rebuild()
        return JSONResponse(shelf.job())

    @write.post("/cancel")
    def cancel(person: Person = by) -> JSONResponse:
        access.note(person, "cancel")
        shelf.cancel()
        return JSONResponse(shelf.job())

    def _changed(change: Callable[[], None], lang: str = "") -> JSONResponse:
        try:
            change()
        except FolioError as error:
            return JSONResponse({"message": reason_of(error, lang)}, 409)
        shelf.rebuild()
        return JSONResponse(shelf.job())

    read.include_router(write)
    return read
