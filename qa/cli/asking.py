"""The commands that ask: `ask`, `search` and `eval`."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click

from index.errors import LibraryError
from qa.cli.terminal import (
    address,
    json_option,
    library_option,
    open_assistant,
    print_json,
    printable,
    progress,
)

if TYPE_CHECKING:
    from index.search import Result
    from qa.answer import Answer, Quote

_Line = TypeVar("_Line")


@click.command()
@click.argument("question", required=False)
@library_option
@click.option(
    "--after",
    multiple=True,
    metavar="QUESTION",
    help="An earlier question that this one follows up; once for each, the earliest first.",
)
@click.option(
    "--batch",
    type=click.File("rb"),
    metavar="FILE",
    help='Answer JSON lines {"id", "question"} from FILE, or from - for standard input; '
    '"history" may hold a line\'s earlier questions.',
)
@click.option("--explain", is_flag=True, help="Show what each stage found, and why it was chosen.")
@click.option("--expect", metavar="TEXT", help="With --explain: say which stage lost this text.")
@json_option
def ask(
    question: str | None,
    library: Path | None,
    after: tuple[str, ...],
    batch: IO[bytes] | None,
    explain: bool,
    expect: str | None,
    as_json: bool,
) -> None:
    """Answer QUESTION in the documents' own words."""
    from qa.explain import explained, explanation

    if expect is not None and not explain:
        raise click.UsageError("--expect needs --explain")
    assistant = open_assistant(library)
    asked = _checked_first(_conversations(question, after, batch), batch)
    for question_id, text, history in asked:
        searcher = assistant.searcher()
        trace = assistant.trace(text, history)
        shown = explanation(trace, searcher, expect) if explain else None
        if as_json or batch:
            values = trace.answer.to_json(question_id, follows=bool(history))
            print_json(values | ({"explain": shown} if shown else {}))
            continue
        _print_answer(trace.answer)
        if shown:
            click.echo("\n" + printable(explained(shown)))


@click.command()
@click.argument("query", required=False)
@library_option
@click.option("--limit", type=click.IntRange(1, 1000), default=10, show_default=True)
@click.option(
    "--batch",
    type=click.File("rb"),
    metavar="FILE",
    help='Search for JSON lines {"id", "query"} from FILE, or from - for standard input.',
)
@json_option
def search(
    query: str | None, library: Path | None, limit: int, batch: IO[bytes] | None, as_json: bool
) -> None:
    """List the passages nearest to QUERY."""
    assistant = open_assistant(library)
    for _, query_id, text, _ in _checked_first(_lines(query, batch, "query"), batch):
        result = assistant.search(text, limit)
        if as_json or batch:
            print_json(search_json(result, query_id))
            continue
        for number, hit in enumerate(result.hits, 1):
            passage = hit.passage
            page = passage.page_at(passage.start)
            click.echo(f"{number}. {printable(address(passage.document, passage.title, page))}")
            click.echo(f"   {printable(' '.join(passage.text.split()))}\n")


@click.command("eval")
@click.argument("questions", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@library_option
@json_option
def evaluate(questions: Path, library: Path | None, as_json: bool) -> None:
    """Measure the answers to QUESTIONS, JSON lines that say what is expected."""
    from qa.evaluation import measure, read_questions, table

    expected = read_questions(questions)
    report = measure(open_assistant(library), expected, progress())
    if as_json:
        print_json(report)
    else:
        click.echo(table(report))


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


def _conversations(
    question: str | None, after: Sequence[str], batch: IO[bytes] | None
) -> Iterator[tuple[Any, str, list[str]]]:
    """Yield (id, question, earlier questions).

    Raises:
        LibraryError: a question is empty or too long, or a line's history isn't a list of some.
    """
    from qa.assistant import checked

    if after and batch:
        raise click.UsageError('a batch has its earlier questions in "history", not in --after')
    for number, question_id, text, values in _lines(question, batch, "question"):
        history = values.get("history") or list(after)
        if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
            raise LibraryError(f'line {number} of the batch: "history" is no list of questions')
        with _named(number):
            history = [checked(turn) for turn in history]
        yield question_id, text, history


def _lines(
    text: str | None, batch: IO[bytes] | None, key: str
) -> Iterator[tuple[int, Any, str, dict[str, Any]]]:
    """Yield (line, id, text, all values): the one of the command line, or those of the batch.

    Raises:
        LibraryError: a line isn't UTF-8, no JSON object with a text of this key, or the text is
            empty or too long.
    """
    from qa.assistant import checked

    if (text is None) == (batch is None):
        raise click.UsageError(f"give either {key.upper()} or --batch FILE")
    if text is not None:
        yield 0, None, checked(text), {}
    for number, line in enumerate(batch or (), 1):
        if not line.strip():
            continue
        try:
            # Editors on Windows put a mark before the first line.
            values = json.loads(line.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise LibraryError(
                f"line {number} of the batch isn't UTF-8: save the file in that encoding"
            ) from error
        except (ValueError, RecursionError):
            values = None
        if not isinstance(values, dict) or not isinstance(values.get(key), str):
            raise LibraryError(f'line {number} of the batch is not {{"id": …, "{key}": "…"}}')
        with _named(number):
            asked = checked(values[key])
        yield number, values.get("id"), asked, values


def _checked_first(lines: Iterator[_Line], batch: IO[bytes] | None) -> Iterable[_Line]:
    """Return a batch's lines, a file's all checked: nothing is answered where one is wrong.

    A program at the other end of a pipe may wait for an answer before it sends its next line.
    """
    return list(lines) if batch and batch.seekable() else lines


@contextmanager
def _named(number: int) -> Iterator[None]:
    """Put a batch's line, counted from 1, before what is wrong with it; 0 is no line."""
    try:
        yield
    except LibraryError as error:
        where = f"line {number} of the batch: " if number else ""
        raise LibraryError(f"{where}{error}") from error


def _print_answer(answer: "Answer") -> None:
    if answer.understood:
        click.echo(printable(f"Understood as: {answer.understood}"))
    if answer.reason:
        click.echo(printable(answer.reason))
        if answer.nearest:
            click.echo("\nNearest passages, which are not an answer:")
    else:
        click.echo(f"Confidence {answer.confidence:.2f}")
        if answer.sources_differ:
            click.echo("Sources differ: compare the quotes and their dates.")
    for number, quote in enumerate(answer.quotes or answer.nearest, 1):
        _print_quote(number, quote)


def _print_quote(number: int, quote: "Quote") -> None:
    click.echo(f"\n{number}. “{printable(quote.quote)}”")
    source = address(quote.document, quote.title, quote.page)
    facts = ", ".join(fact for fact in (quote.date, quote.language) if fact)
    click.echo(f"   {printable(source)} ({facts}), characters {quote.start}–{quote.end}")
    for version in quote.versions:
        source = address(version.document, version.title, version.page)
        place = f"characters {version.start}–{version.end}"
        click.echo(f"   also: {printable(source)} ({version.language}), {place}")


COMMANDS = (ask, search, evaluate)
