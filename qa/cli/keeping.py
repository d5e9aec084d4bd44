"""The commands for what lasts: `cite`, `keep`, `kept`, `feedback` and `diff`."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.errors import LibraryError
from qa.cli.terminal import (
    address,
    json_option,
    library_option,
    open_assistant,
    print_json,
    printable,
)

if TYPE_CHECKING:
    from qa.answer import Quote

_NUMBER = click.IntRange(1, 1_000_000_000)
_SAID = {
    "current": "It stands there as it was cited.",
    "moved": "The document has changed; the words stand here now:",
    "changed": "The document has changed ({went}); it said:",
    "gone": "The document is no longer in the library ({went}); it said:",
}


@click.command()
@click.argument("key")
@click.option("--start", type=click.IntRange(0), help="The first character of the cited text.")
@click.option("--end", type=click.IntRange(0), help="The end of it; both are in a link's address.")
@library_option
@json_option
def cite(key: str, start: int | None, end: int | None, library: Path | None, as_json: bool) -> None:
    """Follow a permanent link: print what the passage KEY says, or said."""
    from index.generation import open_current
    from index.library import Library
    from qa.citations import follow

    opened = Library.open(library)
    source = follow(opened, open_current(opened.index).store, key, start, end)
    if source is None or source.said is None:
        raise LibraryError(f"the library never had a passage {key!r}: see that the link is whole")
    if as_json:
        now = _cited_json(source.now) if source.now else None
        values = {"passage": key, "state": source.state, "went": source.went}
        print_json(values | {"said": _cited_json(source.said), "now": now})
        return
    click.echo(_SAID[source.state].format(went=source.went))
    if source.state in ("current", "moved"):
        _print_cited(source.now or source.said)
        return
    _print_cited(source.said)
    if source.now:
        click.echo("\nMost like it is now:")
        _print_cited(source.now)


@click.command()
@click.argument("question")
@library_option
@json_option
def keep(question: str, library: Path | None, as_json: bool) -> None:
    """Answer QUESTION and keep the answer; `folio diff` says when it would be another."""
    from qa.kept import keep as keep_answer

    assistant = open_assistant(library)
    answer = assistant.ask(question)
    number = keep_answer(assistant.library, answer)
    if as_json:
        print_json({"kept": number, "answer": answer.to_json()})
        return
    for quote in answer.quotes:
        _print_cited(quote)
    click.echo(printable(answer.reason or ""), nl=bool(answer.reason))
    click.echo(f"kept as number {number}, of generation {answer.generation}")


@click.command()
@library_option
@json_option
def kept(library: Path | None, as_json: bool) -> None:
    """List the kept answers."""
    from index.library import Library
    from qa.kept import kept as kept_answers

    rows = kept_answers(Library.open(library))
    if as_json:
        print_json({"kept": [asdict(row) for row in rows]})
        return
    for row in rows:
        click.echo(printable(f"{row.id}. {row.question} ({row.kept_at} {row.kept_by})".strip()))
        for line in _said(row.answer):
            click.echo(f"   {line}")
    click.echo(f"{len(rows)} kept answers")


@click.command()
@library_option
@json_option
def feedback(library: Path | None, as_json: bool) -> None:
    """List what people thought of answers in the browser, the latest first."""
    from index.library import Library
    from qa.kept import judgements

    rows = judgements(Library.open(library))
    if as_json:
        print_json({"feedback": [asdict(row) for row in rows]})
        return
    for row in rows:
        thought = "useful" if row.helpful else "not useful"
        reason = f", {row.reason}" if row.reason else ""
        said = f"{row.question} — {thought}{reason} ({row.given_at} {row.given_by})"
        click.echo(printable(f"{row.id}. {said}"))
        for line in _said(row.answer):
            click.echo(f"   {line}")
    click.echo(f"{len(rows)} judgements, {sum(row.helpful for row in rows)} of them useful")


@click.command()
@click.argument("old", type=_NUMBER)
@click.argument("new", type=_NUMBER)
@library_option
@json_option
def diff(old: int, new: int, library: Path | None, as_json: bool) -> None:
    """Say which documents differ between the generations OLD and NEW.

    The kept questions are asked again, of the library as it is now: answers that say something else
    than when they were kept are listed too.
    """
    from index.library import Library
    from qa.difference import changed_answers, documents_between

    opened = Library.open(library)
    documents = documents_between(opened, old, new)
    answers = changed_answers(opened)
    if as_json:
        changed = [
            {"id": each.id, "question": each.question, "kept": each.answer, "now": now.to_json()}
            for each, now in answers
        ]
        print_json({"old": old, "new": new, **asdict(documents), "answers": changed})
        return
    for name, paths in asdict(documents).items():
        for path in paths:
            click.echo(printable(f"{name:8} {path}"))
    for each, answer in answers:
        click.echo(printable(f"\nThe answer to “{each.question}”, kept {each.kept_at}, was:"))
        for line in _said(each.answer):
            click.echo(f"   {line}")
        click.echo("and is now:")
        for line in _said(answer.to_json()):
            click.echo(f"   {line}")
    counts = (f"{len(paths)} {name}" for name, paths in asdict(documents).items())
    click.echo(f"{', '.join(counts)}; {len(answers)} kept answers are different now")


def _said(answer: dict[str, Any]) -> list[str]:
    """Return what an answer said, a line a quote, or why it had none."""
    quotes = [f"“{quote['quote']}” — {quote['document']}" for quote in answer["quotes"]]
    return [printable(line) for line in quotes or [answer["reason"]]]


def _cited_json(quote: "Quote") -> dict[str, Any]:
    """Return a quote without what only an answer to a question has."""
    from qa.answer import quote_json

    return {
        name: value for name, value in quote_json(quote).items() if name not in ("span", "score")
    }


def _print_cited(quote: "Quote") -> None:
    click.echo(f"“{printable(quote.quote)}”")
    where = printable(address(quote.document, quote.title, quote.page))
    click.echo(f"   {where}, characters {quote.start}–{quote.end}")


COMMANDS = (cite, keep, kept, feedback, diff)
