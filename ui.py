"""Show: the Gradio app, and the console script that starts it.

The only importer of gradio, and only once `folio serve` runs. What the page shows is rendered by
qa.rendering; here it is put into the page, and the page behind a server that talks to nobody else.
"""

import errno
import ipaddress
import json
import os
import re
import shutil
import signal
import socket
import tempfile
import threading
import traceback
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from index.errors import FolioError
from qa.cli import folio
from qa.cli.terminal import library_option, printable

if TYPE_CHECKING:
    import gradio as gr

    from qa.assistant import Assistant

_Message = MutableMapping[str, Any]
_Receive = Callable[[], Awaitable[_Message]]
_Send = Callable[[_Message], Awaitable[None]]
_Asgi = Callable[[_Message, _Receive, _Send], Awaitable[None]]

LANGUAGE_COOKIE: Final = "folio_lang"
# Gradio's page needs inline and evaluated scripts; nothing may come from, or go to, another host.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; worker-src 'self' blob:; frame-ancestors 'none'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
# Nothing is uploaded yet, nothing is fetched for anybody.
_CLOSED: Final = ("/gradio_api/upload", "/gradio_api/proxy=")
_QUEUE: Final = 64
_ASKING: Final = 2
_EXAMPLES: Final = 3
_EXAMPLE_TRIES: Final = 12


class ServeError(FolioError):
    """The server can't be started as asked."""


def main() -> None:
    """Run the command line; `folio` is this function."""
    folio()


@folio.command()
@library_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True)
@click.option(
    "--no-auth", is_flag=True, help="Listen at --host although anybody who reaches it may read all."
)
def serve(library: Path | None, host: str, port: int, no_auth: bool) -> None:
    """Open the library in the browser."""
    if not (no_auth or _is_loopback(host)):
        raise ServeError(
            f"{host} can be reached from other machines and there are no users yet: leave --host "
            "away, or add --no-auth to let anybody who reaches it read everything"
        )
    listening = _listen(host, port)
    with tempfile.TemporaryDirectory(prefix="folio-") as scratch, _stopping_at_once(scratch):
        click.echo("Folio is starting: it opens the library and loads its model…", err=True)
        from qa.assistant import Assistant

        assistant = Assistant.open(library)
        os.environ.update(
            GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", GRADIO_TEMP_DIR=scratch
        )
        _run(build_app(assistant), listening, _address(host, port), assistant)


@contextmanager
def _stopping_at_once(scratch: str) -> Iterator[None]:
    """Make a signal that comes while the server starts a clean end.

    An exception would unwind through libraries that are just being loaded, which abort then.
    """

    def stop(*_: object) -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(0)

    before = {name: signal.signal(name, stop) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _listen(host: str, port: int) -> socket.socket:
    """Take the port at once, so that a taken one is told before the model is loaded."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise ServeError(f"--host {host} is no address of this machine") from error
    listening = socket.socket(family, kind, protocol)
    if os.name == "posix":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(address)
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise ServeError(
                f"port {port} is taken by another program: choose another, --port {port + 1}"
                if port < 65535
                else f"port {port} is taken by another program: choose another with --port"
            ) from error
        raise ServeError(f"can't listen at {host}, --port {port}: {error.strerror}") from error
    return listening


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _run(app: _Asgi, listening: socket.socket, address: str, assistant: "Assistant") -> None:
    """Serve until a signal says to stop, and say when the page can be opened."""
    import uvicorn

    config = uvicorn.Config(
        app, log_level="error", access_log=False, timeout_graceful_shutdown=2, server_header=False
    )
    server = uvicorn.Server(config)

    def announce() -> None:
        import time

        while not server.started:
            if server.should_exit:
                return
            time.sleep(0.02)
        click.echo(f"Folio is ready: {address}")
        click.echo(printable(_invitation(assistant)))

    threading.Thread(target=announce, daemon=True).start()
    # The server takes the signals while it runs, ends, and hands them on to these.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)
    server.run(sockets=[listening])


def _invitation(assistant: "Assistant") -> str:
    """Return one line to begin with: a question that has an answer, or what there is to ask of."""
    if questions := examples(assistant, "en", limit=1):
        return f"Try asking: {questions[0]}"
    titles = [row.title for row in assistant.documents() if row.title]
    if titles:
        return f"Ask about what is in the library, for instance “{titles[0]}”"
    return f"The library is empty: put files into {assistant.library.documents}, run `folio index`"


def examples(assistant: "Assistant", language: str, limit: int = _EXAMPLES) -> list[str]:
    """Return questions of the library's own questions.jsonl that it has just answered rightly.

    Only the sample library has such a file; elsewhere there are no examples.
    """
    path = assistant.library.folder / "questions.jsonl"
    found: list[str] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines if line.strip()]
        asked = [q for q in asked if q["answerable"] and q["language"] == language]
        for question in asked[:_EXAMPLE_TRIES]:
            answer = assistant.ask(question["question"])
            if answer.quotes and question["sentence"] in answer.quotes[0].quote:
                found.append(question["question"])
            if len(found) == limit:
                break
    except (OSError, ValueError, KeyError, TypeError, FolioError):
        pass  # an example less; a library that can't be asked says so when it is asked
    return found


def build_app(assistant: "Assistant") -> _Asgi:
    """Return the server's app: the page, /healthz and /readyz, behind the headers."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio as gr
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
        kinds = {"folio.css": "text/css", "folio.svg": "image/svg+xml"}
        if name not in kinds:
            return PlainTextResponse("no such file", 404)
        headers = {"cache-control": "no-cache"}
        return Response(_asset(name), media_type=f"{kinds[name]}; charset=utf-8", headers=headers)

    blocks = _blocks(assistant)
    blocks.queue(max_size=_QUEUE, default_concurrency_limit=_ASKING, api_open=False)
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
    )
    return _guarded(mounted)


