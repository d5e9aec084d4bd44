"""The server's own addresses, without a browser: what they give, and what they refuse."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from documents.worker import ReaderPool
from index.build import build
from index.library import Library
from qa.assistant import Assistant
from qa.kept import judgements
from qa.web.access import Access
from qa.web.routes import server

PDF = Path(__file__).parents[1] / "documents" / "files" / "paged.pdf"
PACKED = "In the box lies a note about the Quxville harbour."
OURS = {"x-folio": "1"}
QUESTION = "For how many years does the harbour agreement run?"


@pytest.fixture(scope="module")
def library(small_library: Library, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return the small library with an archive that has an archive in it."""
    folder = tmp_path_factory.mktemp("routes") / "library"
    shutil.copytree(small_library.folder, folder)
    inner, outer = BytesIO(), folder / "documents" / "box.zip"
    with zipfile.ZipFile(inner, "w") as packed:
        packed.writestr("note.html", f"<html><body><p>{PACKED}</p></body></html>")
    with zipfile.ZipFile(outer, "w") as packed:
        packed.writestr("inner.zip", inner.getvalue())
        packed.write(PDF, "papers/paged.pdf")
    library = Library.open(folder)
    build(library)
    return library


@pytest.fixture(scope="module")
def assistant(library: Library) -> Assistant:
    return Assistant.open(library)


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with ReaderPool() as pool:
        yield TestClient(server(assistant, pool, Access(may_change=True)), "http://127.0.0.1:7860")


@pytest.fixture(scope="module")
def kept(assistant: Assistant) -> dict[str, object]:
    values: dict[str, object] = json.loads(json.dumps(assistant.ask(QUESTION).to_json()))
    return values


def test_what_is_packed_is_downloaded_by_itself_and_never_shown(client: TestClient) -> None:
    for document, name in (
        ("box.zip/inner.zip/note.html", "note.html"),
        ("box.zip/papers/paged.pdf", "paged.pdf"),
    ):
        answer = client.get("/folio/original", params={"document": document})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/octet-stream"
        assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
        if name == "paged.pdf":
            assert answer.content == PDF.read_bytes()
        else:
            assert PACKED in answer.text


def test_a_packed_pdf_is_drawn(client: TestClient) -> None:
    asked = {"document": "box.zip/papers/paged.pdf", "page": 2}
    answer = client.get("/folio/page.png", params=asked)
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.parametrize("document", ["box.zip", "box.zip/inner.zip", "box.zip/none.txt"])
def test_what_is_no_document_is_not_given(client: TestClient, document: str) -> None:
    assert client.get("/folio/original", params={"document": document}).status_code == 404


def test_a_judgement_is_kept_with_its_answer_and_shown_to_the_librarian(
    client: TestClient, library: Library, kept: dict[str, object]
) -> None:
    for values in ({"helpful": "true"}, {"helpful": "false", "reason": "wrong_quote:  no\nyears "}):
        answer = client.post("/folio/judgement", params=values, json=kept, headers=OURS)
        assert answer.status_code == 200
    last, first = judgements(library)
    assert (first.helpful, first.reason) == (True, "")
    assert (last.helpful, last.reason, last.question) == (False, "wrong_quote: no years", QUESTION)
    assert last.answer["quotes"] == kept["quotes"]
    shown = client.get("/folio/library/feedback", headers=OURS).json()
    assert [item["id"] for item in shown] == [last.id, first.id]


def test_a_judgement_of_another_site_or_of_no_answer_is_refused(
    client: TestClient, library: Library, kept: dict[str, object]
) -> None:
    before = len(judgements(library))
    asked = {"params": {"helpful": "true"}, "json": kept}
    assert client.post("/folio/judgement", **asked).status_code == 403  # type: ignore[arg-type]
    foreign = OURS | {"origin": "http://evil.example"}
    answer = client.post("/folio/judgement", **asked, headers=foreign)  # type: ignore[arg-type]
    assert answer.status_code == 403
    for body, reason in ({}, ""), ([], ""), (kept, "x" * 501):
        values = {"helpful": "false", "reason": reason}
        answer = client.post("/folio/judgement", params=values, json=body, headers=OURS)
        assert answer.status_code == 400
    assert len(judgements(library)) == before
