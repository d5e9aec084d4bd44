import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from index.library import Library
from tests.serving import Served, environment, folio, folio_command, free_port, serving


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which the served app writes its log."""
    return tmp_path_factory.mktemp("events")


@pytest.fixture(scope="module")
def served(
    small_library: Library, logged: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOLIO_LOG", str(logged))
        with serving(small_library.folder, tmp_path_factory.mktemp("logs")) as running:
            yield running


def get(served: Served, path: str, **headers: str) -> tuple[int, Message, str]:
    request = urllib.request.Request(served.address + path, headers=headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310
            return response.status, response.headers, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def test_healthz_and_readyz_answer(served: Served) -> None:
    assert get(served, "/healthz")[::2] == (200, "ok")
    status, _, body = get(served, "/readyz")
    assert (status, json.loads(body)) == (200, {"ready": True, "generation": 1})


@pytest.mark.parametrize("path", ["/", "/healthz", "/folio/folio.css", "/nowhere", "/config"])
def test_every_response_keeps_the_page_to_itself(served: Served, path: str) -> None:
    _, headers, _ = get(served, path)
    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "http" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["server"] is None


def test_the_page_begins_in_the_browsers_language_without_the_frameworks_name(
    served: Served,
) -> None:
    _, _, page = get(served, "/", **{"Accept-Language": "lv-LV,lv;q=0.9"})
    assert '<html lang="lv"' in page
    assert "<title>" not in page or "Gradio" not in page
    assert not re.search(r'<meta\s[^>]*"(?:og|twitter):', page)
    _, _, page = get(served, "/?lang=%3Cscript%3E")
    assert '<html lang="en"' in page


def test_no_event_is_offered_as_an_api(served: Served) -> None:
    status, _, body = get(served, "/gradio_api/info")
    assert status == 200
    assert json.loads(body) == {"named_endpoints": {}, "unnamed_endpoints": {}}
    assert get(served, "/docs")[0] == 404


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/proxy=http://localhost/"])
def test_nothing_can_be_uploaded_and_nothing_is_fetched_for_anybody(
    served: Served, path: str
) -> None:
    assert get(served, path)[0] == 404


def post(served: Served, path: str, body: bytes, **headers: str) -> str:
    request = urllib.request.Request(served.address + path, body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            return str(response.read().decode())
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()


def test_the_log_and_what_the_server_prints_have_no_secret(served: Served, logged: Path) -> None:
    canaries = [f"canary-{what}-zanzibarax" for what in ("question", "words", "cookie", "pass")]
    question, words, cookie, password = canaries
    secret = {"Cookie": f"folio_session={cookie}", "Authorization": f"Bearer {cookie}"}
    own = secret | {"X-Folio": "1"}
    events = json.loads(get(served, "/config")[2])["dependencies"]
    number = next(each["id"] for each in events if each["api_name"] == "ask")

    def ask(*data: object) -> str:
        body = {"data": data, "fn_index": number, "session_hash": question}
        kind = {"Content-Type": "application/json"}
        post(served, "/gradio_api/queue/join", json.dumps(body).encode(), **kind, **secret)
        return get(served, f"/gradio_api/queue/data?session_hash={question}", **secret)[2]

    asked = f"Who is {question} of Liepāja, and who pays for the scholarships?"
    assert "scholarships" in ask(asked, None, None, "")
    # What is wrong is told by whatever it meets first: the page's framework, or our own code.
    for wrong in (
        [question],
        [question, question, question, question],
        [{question: 1}],
        [asked] * 9,
    ):
        ask(*wrong)
    form = urlencode({"name": password, "password": password}).encode()
    post(served, "/folio/login", form, **secret)
    for path in ("library/file?name=x.txt", "judgement?helpful=true", "export?format=json", "x?y="):
        post(served, f"/folio/{path}&q={question}", f'["{words}"'.encode(), **own)
    get(served, f"/folio/source?passage={question}&start=x", **secret)
    get(served, f"/?q={question}&passage={words}", **secret)
    [path] = logged.iterdir()
    events_logged = [json.loads(line)["event"] for line in path.read_text().splitlines()]
    assert events_logged[:2] == ["command", "question"]
    said = path.read_text() + served.output.read_text() + served.errors.read_text()
    assert not [each for each in [*canaries, "Liep\\u0101ja", "twelve"] if each in said]


def test_no_file_of_the_machine_is_served(served: Served, small_library: Library) -> None:
    for path in ("/etc/passwd", str(small_library.documents / "en.txt"), "../../ui.py"):
        status, _, body = get(served, f"/gradio_api/file={path}")
        assert status in (403, 404)
        assert "Liepāja" not in body


def test_it_says_its_address_and_what_to_ask_about_when_it_answers(served: Served) -> None:
    lines = served.output.read_text(encoding="utf-8").splitlines()
    assert lines[0] == f"Folio is ready: {served.address}"
    assert lines[1].startswith(("Try asking: ", "Ask about what is in the library, for instance “"))
    assert served.errors.read_text(encoding="utf-8").startswith("Folio is starting")


def test_a_taken_port_is_told_in_one_line(small_library: Library) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        failed = folio("serve", "--library", small_library.folder, "--port", port)
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1
    assert f"port {port} is taken" in failed.stderr
    assert "--port" in failed.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104
def test_another_host_than_this_machine_is_refused(small_library: Library, host: str) -> None:
    failed = folio("serve", "--library", small_library.folder, "--host", host)
    assert failed.returncode == 1
    assert failed.stderr.count("\n") == 1
    assert "--no-auth" in failed.stderr


def test_a_library_without_an_index_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    failed = folio("serve", "--library", tmp_path, "--port", free_port())
    assert failed.returncode == 1
    assert "folio index" in failed.stderr.splitlines()[-1]
    assert "Traceback" not in failed.stderr


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_a_signal_ends_it_cleanly(small_library: Library, tmp_path: Path, name: str) -> None:
    with serving(small_library.folder, tmp_path) as running:
        running.process.send_signal(getattr(signal, name))
        assert running.process.wait(20) == 0
        assert running.errors.read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize("after_s", [0.0, 0.6, 1.5])
def test_a_signal_ends_it_cleanly_while_it_starts(small_library: Library, after_s: float) -> None:
    command = [*folio_command(), "serve", "--library", small_library.folder, "--port", free_port()]
    with subprocess.Popen(
        [*map(str, command)], stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stderr
        assert process.stderr.readline().startswith(b"Folio is starting")
        time.sleep(after_s)
        process.terminate()
        assert process.wait(20) == 0
        assert process.stderr.read() == b""


def test_help_does_not_import_what_is_heavy() -> None:
    script = (
        "import sys, ui; sys.exit(bool({'gradio', 'torch', 'numpy', 'uvicorn'} & {*sys.modules}))"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=Path(__file__).parent.parent)
    assert ran.returncode == 0


@pytest.mark.parametrize(
    "document",
    [
        "../folio.toml", "../../etc/passwd", "/etc/passwd", "..", ".", "", "en.txt/..", "./en.txt",
        "en.txt\0", "en.txt\0.pdf", "EN.TXT", "en.txt ", " en.txt", "en.txt/", "//en.txt",
        "..\\en.txt", "..%2fen.txt", "%2e%2e/index/CURRENT", "../index/CURRENT", "index/CURRENT",
        "../documents/en.txt", "ru/../en.txt", "ru", "ru/", "file:///etc/passwd", "~/.bashrc",
        "http://127.0.0.1/", "en.txt?x", "en.txt#x", "%00", "\n", "*", "....//....//etc/passwd",
    ],
)  # fmt: skip
def test_only_documents_of_the_library_can_be_downloaded(served: Served, document: str) -> None:
    for address in ("/folio/original", "/folio/page.png"):
        status, _, body = get(served, f"{address}?{urlencode({'document': document})}")
        assert status == 404
        assert body in ("no such document", "no such page")
    status, _, body = get(served, f"/folio/{quote(document)}")
    assert "Liepāja" not in body
    assert "root:" not in body


def test_a_document_is_downloaded_and_never_shown(served: Served, small_library: Library) -> None:
    status, headers, body = get(served, "/folio/original?document=ru/ru.txt")
    assert status == 200
    assert body == (small_library.documents / "ru/ru.txt").read_text(encoding="utf-8")
    assert headers["content-type"] == "application/octet-stream"
    assert headers["content-disposition"] == "attachment; filename*=UTF-8''ru.txt"
    assert headers["x-content-type-options"] == "nosniff"


def test_the_fonts_styles_scripts_and_manifest_are_our_own(served: Served) -> None:
    for name in ("fonts.css", "folio.css", "js/page.js", "folio.webmanifest"):
        status, _, body = get(served, f"/folio/{name}")
        assert status == 200
        assert not re.search(r"https?://(?!www\.w3\.org)", body)
    assert json.loads(get(served, "/folio/folio.webmanifest")[2])["display"] == "standalone"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/folio/library/file?name=new.txt"),
        ("POST", "/folio/library/remove?document=en.txt"),
        ("POST", "/folio/library/restore?document=en.txt"),
        ("POST", "/folio/library/build"),
        ("POST", "/folio/library/cancel"),
        ("GET", "/folio/library/findings"),
    ],
)
def test_nothing_is_changed_for_another_site(
    served: Served, small_library: Library, method: str, path: str
) -> None:
    for headers in ({}, {"X-Folio": "1", "Origin": "http://evil.example"}):
        request = urllib.request.Request(  # noqa: S310
            served.address + path, method=method, headers=headers, data=b"x"
        )
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(request, timeout=30)  # noqa: S310
    assert (small_library.documents / "en.txt").is_file()
    assert not (small_library.documents / "new.txt").exists()