def _asset(name: str) -> str:
    return files("qa").joinpath("assets", name).read_text(encoding="utf-8")


def _blocks(assistant: "Assistant") -> "gr.Blocks":
    """Build the page."""
    import gradio as gr

    from documents import Span
    from qa import rendering
    from qa.assistant import MAX_QUESTION_CHARS
    from qa.strings import LANGUAGES, choose_language, say

    known_examples: dict[str, list[str]] = {}

    def find_examples() -> None:
        # Asking takes its time; the page doesn't wait for it.
        for language in LANGUAGES:
            known_examples[language] = examples(assistant, language)

    threading.Thread(target=find_examples, daemon=True).start()

    def welcome(language: str) -> str:
        rows = assistant.documents()
        if not rows:
            folder = assistant.library.documents
            return rendering.empty_library_html(folder, "folio index", language)
        readable = sum(row.state == "indexed" for row in rows)
        return rendering.welcome_html(readable, known_examples.get(language, []), language)

    def answered(question: str, language: str) -> str:
        if len(question) > MAX_QUESTION_CHARS:
            message = say("too_long", language, count=len(question), limit=MAX_QUESTION_CHARS)
            return rendering.failure_html(question, message)
        try:
            return rendering.answer_html(assistant.ask(question), language)
        except Exception:  # the page goes on, the terminal says why
            traceback.print_exc()
            return rendering.failure_html(question, say("failed", language), "folio doctor")

    def ask(question: str, turns: list[str], language: str) -> Iterator[tuple[Any, ...]]:
        # One list for the session: who asks again before the answer is there loses neither.
        question = " ".join(question.split())
        pending = rendering.pending_html(question, language)
        if not question or turns[-1:] == [pending]:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        number = len(turns)
        turns.append(pending)
        yield "".join(reversed(turns)), turns, ""
        turns[number] = answered(question, language)
        yield "".join(reversed(turns)), turns, gr.skip()

    def source(wanted: Any) -> str:
        """Return a source as HTML; what is asked for comes from a link that anybody can write."""
        wanted = wanted if isinstance(wanted, dict) else {}
        language = choose_language(str(wanted.get("lang") or ""))
        try:
            if wanted.get("passage"):
                found = assistant.source(str(wanted["passage"]))
            else:
                found = assistant.source_of(str(wanted.get("document") or ""))
            if found is None:
                return rendering.gone_html(language)
            span = None
            if wanted.get("passage"):
                passage = found.passage
                start, end = wanted.get("start"), wanted.get("end")
                span = Span(
                    passage.start if start is None else int(start),
                    passage.end if end is None else int(end),
                )
            return rendering.source_html(found, span, language)
        except (ValueError, TypeError):
            return rendering.gone_html(language)

    def table(language: str) -> str:
        return rendering.documents_html(assistant.documents(), language)

    def opened(request: gr.Request) -> tuple[Any, ...]:
        query = request.query_params
        language = page_language(
            query.get("lang"), request.cookies.get(LANGUAGE_COOKIE), request.headers
        )
        tab = "documents" if query.get("tab") == "documents" else "ask"
        return (
            language,
            rendering.masthead_html(language),
            welcome(language),
            gr.update(
                label=say("question", language),
                placeholder=say("placeholder", language),
                value=(query.get("q") or "")[:MAX_QUESTION_CHARS],
            ),
            gr.update(value=say("ask", language)),
            gr.update(label=say("ask_tab", language)),
            gr.update(label=say("documents_tab", language)),
            gr.update(selected=tab),
            table(language),
        )

    words = {
        code: {key: say(key, code) for key in ("close", "hint", "source", "unreachable")}
        for code in LANGUAGES
    }
    script = f"const WORDS = {json.dumps(words)};\n{_asset('reader.js')}"
    private = {"api_visibility": "private", "show_progress": "hidden"}
    with gr.Blocks(title="Folio", analytics_enabled=False, fill_width=True) as blocks:
        language = gr.State("en")
        turns = gr.State([])

        def html(**options: Any) -> gr.HTML:
            return gr.HTML(js_on_load=None, apply_default_css=False, **options)

        masthead = html(value=rendering.masthead_html("en"), elem_id="masthead")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="work"), gr.Tabs(elem_id="tabs") as tabs:
                with gr.Tab(say("ask_tab", "en"), id="ask") as ask_tab:
                    with gr.Row(elem_id="form"):
                        box = gr.Textbox(
                            label=say("question", "en"),
                            placeholder=say("placeholder", "en"),
                            lines=1,
                            max_lines=5,
                            max_length=MAX_QUESTION_CHARS,
                            autofocus=True,
                            container=False,
                            elem_id="ask",
                        )
                        send = gr.Button(say("ask", "en"), elem_id="send", variant="primary")
                    answers = html(elem_id="answers")
                with gr.Tab(say("documents_tab", "en"), id="documents") as documents_tab:
                    documents = html(elem_id="documents")
            gr.HTML(
                html_template=_PANEL,
                js_on_load=script,
                server_functions=[source],
                apply_default_css=False,
                elem_id="source",
            )
        page = [
            language, masthead, answers, box, send, ask_tab, documents_tab, tabs, documents
        ]  # fmt: skip
        conversation = {
            "fn": ask,
            "inputs": [box, turns, language],
            "outputs": [answers, turns, box],
            "concurrency_id": "ask",
            "concurrency_limit": _ASKING,
            "trigger_mode": "multiple",
        }
        loaded = blocks.load(opened, None, page, **private)
        loaded.then(**conversation, **private)
        gr.on([box.submit, send.click], **conversation, **private)
        documents_tab.select(table, [language], [documents], **private)
    return blocks


