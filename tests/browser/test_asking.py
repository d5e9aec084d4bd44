"""Around a question: its limits, stopping it, and conversations that outlive the server."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from index.library import Library
from tests.bench.browser import ask_event, one_asks
from tests.browser.conftest import QUESTIONS, TOURED, ask, open_page
from tests.serving import Served, serving

OTHERS = 24


def test_a_limit_is_a_chip_that_holds_for_the_answer_until_it_is_removed(app: Page) -> None:
    app.locator("#limits summary").click()
    app.locator("#limits").get_by_label("Language", exact=True).select_option(label="Latvian")
    expect(app.locator(".chip")).to_have_text("Latvian×")
    ask(app, QUESTIONS["en"])
    languages = app.locator(".turn").first.locator("blockquote").all()
    assert {quote.get_attribute("lang") for quote in languages} == {"lv"}
    app.get_by_label("From", exact=True).fill("2098-01-01")
    expect(app.locator(".chip")).to_have_count(2)
    ask(app, "Who finances it?")
    expect(app.locator(".turn").first.locator(".failure")).to_contain_text("within these limits")
    for _ in range(2):
        app.locator(".chip").first.click()
    expect(app.locator(".chip")).to_have_count(0)
    app.get_by_role("button", name="New topic").click()
    ask(app, QUESTIONS["en"] + " ")
    expect(app.locator(".turn").first.locator("blockquote").first).to_have_attribute("lang", "en")


def test_a_limit_is_typed_and_chosen_by_keys(app: Page) -> None:
    chips = app.locator(".chip")
    summary = app.locator("#limits summary")
    summary.press("Enter")
    languages = app.locator("#limits").get_by_label("Language", exact=True)
    expect(languages).to_be_visible()
    expect(summary).to_be_focused()
    # A list is gone through; what stands there on Enter is taken, or on going on.
    languages.focus()
    for _ in range(2):
        app.keyboard.press("ArrowDown")
    second = languages.evaluate("(list) => list.selectedOptions[0].text")
    expect(languages).to_be_focused()
    expect(chips).to_have_count(0)
    app.keyboard.press("Enter")
    expect(chips).to_have_text([f"{second}×"])
    expect(languages).to_be_focused()
    app.keyboard.press("ArrowDown")
    first = languages.evaluate("(list) => list.selectedOptions[0].text")
    app.keyboard.press("Tab")
    expect(chips).to_have_text([f"{second}×", f"{first}×"])
    since = app.get_by_label("From", exact=True)
    expect(since).to_be_focused()
    # Whichever of day and month the browser has first.
    app.keyboard.type("05052021")
    expect(chips.nth(2)).to_have_text("From 2021-05-05×")
    expect(since).to_be_focused()
    # Another year, digit by digit: the limit is never one of the first centuries.
    app.keyboard.press("Shift+Tab")
    since.focus()
    app.keyboard.type("050520")
    expect(chips.nth(2)).to_have_text("From 2021-05-05×")
    app.keyboard.type("19")
    expect(chips.nth(2)).to_have_text("From 2019-05-05×")
    chips.nth(2).click()
    expect(chips).to_have_count(2)
    expect(since).to_have_value("")
    since.focus()
    app.keyboard.type("0505")
    app.get_by_label("To", exact=True).focus()
    expect(chips).to_have_count(2)
    assert since.evaluate("(field) => field.validity.valid")


def test_stop_takes_back_what_is_not_answered_and_gives_the_question_back(
    app: Page, served: Served
) -> None:
    asked = [QUESTIONS["lv"], QUESTIONS["en"]]
    event = ask_event(served)
    # Others ask over HTTP, all in the same moment: however fast a machine is, they make a line.
    with ThreadPoolExecutor(OTHERS) as threads:
        others = [threads.submit(one_asks, served, event, QUESTIONS["tr"]) for _ in range(OTHERS)]
        for question in asked:
            app.locator("#ask textarea").fill(question)
            app.locator("#ask textarea").press("Enter")
            expect(app.locator(".turn h2").first).to_have_text(question)
        # Two are answered at once; the others know how many are before them.
        expect(app.locator(".pending").first).to_contain_text("Questions before yours")
        app.get_by_role("button", name="Stop").click()
        expect(app.locator("#ask textarea")).to_have_value(asked[-1])
        expect(app.locator(".pending")).to_have_count(0)
        assert app.locator(".turn").count() < len(asked)
        for each in others:
            each.result()
    app.locator("#ask textarea").press("Enter")
    expect(app.locator(".turn").first.locator(".quote").first).to_be_visible()


def test_what_is_typed_while_a_question_is_on_its_way_stays_in_the_box(app: Page) -> None:
    box = app.locator("#ask textarea")
    box.fill(QUESTIONS["en"])
    # The framework sends a moment after the key, and what the box holds then.
    with app.expect_request("**/queue/join*"):
        box.press("Enter")
    box.fill("And who")
    turn = app.locator(".turn")
    expect(turn.locator("h2")).to_have_text(QUESTIONS["en"])
    expect(turn.locator(".quote").first).to_be_visible()
    expect(turn).to_have_count(1)
    expect(box).to_have_value("And who")


def test_a_question_that_is_turned_away_stays_in_the_box_and_the_page_says_why(app: Page) -> None:
    box, told = app.locator("#ask textarea"), app.locator("#refused [role=alert]")
    app.route("**/queue/join*", lambda route: route.fulfill(status=503, json={"detail": "later"}))
    box.fill(QUESTIONS["en"])
    box.press("Enter")
    expect(told).to_have_text("Too many people are asking at this moment. Ask again in a minute.")
    expect(app.locator(".toast-item")).to_have_count(1)
    expect(app.locator(".toast-item")).to_be_hidden()
    expect(box).to_have_value(QUESTIONS["en"])
    expect(app.locator(".turn")).to_have_count(0)
    app.unroute("**/queue/join*")
    box.press("Enter")
    expect(app.locator(".turn .quote").first).to_be_visible()
    expect(told).to_have_count(0)
    expect(box).to_have_value("")


@pytest.mark.slow
def test_a_conversation_outlives_the_server_and_can_be_renamed_and_deleted(
    page: Page, small_library: Library, tmp_path: Path
) -> None:
    folder = tmp_path / "library"
    shutil.copytree(small_library.folder, folder)
    question = "For how many years does the harbour agreement run?"
    page.add_init_script(TOURED)
    with serving(folder, tmp_path) as running:
        open_page(page, running.address)
        ask(page, question)
        quoted = page.locator(".turn blockquote").first.text_content()
        expect(page.locator(".talks .open")).to_have_text(question)
        # The page that is shown where nothing can be fetched any more.
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        port = running.port
    page.locator("#ask textarea").fill("Who signed it?")
    page.locator("#ask textarea").press("Enter")
    expect(page.locator("#refused")).to_have_text("Folio doesn’t answer. Is it still running?")
    page.goto(running.address)
    expect(page.locator("main")).to_contain_text("Is it still running?")
    with serving(folder, tmp_path, port=port):
        page.get_by_role("link", name="Try again").click()
        expect(page.locator(".turn h2")).to_have_text(question)
        assert page.locator(".turn blockquote").first.text_content() == quoted
        expect(page.locator("#ask textarea")).to_have_value("Who signed it?")
        page.get_by_role("button", name="New conversation").click()
        expect(page.locator(".turn")).to_have_count(0)
        page.locator(".talks summary").click()
        page.get_by_role("button", name="Rename").click()
        page.get_by_label("New name").fill("The harbour")
        page.get_by_label("New name").press("Enter")
        page.get_by_role("button", name="The harbour").click()
        expect(page.locator(".turn h2")).to_have_text(question)
        page.locator(".talks summary").click()
        page.get_by_role("button", name="Delete").click()
        page.get_by_role("button", name="Really delete?").click()
        expect(page.locator(".talks .open")).to_have_count(0)
        expect(page.locator(".turn")).to_have_count(0)
