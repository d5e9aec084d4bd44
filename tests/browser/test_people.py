"""People log in, see what their role may do, and leave; one story for each role."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import QUESTIONS, ask, fits, open_page
from tests.browser.test_page import CONTRAST
from tests.serving import Served, environment, folio, folio_command, serving

PASSWORD = "correct horse battery"
ROLES = ("reader", "librarian", "admin")


def make_user(library: Path, *arguments: str) -> None:
    command = [*folio_command(), "user", *arguments, "--password-stdin", "--library", str(library)]
    subprocess.run(command, input=PASSWORD, text=True, check=True, env=environment())


@pytest.fixture(scope="module")
def shared(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a library with a user for each role and a collection that the reader mayn't read."""
    folder = tmp_path_factory.mktemp("people") / "library"
    shutil.copytree(library, folder)
    for role in ROLES:
        make_user(folder, "add", f"{role}.lv", "--role", role)
    assert folio("collection", "set", "reports", "--library", folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def served(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(shared, tmp_path_factory.mktemp("logs")) as running:
        yield running


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_a_reader_logs_in_asks_and_leaves(page: Page, served: Served) -> None:
    page.goto(f"{served.address}/?lang=en")
    expect(page).to_have_title("Log in · Folio")
    assert page.evaluate(CONTRAST.replace(".gradio-container *", "body *")) == []
    log_in(page, "reader.lv", "not the password")
    expect(page.get_by_role("alert")).to_contain_text("no user with this name and password")
    expect(page.get_by_label("Name")).to_have_value("reader.lv")
    log_in(page, "reader.lv")
    expect(page.locator("#ask textarea")).to_be_editable()
    expect(page.locator(".account")).to_contain_text("reader.lv")
    ask(page, QUESTIONS["en"])
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#documents tbody .path").first).to_be_visible()
    expect(page.locator("#documents")).not_to_contain_text("annual-report-2023.pdf")
    expect(page.locator("#librarian")).to_contain_text("Librarians change the library")
    expect(page.locator("#librarian .drop")).to_have_count(0)
    expect(page.locator("#documents .actions")).to_have_count(0)
    open_page(page, f"{served.address}/?document=reports/annual-report-2023.pdf")
    expect(page.locator("#source .failure")).to_be_visible()
    log_out(page)
    page.goto(served.address)
    expect(page.get_by_label("Password")).to_be_visible()


@pytest.mark.parametrize("role", ["librarian", "admin"])
def test_who_keeps_the_library_sees_all_of_it_and_what_can_be_done(
    page: Page, served: Served, role: str
) -> None:
    page.goto(served.address)
    log_in(page, f"{role}.lv")
    expect(page.locator(".account")).to_contain_text(f"{role}.lv")
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#documents")).to_contain_text("annual-report-2023.pdf")
    expect(page.locator("#librarian .drop")).to_be_visible()
    expect(page.locator("#documents .actions").first).to_be_visible()
    expect(page.locator(".shelf .users")).to_have_count(1 if role == "admin" else 0)
    people = page.request.get(f"{served.address}/folio/people")
    assert people.status == (200 if role == "admin" else 403)
    log_out(page)


def test_an_admin_adds_a_user_closes_a_folder_and_ends_sessions_in_the_page(
    page: Page, served: Served, shared: Path
) -> None:
    page.goto(served.address)
    log_in(page, "admin.lv")
    page.get_by_role("tab", name="Library").click()
    page.locator(".users summary").click()
    people = page.locator(".users li")
    expect(people).to_have_count(len(ROLES))
    # Nobody takes the last admin away.
    own = people.filter(has_text="admin.lv")
    expect(own.get_by_role("button", name="Remove")).to_have_count(0)
    adding = page.get_by_role("form", name="Add a user")
    adding.get_by_label("Name").fill("Jānis")
    adding.get_by_label("Password").fill("short")
    adding.get_by_role("button", name="Add").click()
    expect(adding.get_by_role("alert")).to_contain_text("12 characters or more")
    expect(adding.get_by_label("Name")).to_have_value("Jānis")
    adding.get_by_label("Password").fill(PASSWORD)
    adding.get_by_role("button", name="Add").click()
    made = people.filter(has_text="jānis")
    expect(made).to_contain_text("reader")
    made.get_by_role("button", name="Edit: jānis").click()
    made.get_by_label("Role").select_option(label="librarian")
    made.get_by_role("button", name="Save").click()
    expect(made).to_contain_text("librarian")
    fits(page)
    page.locator(".collections summary").click()
    closing = page.get_by_role("form", name="Close a folder")
    closing.get_by_label("Folder").select_option("minutes")
    closing.get_by_label("reader.lv").check()
    closing.get_by_role("button", name="Close a folder").click()
    closed = page.locator(".collections li").filter(has_text="minutes")
    expect(closed).to_contain_text("reader.lv")
    closed.get_by_role("button", name="Open to everybody: minutes").click()
    closed.get_by_role("button", name="Open to everybody: minutes").click()
    expect(closed).to_have_count(0)
    listed = folio("user", "list", "--library", shared).stdout
    assert "jānis: librarian" in listed
    made.get_by_role("button", name="Remove: jānis").click()
    made.get_by_role("button", name="Remove: jānis").click()
    expect(made).to_have_count(0)
    # Who ends the own sessions has to log in again.
    own.get_by_role("button", name="End the sessions").click()
    expect(page).to_have_url(re.compile("/folio/login"))


def test_a_login_that_ended_loses_nothing_that_was_typed(
    page: Page, served: Served, shared: Path
) -> None:
    page.goto(served.address)
    log_in(page, "reader.lv")
    expect(page.locator("#ask textarea")).to_be_editable()
    make_user(shared, "passwd", "reader.lv")
    page.locator("#ask textarea").fill(QUESTIONS["en"])
    page.locator("#ask textarea").press("Enter")
    expect(page.get_by_label("Password")).to_be_visible()
    log_in(page, "reader.lv")
    expect(page.locator("#ask textarea")).to_have_value(QUESTIONS["en"])
    expect(page.locator("#answers .welcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)
