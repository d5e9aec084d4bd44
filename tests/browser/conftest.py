"""A real Chromium, and the real app on the sample library with some bad files put in.

Chromium is $CHROMIUM_PATH, else the first of a few names on the PATH, else the one that npm gave.
Without one these tests are skipped, and say why.
"""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect

from index.generation import open_current
from index.library import Library
from index.store import Store
from tests.browser.chromium import chromium_of_npm
from tests.serving import Served, folio, serving

# A busy machine takes its time; what is measured is measured where it is asserted.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

STORED = "local_storage,indexeddb,service_workers,cache_storage"
# The first steps are shown once; what isn't about them begins after them.
TOURED = "localStorage.setItem('folio.toured', 'true')"

QUESTIONS = {
    "en": "Who finances the UNIDO project that builds an innovation ecosystem?",
    "lv": "Kurš parakstīšanas ceremonijā nolasīja Ventspils mēra apsveikumu?",
    "az": "Azərbaycan nə vaxtdan ICESCO-nun üzvüdür?",
    "tr": "Öğrenciler 2024 yaz kampında hangi konuda çalışacak?",
    "ru": "Сколько слушателей курса Лиманского парка получили свидетельство?",
}

NASTY_DOCUMENT = """\
The Quxville committee </title><script>window.ran = 'title'</script>

On 3 May 2021 the Zorblatt company gave the Quxville committee 417 silver kettles. \
<img src=x onerror="window.ran = 'image'"><script>window.ran = 'script'</script> </mark></div> \
${window.ran = 'template'} {{constructor.constructor("window.ran = 'handlebars'")()}} \
<a href="?passage=0" onclick="window.ran = 'link'">[1]</a> &amp; &lt;b&gt; \
![](http://elsewhere.example/pixel.png) <iframe src="http://elsewhere.example/"></iframe>
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test of this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # pytest-playwright's own session fixtures are methods still.
            item.add_marker(
                pytest.mark.filterwarnings(
                    "ignore:Session-scoped fixtures defined as:pytest.PytestRemovedIn10Warning"
                )
            )


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    chosen = os.environ.get("CHROMIUM_PATH")
    found = chosen or next(filter(None, map(shutil.which, NAMES)), None)
    of_npm = None if found else chromium_of_npm()
    if of_npm:
        found, more = str(of_npm[0]), {"env": {**os.environ, **of_npm[1]}}
    elif found:
        more = {}
    else:
        pytest.skip(
            "no Chromium: set CHROMIUM_PATH, put one of " + ", ".join(NAMES) + " on PATH, or run "
            "scripts/browser-tools where there is npm"
        )
    # Without a graphics card, drawing as if there were one costs time that nobody sees.
    arguments = ["--disable-gpu"]
    # Chromium's sandbox doesn't work for root, and npm's has none.
    if of_npm or (hasattr(os, "geteuid") and os.geteuid() == 0):
        arguments.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": found, "args": arguments, **more}


@pytest.fixture(scope="session")
def library(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the indexed sample library with a nasty document and an empty one added.

    It asks for the browser so that nothing is indexed where there is none. Workers of pytest-xdist
    index one, and each takes a copy.
    """
    own = tmp_path_factory.getbasetemp()
    shared = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "browser-library"
    with FileLock(f"{shared}.lock"):
        if not shared.is_dir():
            made = tmp_path_factory.mktemp("made") / "library"
            index_sample(made)
            made.rename(shared)
    return Path(shutil.copytree(shared, tmp_path_factory.mktemp("browser") / "library"))


def index_sample(folder: Path) -> None:
    assert folio("sample", folder).returncode == 0
    nasty = folder / "documents" / "nasty"
    nasty.mkdir()
    (nasty / "<img src=x onerror=ran=1>.txt").write_text(NASTY_DOCUMENT, encoding="utf-8")
    (nasty / "empty.txt").write_bytes(b"")
    indexed = folio("index", "--library", folder, timeout=600)
    assert indexed.returncode == 0, indexed.stderr


