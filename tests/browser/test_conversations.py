"""Conversations in their browser: what is kept of them, and what comes back."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page, Request, expect

from tests.bench.browser import ask_event, one_asks
from tests.browser.conftest import QUESTIONS, TOURED, ask, open_page
from tests.serving import Served

OTHERS = 24


def kept(page: Page) -> list[dict[str, Any]]:
    """Return the conversations of a page's browser, the last one first."""
    found: list[dict[str, Any]] = json.loads(
        page.evaluate("localStorage.getItem('folio.conversations') || '[]'")
    )
    return found


def test_a_quote_that_is_gone_for_a_moment_is_not_lost_from_the_conversation(app: Page) -> None:
    ask(app, QUESTIONS["en"])
    [talk] = kept(app)
    quotes = talk["turns"][0]["quotes"]
    # To the server it is the same whether a document is out or its passage was never there.
    name, quotes[0]["passage"] = quotes[0]["passage"], "0" * 16
    app.evaluate("kept => localStorage.setItem('folio.conversations', kept)", json.dumps([talk]))
    for _ in range(2):
        app.reload()
        expect(app.locator(".turn .gone")).to_contain_text("in the library any more: 1")
    # Another turn has the conversation stored anew.
    ask(app, QUESTIONS["tr"])
    expect(app.locator(".talks .open")).to_have_count(1)
    app.wait_for_function(
        "JSON.parse(localStorage.getItem('folio.conversations'))[0].turns.length == 2"
    )
    [talk] = kept(app)
    quotes = talk["turns"][0]["quotes"]
    assert quotes[0]["passage"] == "0" * 16
    quotes[0]["passage"] = name
    app.evaluate("kept => localStorage.setItem('folio.conversations', kept)", json.dumps([talk]))
    app.reload()
    expect(app.locator(".turn")).to_have_count(2)
    expect(app.locator(".turn .gone")).to_have_count(0)


def test_who_opens_another_conversation_while_a_question_waits_has_it_in_the_box(
    app: Page, served: Served
) -> None:
    ask(app, QUESTIONS["en"])
    app.get_by_role("button", name="New conversation").click()
    expect(app.locator(".turn")).to_have_count(0)
    event = ask_event(served)
    box = app.locator("#ask textarea")
    # Others ask over HTTP, all in the same moment: however fast a machine is, they make a line.
    with ThreadPoolExecutor(OTHERS) as threads:
        others = [threads.submit(one_asks, served, event, QUESTIONS["tr"]) for _ in range(OTHERS)]
        box.fill(QUESTIONS["lv"])
        box.press("Enter")
        expect(app.locator(".pending")).to_contain_text("Questions before yours")
        app.locator(".talks summary").click()
        app.locator(".talks .open").click()
        expect(app.locator(".turn h2")).to_have_text(QUESTIONS["en"])
        expect(box).to_have_value(QUESTIONS["lv"])
        for each in others:
            each.result()
    expect(app.locator(".turn h2")).to_have_text(QUESTIONS["en"])
    expect(app.locator("#refused")).to_have_text("")
    assert [len(talk["turns"]) for talk in kept(app)] == [1]
    box.press("Enter")
    expect(app.locator(".turn")).to_have_count(2)
    expect(app.locator(".turn .quotes")).to_have_count(2)


def test_the_question_of_a_link_is_asked_once_whatever_is_loaded_anew(
    page: Page, served: Served
) -> None:
    page.add_init_script(TOURED)
    open_page(page, f"{served.address}/?lang=en&q={quote(QUESTIONS['en'])}")
    expect(page.locator(".turn .quote").first).to_be_visible()
    expect(page).to_have_url(f"{served.address}/?lang=en")
    ask(page, QUESTIONS["tr"])
    page.locator("#ask textarea").fill("And who")
    page.reload()
    expect(page.locator(".turn h2")).to_have_text([QUESTIONS["tr"], QUESTIONS["en"]])
    expect(page.locator("#ask textarea")).to_have_value("And who")
    assert len(kept(page)) == 1


def test_two_tabs_that_go_on_with_one_conversation_lose_nothing(app: Page, served: Served) -> None:
    ask(app, QUESTIONS["en"])
    expect(app.locator(".talks .open")).to_have_count(1)
    other = open_page(app.context.new_page(), served.address)
    other.locator(".talks summary").click()
    other.locator(".talks .open").click()
    expect(other.locator(".turn h2")).to_have_text(QUESTIONS["en"])
    ask(other, QUESTIONS["tr"])
    ask(app, QUESTIONS["ru"])
    expect(app.locator(".talks .open")).to_have_count(2)
    questions = [[turn["question"] for turn in talk["turns"]] for talk in kept(app)]
    assert questions == [
        [QUESTIONS["en"], QUESTIONS["ru"]],
        [QUESTIONS["en"], QUESTIONS["tr"]],
    ]


def test_the_list_keeps_the_keyboard_and_the_name_that_is_being_typed(app: Page) -> None:
    ask(app, QUESTIONS["en"])
    app.locator(".talks summary").click()
    app.get_by_role("button", name="Rename").click()
    app.get_by_label("New name").fill("Innov")
    # An answer comes while it is typed, and has the conversation stored anew.
    app.locator("#ask textarea").fill(QUESTIONS["tr"])
    app.locator("#ask textarea").press("Enter")
    expect(app.locator(".turn .quotes")).to_have_count(2)
    expect(app.get_by_label("New name")).to_have_value("Innov")
    app.get_by_label("New name").fill("Innovation")
    app.get_by_label("New name").press("Enter")
    expect(app.get_by_role("button", name="Innovation")).to_be_focused()
    app.keyboard.press("Enter")
    expect(app.locator(".talks summary")).to_be_focused()
    assert [len(talk["turns"]) for talk in kept(app)] == [2]


def test_each_event_says_which_language_its_page_is_in(page: Page, served: Served) -> None:
    page.add_init_script(TOURED)
    open_page(page, f"{served.address}/?lang=lv")
    said: list[bool] = []

    def joined(request: Request) -> None:
        if "/queue/join" in request.url:
            said.append("lv" in request.post_data_json["data"])

    page.on("request", joined)
    ask(page, QUESTIONS["lv"])
    page.locator("#topic").click()
    expect(page.locator("#answers > * .topic").first).to_be_visible()
    page.locator(".talks .new").click()
    expect(page.locator("#answers .welcome")).to_be_visible()
    page.locator('[data-tab-id="library"]').click()
    expect(page.locator("#documents tbody .path").first).to_be_visible()
    assert len(said) >= 4
    assert all(said)
