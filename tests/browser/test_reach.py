"""Everybody can use it: by keyboard, on a phone, enlarged, in each language, installed."""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from qa.strings import LANGUAGES, STRINGS, page_words, say
from tests.browser.conftest import QUESTIONS, TOURED, ask, fits, open_link, open_page
from tests.serving import Served

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
NO_ANSWER = "What is the average salary of a software developer in Helsinki?"
PDF = "reports/annual-report-2023.pdf"


@pytest.fixture(scope="module")
def axe() -> str:
    if not AXE.is_file():
        pytest.skip("no axe-core: scripts/browser-tools gets it where there is npm")
    return AXE.read_text(encoding="utf-8")


def problems(page: Page, axe: str) -> list[str]:
    """Return the serious and critical violations of axe's rules, where each is."""
    page.evaluate(axe)
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary']}"
        for each in found["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_rule_of_accessibility_is_broken_on_any_tab(
    page: Page, served: Served, axe: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    open_page(page, served.address)
    expect(page.locator(".steps")).to_be_visible()
    expect(page.locator(".suggestions a").first).to_be_visible()
    found = {"welcome": problems(page, axe)}
    ask(page, NO_ANSWER)
    ask(page, QUESTIONS["en"])
    page.locator(".turn .number").first.click()
    expect(page.locator("#source mark")).to_be_visible()
    page.get_by_role("button", name="Not useful").first.click()
    page.locator(".talks summary").click()
    page.locator("#limits summary").click()
    page.locator("#limits").get_by_label("Language", exact=True).select_option(index=1)
    found["answer"] = problems(page, axe)
    open_link(page, "?" + urlencode({"document": PDF}))
    expect(page.locator("#source .source-page")).to_be_visible()
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("button", name=f"Edit: {PDF}").click()
    expect(page.locator(".editing form")).to_be_visible()
    for report in page.locator(".reports summary").all():
        report.click()
    page.get_by_role("button", name="Check everything").click()
    expect(page.locator(".findings")).to_be_visible()
    found["library"] = problems(page, axe)
    assert found == {"welcome": [], "answer": [], "library": []}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_is_whole_and_fits_on_a_phone(
    page: Page, served: Served, language: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    open_page(page, f"{served.address}/?lang={language}")
    expect(page.locator(".steps")).to_be_visible()
    for tab, name in enumerate(("ask_tab", "library_tab")):
        expect(page.locator('[role="tab"]').nth(tab)).to_have_text(say(name, language))
    expect(page.locator("#send")).to_have_text(say("ask", language))
    patterns = [
        re.compile(re.sub(r"\\\{\w+\\\}", ".*", re.escape(said)), re.S)
        for said in page_words(language).values()
    ]
    others = {said for key in STRINGS for code, said in STRINGS[key].items() if code != language}
    others -= set(page_words(language).values())

    def whole() -> None:
        said = page.locator(
            "#desk :is(button, summary, legend, th, h3):visible"
        ).all_text_contents()
        foreign = [text for text in map(str.strip, said) if text in others]
        assert foreign == []
        named = [text for text in map(str.strip, said) if any(p.fullmatch(text) for p in patterns)]
        assert len(named) >= 4
        fits(page)

    whole()
    ask(page, QUESTIONS[language])
    expect(page.locator(".turn .keeping")).to_be_visible()
    page.locator("#limits summary").click()
    whole()
    page.locator('[role="tab"]').nth(1).click()
    expect(page.locator("#documents tbody tr").first).to_be_visible()
    expect(page.locator(".shelf .drop")).to_be_visible()
    page.locator("#documents .edit").first.click()
    expect(page.locator(".editing form")).to_be_visible()
    whole()


def test_enlarged_to_twice_its_size_nothing_has_to_be_scrolled_sideways(
    page: Page, served: Served
) -> None:
    # What a window of 1280 × 800 has left at 200 %.
    page.set_viewport_size({"width": 640, "height": 400})
    page.add_init_script(TOURED)
    open_page(page, served.address)
    fits(page)
    ask(page, QUESTIONS["en"])
    page.keyboard.press("Escape")
    page.locator(".turn .number").first.click()
    expect(page.locator("#source mark")).to_be_in_viewport()
    fits(page)
    page.get_by_role("button", name="Close").click()
    page.get_by_role("tab", name="Library").click()
    expect(page.locator("#documents tbody tr").first).to_be_visible()
    page.locator("#documents .edit").first.click()
    expect(page.locator(".editing form")).to_be_visible()
    fits(page)


def test_keys_lead_to_the_question_open_quotes_and_change_tabs(app: Page) -> None:
    app.locator("h1").click()
    app.keyboard.press("/")
    expect(app.locator("#ask textarea")).to_be_focused()
    app.keyboard.type(QUESTIONS["en"])
    app.keyboard.press("Enter")
    expect(app.locator(".turn .number").first).to_be_visible()
    app.get_by_role("tab", name="Ask").focus()
    app.keyboard.press("1")
    expect(app.locator("#source mark")).to_be_focused()
    app.keyboard.press("Escape")
    expect(app.locator("#source .reader")).to_be_hidden()
    app.get_by_role("tab", name="Library").press("Enter")
    expect(app.locator("#documents tbody tr").first).to_be_visible()
    app.get_by_role("button", name=f"Edit: {PDF}").press("Enter")
    expect(app.get_by_label("Name, with its folder")).to_be_focused()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    app.keyboard.press("Tab")
    assert app.evaluate(outline) != "none"
    app.keyboard.press("Escape")
    expect(app.get_by_role("button", name=f"Edit: {PDF}")).to_be_focused()
    assert app.evaluate(outline) != "none"


def test_the_first_steps_are_shown_until_they_have_been_taken(app: Page, served: Served) -> None:
    steps = app.locator(".steps")
    for number in (1, 2, 3):
        expect(steps.locator("h2")).to_have_text(f"First steps · {number} of 3")
        steps.locator(".on").click()
    expect(steps).to_have_count(0)
    open_page(app, served.address)
    expect(app.locator(".suggestions a").first).to_be_visible()
    expect(steps).to_have_count(0)


def test_the_page_can_be_installed(app: Page, served: Served) -> None:
    manifest = app.request.get(served.address + "/folio/folio.webmanifest").json()
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == (
        "Folio", "standalone", "/",
    )  # fmt: skip
    for icon in manifest["icons"]:
        answer = app.request.get(served.address + icon["src"])
        assert answer.ok
        assert answer.headers["content-type"] == icon["type"]
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}
    scope = app.evaluate("navigator.serviceWorker.ready.then((worker) => worker.scope)")
    assert scope == served.address + "/"
