"""Two readers of one PDF: which page is whose, and what is said of those that neither can read."""

import itertools
import time
from io import BytesIO
from pathlib import Path

import pytest

from documents import DocumentError, read
from documents.formats import pdf
from documents.formats.pdfium import Pdfium

PAGED = (Path(__file__).parent / "files" / "paged.pdf").read_bytes()
PICTURE = (Path(__file__).parent / "files" / "picture.pdf").read_bytes()
PASSWORD = (Path(__file__).parent / "files" / "password.pdf").read_bytes()
GLYPHS = "/g18/g152/g135/g148 " * 40


@pytest.mark.parametrize("unread", ["", GLYPHS])
def test_a_page_that_the_first_cant_read_is_read_by_the_second(
    unread: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = pdf._text
    plain = read(PAGED, "a.pdf")
    monkeypatch.setattr(pdf, "_text", lambda r, n: unread if n == 1 else first(r, n))
    document = read(PAGED, "a.pdf")
    assert document.notes == ("Page 2: read by PDFium.",)
    assert document.text.count("Līgums paredz") == plain.text.count("Līgums paredz") == 24
    assert plain.notes == ()


def test_pages_that_neither_can_read_are_noted_and_not_indexed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first = pdf._text
    monkeypatch.setattr(pdf, "_text", lambda r, n: GLYPHS if n in (1, 2) else first(r, n))
    monkeypatch.setattr(Pdfium, "text", lambda self, n: GLYPHS)
    document = read(PAGED, "a.pdf")
    assert document.notes == ("Pages 2–3: letters that can't be told.",)
    assert document.unread == (2, 3)
    assert "/g18" not in document.text
    assert len(document.page_starts) == 4


def test_a_file_that_the_first_cant_open_is_read_by_the_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(data: bytes) -> None:
        raise DocumentError("corrupt", "The PDF is damaged.")

    monkeypatch.setattr(pdf, "_opened", refuse)
    document = read(PAGED, "a.pdf")
    assert document.notes == ("Pages 1–4: read by PDFium.",)
    assert document.text.count("Līgums paredz") == 24


def test_a_long_book_goes_on_with_the_faster_one(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = pdf._opened(PAGED)
    costs = [pdf._cost(reader, number) for number in range(4)]
    assert all(cost > pdf._PAGE_BYTES for cost in costs)
    monkeypatch.setattr(pdf, "_MOST_BYTES", sum(costs[:2]) + 1)
    assert read(PAGED, "a.pdf").notes == ("Pages 3–4: read by PDFium.",)


def test_a_clock_that_runs_away_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = read(PAGED, "a.pdf")
    for clock in ("monotonic", "time", "perf_counter", "process_time"):
        monkeypatch.setattr(time, clock, itertools.count(0.0, 1e6).__next__)
    assert read(PAGED, "a.pdf") == plain


def test_forms_that_a_page_draws_count_too() -> None:
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

    form = DecodedStreamObject()
    form.set_data(b"0 0 m 1 1 l S\n" * 1000)
    form[NameObject("/Subtype")] = NameObject("/Form")
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    drawn = DictionaryObject({NameObject("/F"): writer._add_object(form)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): drawn})
    out = BytesIO()
    writer.write(out)
    assert pdf._cost(PdfReader(out), 0) == pdf._PAGE_BYTES + 14_000


def test_a_scan_says_which_pages_are_pictures() -> None:
    with pytest.raises(DocumentError, match="Page 1: no text, only a picture") as caught:
        read(PICTURE, "a.pdf")
    assert caught.value.reason == "no_text"


def test_the_second_opinion_asks_for_the_password_too() -> None:
    with pytest.raises(DocumentError) as caught:
        Pdfium(PASSWORD)
    assert caught.value.reason == "encrypted"


@pytest.mark.parametrize(
    ("numbers", "said"),
    [([4], "Page 4"), ([2, 3, 4, 5], "Pages 2–5"), ([1, 3, 4, 9], "Pages 1, 3–4, 9")],
)
def test_pages_are_named_as_people_name_them(numbers: list[int], said: str) -> None:
    assert pdf._named(numbers) == said


@pytest.mark.parametrize("words", ["日本語Abstract012", "あAbstract012", "東京とBakuの協力"])
def test_scripts_without_spaces_may_stand_beside_others(words: str) -> None:
    assert not pdf._is_garbled(words)
    assert pdf._is_garbled("Ðþßאב Ħωжה ђåЖب")
