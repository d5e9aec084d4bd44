"""Show: the Gradio app, and the console script that starts it.

The only importer of gradio, and only once `folio serve` runs. What the page shows is rendered in
qa; here it is put into the page, and the page into the server that qa.web makes.
"""

import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

import click

from qa.cli import folio
from qa.cli.terminal import library_option, printable
from qa.web.guard import LANGUAGE_COOKIE, Asgi, guarded, page_language
from qa.web.serving import ServeError, is_loopback, listen, run, stopping_at_once, url_of

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

    from documents.worker import ReaderPool
    from qa.assistant import Assistant
    from qa.web.access import Access, Person
    from qa.web.conversation import Conversations
    from qa.web.desks import Desks
    from qa.web.gate import Pages

_REMEMBERED_PAGES: Final = 1000


def main() -> None:
    """Run the command line; `folio` is this function."""
    folio()


@folio.command()
@library_option
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", type=click.IntRange(1, 65535), default=7860, show_default=True)
@click.option(
    "--no-auth",
    is_flag=True,
    help="Ask nobody to log in: anybody who reaches --host reads what is closed to nobody.",
)
def serve(library: Path | None, host: str, port: int, no_auth: bool) -> None:
    """Open the library in the browser; where there are users, they have to log in."""
    from qa.web.access import Access
    from qa.web.door import opened_door

    with opened_door(library, no_auth) as door:
        if not (no_auth or is_loopback(host) or door.asks()):
            raise ServeError(
                f"{host} can be reached from other machines and there are no users yet: make some "
                "with `folio user add NAME`, leave --host away, or add --no-auth to let anybody "
                "who reaches it read all that is closed to nobody"
            )
        _serve(library, host, port, Access(is_loopback(host), door))


def _serve(library: Path | None, host: str, port: int, access: "Access") -> None:
    listening = listen(host, port)
    with tempfile.TemporaryDirectory(prefix="folio-") as scratch, stopping_at_once(scratch):
        click.echo("Folio is starting: it opens the library and loads its model…", err=True)
        from documents.worker import ReaderPool
        from index.copies import keep_copy
        from qa.assistant import Assistant
        from qa.web.suggestions import invitation

        assistant = Assistant.open(library)
        keep_copy(assistant.library)
        os.environ.update(
            GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", GRADIO_TEMP_DIR=scratch
        )

        def ready() -> None:
            click.echo(f"Folio is ready: {url_of(host, port)}")
            click.echo(printable(invitation(assistant)))

        with ReaderPool() as pool:
            run(build_app(assistant, pool, access), listening, ready)


def build_app(assistant: "Assistant", pool: "ReaderPool", access: "Access") -> Asgi:
    """Return the server's app: the page, and the server's own addresses, behind gate and headers.

    Args:
        pool: draws the pages of PDFs.
        access: who may do what.
    """
    from qa.web.desks import Desks
    from qa.web.gate import Pages, gated

    pages = Pages()
    return guarded(gated(routed(Desks(assistant, pool), access, pages), access, pages))


