"""The server's own addresses beside the page. FastAPI's one home."""

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote as url_quote

from index.errors import FolioError
from qa import exporting, welcome
from qa.kept import judge
from qa.recall import recalled
from qa.strings import choose_language
from qa.web.access import Access
from qa.web.originals import Originals
from qa.web.panel import panel_html
from qa.web.shelf_routes import shelf_routes
from qa.web.suggestions import Suggestions

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
_MOST_BYTES: Final = 1 << 20


def server(assistant: "Assistant", pool: "ReaderPool", access: Access) -> "FastAPI":
    """Return the server without its page: health, and what lies under /folio/."""
    from fastapi import FastAPI, Request
    from fastapi.concurrency import run_in_threadpool
    from fastapi.responses import JSONResponse, PlainTextResponse, Response

    app = FastAPI(title="Folio", docs_url=None, redoc_url=None, openapi_url=None)
    originals = Originals(assistant, pool)
    suggestions = Suggestions(assistant)

    @app.get("/healthz")
    def healthz() -> PlainTextResponse:
        return PlainTextResponse("ok")

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        try:
            number = assistant.searcher().generation.manifest.number
        except FolioError as error:
            return JSONResponse({"ready": False, "message": str(error)}, 503)
        return JSONResponse({"ready": True, "generation": number})

    @app.get("/folio/source")
    def source(request: Request) -> Response:
        return Response(
            panel_html(assistant, originals, request.query_params),
            media_type="text/html; charset=utf-8",
        )

    @app.get("/folio/page.png")
    def page_image(document: str = "", page: int = 1) -> Response:
        png = originals.page(document, page)
        if png is None:
            return PlainTextResponse("no such page", 404)
        headers = {"cache-control": "private, max-age=3600"}
        return Response(png, media_type="image/png", headers=headers)

    @app.get("/folio/original")
    def original(document: str = "") -> Response:
        data = originals.read(document)
        if data is None:
            return PlainTextResponse("no such document", 404)
        return _attachment(data, document.rpartition("/")[2], "application/octet-stream")

    @app.get("/folio/offline")
    def offline(lang: str = "") -> Response:
        page = welcome.offline_page(choose_language(lang))
        return Response(page, media_type="text/html; charset=utf-8")

    @app.get("/folio/suggestions")
    def suggested(lang: str = "") -> JSONResponse:
        return JSONResponse(suggestions.questions(choose_language(lang)))

    @app.get("/folio/limits")
    def limits() -> JSONResponse:
        rows = [row for row in assistant.documents() if row.state == "indexed"]
        return JSONResponse(
            {
                "documents": [[row.document, row.title] for row in rows],
                "kinds": sorted({row.kind for row in rows if row.kind}),
                "languages": sorted({row.language for row in rows if row.language}),
            }
        )

    @app.post("/folio/export")
    async def export(request: Request, format: str = "", lang: str = "") -> Response:  # noqa: A002
        exporter, kind = exporting.EXPORTERS.get(format, (None, ""))
        body = await _json_body(request)
        if exporter is None or not isinstance(body, dict):
            return PlainTextResponse("no such format", 404)
        try:
            found = await run_in_threadpool(recalled, assistant, body)
        except ValueError as error:
            return PlainTextResponse(str(error), 400)
        if found.gone:
            return PlainTextResponse("a quote isn't in its source any more", 409)
        page = str(request.base_url)
        data = await run_in_threadpool(exporter, found.answer, choose_language(lang), page)
        return _attachment(data, exporting.file_name(found.answer, format), kind)

    @app.post("/folio/judgement")
    async def judgement(request: Request, helpful: bool, reason: str = "") -> Response:
        if not access.may_say(request.headers):
            return JSONResponse({"message": "not allowed"}, 403)
        body = await _json_body(request)
        try:
            found = await run_in_threadpool(recalled, assistant, body)
            await run_in_threadpool(judge, assistant.library, found.answer, helpful, reason)
        except (ValueError, FolioError) as error:
            return JSONResponse({"message": str(error)}, 400)
        return JSONResponse({"judged": True})

    app.include_router(shelf_routes(assistant, access))

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


async def _json_body(request: Any) -> Any:
    """Return a request's JSON; None where it is none, or more than anybody needs."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            return None
    try:
        return json.loads(body)
    except ValueError:
        return None


def _attachment(data: bytes, name: str, kind: str) -> "Response":
    """Return data that a browser saves and never shows, whatever it is."""
    from fastapi.responses import Response

    disposition = f"attachment; filename*=UTF-8''{url_quote(name, safe='')}"
    return Response(data, media_type=kind, headers={"content-disposition": disposition})
