"""The command line. Text for people; `--json` for programs.

Known errors are one line on stderr with exit status 1, usage errors exit with 2, and an abstention
is an answer. Heavy libraries are imported by the commands that use them, so that `--help` is
instant.
"""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from index.errors import FolioError, LibraryError

if TYPE_CHECKING:
    from index.build import Progress
    from index.generation import Generation
    from index.search import Result
    from qa.answer import Answer, Quote
    from qa.assistant import Assistant

_Command = TypeVar("_Command", bound=Callable[..., Any])


class _Folio(click.Group):
    """Turns known errors into one line and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except FolioError as error:
            click.echo(f"folio: {printable(str(error))}", err=True)
            ctx.exit(error.exit_status)
        except KeyboardInterrupt:
            click.echo("folio: stopped; what was finished is kept", err=True)
            ctx.exit(130)


@click.group(cls=_Folio, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="folio")
def folio() -> None:
    """Answers questions about a folder of documents, in the documents' own words."""


def library_option(command: _Command) -> _Command:
    """Add `--library DIR` to a command."""
    return click.option(
        "--library",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="The library's folder; else $FOLIO_LIBRARY, else the platform's data folder.",
    )(command)


def json_option(command: _Command) -> _Command:
    """Add `--json` to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


@folio.command()
@library_option
@json_option
def index(library: Path | None, as_json: bool) -> None:
    """Make the index agree with the library's documents/."""
    _index(library, as_json)


@folio.command()
@click.argument("question", required=False)
@library_option
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help='Answer JSON lines {"id", "question"} from FILE, or from - for standard input.',
)
@json_option
def ask(question: str | None, library: Path | None, batch: IO[str] | None, as_json: bool) -> None:
    """Answer QUESTION in the documents' own words."""
    assistant = _assistant(library)
    for question_id, text in _questions(question, batch, "question"):
        answer = assistant.ask(text)
        if as_json or batch:
            _print_json(answer.to_json(question_id))
        else:
            _print_answer(answer)


@folio.command()
@click.argument("query", required=False)
@library_option
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8"),
    metavar="FILE",
    help='Search for JSON lines {"id", "query"} from FILE, or from - for standard input.',
)
@json_option
def search(
    query: str | None, library: Path | None, limit: int, batch: IO[str] | None, as_json: bool
) -> None:
    """List the passages nearest to QUERY."""
    assistant = _assistant(library)
    for query_id, text in _questions(query, batch, "query"):
        result = assistant.search(text, limit)
        if as_json or batch:
            _print_json(search_json(result, query_id))
            continue
        for number, hit in enumerate(result.hits, 1):
            passage = hit.passage
            page = passage.page_at(passage.start)
            click.echo(f"{number}. {printable(_address(passage.document, passage.title, page))}")
            click.echo(f"   {printable(' '.join(passage.text.split()))}\n")


@folio.command()
@click.argument("document")
@library_option
def text(document: str, library: Path | None) -> None:
    """Print DOCUMENT's canonical text, exactly: what offsets count in."""
    content = _generation(library).store.text(document)
    if content is None:
        raise LibraryError(f"there is no text of {document!r}: `folio documents` lists what is")
    sys.stdout.buffer.write(content.encode())
    sys.stdout.buffer.flush()


@folio.command()
@library_option
@json_option
def documents(library: Path | None, as_json: bool) -> None:
    """List the documents with their state."""
    generation = _generation(library)
    number = generation.manifest.number
    rows = generation.store.documents()
    if as_json:
        _print_json({"documents": [asdict(row) for row in rows], "generation": number})
        return
    for row in rows:
        facts = [row.kind, row.language, row.date, row.pages and f"{row.pages} pages"]
        known = ", ".join(str(fact) for fact in facts if fact)
        if row.state == "indexed":
            line = f"{row.document}: {row.title} ({known}), {row.passages} passages"
        else:
            line = f"{row.document}: FAILED, {row.reason}: {row.message}"
        click.echo(printable(line))
    failed = sum(row.state == "failed" for row in rows)
    click.echo(f"{len(rows)} documents, {failed} failed, generation {number}")


@folio.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--folder", default="", metavar="SUBFOLDER", help="Where under documents/ to put it.")
@library_option
@json_option
def add(files: tuple[Path, ...], folder: str, library: Path | None, as_json: bool) -> None:
    """Copy FILES into the library's documents/, then index."""
    from index.files import put
    from index.library import Library

    opened = Library.create(library)
    for file in files:
        put(opened, file, folder)
    _index(library, as_json)


@folio.command()
@click.argument("document")
@library_option
@json_option
def remove(document: str, library: Path | None, as_json: bool) -> None:
    """Delete DOCUMENT from the library's documents/, then index."""
    from index.files import delete
    from index.library import Library

    delete(Library.open(library), document)
    _index(library, as_json)


@folio.command()
@click.argument(
    "folder", metavar="DIR", required=False, type=click.Path(path_type=Path, file_okay=False)
)
@click.option("--if-none", is_flag=True, help="Do nothing where there is a library already.")
def sample(folder: Path | None, if_none: bool) -> None:
    """Write the sample library that ships with Folio to DIR.

    Without DIR it becomes the default library.
    """
    from index.library import library_folder
    from qa.sample import write

    target = library_folder(folder)
    if if_none and (target / "documents").is_dir():
        return
    count = write(target)
    click.echo(
        f"Wrote {count} documents and questions.jsonl to {target}.\n"
        f"Next: folio index --library {target}"
    )


