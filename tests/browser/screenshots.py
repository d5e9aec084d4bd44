"""The README's pictures, made by a run of the real app: `make screenshots`.

Not among the tests by its name: it writes into docs/.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import TOURED, ask, open_page
from tests.serving import Served, folio, serving

FOLDER = Path(__file__).parents[2] / "docs" / "images"
QUESTION = "Who heads the Incubation Center of the High Technologies Park?"
ACROSS = "Kurš parakstīšanas ceremonijā nolasīja Ventspils mēra apsveikumu?"
IN_A_PDF = "How large is the test site that Kokzhiek Technopark provides near Altynkol station?"


@pytest.fixture(scope="module")
def sample(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("screenshots")
    assert folio("sample", folder / "library").returncode == 0
    assert folio("index", "--library", folder / "library", timeout=600).returncode == 0
    with serving(folder / "library", folder) as running:
        yield running


def opened(browser: Browser, sample: Served, scheme: str = "light", width: int = 1280) -> Page:
    FOLDER.mkdir(exist_ok=True)
    context = browser.new_context(
        viewport={"width": width, "height": 800 if width > 640 else 740},
        color_scheme=scheme,
        locale="en-GB",
    )
    page = context.new_page()
    page.add_init_script(TOURED)
    return open_page(page, sample.address)


def taken(page: Page, name: str) -> None:
    """Take the picture once fonts and what moves have come to rest."""
    page.evaluate("document.fonts.ready.then(() => true)")
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    page.context.close()


def test_an_answer_beside_its_source(browser: Browser, sample: Served) -> None:
    page = opened(browser, sample)
    ask(page, QUESTION)
    page.locator(".turn .number").first.click()
    expect(page.locator("#source mark")).to_be_in_viewport()
    taken(page, "answer")


def test_a_pdf_with_its_words_marked_in_the_dark(browser: Browser, sample: Served) -> None:
    page = opened(browser, sample, "dark")
    ask(page, IN_A_PDF)
    page.locator(".turn .quote", has_text="page ").first.locator(".number").click()
    expect(page.locator("#source .box").first).to_be_visible()
    page.wait_for_function("document.querySelector('.sheet img').naturalWidth > 0")
    taken(page, "dark")


def test_the_library(browser: Browser, sample: Served) -> None:
    page = opened(browser, sample)
    page.get_by_role("tab", name="Library").click()
    expect(page.locator(".shelf .drop")).to_be_visible()
    expect(page.locator("#documents tbody tr").first).to_be_visible()
    taken(page, "library")


def test_a_phone(browser: Browser, sample: Served) -> None:
    page = opened(browser, sample, width=390)
    page.locator('.masthead nav a[lang="lv"]').click()
    expect(page.locator("#send")).to_have_text("Jautāt")
    ask(page, ACROSS)
    taken(page, "phone")
