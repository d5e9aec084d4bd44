"""What every command uses: exit statuses, common options, how things are opened and printed."""

import errno
import json
import sys
from collections.abc import Callable
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from index.errors import FolioError

if TYPE_CHECKING:
    from index.changes import Progress
    from index.generation import Generation
    from qa.assistant import Assistant

_Command = TypeVar("_Command", bound=Callable[..., Any])


class Folio(click.Group):
    """Turns known errors into one line and an exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        if isinstance(sys.stdout, TextIOWrapper):
            # A terminal of few letters shows "?" for the others.
            sys.stdout.reconfigure(errors="replace")
        try:
            return super().invoke(ctx)
        except FolioError as error:
            _fail(ctx, error, str(error), error.exit_status)
        except UnicodeError as error:
            # Its text isn't told: it may be a password.
            _fail(ctx, error, "what was given isn't UTF-8: write it in that encoding")
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read the output has gone
                raise
            place = f"{error.filename} " if error.filename else "a file "
            _fail(ctx, error, f"{place}can't be read or written: {error.strerror or error}")
        except KeyboardInterrupt:
            click.echo("folio: stopped; what was finished is kept", err=True)
            ctx.exit(130)


def _fail(ctx: click.Context, error: Exception, message: str, status: int = 1) -> NoReturn:
    from qa.logs import event

    event("failed", error=type(error).__name__)
    click.echo(f"folio: {printable(message)}", err=True)
    ctx.exit(status)


def library_option(command: _Command) -> _Command:
    """Add `--library DIR` to a command."""
    return click.option(
        "--library",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="The library's folder; else $FOLIO_LIBRARY, else the platform's data folder.",
        callback=_logged,
    )(command)


def _logged(ctx: click.Context, _: click.Parameter, folder: Path | None) -> Path | None:
    """Begin the library's log with the command that is about to run."""
    from index.errors import LibraryError
    from index.library import library_folder
    from index.settings import SETTINGS_FILE, read_settings
    from qa import logs

    if ctx.resilient_parsing:  # only completed by the shell
        return folder
    where = library_folder(folder)
    try:
        settings = read_settings(where / SETTINGS_FILE)
    except LibraryError:
        logs.end()  # the command tells what is wrong, if it needs the settings
        return folder
    logs.configure(settings, where)
    # Without the program's own name: "user add".
    name, at = [ctx.info_name or ""], ctx.parent
    while at is not None and at.parent is not None:
        name, at = [at.info_name or "", *name], at.parent
    logs.event("command", name=" ".join(name))
    return folder


def json_option(command: _Command) -> _Command:
    """Add `--json` to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def printable(line: str) -> str:
    """Return text without the control characters that a terminal would obey."""
    return "".join(c if c.isprintable() or c == "\n" else "�" for c in line)


def address(document: str, title: str, page: int | None) -> str:
    """Return where a quote or passage is from, for people."""
    return f"{title} — {document}" + (f", page {page}" if page else "")


def print_json(value: dict[str, Any]) -> None:
    """Print one line of JSON."""
    line = json.dumps(value, ensure_ascii=False)
    # What a terminal would obey, or can't be encoded, is escaped as JSON allows: nothing is lost.
    shown = "".join(c if c.isprintable() else json.dumps(c)[1:-1] for c in line)
    try:
        shown.encode(sys.stdout.encoding)
    except UnicodeEncodeError:
        shown = json.dumps(value)
    click.echo(shown)


def open_assistant(folder: Path | None) -> "Assistant":
    """Open a library for questions."""
    from qa.assistant import Assistant

    return Assistant.open(folder)


def open_generation(folder: Path | None) -> "Generation":
    """Open a library's current generation."""
    from index.generation import open_current
    from index.library import Library

    return open_current(Library.open(folder).index)


def progress() -> "Progress":
    """Return what draws a bar with the time left on stderr, where that is a terminal."""
    from tqdm import tqdm

    bars: dict[str, tqdm[Any]] = {}

    def show(what: str, done: int, total: int, remark: str = "", /) -> None:
        if what not in bars:
            # disable=None: no bar where stderr isn't a terminal. miniters=0: a remark is shown
            # also where nothing was finished meanwhile.
            bars[what] = tqdm(total=total, desc=what, disable=None, leave=False, miniters=0)
        bar = bars[what]
        bar.set_postfix_str(remark, refresh=False)
        bar.update(done - bar.n)
        if done == total:
            bars.pop(what).close()

    return show
