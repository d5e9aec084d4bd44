"""The server's own addresses, without a browser: what they give, and what they refuse."""

import json
import re
import shutil
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from documents.worker import ReaderPool
from index.additions import additions
from index.build import build
from index.files import describe, described
from index.library import Library
from index.removed import user
from qa.assistant import Assistant
from qa.kept import judgements
from qa.strings import say
from qa.web import shelf
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


def test_a_page_has_another_address_once_its_file_is_replaced(
    client: TestClient, library: Library
) -> None:
    file = library.documents / "paged.pdf"

    def address() -> str:
        build(library)
        [shown] = re.findall(r'src="([^"]+)"', client.get("/folio/source?document=paged.pdf").text)
        picture = client.get(unescape(shown))
        assert picture.content.startswith(b"\x89PNG")
        assert "max-age" in picture.headers["cache-control"]
        return str(shown)

    file.write_bytes(PDF.read_bytes())
    first = address()
    file.write_bytes(PDF.read_bytes() + b"\n% The same text in another file.\n")
    assert address() != first
    file.write_bytes(PDF.read_bytes())
    assert address() == first


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


def test_a_document_is_described_and_renamed_and_who_added_one_is_told(
    client: TestClient, library: Library
) -> None:
    put = client.put(
        "/folio/library/file", params={"name": "n/new.txt"}, content=b"New.", headers=OURS
    )
    assert put.json() == {"result": "stored"}
    beside = library.documents / "n" / "new.txt.meta.toml"
    beside.parent.mkdir(exist_ok=True)
    beside.write_text("# Ours.\nauthor = 'Ann'\n", encoding="utf-8")
    asked = {"document": "n/new.txt"}
    values = {"title": 'The “new” \\ "text"', "author": "", "date": "2021-03"}
    answer = client.put("/folio/library/description", params=asked, json=values, headers=OURS)
    assert answer.status_code == 200, answer.text
    assert beside.read_text(encoding="utf-8").startswith("# Ours.\n")
    said = client.get("/folio/library/description", params=asked, headers=OURS).json()
    assert said == {"title": values["title"], "date": "2021-03"}
    renamed = client.post(
        "/folio/library/rename", params=asked | {"new": "m/old.txt"}, headers=OURS
    )
    assert renamed.status_code == 200, renamed.text
    while client.get("/folio/library/job").json()["state"] == "running":
        time.sleep(0.1)
    [row] = [row for row in Assistant.open(library).documents() if row.document == "m/old.txt"]
    assert (row.title, row.date) == (values["title"], "2021-03")
    added = additions(library)
    assert added["m/old.txt"].by == user()
    assert added["en.txt"].by == ""
    changes = client.get("/folio/library/changes", headers=OURS).json()
    assert "m/old.txt" in changes["added"]


@pytest.mark.parametrize(
    ("name", "result"),
    [
        ("en.txt", "taken"), ("run.exe", "unread"), ("x.txt.meta.toml", "unread"),
        ("../x.txt", "bad_name"), ("/x.txt", "bad_name"), (".x.txt", "bad_name"),
        ("a/../x.txt", "bad_name"), ("a\\x.txt", "bad_name"), ("x\n.txt", "bad_name"),
        # 255 bytes are what a disk takes, those of a sidecar's ending among them.
        ("ж" * 121 + ".txt", "bad_name"), ("ж" * 123 + "/x.txt", "bad_name"),
    ],
)  # fmt: skip
def test_an_upload_that_is_not_taken_says_why(
    client: TestClient, library: Library, name: str, result: str
) -> None:
    before = sorted(library.documents.rglob("*"))
    answer = client.put("/folio/library/file", params={"name": name}, content=b"x", headers=OURS)
    assert answer.json() == {"result": result}
    assert sorted(library.documents.rglob("*")) == before


def test_a_long_name_in_cyrillic_is_taken_and_can_be_described(
    client: TestClient, library: Library
) -> None:
    name = "ж" * 120 + ".txt"
    answer = client.put("/folio/library/file", params={"name": name}, content=b"x", headers=OURS)
    assert answer.json() == {"result": "stored"}
    describe(library, name, {"title": "Ж"})
    assert described(library, name) == {"title": "Ж"}


