"""An answer is kept: each file opened and held against what is on the page; paper; a judgement."""

import json
import re
from io import BytesIO

from docx import Document
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.conftest import QUESTIONS, ask


def saved(page: Page, kind: str) -> tuple[str, bytes]:
    with page.expect_download() as started:
        page.get_by_role("button", name=f"Keep this answer: {kind}").click()
    return started.value.suggested_filename, started.value.path().read_bytes()


def test_each_file_that_an_answer_is_kept_as_opens_and_has_its_quotes(app: Page) -> None:
    ask(app, QUESTIONS["lv"])
    quotes = app.locator(".turn .quote blockquote").all_text_contents()
    assert quotes
    name, data = saved(app, "Markdown")
    assert re.fullmatch(r"kurš-parakstīšanas-ceremonijā-[\w-]+\.md", name)
    plain = re.sub(r"\\(.)", r"\1", data.decode())
    for quoted in quotes:
        assert "\n".join(f"> {line}" for line in quoted.split("\n")) in plain
    assert f"{app.url}?passage=" in plain
    _, data = saved(app, "Word")
    styled = [(p.style.name if p.style else "", p.text) for p in Document(BytesIO(data)).paragraphs]
    assert [text for style, text in styled if style == "Quote"] == quotes
    _, data = saved(app, "JSON")
    values = json.loads(data)
    assert [quote["quote"] for quote in values["quotes"]] == quotes
    assert values["question"] == QUESTIONS["lv"]


# Holds back what the server says of the answer that is to be printed, and prints nowhere.
SLOW_PRINTING = """() => {
  const fetched = window.fetch;
  const held = new Promise((resume) => { window.goOn = resume; });
  window.fetch = async (...request) => {
    if (String(request[0]).startsWith('/folio/export')) await held;
    return fetched(...request);
  };
  window.print = () => { window.printed = true; };
}"""


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def on_paper(page: Page) -> str:
    """Return the letters and digits of what would be printed."""
    pages = PdfReader(BytesIO(page.pdf(width="210mm"))).pages
    return letters("".join(each.extract_text() for each in pages))


def test_paper_has_the_answer_and_where_its_quotes_stand_and_nothing_of_the_page(app: Page) -> None:
    ask(app, QUESTIONS["en"])
    app.evaluate(SLOW_PRINTING)
    app.get_by_role("button", name="Keep this answer: Print").click()
    # Another question draws all answers anew; printed is what was to be printed.
    ask(app, QUESTIONS["ru"])
    app.evaluate("window.goOn()")
    app.wait_for_function("window.printed")
    paper = on_paper(app)
    quoted = app.locator(".turn").nth(1).locator("blockquote").first.text_content() or ""
    assert letters(quoted) in paper
    assert re.search(r"(pdf|docx|md|html|txt)characters\d+", paper)
    assert letters(QUESTIONS["en"]) in paper
    for word in (QUESTIONS["ru"], "Limit to", "Markdown", "Conversations", "Library", "New topic"):
        assert letters(word) not in paper
    # What the browser's own menu prints is all that is on the page.
    paper = on_paper(app)
    assert letters(QUESTIONS["en"]) in paper
    assert letters(QUESTIONS["ru"]) in paper


def test_what_is_thought_of_an_answer_is_read_by_the_librarian(app: Page) -> None:
    ask(app, QUESTIONS["tr"])
    app.get_by_role("button", name="Not useful").click()
    app.get_by_label("In your own words").fill("the topic’s second half")
    # Another question draws all answers anew; what was typed stays.
    ask(app, QUESTIONS["az"])
    turn = app.locator(".turn").nth(1)
    expect(turn.get_by_label("In your own words")).to_have_value("the topic’s second half")
    turn.get_by_label("Something is missing").check()
    turn.get_by_role("button", name="Send").click()
    expect(turn.locator(".said")).to_have_text("Noted, thank you.")
    app.get_by_role("tab", name="Library").click()
    app.locator(".feedback summary").click()
    said = app.locator(".feedback li").first
    expect(said).to_contain_text(QUESTIONS["tr"])
    expect(said).to_contain_text("Not useful · Something is missing · “the topic’s second half”")
