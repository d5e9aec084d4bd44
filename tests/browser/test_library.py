"""The Library tab: files come, change and go, while others ask."""

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import TOURED, ask, open_page
from tests.conftest import TEXTS
from tests.serving import Served

NEWS = "On 9 May 2023 the Quxville harbour gave the Zorblatt school 311 brass lanterns."
ABOUT_NEWS = "How many brass lanterns did the Quxville harbour give the Zorblatt school?"
ABOUT_HARBOUR = "For how many years does the harbour agreement run?"


def upload(page: Page, *files: tuple[str, str]) -> None:
    payload: Any = [
        {"name": name, "mimeType": "text/plain", "buffer": text.encode()} for name, text in files
    ]
    with page.expect_file_chooser() as choosing:
        page.get_by_role("button", name="Add files").click()
    choosing.value.set_files(payload)


def row_of(page: Page, document: str) -> Locator:
    return page.locator(f'#documents tr[data-document="{document}"]')


def indexed(page: Page) -> Locator:
    return page.locator(".shelf .job", has_text="Now in the library")


@pytest.mark.slow
def test_good_files_come_in_and_bad_ones_say_why_while_others_ask(
    shelf: Page, small_served: Served
) -> None:
    other = shelf.context.new_page()
    other.add_init_script(TOURED)
    open_page(other, small_served.address)
    upload(
        shelf,
        ("news.txt", NEWS), ("none.txt", ""), ("run.exe", "MZ"), ("en.txt", "Another text."),
        (".hidden.txt", "x"),
    )  # fmt: skip
    ask(other, ABOUT_HARBOUR)
    expect(other.locator(".turn .quote").first).to_contain_text("six years")
    lines = shelf.locator(".uploads li")
    expect(lines.nth(0)).to_have_text("news.txt · stored")
    expect(lines.nth(1)).to_have_text("none.txt · stored")
    expect(lines.nth(2)).to_contain_text("run.exe · not stored: This format isn’t read.")
    expect(lines.nth(3)).to_contain_text("en.txt · not stored: There is another file of that name.")
    expect(lines.nth(4)).to_contain_text("A file can’t have this name here.")
    expect(indexed(shelf)).to_contain_text("added 2")
    expect(row_of(shelf, "none.txt")).to_contain_text("not read")
    expect(row_of(shelf, "news.txt").locator(".added time")).to_be_visible()
    ask(other, ABOUT_NEWS)
    expect(other.locator(".turn").first.locator(".quote").first).to_contain_text("311")
    # The one whose name is taken takes the other's place.
    lines.nth(3).get_by_role("button", name="Replace").click()
    expect(lines.nth(3)).to_have_text("en.txt · stored")
    expect(indexed(shelf)).to_contain_text("changed 1")
    shelf.locator(".last_change summary").click()
    expect(shelf.locator(".last_change")).to_contain_text("Changed: 1")
    expect(shelf.locator(".last_change li")).to_have_text("en.txt")


