import json
import os

import pytest
from click.testing import CliRunner, Result

from index.library import Library
from index.records import Records
from qa.people import users
from ui import folio

PASSWORD = "correct horse battery"


@pytest.fixture
def run(library: Library):  # type: ignore[no-untyped-def]
    def call(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(folio, [*arguments, "--library", str(library.folder)], stdin)

    return call


def test_a_user_is_made_with_a_password_that_is_typed_twice_or_sent(run, library) -> None:  # type: ignore[no-untyped-def]
    assert run("user", "add", "Anna", stdin=f"{PASSWORD}\n{PASSWORD}\n").exit_code == 0
    made = run("user", "add", "juris", "--role", "admin", "--password-stdin", "--json",
               stdin=f"{PASSWORD}!\n")  # fmt: skip
    assert json.loads(made.stdout)["role"] == "admin"
    with Records.open(library.records) as records:
        assert users.proved(records, "anna", PASSWORD)
        assert users.proved(records, "juris", PASSWORD + "!")


def test_a_password_is_never_an_argument(run) -> None:  # type: ignore[no-untyped-def]
    assert run("user", "add", "anna", PASSWORD).exit_code == 2
    assert run("user", "add", "anna", "--password", PASSWORD).exit_code == 2


def test_without_a_password_no_user_is_made(run) -> None:  # type: ignore[no-untyped-def]
    for stdin in ("", "short\nshort\n"):
        failed = run("user", "add", "anna", stdin=stdin)
        assert failed.exit_code == 1
        assert failed.stderr.splitlines()[-1].startswith("folio: ")
        assert "Traceback" not in failed.output
    assert run("user", "list").stdout == "0 users\n"


def test_users_and_collections_are_listed_for_people_and_programs(run) -> None:  # type: ignore[no-untyped-def]
    run("user", "add", "juris", "--no-password")
    run("collection", "set", "personnel", "juris")
    run("user", "add", "anna", "--no-password", "--collection", "personnel")
    run("user", "role", "juris", "librarian")
    assert run("user", "list").stdout == (
        "anna: reader, reads personnel, no password\n"
        "juris: librarian, reads personnel, no password\n2 users\n"
    )
    listed = json.loads(run("user", "list", "--json").stdout)["users"]
    assert [(each["name"], each["role"], each["collections"]) for each in listed] == [
        ("anna", "reader", ["personnel"]), ("juris", "librarian", ["personnel"]),
    ]  # fmt: skip
    assert json.loads(run("collection", "list", "--json").stdout) == {
        "collections": [{"folder": "personnel", "readers": ["anna", "juris"]}]
    }
    assert run("collection", "remove", "personnel").exit_code == 0
    assert run("user", "remove", "anna").exit_code == 0
    assert run("user", "list").stdout == "juris: librarian, no password\n1 users\n"


def test_a_user_isnt_made_where_the_collection_isnt_there(run) -> None:  # type: ignore[no-untyped-def]
    failed = run("user", "add", "anna", "--no-password", "--collection", "personel")
    assert failed.exit_code == 1
    assert run("user", "list").stdout == "0 users\n"


def test_changes_of_users_are_in_the_audit_without_passwords(run) -> None:  # type: ignore[no-untyped-def]
    run("user", "add", "anna", "--password-stdin", stdin=PASSWORD)
    run("user", "passwd", "anna", "--password-stdin", stdin=PASSWORD + "!")
    run("user", "role", "anna", "admin")
    run("user", "remove", "anna")
    shown = run("audit", "--json").stdout
    lines = [json.loads(line) for line in shown.splitlines()]
    assert [(line["event"], line["detail"]) for line in lines] == [
        ("user_added", "anna (reader)"), ("user_password", "anna"),
        ("user_role", "anna (admin)"), ("user_removed", "anna"),
    ]  # fmt: skip
    assert PASSWORD not in shown
    assert len(run("audit", "--limit", "2").stdout.splitlines()) == 2


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_failed_change_says_what_to_do(run) -> None:  # type: ignore[no-untyped-def]
    for arguments in (("passwd", "nobody"), ("role", "nobody", "admin"), ("remove", "nobody")):
        failed = run("user", *arguments)
        assert failed.exit_code == 1
        assert "folio user list" in failed.stderr
