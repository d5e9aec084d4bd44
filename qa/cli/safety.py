"""The commands that lose nothing: `restore`, `prune`, `backup` and `repair`."""

from dataclasses import asdict
from pathlib import Path

import click

from qa.cli.librarian import run_index
from qa.cli.terminal import json_option, library_option, print_json, printable


@click.command()
@click.argument("what", metavar="DOCUMENT|FILE")
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path, file_okay=False)
)
@library_option
@json_option
def restore(what: str, folder: Path | None, library: Path | None, as_json: bool) -> None:
    """Put the removed or replaced DOCUMENT back and index; or make DIR out of the backup FILE.

    DIR has to be empty or new. Nothing is written before every checksum of FILE is right.
    """
    if folder is None:
        from index.library import Library
        from qa.people.keeper import Keeper

        Keeper.here(Library.open(library)).restore(what)
        run_index(library, as_json)
        return
    if library is not None:
        raise click.UsageError("a backup is restored into DIR: leave --library away")
    from index.backup import read_backup

    made = read_backup(Path(what), folder)
    if as_json:
        print_json({"library": str(folder.absolute()), **asdict(made)})
    else:
        click.echo(printable(f"{folder} has {made.files} files, generation {made.generation}"))
        if made.is_foreign:
            click.echo(
                f"Its index is of another Folio: folio index --library {printable(str(folder))}"
            )


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@library_option
@json_option
def backup(file: Path, library: Path | None, as_json: bool) -> None:
    """Write the whole library to FILE, a .zip; it may be in use meanwhile."""
    from index.backup import write_backup
    from index.library import Library

    written = write_backup(Library.open(library), file)
    if as_json:
        print_json({"backup": str(file.absolute()), **asdict(written)})
        return
    for name in written.left_out:
        click.echo(printable(f"left out {name}: it is no regular file, or can't be read"))
    click.echo(
        printable(f"{file} has {written.files} files, generation {written.generation}; ")
        + f"back again: folio restore {printable(str(file))} DIR"
    )


@click.command()
@click.option(
    "--older-than",
    metavar="DAYS",
    type=click.FloatRange(0),
    default=0,
    help="Only what was removed as long ago.",
)
@library_option
@json_option
def prune(older_than: float, library: Path | None, as_json: bool) -> None:
    """Forget the removed and replaced files that are kept; they can't be put back afterwards."""
    from index.library import Library
    from qa.people.keeper import Keeper

    pruned = Keeper.here(Library.open(library)).prune(older_than)
    if as_json:
        print_json({"pruned": [asdict(each) for each in pruned]})
        return
    for each in pruned:
        what = "replaced" if each.replaced else "removed"
        click.echo(printable(f"pruned   {each.document}, {what} {each.removed_at}"))
    click.echo(f"{len(pruned)} removed files forgotten, {sum(x.size for x in pruned)} bytes")


@click.command()
@library_option
@json_option
def repair(library: Path | None, as_json: bool) -> None:
    """Make a damaged or lost records.sqlite whole again; stop `folio serve` before.

    What can be read of it is kept, and what is missing comes out of the last copy.
    """
    from index.library import Library
    from index.repair import repair as mend

    mended = mend(Library.open(library))
    if as_json:
        found = {
            "damaged": mended.damaged and str(mended.damaged),
            "copy": mended.copy and str(mended.copy),
        }
        print_json({**found, "tables": [asdict(table) for table in mended.tables]})
        return
    copy = f"{mended.copy.name}" if mended.copy else "no copy, since there is none"
    for table in mended.tables:
        if not table.is_whole:
            said = f"{table.table}: not all could be read; {table.copied} of {table.rows} rows are"
            click.echo(printable(f"{said} out of {copy}"))
    missing = {table.table for table in mended.tables if not table.is_whole}
    if missing & {"users", "collections", "collection_readers"}:
        click.echo("Look at `folio user list` and `folio collection list`: some may be missing.")
    aside = f"; the damaged one is {mended.damaged.name}" if mended.damaged else ""
    click.echo(printable(f"records.sqlite is whole{aside}"))


COMMANDS = (restore, prune, backup, repair)