def test_a_document_is_not_replaced_by_a_file_of_another_format(
    shelf: Page, small_served: Served
) -> None:
    with shelf.expect_file_chooser() as choosing:
        shelf.get_by_role("button", name="Replace: ru/ru.txt").click()
    assert choosing.value.element.get_attribute("accept") == ".txt"
    pdf: Any = {"name": "ru.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    choosing.value.set_files(pdf)
    expect(shelf.locator(".uploads li")).to_have_text(
        "ru.pdf · not stored: The file’s ending has to stay .txt."
    )
    left = shelf.request.get(small_served.address + "/folio/original?document=ru/ru.txt")
    assert left.text() == TEXTS["ru/ru.txt"]


def test_what_is_added_during_an_upload_leaves_its_lines_and_what_came_is_read_if_the_page_goes(
    shelf: Page, small_served: Served
) -> None:
    shelf.route("**/folio/library/file?name=slow.txt*", lambda route: None)
    lines = shelf.locator(".uploads li")
    upload(shelf, ("run.exe", "MZ"), ("lv.txt", "Another text."), ("slow.txt", "Slow."))
    expect(lines.nth(2)).to_contain_text("slow.txt · sending")
    upload(shelf, ("leaving.txt", "The Quxville ferry leaves at noon."))
    expect(lines.nth(3)).to_have_text("leaving.txt · stored")
    expect(indexed(shelf)).to_contain_text("added 1")
    expect(lines.nth(0)).to_contain_text("run.exe · not stored")
    expect(lines.nth(1).get_by_role("button", name="Replace")).to_be_visible()
    expect(lines.nth(2).get_by_role("button", name="Cancel")).to_be_visible()
    # Whoever goes now is asked first.
    assert not shelf.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    lines.nth(1).get_by_role("button", name="Replace").click()
    expect(lines.nth(1)).to_have_text("lv.txt · stored")
    lines.nth(2).get_by_role("button", name="Cancel").click()
    expect(lines.nth(2)).to_have_text("slow.txt · cancelled")
    assert shelf.evaluate("dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    # Files of a batch that isn't finished when the page goes.
    upload(shelf, ("came.txt", "The Quxville ferry came at ten."), ("slow.txt", "Slow."))
    expect(lines).to_have_count(2)
    expect(lines.nth(1)).to_contain_text("slow.txt · sending")
    other = shelf.context.new_page()
    shelf.close()
    other.add_init_script(TOURED)
    open_page(other, small_served.address)
    other.get_by_role("tab", name="Library").click()
    expect(row_of(other, "came.txt")).to_have_count(1)


def test_a_document_is_renamed_and_described_and_a_mistake_keeps_what_was_typed(
    shelf: Page,
) -> None:
    shelf.get_by_role("button", name="Edit: tr.txt").click()
    form = shelf.locator("#documents .editing form")
    expect(form.get_by_label("Title")).to_have_attribute("placeholder", "İzmir'de rüzgâr atölyesi")
    form.get_by_label("Title").fill("Rüzgâr “atölyesi”")
    form.get_by_label("Date").fill("soon")
    form.get_by_label("Name, with its folder").fill("2020/rüzgâr.txt")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("alert")).to_contain_text("date")
    expect(form.get_by_label("Title")).to_have_value("Rüzgâr “atölyesi”")
    form.get_by_label("Date").fill("2020-05")
    form.get_by_label("Kind").select_option(label="report")
    form.get_by_role("button", name="Save").click()
    row = row_of(shelf, "2020/rüzgâr.txt")
    expect(row.get_by_role("link")).to_have_text("Rüzgâr “atölyesi”")
    expect(row.locator(".date")).to_have_text("May 2020")
    expect(row.locator(".kind")).to_have_text("report")
    expect(row_of(shelf, "tr.txt")).to_have_count(0)
    expect(form).to_have_count(0)


def test_a_removed_document_is_restored(shelf: Page) -> None:
    row = row_of(shelf, "az.txt")
    row.get_by_role("button", name="Remove").click()
    row.get_by_role("button", name="Remove").click()
    expect(row).to_have_count(0)
    shelf.locator(".removed summary").click()
    shelf.get_by_role("button", name="Restore: az.txt").click()
    expect(row).to_have_count(1)


def test_the_table_is_searched_and_sorted(shelf: Page) -> None:
    rows = shelf.locator("#documents tbody tr:visible .path")
    shelf.get_by_label("Find in the table").fill("russian")
    expect(rows).to_have_text(["ru/ru.txt"])
    shelf.get_by_label("Find in the table").fill("no such words")
    expect(shelf.locator(".none")).to_be_visible()
    shelf.get_by_label("Find in the table").fill("")
    shelf.get_by_role("button", name="Sort by: Date").click()
    expect(shelf.locator('thead [aria-sort="ascending"]')).to_have_text("Date")
    shown = [
        (each.get_attribute("datetime") or "")
        for each in shelf.locator("#documents tbody td.date time").all()
    ]
    assert shown == sorted(shown)


def test_everything_is_checked_and_each_finding_told(shelf: Page) -> None:
    shelf.get_by_role("button", name="Check everything").click()
    expect(shelf.locator(".findings li").first).to_contain_text("The library is")
    assert shelf.locator(".findings li").count() >= 10
    expect(shelf.locator(".findings")).to_contain_text("Generation")
