"""The librarian's commands that change something: the index, and the files it is made of."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import FolioError
from qa.cli.terminal import (
    json_option,
    library_option,
    print_json,
    printable,
    progress,
)

if TYPE_CHECKING:
    from index.build import Report


@click.command()
@library_option
@json_option
def index(library: Path | None, as_json: bool) -> None:
    """Make the index agree with the library's documents/."""
    run_index(library, as_json)


@click.command()
@library_option
@json_option
def watch(library: Path | None, as_json: bool) -> None:
    """Keep the index in step with documents/, until stopped.

    An open browser shows each new state at its next question. With --json, each change is a line
    as `folio index --json` prints it.
    """
    import signal
    import threading

    from index.copies import keep_copy
    from index.library import Library
    from index.watch import watch as keep_in_step

    opened = Library.open(library)
    ended = threading.Event()

    def end(*_: object) -> None:
        ended.set()
        raise KeyboardInterrupt

    # A service manager's way to stop it; what isn't committed is put away as at Ctrl-C.
    signal.signal(signal.SIGTERM, end)
    click.echo(printable(f"Watching {opened.documents}; Ctrl-C ends it."), err=True)

    def tell(news: "Report | FolioError") -> None:
        _print_news(news, as_json)
        keep_copy(opened)

    try:
        keep_in_step(opened.folder, tell, progress=progress())
    except KeyboardInterrupt:
        if not ended.is_set():
            raise


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option("--folder", default="", metavar="SUBFOLDER", help="Where under documents/ to put it.")
@library_option
@json_option
def add(files: tuple[Path, ...], folder: str, library: Path | None, as_json: bool) -> None:
    """Copy FILES into the library's documents/, then index."""
    from index.library import Library
    from qa.people.keeper import Keeper

    Keeper.here(Library.create(library)).add_all(files, folder)
    run_index(library, as_json)


@click.command()
@click.argument("document")
@click.option("--for-good", is_flag=True, help="Don't keep the file, so that it can't come back.")
@library_option
@json_option
def remove(document: str, for_good: bool, library: Path | None, as_json: bool) -> None:
    """Take DOCUMENT out of the library's documents/, then index.

    The file is kept until `folio prune`: `folio restore` puts it back.
    """
    from index.library import Library
    from qa.people.keeper import Keeper

    Keeper.here(Library.open(library)).remove(document, keep=not for_good)
    run_index(library, as_json)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument("document")
@click.option("--for-good", is_flag=True, help="Don't keep what was there.")
@library_option
@json_option
def replace(file: Path, document: str, for_good: bool, library: Path | None, as_json: bool) -> None:
    """Put FILE in DOCUMENT's place, then index. DOCUMENT keeps its name.

    What was there is kept until `folio prune`: `folio restore` puts it back, and keeps FILE.
    """
    from index.library import Library
    from qa.people.keeper import Keeper

    Keeper.here(Library.open(library)).replace(file, document, keep=not for_good)
    run_index(library, as_json)


@click.command()
@click.argument("document")
@click.argument("new")
@library_option
@json_option
def rename(document: str, new: str, library: Path | None, as_json: bool) -> None:
    """Give DOCUMENT the path NEW under documents/, then index. Citations of it stay good.

    Where NEW ends in "/", it is the folder, and the name stays. DOCUMENT may be a folder; if it is
    a collection, it is one under its new name too.
    """
    from index.library import Library
    from qa.people.keeper import Keeper

    Keeper.here(Library.open(library)).rename(document, new)
    run_index(library, as_json)


def run_index(folder: Path | None, as_json: bool) -> None:
    """Index a library, and print what was done."""
    from index.build import build
    from index.copies import keep_copy
    from index.library import Library

    library = Library.open(folder)
    report = build(library, progress())
    keep_copy(library)
    if as_json:
        print_json(asdict(report))
        return
    _print_changes(report)
    for failure in report.failed:
        click.echo(printable(f"failed   {failure.document}: {failure.reason}: {failure.message}"))
    click.echo(
        f"{len(report.added)} added, {len(report.changed)} changed, {len(report.removed)} removed, "
        f"{report.unchanged} unchanged, {len(report.failed)} failed; {report.passages} passages, "
        f"generation {report.generation}, {report.elapsed_s:.1f} s"
    )


def _print_changes(report: "Report") -> None:
    for name in ("added", "changed", "removed"):
        for document in getattr(report, name):
            click.echo(printable(f"{name:8} {document}"))


def _print_news(news: "Report | FolioError", as_json: bool) -> None:
    """Print what a watch tells: a line for each change, and for each file that can't be read."""
    if isinstance(news, FolioError):
        click.echo(f"folio: {printable(str(news))}", err=True)
    elif as_json:
        print_json(asdict(news))
    else:
        _print_changes(news)
        for failure in news.failed:
            if failure.document in {*news.added, *news.changed}:
                reason = f"{failure.reason}: {failure.message}"
                click.echo(printable(f"failed   {failure.document}: {reason}"))


COMMANDS = (index, watch, add, replace, rename, remove)
