"""The commands for a library that others use too: `user`, `collection` and `audit`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from index.errors import LibraryError
from qa.cli.terminal import json_option, library_option, print_json, printable

if TYPE_CHECKING:
    from index.library import Library
    from index.records import Records
    from qa.people.audit import Event
    from qa.people.users import Role, User

_ROLES = click.Choice(["reader", "librarian", "admin"])
_stdin_option = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input's first line."
)
_none_option = click.option(
    "--no-password", is_flag=True, help="No password: the proxy says who it is (see README)."
)


@click.group()
def user() -> None:
    """Who may use the library in the browser; once there are users, everybody logs in."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=_ROLES, default="reader", show_default=True)
@click.option(
    "--collection", "folders", multiple=True, metavar="FOLDER", help="A collection to read too."
)
@_stdin_option
@_none_option
@library_option
@json_option
def add_user(
    name: str,
    role: "Role",
    folders: tuple[str, ...],
    password_stdin: bool,
    no_password: bool,
    library: Path | None,
    as_json: bool,
) -> None:
    """Make the user NAME; the password is asked for.

    A reader asks, a librarian changes the library too, an admin also sees what was done.
    """
    from qa.people import collections, users

    with _opened(library) as (_, records):
        for folder in folders:
            collections.collection(records, folder)
        users.add(records, name, role, _password(password_stdin, no_password))
        _note(records, "user_added", f"{users.folded(name)} ({role})")
        for folder in folders:
            found = collections.list_reader(records, folder, name)
            _note(records, "collection_set", f"{found.folder}: {', '.join(found.readers)}")
        _print_user(users.user(records, name), as_json)


@user.command("passwd")
@click.argument("name")
@_stdin_option
@_none_option
@library_option
@json_option
def change_password(
    name: str, password_stdin: bool, no_password: bool, library: Path | None, as_json: bool
) -> None:
    """Give the user NAME another password; whoever is logged in as NAME has to log in again."""
    from qa.people import users

    with _opened(library) as (_, records):
        users.user(records, name)
        changed = users.change_password(records, name, _password(password_stdin, no_password))
        _note(records, "user_password", changed.name)
        _print_user(changed, as_json)


@user.command("role")
@click.argument("name")
@click.argument("role", type=_ROLES)
@library_option
@json_option
def change_role(name: str, role: "Role", library: Path | None, as_json: bool) -> None:
    """Make the user NAME a reader, librarian or admin; NAME has to log in again."""
    from qa.people import users

    with _opened(library) as (_, records):
        changed = users.change_role(records, name, role)
        _note(records, "user_role", f"{changed.name} ({role})")
        _print_user(changed, as_json)


@user.command("list")
@library_option
@json_option
def list_users(library: Path | None, as_json: bool) -> None:
    """List the users with their roles and collections."""
    from qa.people import users

    with _opened(library) as (_, records):
        found = users.users(records)
    if as_json:
        print_json({"users": [asdict(each) for each in found]})
        return
    for each in found:
        _print_user(each, as_json=False)
    click.echo(f"{len(found)} users")


@user.command("remove")
@click.argument("name")
@library_option
@json_option
def remove_user(name: str, library: Path | None, as_json: bool) -> None:
    """Forget the user NAME, who is logged out at once."""
    from qa.people import users

    with _opened(library) as (_, records):
        removed = users.user(records, name)
        users.remove(records, name)
        _note(records, "user_removed", removed.name)
        left = users.any_users(records)
    if as_json:
        print_json({"removed": removed.name})
        return
    click.echo(printable(f"removed  {removed.name}"))
    if not left:
        click.echo("There are no users any more: `folio serve` asks nobody to log in.")


@click.group()
def collection() -> None:
    """Folders under documents/ that only those who are listed read."""


@collection.command("set")
@click.argument("folder")
@click.argument("names", nargs=-1, metavar="[NAME]…")
@library_option
@json_option
def set_collection(
    folder: str, names: tuple[str, ...], library: Path | None, as_json: bool
) -> None:
    """Let only the readers NAME read what lies in FOLDER; librarians and admins read all."""
    from qa.people import collections

    with _opened(library) as (opened, records):
        made = collections.close(opened, records, folder, names)
        _note(records, "collection_set", f"{made.folder}: {', '.join(made.readers)}")
    if as_json:
        print_json(asdict(made))
    else:
        click.echo(printable(f"{made.folder}: {', '.join(made.readers) or 'no reader'}"))


@collection.command("list")
@library_option
@json_option
def list_collections(library: Path | None, as_json: bool) -> None:
    """List the collections with those who read them."""
    from qa.people import collections

    with _opened(library) as (_, records):
        found = collections.collections(records)
    if as_json:
        print_json({"collections": [asdict(each) for each in found]})
        return
    for each in found:
        click.echo(printable(f"{each.folder}: {', '.join(each.readers) or 'no reader'}"))
    click.echo(f"{len(found)} collections; what lies in none of them is read by everybody")


@collection.command("remove")
@click.argument("folder")
@library_option
@json_option
def remove_collection(folder: str, library: Path | None, as_json: bool) -> None:
    """Let everybody read what lies in FOLDER."""
    from qa.people import collections

    with _opened(library) as (_, records):
        collections.open_again(records, folder)
        _note(records, "collection_removed", folder.strip("/"))
    if as_json:
        print_json({"removed": folder.strip("/")})
    else:
        click.echo(printable(f"{folder.strip('/')} is read by everybody"))


@click.command()
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=100, show_default=True)
@library_option
@json_option
def audit(limit: int, library: Path | None, as_json: bool) -> None:
    """Show who logged in, and who changed the library or its users; never what was asked."""
    from qa.people.audit import entries

    with _opened(library) as (_, records):
        found = entries(records, limit)
    for each in found:
        if as_json:
            print_json(asdict(each))
            continue
        who = each.person or "-"
        where = f" from {each.address}" if each.address else ""
        click.echo(printable(f"{each.at} {each.event:18} {who}{where}  {each.detail}".rstrip()))


@contextmanager
def _opened(folder: Path | None) -> "Iterator[tuple[Library, Records]]":
    from index.library import Library
    from index.records import Records

    library = Library.open(folder)
    with Records.open(library.records) as records:
        yield library, records


def _password(from_stdin: bool, none: bool) -> str | None:
    """Return a password that was typed twice, or sent; None where there is to be none."""
    if from_stdin and none:
        raise click.UsageError("give --password-stdin or --no-password, not both")
    if none:
        return None
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    try:
        typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    except click.Abort as error:
        raise LibraryError(
            "no password was typed: type one at a terminal, or send one with --password-stdin"
        ) from error
    return typed


def _note(records: "Records", event: "Event", detail: str) -> None:
    from index.removed import user as user_here
    from qa.people.audit import note

    note(records, event, user_here(), detail=detail)


def _print_user(shown: "User", as_json: bool) -> None:
    if as_json:
        print_json(asdict(shown))
        return
    more = f", reads {', '.join(shown.collections)}" if shown.collections else ""
    proxy = "" if shown.has_password else ", no password"
    click.echo(printable(f"{shown.name}: {shown.role}{more}{proxy}"))


COMMANDS = (user, collection, audit)
