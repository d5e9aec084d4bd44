"""The commands for what lasts: `cite`, which follows a permanent link."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.errors import LibraryError
from qa.cli.terminal import address, json_option, library_option, print_json, printable

if TYPE_CHECKING:
    from qa.answer import Quote

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


COMMANDS = (cite,)
