import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import documents
from documents import DocumentError, read, reading
from documents.cleaning import clean
from documents.formats import SUFFIXES
from documents.formats.raw import Raw
from documents.limits import Limits, holding
from documents.worker import ReaderPool

NEWS = """Ventspils parks uzņem partnerus

Ventspils, 2023. gada 9. oktobris

Ventspilī viesosies projekta partneri no Zviedrijas un Somijas. Vizītes mērķis ir iepazīties ar \
biznesa atbalsta ekosistēmu pilsētā.
"""


def test_a_text_file_becomes_a_document() -> None:
    document = read(NEWS.encode("cp1257"), "2023/vizite.txt")
    assert document.title == "Ventspils parks uzņem partnerus"
    assert document.language == "lv"
    assert document.date == "2023-10-09"
    assert document.kind == "article"
    assert document.page_starts == ()
    assert document.page_at(5) is None
    assert document.text == NEWS.strip()


def test_the_same_bytes_give_the_same_document() -> None:
    assert read(NEWS.encode(), "a.txt") == read(NEWS.encode(), "a.txt")


@given(st.binary(max_size=300), st.sampled_from(sorted(SUFFIXES)))
@settings(max_examples=150)
def test_any_bytes_give_canonical_text_or_a_reason(data: bytes, suffix: str) -> None:
    try:
        document = read(data, f"a{suffix}")
    except DocumentError:
        return
    assert clean([document.text]) == (document.text, ())
    assert document.title
    assert "\n" not in document.title


@pytest.mark.parametrize(
    ("said", "kept"),
    [("Ņem\x00u\ud83d", "Ņemu\ufffd"), ("\udc00İ\u200bş", "\ufffdİş"), ("\x00\x00", None)],
)
def test_what_a_file_says_of_itself_holds_only_characters_of_text(
    monkeypatch: pytest.MonkeyPatch, said: str, kept: str | None
) -> None:
    raw = Raw(["Līgums\n\nTeksts."], title=said, author=said)
    monkeypatch.setattr(reading, "load", lambda *_: raw)
    document = read(b"x", "a.txt")
    assert (document.title, document.author) == (kept or "Līgums", kept)
    assert document.origins["title"] == ("file" if kept else "text")


def test_a_file_too_large_is_refused_unread() -> None:
    with holding(Limits(file_mb=1)), pytest.raises(DocumentError, match="1 MB") as caught:
        read(b"x" * ((1 << 20) + 1), "a.txt")
    assert caught.value.reason == "limit"


def test_a_text_too_long_is_refused_here_and_in_a_worker() -> None:
    with holding(Limits(text_chars=10)), ReaderPool() as pool:
        for each in (read, pool.read_bytes):
            with pytest.raises(DocumentError, match="10 characters") as caught:
                each(b"eleven characters", "a.txt")
            assert caught.value.reason == "limit"


def test_importing_the_package_imports_no_heavy_library() -> None:
    heavy = "lxml pypdf docx trafilatura lingua langchain_text_splitters pebble markdown_it"
    code = (
        "import sys, documents, documents.worker; "
        f"print([name for name in {heavy.split()} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_the_public_names_are_these() -> None:
    assert sorted(documents.__all__) == [
        "Document", "DocumentError", "Outcome", "Passage", "READER_VERSION", "Span", "detect",
        "read", "read_all", "sentences", "split",
    ]  # fmt: skip
