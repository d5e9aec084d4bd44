"""The commands that keep Folio and a library in order, and make a machine ready."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from qa.cli.terminal import json_option, library_option, print_json, printable


@click.command()
@library_option
@json_option
def doctor(library: Path | None, as_json: bool) -> None:
    """Check everything, and name the repair of what is wrong.

    Exit status 1 where something has to be repaired; a note is advice.
    """
    from qa.doctor import examine

    findings = examine(library)
    healthy = all(finding.ok for finding in findings)
    if as_json:
        names = ("check", "ok", "detail", "repair", "severity")
        checks = [{name: getattr(finding, name) for name in names} for finding in findings]
        print_json({"ok": healthy, "checks": checks})
    else:
        for finding in findings:
            mark = {"ok": "ok  ", "advice": "note", "repair": "BAD "}[finding.severity]
            click.echo(printable(f"{mark} {finding.detail}"))
            if finding.repair:
                click.echo(printable(f"     {finding.repair}"))
    sys.exit(0 if healthy else 1)


@click.command()
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


@click.command()
def prepare() -> None:
    """Make the default model and the reader ready on this machine; takes a minute, once."""
    from index.encoder import cache_folder
    from index.encoder import prepare as prepare_encoder
    from qa.span_model import prepare_reader

    prepare_reader(prepare_encoder())
    click.echo(f"The default model and the reader are ready in {cache_folder()}")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for SHELL, to be sourced by it."""
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101  (the choices are click's own)
    folio = click.get_current_context().find_root().command
    click.echo(kind(folio, {}, "folio", "_FOLIO_COMPLETE").source())


@click.command()
@library_option
@json_option
def settings(library: Path | None, as_json: bool) -> None:
    """List the settings with where each comes from: default, folio.toml, environment or flag."""
    from index.library import library_folder
    from index.settings import SETTINGS_FILE, resolve

    folder = library_folder(library)
    found = resolve(folder / SETTINGS_FILE)
    if as_json:
        print_json({"library": str(folder), "settings": [asdict(each) for each in found]})
        return
    click.echo(printable(f"library = {folder}"))
    for each in found:
        click.echo(printable(f"{each.name} = {each.value}  ({each.origin})"))


COMMANDS = (settings, doctor, sample, prepare, completion)
