"""The addresses of the Library tab. Each change is asked of `Access` before anything is read."""

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from documents.formats import SUFFIXES
from index.errors import FolioError
from index.removed import user
from qa.difference import last_change
from qa.doctor import examine
from qa.kept import judgements
from qa.web.access import Access
from qa.web.shelf import Shelf

if TYPE_CHECKING:
    from fastapi import APIRouter

    from qa.assistant import Assistant


def shelf_routes(assistant: "Assistant", access: Access) -> "APIRouter":
    """Return what lies under /folio/library/."""
    from fastapi import APIRouter, Depends, HTTPException, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse

    shelf = Shelf(assistant.library)

    def librarian(request: Request) -> None:
        if not access.may_write(request.headers):
            raise HTTPException(403, "not allowed")

    read = APIRouter(prefix="/folio/library")
    write = APIRouter(dependencies=[Depends(librarian)])

    @read.get("")
    def state() -> JSONResponse:
        removed = shelf.removed() if access.may_change else []
        formats = sorted(SUFFIXES)
        may_change = access.may_change
        return JSONResponse({"may_change": may_change, "removed": removed, "formats": formats})

    @read.get("/job")
    def job() -> JSONResponse:
        return JSONResponse(shelf.job())

    @write.get("/findings")
    def findings() -> JSONResponse:
        return JSONResponse([asdict(found) for found in examine(assistant.library.folder)])

    @write.get("/feedback")
    def feedback() -> JSONResponse:
        return JSONResponse([asdict(judgement) for judgement in judgements(assistant.library)])

    @write.put("/file")
    async def add(request: Request, name: str = "", replace: bool = False) -> JSONResponse:
        try:
            result = await shelf.add(name, request.stream(), replace, user())
            return JSONResponse({"result": result})
        except FolioError as error:
            return _refused(error)

    @write.post("/remove")
    async def remove(document: str = "") -> JSONResponse:
        return await run_in_threadpool(_changed, shelf.remove, document)

    @write.post("/restore")
    async def restore(document: str = "") -> JSONResponse:
        return await run_in_threadpool(_changed, shelf.restore, document)

    @write.post("/rename")
    async def rename(document: str = "", new: str = "") -> JSONResponse:
        return await run_in_threadpool(_changed, shelf.rename, document, new)

    @write.get("/description")
    def description(document: str = "") -> JSONResponse:
        try:
            return JSONResponse(shelf.described(document))
        except FolioError as error:
            return _refused(error)

    @write.put("/description")
    async def describe(request: Request, document: str = "") -> JSONResponse:
        try:
            values = {str(key): str(value) for key, value in (await request.json()).items()}
        except (ValueError, AttributeError):
            return JSONResponse({"message": "this is no description"}, 400)
        return await run_in_threadpool(_changed, shelf.describe, document, values)

    @write.get("/changes")
    def changes() -> JSONResponse:
        found = last_change(assistant.library)
        if found is None:
            return JSONResponse({})
        number, committed_at, difference = found
        return JSONResponse({"generation": number, "at": committed_at, **asdict(difference)})

    @write.post("/build")
    def build() -> JSONResponse:
        shelf.rebuild()
        return JSONResponse(shelf.job())

    @write.post("/cancel")
    def cancel() -> JSONResponse:
        shelf.cancel()
        return JSONResponse(shelf.job())

    def _changed(change: Callable[..., None], *values: Any) -> JSONResponse:
        try:
            change(*values)
        except FolioError as error:
            return _refused(error)
        shelf.rebuild()
        return JSONResponse(shelf.job())

    def _refused(error: FolioError) -> JSONResponse:
        return JSONResponse({"message": str(error)}, 409)

    read.include_router(write)
    return read