@pytest.fixture(scope="session")
def served(library: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(library, tmp_path_factory.mktemp("logs")) as running:
        yield running


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    made.set_default_timeout(PATIENCE_MS)
    yield made
    made.close()


@pytest.fixture
def context(profile: BrowserContext) -> Iterator[BrowserContext]:
    """Return a profile that remembers nothing but the scripts, which no page fetches twice so.

    What a site stored goes with its last page; what belongs to a tab goes with the tab.
    """
    yield profile
    for page in profile.pages:
        if (origin := urlsplit(page.url)).hostname:
            profile.new_cdp_session(page).send(
                "Storage.clearDataForOrigin",
                {"origin": f"{origin.scheme}://{origin.netloc}", "storageTypes": STORED},
            )
        page.close()
    profile.clear_cookies()
    profile.clear_permissions()


@pytest.fixture(scope="session")
def small_served(
    browser: Browser, small_library: Library, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """Serve a copy of the small library, to be changed."""
    folder = tmp_path_factory.mktemp("changed") / "library"
    shutil.copytree(small_library.folder, folder)
    with serving(folder, tmp_path_factory.mktemp("logs")) as running:
        yield running


@pytest.fixture
def shelf(page: Page, small_served: Served) -> Page:
    """Return the page of a library that may be changed, at its Library tab."""
    page.add_init_script(TOURED)
    open_page(page, small_served.address)
    page.get_by_role("tab", name="Library").click()
    expect(page.locator(".shelf .drop")).to_be_visible()
    return page


@pytest.fixture(autouse=True)
def nothing_goes_elsewhere_and_nothing_breaks(context: BrowserContext) -> Iterator[None]:
    """Hold every test to this: no request to another host, no error on the page, no dialog."""
    wrong: list[str] = []

    def requested(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname != "127.0.0.1":
            wrong.append(f"request to {request.url}")

    def opened(page: Page) -> None:
        page.on("pageerror", lambda error: wrong.append(f"page error: {error}"))
        page.on("dialog", lambda dialog: (wrong.append("dialog"), dialog.dismiss()))

    context.on("request", requested)
    context.on("page", opened)
    yield
    context.remove_listener("request", requested)
    context.remove_listener("page", opened)
    assert wrong == []


@pytest.fixture
def app(page: Page, served: Served) -> Page:
    """Return the app's page, ready to be asked."""
    return open_page(page, served.address)


def open_page(page: Page, address: str) -> Page:
    page.goto(address)
    expect(page.locator("#ask textarea")).to_be_editable()
    expect(page.locator("#answers").locator(".welcome, .turn").first).to_be_visible()
    # The scripts name this part when they start; before that they don't hear keys.
    expect(page.locator('#source[role="complementary"]')).to_be_attached()
    return page


def open_link(page: Page, href: str) -> None:
    """Follow one of the page's own links, as a click does."""
    page.evaluate(
        """(href) => {
          const link = document.createElement('a');
          link.href = href;
          document.body.append(link);
          link.click();
          link.remove();
        }""",
        href,
    )


def open_quote(quote: Locator) -> None:
    """Click a quote's number, and wait until its source is shown as text."""
    page = quote.page
    quote.locator(".number").click()
    expect(quote.locator(".number")).to_have_attribute("aria-expanded", "true")
    if page.locator("#source .source-page").is_visible():
        page.locator("#source .view").click()
    expect(page.locator("#source .source-text")).to_be_visible()


def fits(page: Page) -> None:
    """Hold a page to this: nothing of it has to be scrolled to sideways, once it is laid out."""
    page.wait_for_function(
        "document.documentElement.scrollWidth === document.documentElement.clientWidth"
    )


def ask(page: Page, question: str) -> None:
    """Ask, and wait for the turn that answers."""
    page.locator("#ask textarea").fill(question)
    page.locator("#ask textarea").press("Enter")
    turn = page.locator(".turn").first
    expect(turn.locator("h2")).to_have_text(question)
    expect(turn.locator(".quotes, .abstention, .failure").first).to_be_visible()


@cache
def store_of(library: Path) -> Store:
    return open_current(Library.open(library).index).store


def text_of(library: Path, document: str) -> str:
    text = store_of(library).text(document)
    assert text
    return text


def shown_text(page: Page) -> str:
    return page.locator("#source .source-text").text_content() or ""


def open_as_text(page: Page, row: Locator) -> None:
    """Open a PDF out of the table, and show its text."""
    row.get_by_role("link").click()
    page.locator("#source .view").click()
    expect(page.locator("#source .source-text")).to_be_visible()
