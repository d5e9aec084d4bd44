"""What a person waits for: the first page, a marked source, an answer among many who ask.

    python -m tests.bench.browser

Serves the sample library and drives a Chromium ($CHROMIUM_PATH, else the system's); twenty ask by
HTTP, as the page does, so that it is the server that is measured, and then a hundred, which are
more than may wait. Prints JSON.
"""

import json
import os
import shutil
import statistics
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import NAMES, TOURED, ask
from tests.serving import Served, folio, serving

PEOPLE: Final = 20
CROWD: Final = 100
TIMES: Final = 5
_CLICKED: Final = """() => new Promise((shown) => {
  const started = performance.now();
  const seen = () => {
    const mark = document.querySelector('#source .source-text:not([hidden]) mark, .sheet .box');
    if (mark) requestAnimationFrame(() => shown(performance.now() - started));
    else requestAnimationFrame(seen);
  };
  document.querySelector('.turn .number').click();
  seen();
})"""


def main() -> None:
    """Measure, and print what was measured."""
    with serving_sample() as (served, library):
        values = {"at_once": at_once(served, library), "crowd": crowd(served, library)}
        values |= in_browser(served, library)
    print(json.dumps(values, indent=1))


@contextmanager
def serving_sample() -> Iterator[tuple[Served, Path]]:
    """Serve the sample library until the block ends; yield the server and the library's folder."""
    with tempfile.TemporaryDirectory(prefix="folio-bench-") as scratch:
        library = Path(scratch, "library")
        for arguments in (("sample", library), ("index", "--library", library)):
            assert folio(*arguments, timeout=600).returncode == 0
        with serving(library, Path(scratch)) as served:
            yield served, library


def questions(library: Path) -> list[str]:
    """Return the sample library's answerable questions."""
    lines = (library / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [item["question"] for item in map(json.loads, lines) if item["answerable"]]


def in_browser(served: Served, library: Path) -> dict[str, Any]:
    """Return the seconds of a first page in a new profile, and of a click on a quote's number."""
    found = os.environ.get("CHROMIUM_PATH") or next(filter(None, map(shutil.which, NAMES)))
    pages, clicks = [], []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for question in questions(library)[:TIMES]:
            page = chromium.new_context().new_page()
            page.add_init_script(TOURED)
            pages.append(_opened_s(page, served.address))
            ask(page, question)
            clicks.append(page.evaluate(_CLICKED) / 1000)
            page.context.close()
        chromium.close()
    return {"first_page_s": _told(pages), "click_to_mark_s": _told(clicks)}


def _opened_s(page: Page, address: str) -> float:
    started = time.monotonic()
    page.goto(address)
    expect(page.locator("#ask textarea")).to_be_editable()
    expect(page.locator("#answers .welcome")).to_be_visible()
    return time.monotonic() - started


def at_once(served: Served, library: Path, people: int = PEOPLE) -> dict[str, Any]:
    """Have so many people ask in the same moment; return how long they waited, and what they saw.

    Raises:
        AssertionError: somebody got an error, or no answer.
    """
    event = ask_event(served)
    asked = questions(library)
    with ThreadPoolExecutor(people) as threads:
        waits = list(
            threads.map(lambda n: one_asks(served, event, asked[n % len(asked)]), range(people))
        )
    seconds = [seconds for seconds, _ in waits]
    return {"people": people, "told_their_place": sum(told for _, told in waits)} | _told(seconds)


def crowd(served: Served, library: Path, people: int = CROWD) -> dict[str, Any]:
    """Have more people ask in the same moment than may wait; return how many were turned away.

    Raises:
        AssertionError: somebody got no answer.
        HTTPError: somebody got another error.
    """
    event = ask_event(served)
    asked = questions(library)

    def waited(number: int) -> float | None:
        try:
            return one_asks(served, event, asked[number % len(asked)])[0]
        except urllib.error.HTTPError as refused:
            if refused.code == 503 and refused.headers["retry-after"]:
                return None
            raise

    with ThreadPoolExecutor(people) as threads:
        waits = list(threads.map(waited, range(people)))
    seconds = [seconds for seconds in waits if seconds is not None]
    return {"people": people, "turned_away": people - len(seconds)} | _told(seconds)


def ask_event(served: Served) -> int:
    """Return the number of the page's event that asks."""
    config = json.loads(_read(served, "/config"))
    [button] = [
        each["id"] for each in config["components"] if each["props"].get("elem_id") == "send"
    ]
    [event] = [
        each["id"] for each in config["dependencies"] if [button, "click"] in each["targets"]
    ]
    return int(event)


def one_asks(served: Served, event: int, question: str) -> tuple[float, bool]:
    """Ask as the page does; return the seconds, and whether a place in the line was told."""
    session = uuid4().hex
    started = time.monotonic()
    body = {
        "data": [question, None, "en", "{}"],
        "fn_index": event,
        "session_hash": session,
        "event_data": None,
        "trigger_id": None,
    }
    _read(served, "/gradio_api/queue/join", body)
    told = False
    for line in _read(served, f"/gradio_api/queue/data?session_hash={session}").splitlines():
        if not line.startswith("data:"):
            continue
        message = json.loads(line[5:])
        told = told or "Questions before yours" in line
        assert message["msg"] not in ("unexpected_error", "queue_full"), line
        if message["msg"] == "process_completed":
            assert message["success"], line
            return time.monotonic() - started, told
    raise AssertionError(f"no answer to {question!r}")


def _read(served: Served, path: str, body: Any = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(  # noqa: S310  (our own server)
        served.address + path, data=data, headers={"content-type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=300) as response:  # noqa: S310  (as above)
        return str(response.read().decode())


def _told(seconds: list[float]) -> dict[str, float]:
    return {
        "median": round(statistics.median(seconds), 3),
        "most": round(max(seconds), 3),
    }


if __name__ == "__main__":
    main()
