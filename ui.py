"""Show: the Gradio app, and the console script that starts it.

The only importer of gradio, and only once `folio serve` runs. What the page shows is rendered in
qa; here it is put into the page, and the page into the server that qa.web makes.
"""

import json
import os
import tempfile
import threading
import traceback
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from index.errors import FolioError
from qa.cli import folio
from qa.cli.terminal import library_option, printable
from qa.web.guard import LANGUAGE_COOKIE, Asgi, guarded, page_language
from qa.web.serving import ServeError, is_loopback, listen, run, stopping_at_once, url_of

if TYPE_CHECKING:
    import gradio as gr

    from qa.assistant import Assistant

_QUEUE: Final = 64
_ASKING: Final = 2


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
    if not (no_auth or is_loopback(host)):
        raise ServeError(
            f"{host} can be reached from other machines and there are no users yet: leave --host "
            "away, or add --no-auth to let anybody who reaches it read everything"
        )
    listening = listen(host, port)
    with tempfile.TemporaryDirectory(prefix="folio-") as scratch, stopping_at_once(scratch):
        click.echo("Folio is starting: it opens the library and loads its model…", err=True)
        from qa.assistant import Assistant
        from qa.web.suggestions import invitation

        assistant = Assistant.open(library)
        os.environ.update(
            GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1", GRADIO_TEMP_DIR=scratch
        )

        def ready() -> None:
            click.echo(f"Folio is ready: {url_of(host, port)}")
            click.echo(printable(invitation(assistant)))

        run(build_app(assistant), listening, ready)


def build_app(assistant: "Assistant") -> Asgi:
    """Return the server's app: the page, and the server's own addresses, behind the headers."""
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    import gradio as gr

    from qa.web.routes import server

    blocks = _blocks(assistant)
    blocks.queue(max_size=_QUEUE, default_concurrency_limit=_ASKING, api_open=False)
    mounted: Asgi = gr.mount_gradio_app(
        server(assistant),
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
    return guarded(mounted)


def _blocks(assistant: "Assistant") -> "gr.Blocks":
    """Build the page."""
    import gradio as gr

    from qa import rendering, sources, tables, welcome
    from qa.assistant import MAX_QUESTION_CHARS
    from qa.strings import LANGUAGES, choose_language, say
    from qa.web.routes import asset_text
    from qa.web.suggestions import examples
    from qa.web.talk import Talk, Turn

    known_examples: dict[str, list[str]] = {}

    def find_examples() -> None:
        # Asking takes its time; the page doesn't wait for it.
        for language in LANGUAGES:
            known_examples[language] = examples(assistant, language)

    threading.Thread(target=find_examples, daemon=True).start()

    def start(language: str) -> str:
        rows = assistant.documents()
        if not rows:
            folder = assistant.library.documents
            return welcome.empty_library_html(folder, "folio index", language)
        readable = sum(row.state == "indexed" for row in rows)
        return welcome.welcome_html(readable, known_examples.get(language, []), language)

    def answer(turn: Turn, talk: Talk, language: str) -> None:
        question = turn.question
        if len(question) > MAX_QUESTION_CHARS:
            message = say("too_long", language, count=len(question), limit=MAX_QUESTION_CHARS)
            turn.html = rendering.failure_html(question, message)
            return
        try:
            turn.answer = assistant.ask(question, talk.before(turn))
            turn.html = rendering.answer_html(turn.answer, language)
        except Exception:  # the page goes on, the terminal says why
            traceback.print_exc()
            turn.html = rendering.failure_html(question, say("failed", language), "folio doctor")

    def ask(
        question: str, talk: Talk, language: str, alone: bool = False
    ) -> Iterator[tuple[Any, ...]]:
        # One talk for the session: who asks again before the answer is there loses neither.
        question = " ".join(question.split())
        turn = talk.begin(question, alone, language) if question else None
        if turn is None:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        yield talk.html(language), talk, ""
        answer(turn, talk, language)
        yield talk.html(language), talk, gr.skip()

    def turn_topic(talk: Talk, language: str) -> tuple[str, Talk]:
        talk.new_topic = True
        return talk.html(language), talk

    def source(wanted: Any) -> str:
        """Return a source as HTML; what is asked for comes from a link that anybody can write."""
        wanted = wanted if isinstance(wanted, dict) else {}
        language = choose_language(str(wanted.get("lang") or ""))
        try:
            if wanted.get("passage"):
                start, end = (
                    None if wanted.get(name) is None else int(wanted[name])
                    for name in ("start", "end")
                )
                found = assistant.source(str(wanted["passage"]), start, end)
            else:
                found = assistant.source_of(str(wanted.get("document") or ""))
            if found is None:
                return sources.gone_html(language)
            return sources.source_html(found, found.marked, language)
        except (ValueError, TypeError, FolioError):
            return sources.gone_html(language)

    def table(language: str) -> str:
        return tables.documents_html(assistant.documents(), language)

    def opened(request: gr.Request) -> tuple[Any, ...]:
        query = request.query_params
        language = page_language(
            query.get("lang"), request.cookies.get(LANGUAGE_COOKIE), request.headers
        )
        tab = "documents" if query.get("tab") == "documents" else "ask"
        return (
            language,
            welcome.masthead_html(language),
            start(language),
            gr.update(
                label=say("question", language),
                placeholder=say("placeholder", language),
                value=(query.get("q") or "")[:MAX_QUESTION_CHARS],
            ),
            gr.update(value=say("ask", language)),
            gr.update(value=say("new_topic", language)),
            gr.update(label=say("ask_tab", language)),
            gr.update(label=say("documents_tab", language)),
            gr.update(selected=tab),
            table(language),
        )

    words = {
        code: {key: say(key, code) for key in ("close", "hint", "source", "unreachable")}
        for code in LANGUAGES
    }
    script = f"const WORDS = {json.dumps(words)};\n{asset_text('reader.js')}"
    private = {"api_visibility": "private", "show_progress": "hidden"}
    with gr.Blocks(title="Folio", analytics_enabled=False, fill_width=True) as blocks:
        language = gr.State("en")
        talk = gr.State(Talk())

        def html(**options: Any) -> gr.HTML:
            return gr.HTML(js_on_load=None, apply_default_css=False, **options)

        masthead = html(value=welcome.masthead_html("en"), elem_id="masthead")
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
                        # Pressed by the link that asks a follow-up as it was typed; never seen.
                        alone = gr.Button("", elem_id="alone")
                    topic = gr.Button(say("new_topic", "en"), elem_id="topic")
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
            language, masthead, answers, box, send, topic, ask_tab, documents_tab, tabs, documents
        ]  # fmt: skip
        conversation = {
            "fn": ask,
            "inputs": [box, talk, language],
            "outputs": [answers, talk, box],
            "concurrency_id": "ask",
            "concurrency_limit": _ASKING,
            "trigger_mode": "multiple",
        }
        loaded = blocks.load(opened, None, page, **private)
        loaded.then(**conversation, **private)
        gr.on([box.submit, send.click], **conversation, **private)
        alone.click(**{**conversation, "fn": partial(ask, alone=True)}, **private)
        topic.click(turn_topic, [talk, language], [answers, talk], **private)
        documents_tab.select(table, [language], [documents], **private)
    return blocks


_PANEL: Final = (
    "<p class='hint'></p><section class='reader' hidden>"
    "<button type='button' class='close'></button>"
    "<div class='reader-box'></div></section>"
)
