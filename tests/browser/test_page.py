import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.browser.conftest import (
    QUESTIONS,
    ask,
    fits,
    open_as_text,
    open_page,
    open_quote,
    shown_text,
    store_of,
    text_of,
)
from tests.serving import Served


def test_the_documents_tab_lists_every_document_with_its_state(app: Page, library: Path) -> None:
    app.get_by_role("tab", name="Library").click()
    rows = store_of(library).documents()
    table = app.locator("#documents tbody")
    expect(table.locator(".path")).to_have_text([row.document for row in rows])
    expect(table.locator("td.state")).to_have_count(sum(r.state == "indexed" for r in rows))
    failed = next(row for row in rows if row.state == "failed")
    expect(table.locator("tr.failed")).to_contain_text("not read")
    expect(table.locator("tr.failed")).to_contain_text(failed.message or "")


def test_a_title_in_the_documents_tab_opens_the_whole_document(app: Page, library: Path) -> None:
    app.get_by_role("tab", name="Library").click()
    row = app.locator("#documents tbody tr", has_text="annual-report-2023.pdf")
    open_as_text(app, row)
    assert shown_text(app) == text_of(library, "reports/annual-report-2023.pdf")
    assert app.locator("#source .page").count() >= 2


def test_the_keyboard_alone_asks_opens_a_source_and_comes_back(app: Page) -> None:
    app.locator("#ask textarea").focus()
    app.keyboard.type(QUESTIONS["tr"])
    app.keyboard.press("Enter")
    expect(app.locator(".turn .number").first).to_be_visible()
    for _ in range(8):
        app.keyboard.press("Tab")
        if app.locator(".turn .number:focus").count():
            break
    number = app.locator(".turn .number").first
    expect(number).to_be_focused()
    app.keyboard.press("Enter")
    expect(app.locator("#source mark")).to_be_focused()
    app.keyboard.press("Escape")
    expect(app.locator("#source mark")).to_be_hidden()
    expect(number).to_be_focused()


def test_what_is_copied_from_a_source_is_its_exact_text(app: Page, context: BrowserContext) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    app.get_by_role("tab", name="Library").click()
    open_as_text(app, app.locator("#documents tbody tr", has_text="annual-report-2023.pdf"))
    app.evaluate("getSelection().selectAllChildren(document.querySelector('#source .source-text'))")
    app.keyboard.press("ControlOrMeta+c")
    assert app.evaluate("navigator.clipboard.readText()") == shown_text(app)


def test_a_quote_and_its_link_are_copied_over_plain_http_too(app: Page) -> None:
    app.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    ask(app, QUESTIONS["en"])
    open_quote(app.locator(".turn .quote").first)
    marked = app.locator("#source mark").text_content() or ""
    box = app.locator("#ask textarea")

    def pasted(button: Locator) -> str:
        button.click()
        expect(button).to_have_text("Copied")
        expect(button).to_be_focused()
        box.fill("")
        box.press("ControlOrMeta+v")
        return box.input_value()

    assert pasted(app.locator("#source .copy")).startswith(f"“{marked}”\n")
    link = app.locator("#source .copy-link")
    assert pasted(link).endswith(link.get_attribute("data-href") or "no link")
    # What wasn't copied isn't said to be.
    app.evaluate("document.execCommand = () => false")
    expect(link).to_have_text("Copy link")
    link.click()
    expect(link).to_be_focused()
    expect(link).to_have_text("Copy link")


def test_a_phone_shows_everything_without_sideways_scrolling(page: Page, served: Served) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_page(page, served.address)
    fits(page)
    ask(page, QUESTIONS["en"])
    fits(page)
    open_quote(page.locator(".turn .quote").first)
    expect(page.locator("#source mark")).to_be_in_viewport()
    fits(page)
    page.get_by_role("button", name="Close").click()
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#documents tbody tr").first).to_be_visible()
    fits(page)


