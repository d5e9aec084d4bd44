"""A PDF in the source panel: boxes on the right words, its pages, and the file itself."""

import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urlencode

import pypdfium2
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from documents import sentences
from index.generation import open_current
from index.library import Library
from tests.browser.conftest import open_link

PDFS = (
    "agreements/2020-12-01-gosb-mutabakat-zapti.pdf",
    "agreements/2022-01-18-anlasma-memorandumu-ytp.pdf",
    "agreements/2022-10-05-memorandum-kokzhiek.pdf",
    "reports/annual-report-2023.pdf",
)
# Where the boxes are on the screen, in shares of the page's image.
BOXES = """() => {
  const sheet = document.querySelector('.sheet img').getBoundingClientRect();
  return [...document.querySelectorAll('.sheet .box')].map((box) => {
    const at = box.getBoundingClientRect();
    return [(at.left - sheet.left) / sheet.width, (at.top - sheet.top) / sheet.height,
            (at.right - sheet.left) / sheet.width, (at.bottom - sheet.top) / sheet.height];
  });
}"""


def letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize("document", PDFS)
def test_the_boxes_on_the_screen_stand_on_the_words_that_are_cited(
    app: Page, library: Path, document: str
) -> None:
    store = open_current(Library.open(library).index).store
    text = store.text(document) or ""
    whole = [span for span in sentences(text) if 60 < span.end - span.start < 300]
    passages = store.passages_of(document)
    pdf = pypdfium2.PdfDocument((library / "documents" / document).read_bytes())
    for span in (whole[2], whole[-2]):
        passage = next(p for p in passages if p.start <= span.start and span.end <= p.end)
        query = {"passage": passage.key, "start": span.start, "end": span.end}
        open_link(app, "?" + urlencode(query))
        page = passage.page_at(span.start) or 0
        sheet = app.locator(f"#source .source-page[data-page='{page}']")
        expect(sheet.locator(".box").first).to_be_in_viewport()
        expect(app.locator("#source mark")).to_have_text(text[span.start : span.end])
        app.wait_for_function("document.querySelector('.sheet img').naturalWidth > 0")
        width, height = pdf[page - 1].get_size()
        layer = pdf[page - 1].get_textpage()
        # A little less than the box's height, so that no neighbouring line is touched.
        read_back = "".join(
            layer.get_text_bounded(
                left * width - 0.5,
                height - bottom * height + 1.5,
                right * width + 0.5,
                height - top * height - 1.5,
            )
            for left, top, right, bottom in app.evaluate(BOXES)
        )
        assert letters(read_back) == letters(text[span.start : span.end])


def test_a_pdfs_pages_are_turned_and_the_boxes_are_on_theirs_only(app: Page) -> None:
    open_link(app, "?" + urlencode({"document": PDFS[-1]}))
    number = app.locator("#source .page-number")
    expect(number).to_have_text("Page 1 of 4")
    expect(app.get_by_role("button", name="Previous page")).to_be_disabled()
    first = Image.open(BytesIO(image_of(app))).tobytes()
    app.get_by_role("button", name="Next page").press("Enter")
    expect(number).to_have_text("Page 2 of 4")
    assert Image.open(BytesIO(image_of(app))).tobytes() != first
    expect(app.locator(".sheet.elsewhere")).to_be_visible()
    for _ in range(2):
        app.get_by_role("button", name="Next page").click()
    expect(app.get_by_role("button", name="Next page")).to_be_disabled()


def image_of(page: Page) -> bytes:
    address = page.locator(".sheet img").get_attribute("src") or ""
    answer = page.request.get(re.sub(r"/[^/]*$", "", page.url) + address)
    assert answer.headers["content-type"] == "image/png"
    return answer.body()


def test_the_original_is_downloaded_as_it_is(app: Page, library: Path) -> None:
    open_link(app, "?" + urlencode({"document": PDFS[0]}))
    with app.expect_download() as started:
        app.get_by_role("link", name="Download the original").click()
    assert started.value.suggested_filename == Path(PDFS[0]).name
    assert started.value.path().read_bytes() == (library / "documents" / PDFS[0]).read_bytes()