def test_a_document_is_not_replaced_by_a_file_of_another_ending(
    client: TestClient, library: Library
) -> None:
    def put(came_as: str) -> str:
        asked = {"name": "en.txt", "replace": "true", "came_as": came_as}
        answer = client.put("/folio/library/file", params=asked, content=b"%PDF-", headers=OURS)
        return str(answer.json()["result"])

    file = library.documents / "en.txt"
    before = file.read_bytes()
    assert put("en.pdf") == "other_ending"
    assert file.read_bytes() == before
    assert put("new.TXT") == "stored"
    file.write_bytes(before)


def test_who_has_added_as_many_files_as_may_be_in_a_day_adds_no_more(
    assistant: Assistant, library: Library
) -> None:
    before = sum(each.by == user() for each in additions(library).values())
    settings = replace(library.settings, upload_max_files_a_day=before + 1)
    limited = Assistant(replace(library, settings=settings), searcher=assistant.searcher())
    with ReaderPool() as pool:
        client = TestClient(server(limited, pool, Access(may_change=True)), "http://127.0.0.1:7860")

        def put(name: str) -> dict[str, str]:
            asked = {"name": name, "lang": "lv" if name.startswith("lv/") else ""}
            answer = client.put(
                "/folio/library/file", params=asked, content=name.encode(), headers=OURS
            )
            told: dict[str, str] = answer.json()
            return told

        assert client.get("/folio/library").json()["upload_max_files"] == 200
        assert put("day/1.txt") == {"result": "stored"}
        assert "1 files were added" in put("day/2.txt")["message"] or before
        assert "upload_max_files_a_day" in put("day/2.txt")["message"]
        assert put("lv/2.txt") == {"message": say("day_full", "lv", count=before + 1)}
    assert not (library.documents / "day/2.txt").exists()


def test_the_files_of_a_library_are_measured_once_for_many_uploads(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = []
    monkeypatch.setattr(shelf, "held_bytes", lambda library: counted.append(library) or 0)
    for number in range(3):
        put = client.put(f"/folio/library/file?name=many/{number}.txt", content=b"x", headers=OURS)
        assert put.json() == {"result": "stored"}
    assert len(counted) <= 1


@pytest.mark.parametrize(
    "values", [{"date": "soon"}, {"kind": "poem"}, {"titel": "x"}, {"title": "x\u007fy"}]
)
def test_a_description_that_is_not_understood_is_refused_and_nothing_is_written(
    client: TestClient, library: Library, values: dict[str, str]
) -> None:
    asked = {"document": "tr.txt"}
    answer = client.put("/folio/library/description", params=asked, json=values, headers=OURS)
    assert answer.status_code == 409
    assert next(iter(values)) in answer.json()["message"]
    assert not (library.documents / "tr.txt.meta.toml").exists()


@pytest.mark.parametrize(
    ("values", "new", "said"),
    [
        ({"date": "soon"}, "", say("bad_date", "ru", value="soon")),
        ({"signed": "2019-13"}, "", say("bad_date", "ru", value="2019-13")),
        ({"language": "Latvian"}, "", say("bad_language", "ru", value="Latvian")),
        ({}, "en.txt", say("name_taken", "ru")),
        ({}, "tr.pdf", say("other_ending", "ru", ending=".txt")),
        ({}, "../tr.txt", say("bad_name", "ru")),
    ],
)
def test_a_refusal_is_in_the_language_of_the_page(
    client: TestClient, values: dict[str, str], new: str, said: str
) -> None:
    asked = {"document": "tr.txt", "lang": "ru"}
    if new:
        answer = client.post("/folio/library/rename", params=asked | {"new": new}, headers=OURS)
    else:
        address = "/folio/library/description"
        answer = client.put(address, params=asked, json=values, headers=OURS)
    assert answer.status_code == 409
    assert answer.json() == {"message": said}


@pytest.mark.parametrize("new", ["../tr.txt", "en.txt", "tr.pdf", "tr", ".tr.txt", ""])
def test_a_name_that_can_not_be_given_is_refused(
    client: TestClient, library: Library, new: str
) -> None:
    answer = client.post(
        "/folio/library/rename", params={"document": "tr.txt", "new": new}, headers=OURS
    )
    assert answer.status_code == 409
    assert (library.documents / "tr.txt").is_file()