_PANEL: Final = (
    "<p class='hint'></p><section class='reader' hidden>"
    "<button type='button' class='close'></button>"
    "<div class='reader-box'></div></section>"
)


def page_language(wished: str | None, remembered: str | None, headers: Any) -> str:
    """Return the language of the page: the link's, else the chosen one, else the browser's."""
    from qa.strings import choose_language

    return choose_language(wished, remembered, headers.get("accept-language"))


def _guarded(app: _Asgi) -> _Asgi:
    """Wrap an app: headers that keep the page to itself, and a page that begins as ours."""

    async def guarded(scope: _Message, receive: _Receive, send: _Send) -> None:
        if scope["type"] != "http":
            await app(scope, receive, send)
            return
        if scope["path"].startswith(_CLOSED):
            await send({"type": "http.response.start", "status": 404, "headers": list(_HEADERS)})
            await send({"type": "http.response.body", "body": b""})
            return
        respond = _Page(scope, send) if scope["path"] == "/" else send

        async def with_headers(message: _Message) -> None:
            if message["type"] == "http.response.start":
                ours = {name for name, _ in _HEADERS} | {b"server"}
                kept = [item for item in message.get("headers", []) if item[0] not in ours]
                message = {**message, "headers": [*kept, *_HEADERS]}
            await respond(message)

        await app(scope, receive, with_headers)

    return guarded


class _Page:
    """Sends the page with its language and style from the first byte, and without strangers."""

    def __init__(self, scope: _Message, send: _Send) -> None:
        from starlette.requests import Request

        request = Request(scope)
        self._language = page_language(
            request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE), request.headers
        )
        self._send = send
        self._start: _Message = {}
        self._body = b""

    async def __call__(self, message: _Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        headers = dict(self._start["headers"])
        if headers.get(b"content-type", b"").startswith(b"text/html"):
            self._body = _own_page(self._body.decode(), self._language).encode()
            headers[b"content-length"] = str(len(self._body)).encode()
        await self._send({**self._start, "headers": list(headers.items())})
        await self._send({"type": "http.response.body", "body": self._body})


def _own_page(page: str, language: str) -> str:
    page = re.sub(r'\s*<meta\s+(?:property|name)="(?:og|twitter):[^>]*>', "", page)
    page = page.replace('<link rel="manifest" href="/manifest.json" />', "")
    page = page.replace(
        '<html\n\tlang="en"', f'<html lang="{language}" data-language="{language}"', 1
    )
    ours = (
        '<link rel="icon" href="/folio/folio.svg" type="image/svg+xml">'
        '<link rel="stylesheet" href="/folio/folio.css"></head>'
    )
    return page.replace("</head>", ours, 1)
