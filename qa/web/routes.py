"""The server's own addresses beside the page: health and assets. FastAPI's one home."""

from importlib.resources import files
from typing import TYPE_CHECKING, Final

from index.errors import FolioError

if TYPE_CHECKING:
    from fastapi import FastAPI

    from qa.assistant import Assistant

_ASSETS: Final = {"folio.css": "text/css", "folio.svg": "image/svg+xml"}


def server(assistant: "Assistant") -> "FastAPI":
    """Return the server without its page: /healthz, /readyz and what lies under /folio/."""
    from fastapi import FastAPI
    from fastapi.responses import JSONResponse, PlainTextResponse, Response

    app = FastAPI(title="Folio", docs_url=None, redoc_url=None, openapi_url=None)

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

    @app.get("/folio/{name}")
    def asset(name: str) -> Response:
        if name not in _ASSETS:
            return PlainTextResponse("no such file", 404)
        kind = f"{_ASSETS[name]}; charset=utf-8"
        return Response(asset_text(name), media_type=kind, headers={"cache-control": "no-cache"})

    return app


def asset_text(name: str) -> str:
    """Return a file of qa/assets."""
    return files("qa").joinpath("assets", name).read_text(encoding="utf-8")