CONTRAST = """() => {
  const channel = (v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  const rgb = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (e) => {
    for (; e; e = e.parentElement) {
      const c = rgb(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const low = [];
  for (const e of document.querySelectorAll('.gradio-container *')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    const [a, b] = [light(rgb(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${e.tagName}.${e.className} ${e.textContent.slice(0, 30)} ${ratio}`);
  }
  return low;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_theme_follows_the_system_and_has_enough_contrast(
    page: Page, served: Served, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    open_page(page, served.address)
    paper = (
        "Math.min(...getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number))"
    )
    assert (page.evaluate(paper) > 200) == (scheme == "light")
    assert page.evaluate(CONTRAST) == []
    ask(page, "What is the average salary of a software developer in Helsinki?")
    ask(page, QUESTIONS["en"])
    open_quote(page.locator(".turn .quote").first)
    expect(page.locator("#source mark")).to_be_visible()
    assert page.evaluate(CONTRAST) == []
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#documents tbody tr").first).to_be_visible()
    assert page.evaluate(CONTRAST) == []


def test_the_page_speaks_the_language_that_is_chosen_and_remembers_it(
    app: Page, served: Served
) -> None:
    words = {"lv": "Jautāt", "tr": "Sor", "ru": "Спросить", "en": "Ask", "az": "Soruş"}
    for language, word in words.items():
        app.locator(f'.masthead nav a[lang="{language}"]').click()
        expect(app.locator("#send")).to_have_text(word)
        expect(app.locator("html")).to_have_attribute("lang", language)
    open_page(app, f"{served.address}/?document=reports/annual-report-2023.pdf")
    expect(app.locator("#send")).to_have_text(words["az"])
    expect(app.get_by_role("button", name="Bağla")).to_be_visible()


def test_what_is_done_before_the_scripts_have_come_is_not_lost(page: Page, served: Served) -> None:
    held: list[Route] = []
    page.route("**/folio/js/page.js", lambda route: held.append(route))
    page.goto(served.address)
    page.locator('.masthead nav a[lang="lv"]').click()
    expect(page.locator("#send")).to_have_text("Jautāt")
    page.goto(served.address)
    expect(page.locator("#send")).to_have_text("Jautāt")
    page.locator("#ask textarea").fill(QUESTIONS["lv"])
    page.locator("#ask textarea").press("Enter")
    held[-1].continue_()
    expect(page.locator(".turn .number").first).to_be_visible()
    expect(page.locator("#ask textarea")).to_have_value("")


def test_what_is_typed_before_the_page_is_drawn_stays_and_is_asked_when_it_is_sent(
    page: Page, served: Served
) -> None:
    held: list[Route] = []
    page.route(
        "**/gradio_api/queue/join*",
        lambda route: route.continue_() if held else held.append(route),
    )
    with page.expect_request("**/gradio_api/queue/join*"):
        page.goto(served.address)
    field = page.locator("#ask textarea")
    field.fill(QUESTIONS["tr"])
    expect(page.locator("#answers .welcome")).to_have_count(0)
    held[0].continue_()
    expect(page.locator("#answers .welcome")).to_be_visible()
    expect(field).to_have_value(QUESTIONS["tr"])
    field.press("Enter")
    expect(page.locator(".turn .number").first).to_be_visible()
    expect(page.locator(".turn")).to_have_count(1)


def test_a_link_that_somebody_sends_changes_the_language_for_once(
    page: Page, served: Served
) -> None:
    open_page(page, f"{served.address}/?lang=ru")
    expect(page.locator("#send")).to_have_text("Спросить")
    open_page(page, served.address)
    expect(page.locator("#send")).to_have_text("Ask")


def test_the_browsers_language_is_the_pages_first(browser: Browser, served: Served) -> None:
    context = browser.new_context(locale="lv-LV")
    page = open_page(context.new_page(), served.address)
    expect(page.locator("#send")).to_have_text("Jautāt")
    expect(page.get_by_role("tab", name="Bibliotēka")).to_be_visible()
    context.close()


def test_nothing_of_the_framework_is_left_on_the_page(app: Page, served: Served) -> None:
    expect(app).to_have_title("Folio")
    expect(app.locator("footer")).to_have_count(0)
    assert "gradio" not in (app.locator("body").inner_text()).lower()
    hosts = set(re.findall(r"https?://([^/\"'\s)\\]+)", app.request.get(served.address).text()))
    assert {host for host in hosts if host != urlsplit(served.address).netloc} <= {"www.w3.org"}
