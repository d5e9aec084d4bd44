"""The commands that show what is in the library: `documents` and `text`."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import LibraryError
from qa.cli.terminal import json_option, library_option, open_generation, print_json, printable

if TYPE_CHECKING:
    from index.rows import DocumentRow

_RELATIONS = {"translation": "in another language", "duplicate": "nearly the same"}
_KINDS = ("article", "agreement", "memorandum", "minutes", "report", "other")


class _Date(click.ParamType):  # type: ignore[type-arg]  # generic for type checkers only
    """An ISO date cut to its precision: 2017, 2017-10 or 2017-10-18."""

    name = "date"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the date as it was given."""
        import datetime

        full = value + "0001-01-01"[len(value) :]
        try:
            datetime.date.fromisoformat(full if len(value) in (4, 7, 10) else "")
        except ValueError:
            self.fail(f"{value!r} is no date: write 2017, 2017-10 or 2017-10-18", param, ctx)
        return value


@click.command()
@click.argument("folder", required=False)
@click.option("--kind", type=click.Choice(_KINDS), help="Only of this kind.")
@click.option("--language", metavar="CODE", help="Only in this language: en, lv, az, tr, ru…")
@click.option("--state", type=click.Choice(["indexed", "failed"]), help="Only in this state.")
@click.option("--since", type=_Date(), help="Only dated then or later: 2017, 2017-10, 2017-10-18.")
@click.option("--until", type=_Date(), help="Only dated then or earlier.")
@click.option("--removed", is_flag=True, help="Those that `folio restore` can put back, instead.")
@click.option("--match", metavar="TEXT", help="Only with this in path or title, in any spelling.")
@library_option
@json_option
def documents(
    folder: str | None,
    kind: str | None,
    language: str | None,
    state: str | None,
    since: str | None,
    until: str | None,
    removed: bool,
    match: str | None,
    library: Path | None,
    as_json: bool,
) -> None:
    """List the documents with their state: all, or those in FOLDER under documents/."""
    from index.lexical import fold

    if removed:
        _print_removed(library, as_json)
        return
    inside = f"{folder.strip('/')}/" if folder else ""
    said = fold(match or "")

    def wanted(row: "DocumentRow") -> bool:
        dated = row.date or ""
        return (
            row.document.startswith(inside)
            and kind in (None, row.kind)
            and language in (None, row.language)
            and state in (None, row.state)
            # Dates are compared as far as both are known.
            and (since is None or (bool(dated) and dated >= since[: len(dated)]))
            and (until is None or (bool(dated) and dated[: len(until)] <= until))
            and said in fold(f"{row.document}\n{row.title or ''}")
        )

    generation = open_generation(library)
    number = generation.manifest.number
    everything = generation.store.documents()
    rows = [row for row in everything if wanted(row)]
    if as_json:
        print_json({"documents": [asdict(row) for row in rows], "generation": number})
    else:
        _print_table(rows, len(everything), number)


def _print_table(rows: "list[DocumentRow]", of: int, number: int) -> None:
    for row in rows:
        facts = [row.kind, row.language, row.date, row.pages and f"{row.pages} pages"]
        known = ", ".join(str(fact) for fact in facts if fact)
        if row.state == "indexed":
            line = f"{row.document}: {row.title} ({known}), {row.passages} passages"
        else:
            line = f"{row.document}: FAILED, {row.reason}: {row.message}"
        click.echo(printable(line))
        for relation, words in _RELATIONS.items():
            others = [each.document for each in row.related if each.relation == relation]
            if others:
                click.echo(printable(f"    {words}: {', '.join(others)}"))
    failed = sum(row.state == "failed" for row in rows)
    count = f"{len(rows)} documents" if len(rows) == of else f"{len(rows)} of {of} documents"
    click.echo(f"{count}, {failed} failed, generation {number}")


def _print_removed(folder: Path | None, as_json: bool) -> None:
    from index.library import Library
    from index.removed import removed

    rows = removed(Library.open(folder))
    if as_json:
        print_json({"removed": [asdict(row) for row in rows]})
        return
    for row in rows:
        by = f" by {row.removed_by}" if row.removed_by else ""
        what = "replaced" if row.replaced else "removed"
        click.echo(printable(f"{row.document}: {row.size} bytes, {what} {row.removed_at}{by}"))
    click.echo(f"{len(rows)} removed or replaced documents can be put back")


@click.command()
@click.argument("document")
@library_option
def text(document: str, library: Path | None) -> None:
    """Print DOCUMENT's canonical text, exactly: what offsets count in."""
    from index.files import listed

    document = listed(document)
    content = open_generation(library).store.text(document)
    if content is None:
        raise LibraryError(f"there is no text of {document!r}: `folio documents` lists what is")
    sys.stdout.buffer.write(content.encode())
    sys.stdout.buffer.flush()


COMMANDS = (documents, text)