def routed(desks: "Desks", access: "Access", pages: "Pages") -> "FastAPI":
    """Return the page and the server's own addresses; nothing stands before them yet."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio as gr

    from qa.web.conversation import Conversations
    from qa.web.crowd import Crowd
    from qa.web.routes import server_of

    conversations = Conversations(desks)
    blocks = _blocks(desks, access, pages, conversations)
    blocks.queue(max_size=None, default_concurrency_limit=None, api_open=False)
    # The framework keeps 36 KB of every page, left or not; a page that has been forgotten sends its
    # conversation again.
    blocks.state_session_capacity = _REMEMBERED_PAGES
    mounted: FastAPI = gr.mount_gradio_app(
        server_of(desks, access),
        blocks,
        path="/",
        theme=gr.themes.Base(font=["Source Sans 3", "sans-serif"], font_mono=["monospace"]),
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
    events = {number: event.name for number, event in blocks.fns.items()}

    def asks(event: int, query: str) -> bool:
        # Each page that is opened sends the last one; only a link's question is one.
        name = events.get(event)
        return name in ("ask", "ask_alone") or (name == "ask_linked" and "q" in parse_qs(query))

    mounted.add_middleware(Crowd, line=conversations.line, asks=asks)
    return mounted


def _blocks(
    desks: "Desks", access: "Access", pages: "Pages", conversations: "Conversations"
) -> "gr.Blocks":
    """Build the page."""
    import gradio as gr

    from index.additions import additions
    from index.errors import RecordsError
    from qa import tables, welcome
    from qa.assistant import MAX_QUESTION_CHARS
    from qa.strings import say
    from qa.web.crowd import came
    from qa.web.gate import person_of
    from qa.web.talk import Talk

    def whose(request: gr.Request) -> "Person":
        """Return who sends an event; of a page that is somebody else's nothing is told."""
        person = person_of(request.request, access)
        if not pages.claim(request.session_hash or "", person.name):
            raise PermissionError("this page is somebody else's")
        return person

    def language_of(request: gr.Request, page: str | None = None) -> str:
        """Return the language to answer in.

        Args:
            page: the one that the page says it is in; the server keeps none, for it forgets a page
                that was cut off from it for an hour.
        """
        wished = page or request.query_params.get("lang")
        return page_language(wished, request.cookies.get(LANGUAGE_COOKIE), request.headers)

    def start(language: str, person: "Person") -> str:
        rows = desks.of(person).assistant.documents()
        if not rows:
            return welcome.empty_library_html(language)
        return welcome.welcome_html(sum(row.state == "indexed" for row in rows), language)

    async def ask(
        question: str,
        talk: Talk,
        language: str,
        sent: str,
        request: gr.Request,
        alone: bool = False,
    ) -> AsyncIterator[tuple[Any, ...]]:
        came(conversations.line, request.request.scope)
        conversation = conversations.of(whose(request))
        language = language_of(request, language)
        # One talk for the session: who asks again before the answer is there loses neither.
        turn = conversation.begin(question, talk, alone, language, sent)
        if turn is None:
            yield gr.skip(), gr.skip()
            return
        async for shown in conversation.answer(turn, talk, language, sent):
            yield shown, talk

    async def ask_alone(
        question: str, talk: Talk, language: str, sent: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        async for shown in ask(question, talk, language, sent, request, alone=True):
            yield shown

    def linked(request: gr.Request) -> str:
        """Return the question of a link that asks one."""
        return (request.query_params.get("q") or "")[:MAX_QUESTION_CHARS]

    async def ask_linked(
        talk: Talk, language: str, sent: str, request: gr.Request
    ) -> AsyncIterator[tuple[Any, ...]]:
        async for shown in ask(linked(request), talk, language, sent, request):
            yield shown

    def turn_topic(talk: Talk, language: str, sent: str, request: gr.Request) -> tuple[str, Talk]:
        person, language = whose(request), language_of(request, language)
        shown = conversations.of(person).turn_topic(talk, language, sent)
        return shown or start(language, person), talk

    def recall(talk: Talk, language: str, sent: str, request: gr.Request) -> tuple[Any, ...]:
        person, language = whose(request), language_of(request, language)
        shown = conversations.of(person).recall(talk, language, sent)
        return shown or start(language, person), talk

    def stop(talk: Talk, language: str, box: str, request: gr.Request) -> tuple[Any, ...]:
        person, language = whose(request), language_of(request, language)
        shown, question = conversations.of(person).stop(talk, language)
        return shown or start(language, person), talk, box or question

    def table(language: str, request: gr.Request) -> str:
        language = language_of(request, language)
        rows = desks.of(whose(request)).assistant.documents()
        try:
            added = additions(desks.library)
        except RecordsError:
            added = {}  # asking needs no records; `folio doctor` says what is wrong with them
        return tables.documents_html(rows, language, added)

    def opened(request: gr.Request) -> tuple[Any, ...]:
        person, language = whose(request), language_of(request)
        in_library = request.query_params.get("tab") in _LIBRARY
        return (
            welcome.masthead_html(language, account=_account(person, language)),
            start(language, person),
            # What has been typed by now stays.
            gr.update(
                label=say("question", language),
                placeholder=say("placeholder", language),
                **({"value": linked(request)} if linked(request) else {}),
            ),
            gr.update(value=say("ask", language)),
            gr.update(value=say("stop", language)),
            gr.update(value=say("new_topic", language)),
            gr.update(label=say("ask_tab", language)),
            gr.update(label=say("library_tab", language)),
            # Who has opened a tab in the meantime isn't taken back.
            gr.update(selected="library") if in_library else gr.skip(),
            # Else it is fetched when its tab is opened: who only asks needn't wait for it.
            table(language, request) if in_library else gr.skip(),
        )

    private = {"api_visibility": "private", "show_progress": "hidden"}
    with gr.Blocks(title="Folio", analytics_enabled=False, fill_width=True) as blocks:
        talk = gr.State(Talk())
        # What the page sends beside a question; its scripts fill it in.
        language = gr.Textbox("", visible=False)
        sent = gr.Textbox("", visible=False)

        def html(**options: Any) -> gr.HTML:
            return gr.HTML(js_on_load=None, apply_default_css=False, **options)

        masthead = html(value=welcome.masthead_html("en"), elem_id="masthead")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="work"), gr.Tabs(elem_id="tabs") as tabs:
                with gr.Tab(say("ask_tab", "en"), id="ask") as ask_tab:
                    html(value="<div></div>", elem_id="talks")
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
                        halt = gr.Button(say("stop", "en"), elem_id="stop")
                        # Pressed by the link that asks a follow-up as it was typed; never seen.
                        alone = gr.Button("", elem_id="alone", visible="hidden")
                    html(value="<div></div>", elem_id="refused")
                    html(value="<div></div>", elem_id="limits")
                    topic = gr.Button(say("new_topic", "en"), elem_id="topic")
                    answers = html(elem_id="answers")
                    again = gr.Button("", elem_id="recall", visible="hidden")
                with gr.Tab(say("library_tab", "en"), id="library") as library_tab:
                    html(value="<div></div>", elem_id="librarian")
                    documents = html(elem_id="documents")
                    redraw = gr.Button("", elem_id="redraw", visible="hidden")
            gr.HTML(
                html_template=_PANEL, js_on_load=_START, apply_default_css=False, elem_id="source"
            )
        page = [
            masthead, answers, box, send, halt, topic, ask_tab, library_tab, tabs, documents,
        ]  # fmt: skip
        asking = {
            "fn": ask,
            "inputs": [box, talk, language, sent],
            # The box is emptied by the page's scripts: by now the next question may stand in it.
            "outputs": [answers, talk],
            # The page's own line says how many are before; the framework's would not.
            "concurrency_limit": None,
            "trigger_mode": "multiple",
        }
        sending = _sending("question, talk")
        loaded = blocks.load(opened, None, page, **private)
        first = loaded.then(
            **(asking | {"fn": ask_linked, "inputs": [talk, language, sent]}),
            js=_sending("talk"),
            **private,
        )
        asked = gr.on(
            [box.submit, send.click],
            js=sending,
            **asking,
            **private,
        )
        asked_alone = alone.click(**(asking | {"fn": ask_alone}), js=sending, **private)
        topic.click(
            turn_topic, [talk, language, sent], [answers, talk], js=_sending("talk"), **private
        )
        waiting = [first, asked, asked_alone]
        halt.click(
            stop,
            [talk, language, box],
            [answers, talk, box],
            js=f"(talk, language, box) => [talk, {_LANGUAGE}, box]",
            cancels=waiting,
            **private,
        )
        again.click(
            recall,
            [talk, language, sent],
            [answers, talk],
            js=_sending("talk"),
            # No answer of the conversation that is left is drawn into the other.
            cancels=waiting,
            # Who opens another conversation while one is being opened means the last.
            trigger_mode="always_last",
            **private,
        )
        for event in (library_tab.select, redraw.click):
            event(table, [language], [documents], js=f"() => [{_LANGUAGE}]", **private)
    return blocks


def _account(person: "Person", language: str) -> str:
    from qa import welcome

    return welcome.account_html(person.name, language, may_leave=not person.by_proxy)


_LIBRARY: Final = ("library", "documents")
_PANEL: Final = (
    "<p class='hint'></p><section class='reader' hidden>"
    "<button type='button' class='close'></button>"
    "<div class='reader-box'></div></section>"
)
# The whole address: Chromium may reuse code that it compiled for a page at another port.
_SCRIPTS: Final = "import(new URL('/folio/js/page.js', location.href).href)"
_START: Final = f"{_SCRIPTS}.then((page) => page.start(element));"
_LANGUAGE: Final = "document.documentElement.dataset.language"


def _sending(names: str) -> str:
    """Return what puts the page's language and the scripts' part behind these inputs."""
    return f"async ({names}) => [{names}, {_LANGUAGE}, await (await {_SCRIPTS}).whatIsSent()]"
