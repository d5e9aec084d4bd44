"""The server's own addresses beside the page. FastAPI's one home."""

from importlib.resources import files
from typing import TYPE_CHECKING, Final
from urllib.parse import quote as url_quote

from index.errors import FolioError
from qa import exporting, welcome
from qa.kept import judge
from qa.recall import recalled
from qa.strings import choose_language
from qa.web.access import Access
from qa.web.bodies import json_of
from qa.web.desks import Desk, Desks
from qa.web.gate import person_of
from qa.web.login import login_routes
from qa.web.panel import panel_html
from qa.web.people_routes import people_routes
from qa.web.shelf_routes import shelf_routes

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.responses import Response

    from documents.worker import ReaderPool
    from qa.assistant import Assistant

_ASSETS: Final = files("qa").joinpath("assets")
_KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
}


def server(assistant: "Assistant", pool: "ReaderPool", access: Access) -> "FastAPI":
    """Return the server without its page: health, and what lies under /folio/."""
    return server_of(Desks(assistant, pool), access)


def server_of(desks: Desks, access: Access) -> "FastAPI":
    """Return the server; each route works at the desk of the person who sends a request."""
    from fastapi import Depends, FastAPI, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse, PlainTextResponse, Response

    app = FastAPI(title="Folio", docs_url=None, redoc_url=None, openapi_url=None)

    def desk_of(request: Request) -> Desk:
        return desks.of(person_of(request, access))

    at_desk = Depends(desk_of)

    @app.get("/healthz")
    def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        try:
            return JSONResponse({"ready": True, "generation": desks.ready()})
        except FolioError as error:
            return JSONResponse({"ready": False, "message": str(error)}, 503)

    @app.get("/folio/source")
    def source(request: Request, desk: Desk = at_desk) -> Response:
        return Response(
            panel_html(desk.assistant, desk.originals, request.query_params),
            media_type="text/html; charset=utf-8",
        )

    @app.get("/folio/page.png")
    def page_image(document: str = "", page: int = 1, desk: Desk = at_desk) -> Response:
        png = desk.originals.page(document, page)
        if png is None:
            return PlainTextResponse("no such page", 404)
        headers = {"cache-control": "private, max-age=3600", "vary": "cookie"}
        return Response(png, media_type="image/png", headers=headers)

    @app.get("/folio/original")
    def original(document: str = "", desk: Desk = at_desk) -> Response:
        data = desk.originals.read(document)
        if data is None:
            return PlainTextResponse("no such document", 404)
        return _attachment(data, document.rpartition("/")[2], "application/octet-stream")

    @app.get("/folio/offline")
    def offline(lang: str = "") -> Response:
        page = welcome.offline_page(choose_language(lang))
        return Response(page, media_type="text/html; charset=utf-8")

    @app.get("/folio/suggestions")
    def suggested(lang: str = "", desk: Desk = at_desk) -> JSONResponse:
        return JSONResponse(desk.suggestions.questions(choose_language(lang)))

    @app.get("/folio/limits")
    def limits(desk: Desk = at_desk) -> JSONResponse:
        rows = [row for row in desk.assistant.documents() if row.state == "indexed"]
        return JSONResponse(
            {
                "documents": [[row.document, row.title] for row in rows],
                "kinds": sorted({row.kind for row in rows if row.kind}),
                "languages": sorted({row.language for row in rows if row.language}),
            }
        )

    @app.post("/folio/export")
    async def export(
        request: Request,
        format: str = "",  # noqa: A002  (as the address has it)
        lang: str = "",
        desk: Desk = at_desk,
    ) -> Response:
        exporter, kind = exporting.EXPORTERS.get(format, (None, ""))
        body = await json_of(request)
        if exporter is None or not isinstance(body, dict):
            return PlainTextResponse("no such format", 404)
        try:
            found = await run_in_threadpool(recalled, desk.assistant, body)
        except ValueError as error:
            return PlainTextResponse(str(error), 400)
        if found.gone:
            return PlainTextResponse("a quote isn't in its source any more", 409)
        page = str(request.base_url)
        data = await run_in_threadpool(exporter, found.answer, choose_language(lang), page)
        return _attachment(data, exporting.file_name(found.answer, format), kind)

    @app.post("/folio/judgement")
    async def judgement(
        request: Request, helpful: bool, reason: str = "", desk: Desk = at_desk
    ) -> Response:
        if not access.may_say(request.headers):
            return JSONResponse({"message": "not allowed"}, 403)
        body = await json_of(request)
        try:
            found = await run_in_threadpool(recalled, desk.assistant, body)
            by = person_of(request, access).name or None
            await run_in_threadpool(judge, desks.library, found.answer, helpful, reason, by)
        except (ValueError, FolioError) as error:
            return JSONResponse({"message": str(error)}, 400)
        return JSONResponse({"judged": True})

    app.include_router(login_routes(access))
    app.include_router(people_routes(desks.library, access))
    app.include_router(shelf_routes(desks.library, access))

    @app.get("/folio/{name:path}")
    def asset(name: str) -> Response:
        kind = _KINDS.get(_suffix(name))
        parts = name.split("/")
        known = kind and len(parts) <= 2 and all(part[:1] not in ("", ".") for part in parts)
        found = _ASSETS.joinpath(*parts) if known else None
        if found is None or not found.is_file():
            return PlainTextResponse("no such file", 404)
        headers = {"cache-control": "no-cache"}
        if name == "js/worker.js":
            headers["service-worker-allowed"] = "/"  # its address lies deeper than the page
        return Response(found.read_bytes(), media_type=kind, headers=headers)

    return app


def _suffix(name: str) -> str:
    return name[name.rfind(".") :] if "." in name else ""


def _attachment(data: bytes, name: str, kind: str) -> "Response":
    """Return data that a browser saves and never shows, whatever it is."""
    from fastapi.responses import Response

    disposition = f"attachment; filename*=UTF-8''{url_quote(name, safe='')}"
    return Response(data, media_type=kind, headers={"content-disposition": disposition})