@folio.command()
@library_option
@json_option
def doctor(library: Path | None, as_json: bool) -> None:
    """Check everything, and name the repair of what is wrong."""
    from qa.doctor import examine

    findings = examine(library)
    healthy = all(finding.ok for finding in findings)
    if as_json:
        _print_json({"ok": healthy, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            click.echo(printable(f"{'ok  ' if finding.ok else 'BAD '} {finding.detail}"))
            if finding.repair:
                click.echo(printable(f"     {finding.repair}"))
    sys.exit(0 if healthy else 1)


@folio.command("eval")
@click.argument("questions", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@library_option
@json_option
def evaluate(questions: Path, library: Path | None, as_json: bool) -> None:
    """Measure the answers to QUESTIONS, JSON lines that say what is expected."""
    from qa.evaluation import measure, read_questions, table

    expected = read_questions(questions)
    report = measure(_assistant(library), expected, progress())
    if as_json:
        _print_json(report)
    else:
        click.echo(table(report))


@folio.command()
def prepare() -> None:
    """Make the default model and the reader ready on this machine; takes a minute, once."""
    from index.encoder import cache_folder
    from index.encoder import prepare as prepare_encoder
    from qa.span_model import prepare_reader

    prepare_reader(prepare_encoder())
    click.echo(f"The default model and the reader are ready in {cache_folder()}")


@folio.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL, to be sourced by it."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  (the choices are click's own)
    click.echo(kind(folio, {}, "folio", "_FOLIO_COMPLETE").source())


def search_json(result: "Result", query_id: Any = None) -> dict[str, Any]:
    """Return a search's result as the command line prints it."""
    return {
        "id": query_id,
        "query": result.query,
        "hits": [
            {
                "document": hit.passage.document,
                "title": hit.passage.title,
                "language": hit.passage.language,
                "page": hit.passage.page_at(hit.passage.start),
                "start": hit.passage.start,
                "end": hit.passage.end,
                "text": hit.passage.text,
                "score": round(hit.score, 4),
                "passage": hit.passage.key,
            }
            for hit in result.hits
        ],
        "generation": result.generation,
        "elapsed_ms": result.elapsed_ms,
    }


def printable(line: str) -> str:
    """Return text without the control characters that a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in line)


def _index(folder: Path | None, as_json: bool) -> None:
    from index.build import build
    from index.library import Library

    report = build(Library.open(folder), progress())
    if as_json:
        _print_json(asdict(report))
        return
    for name in ("added", "changed", "removed"):
        for document in getattr(report, name):
            click.echo(printable(f"{name:8} {document}"))
    for failure in report.failed:
        click.echo(printable(f"failed   {failure.document}: {failure.reason}: {failure.message}"))
    click.echo(
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{report.unchanged} unchanged, {len(report.failed)} failed; {report.passages} passages, "
        f"generation {report.generation}, {report.elapsed_s:.1f} s"
    )


def _assistant(folder: Path | None) -> "Assistant":
    from qa.assistant import Assistant

    return Assistant.open(folder)


def _generation(folder: Path | None) -> "Generation":
    from index.generation import open_current
    from index.library import Library

    return open_current(Library.open(folder).index)


def _questions(text: str | None, batch: IO[str] | None, key: str) -> Iterator[tuple[Any, str]]:
    """Yield (id, text): the one of the command line, or those of the batch."""
    if (text is None) == (batch is None):
        raise click.UsageError(f"give either {key.upper()} or --batch FILE")
    if text is not None:
        yield None, text
    for number, line in enumerate(batch or (), 1):
        if not line.strip():
            continue
        try:
            values = json.loads(line)
            yield values.get("id"), str(values[key])
        except (json.JSONDecodeError, KeyError, AttributeError) as error:
            raise LibraryError(
                f'line {number} of the batch is not {{"id": …, "{key}": "…"}}'
            ) from error


def progress() -> "Progress":
    """Return what draws a bar on stderr where that is a terminal."""
    from tqdm import tqdm

    bars: dict[str, tqdm[Any]] = {}

    def show(what: str, done: int, total: int) -> None:
        # disable=None: no bar where stderr isn't a terminal.
        bar = bars.setdefault(what, tqdm(total=total, desc=what, disable=None, leave=False))
        bar.update(done - bar.n)
        if done == total:
            bars.pop(what).close()

    return show


def _print_json(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def _print_answer(answer: "Answer") -> None:
    if answer.reason:
        click.echo(printable(answer.reason))
        if answer.nearest:
            click.echo("\nNearest passages, which are not an answer:")
    else:
        click.echo(f"Confidence {answer.confidence:.2f}")
    for number, quote in enumerate(answer.quotes or answer.nearest, 1):
        _print_quote(number, quote)


def _print_quote(number: int, quote: "Quote") -> None:
    click.echo(f"\n{number}. “{printable(quote.quote)}”")
    address = _address(quote.document, quote.title, quote.page)
    facts = ", ".join(fact for fact in (quote.date, quote.language) if fact)
    click.echo(f"   {printable(address)} ({facts}), characters {quote.start}–{quote.end}")


def _address(document: str, title: str, page: int | None) -> str:
    return f"{title} — {document}" + (f", page {page}" if page else "")
