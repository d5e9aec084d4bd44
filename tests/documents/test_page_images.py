"""The words under the boxes are read back out of the PDF: they have to be those cited."""

from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
import regex
from PIL import Image

from documents import Document, DocumentError, read, sentences
from documents.page_images import draw, locate
from documents.worker import ReaderPool

SAMPLE = Path(__file__).parents[2] / "documents" / "sample" / "documents"
PDFS = sorted(SAMPLE.rglob("*.pdf"))


def letters(text: str) -> str:
    return regex.sub(r"[^\p{L}\p{N}]", "", text)


def page_span(document: Document, page: int) -> tuple[int, int]:
    starts = document.page_starts
    return starts[page - 1], starts[page] if page < len(starts) else len(document.text)


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.name)
def test_the_words_under_the_boxes_are_those_that_are_cited(path: Path) -> None:
    data = path.read_bytes()
    document = read(data, path.name)
    pdf = pypdfium2.PdfDocument(data)
    sure = 0
    spans = list(sentences(document.text))
    for span in spans:
        page = document.page_at(span.start)
        assert page
        first, last = page_span(document, page)
        end = min(span.end, last)
        place = locate(data, page, document.text[first:last], span.start - first, end - first)
        if not place.boxes:
            continue
        sure += 1
        width, height = pdf[page - 1].get_size()
        layer = pdf[page - 1].get_textpage()
        # A little less than the box's height, so that no neighbouring line is touched.
        read_back = "".join(
            layer.get_text_bounded(
                box.left * width - 0.5,
                height - (box.top + box.height) * height + 1.5,
                (box.left + box.width) * width + 0.5,
                height - box.top * height - 1.5,
            )
            for box in place.boxes
        )
        assert letters(read_back) == letters(document.text[span.start : end])
    assert sure >= 0.9 * len(spans)


def test_words_that_the_page_has_otherwise_than_the_text_get_no_boxes() -> None:
    data = PDFS[0].read_bytes()
    assert locate(data, 1, "Words that were never printed", 0, 5).boxes == ()
    assert locate(data, 1, "", 0, 0).boxes == ()


def test_a_page_is_drawn_in_a_worker_and_one_that_is_not_there_is_told() -> None:
    data = PDFS[0].read_bytes()
    with ReaderPool() as pool:
        image = Image.open(BytesIO(pool.draw(data, 1)))
        assert image.format == "PNG"
        assert image.width == 1240
        with pytest.raises(DocumentError, match="there is no 99"):
            pool.draw(data, 99)
        with pytest.raises(DocumentError):
            pool.draw(b"%PDF-1.7 nothing", 1)


def test_pages_are_drawn_the_same_with_and_without_a_worker() -> None:
    data = PDFS[0].read_bytes()
    with ReaderPool() as pool:
        assert pool.draw(data, 1) == draw(data, 1)
