"""Text in pictures: recognised where tesseract is installed, told of where it isn't."""

import os
import shutil
import time
from io import BytesIO
from pathlib import Path

import pytest
import regex
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter

from documents import Document, DocumentError, read, worker
from documents.limits import Limits, holding
from documents.page_images import draw, locate
from documents.recognition import PACKS, Tesseract, text_of
from documents.worker import WALL_S, ReaderPool
from index import build as building
from index.generation import open_current
from index.library import Library
from tests.documents.papers import SCANNED, SEEN, paper
from tests.faults.host import hashing_encoder

SCANS = (Path(__file__).parent / "files" / "scans.pdf").read_bytes()
# However busy the machine is that tests.
PATIENT = Limits(ocr_s=600)
FILLS_THE_PAGE = "q 595 0 0 842 0 0 cm /I Do Q\n"


def words(text: str) -> list[str]:
    return regex.findall(r"[\p{L}\p{N}]+", text)


def one_page(number: int) -> bytes:
    writer = PdfWriter()
    writer.add_page(PdfReader(BytesIO(SCANS)).pages[number - 1])
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def tesseract() -> Tesseract:
    found = Tesseract.installed()
    if found is None or not set(PACKS.values()) | {"osd"} <= found.packs:
        pytest.skip(f"tesseract with {', '.join(PACKS.values())} and osd isn't installed")
    return found


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return an empty folder that is the whole path on which programs are looked for."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


@pytest.fixture(scope="module")
def scanned(tesseract: Tesseract) -> tuple[Document, list[tuple[str, int, int]]]:
    """Return the five scans as they are read, and what was told meanwhile."""
    told: list[tuple[str, int, int]] = []
    with (
        holding(PATIENT),
        ReaderPool(tesseract=tesseract, tell=lambda *news: told.append(news)) as pool,
    ):
        return pool.read_bytes(SCANS, "scans.pdf"), told


@pytest.mark.slow
def test_scans_in_five_languages_are_read_page_by_page(
    scanned: tuple[Document, list[tuple[str, int, int]]],
) -> None:
    document, told = scanned
    assert document.notes == ("Pages 1–5: text recognised in a picture.",)
    assert tuple(document.recognised) == (1, 2, 3, 4, 5)
    assert document.unread == ()
    assert told == [("scans.pdf", done, 5) for done in range(5)]
    edges = [*document.page_starts, len(document.text)]
    for page, (language, written) in enumerate(SCANNED.items()):
        found = words(document.text[edges[page] : edges[page + 1]])
        right = sum(word in found for word in words(written))
        # Of the English page's words one is a name that English doesn't spell: Liepāja.
        assert right >= len(words(written)) - (language == "en"), (language, found)
        assert len(found) == len(words(written))


@pytest.mark.slow
def test_the_boxes_of_recognised_words_cover_what_is_printed_on_the_page_as_it_is_drawn(
    scanned: tuple[Document, list[tuple[str, int, int]]],
) -> None:
    document, _ = scanned
    edges = [*document.page_starts, len(document.text)]
    for page, layer in document.recognised.items():
        text = document.text[edges[page - 1] : edges[page]]
        place = locate(SCANS, page, text, 0, len(text), layer)
        assert place.recognised
        image = Image.open(BytesIO(draw(SCANS, page))).convert("L")
        ink = sum(image.histogram()[:128])
        for box in place.boxes:
            left, top = round(box.left * image.width), round(box.top * image.height)
            right = round((box.left + box.width) * image.width)
            bottom = round((box.top + box.height) * image.height)
            assert sum(image.crop((left, top, right, bottom)).histogram()[:128]) > 20
            ImageDraw.Draw(image).rectangle((left - 2, top - 2, right + 2, bottom + 2), fill=255)
        assert sum(image.histogram()[:128]) < 0.02 * ink
    sentence = document.text.index("Müdürü")
    page_at = document.page_at(sentence)
    assert page_at == 4
    start = sentence - edges[3]
    some = locate(
        SCANS, 4, document.text[edges[3] : edges[4]], start, start + 20, document.recognised[4]
    )
    assert 1 <= len(some.boxes) <= 4  # a box a word: the lines run the other way


@pytest.mark.slow
def test_a_picture_is_read_the_same_every_time(tesseract: Tesseract) -> None:
    data = one_page(2)
    with holding(PATIENT), ReaderPool(tesseract=tesseract) as pool:
        assert pool.read_bytes(data, "a.pdf") == pool.read_bytes(data, "a.pdf")


def test_a_file_says_which_pages_are_pictures_where_nothing_reads_them(nowhere: Path) -> None:
    assert Tesseract.installed() is None
    document = read(paper(SEEN, FILLS_THE_PAGE, FILLS_THE_PAGE, SEEN, FILLS_THE_PAGE), "a.pdf")
    assert document.notes == ("Pages 2–3, 5: no text, only a picture.",)
    assert document.unread == (2, 3, 5)
    assert not document.recognised
    with pytest.raises(DocumentError, match="Install tesseract") as caught:
        read(SCANS, "a.pdf")
    assert caught.value.reason == "no_text"
    assert caught.value.pages == (1, 2, 3, 4, 5)


def test_a_scan_with_a_stamp_as_its_only_text_is_told_too() -> None:
    document = read(paper(FILLS_THE_PAGE + SEEN.replace("agreement was", "")), "a.pdf")
    assert document.unread == (1,)
    assert document.notes == ("Page 1: a picture with little text.",)


def test_a_program_that_is_no_tesseract_is_not_used(nowhere: Path) -> None:
    program = nowhere / "tesseract"
    program.write_text("#!/bin/sh\nexit 3\n")
    program.chmod(0o755)
    assert Tesseract.installed() is None


def program_that(tmp_path: Path, does: str) -> Tesseract:
    program = tmp_path / "tesseract"
    program.write_text(f"#!/bin/sh\n{does}\n")
    program.chmod(0o755)
    return Tesseract(str(program), frozenset(PACKS.values()))


def test_a_file_whose_pictures_take_longer_than_they_may_says_which_pages_are_left(
    tmp_path: Path,
) -> None:
    slow = program_that(tmp_path, "while :; do :; done")
    with holding(Limits(ocr_s=1)), ReaderPool(tesseract=slow) as pool:
        began = time.monotonic()
        document = pool.read_bytes(paper(SEEN, *[FILLS_THE_PAGE] * 20), "a.pdf")
        assert time.monotonic() - began < WALL_S
        with pytest.raises(DocumentError, match=r"1 s.*ocr_wall_s") as caught:
            pool.read_bytes(SCANS, "a.pdf")
    assert document.notes == (
        "Pages 2–21: no text, only a picture.",
        "Reading a file's pictures may take 1 s: the others are left (ocr_wall_s).",
    )
    assert (document.unread, document.cut_short) == (tuple(range(2, 22)), True)
    assert (caught.value.reason, caught.value.pages) == ("timeout", (1, 2, 3, 4, 5))


def test_a_file_that_took_its_time_already_is_read_once_and_its_pictures_are_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "_SPARE_S", 1000.0)  # as if reading had taken as long
    read: list[str] = []
    with ReaderPool(tesseract=program_that(tmp_path, "exit 1")) as pool:
        once = pool._run
        monkeypatch.setattr(
            pool, "_run", lambda task, *args: read.append(task.__name__) or once(task, *args)
        )
        document = pool.read_bytes(paper(SEEN, FILLS_THE_PAGE), "a.pdf")
    assert read == ["_task"]
    assert document.cut_short
    assert document.notes[0] == "Page 2: no text, only a picture."


def test_so_many_pictures_of_a_file_are_read_and_the_others_named(tmp_path: Path) -> None:
    blind = program_that(tmp_path, "exit 1")
    with holding(Limits(ocr_pages=2)), ReaderPool(tesseract=blind) as pool:
        document = pool.read_bytes(paper(SEEN, *[FILLS_THE_PAGE] * 3), "a.pdf")
        with pytest.raises(DocumentError, match="ocr_max_pages") as caught:
            pool.read_bytes(SCANS, "a.pdf")
        whole = pool.read_bytes(paper(SEEN, *[FILLS_THE_PAGE] * 2), "a.pdf")
    assert document.notes == (
        "Pages 2–3: a picture without text that can be recognised.",
        "Page 4: no text, only a picture.",
        "2 pictures of a file are read, not more (ocr_max_pages).",
    )
    assert document.cut_short
    assert caught.value.reason == "limit"
    assert (whole.cut_short, len(whole.notes)) == (False, 1)


def test_a_file_whose_pictures_were_left_is_read_again_once_more_may_be_read(
    make_library, monkeypatch, tmp_path
):
    monkeypatch.setattr(building, "open_encoder", hashing_encoder)
    blind = program_that(tmp_path, "exit 1")
    monkeypatch.setattr(Tesseract, "installed", lambda: blind)
    library = make_library({"en.txt": "Words."}, "ocr_max_pages = 1")
    (library.documents / "a.pdf").write_bytes(paper(SEEN, *[FILLS_THE_PAGE] * 2))
    building.build(library)
    assert building.build(library).unchanged == 2
    (library.folder / "folio.toml").write_text("ocr_max_pages = 2")
    assert building.build(Library.open(library.folder)).changed == ["a.pdf"]
    assert building.build(Library.open(library.folder)).unchanged == 2


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks for processes in /proc")
def test_a_page_that_takes_too_long_costs_itself_only_and_leaves_no_process(tmp_path: Path) -> None:
    slow = program_that(tmp_path, "while :; do :; done")
    program = Path(slow.program)
    with ReaderPool(wall_s=2, tesseract=slow) as pool:
        document = pool.read_bytes(paper(SEEN, FILLS_THE_PAGE), "a.pdf")
    assert document.notes == ("Page 2: a picture without text that can be recognised.",)
    assert document.unread == (2,)
    deadline = time.monotonic() + 5
    while running(program) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not running(program)


def running(program: Path) -> bool:
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdecimal() and str(program) in (process / "cmdline").read_text():
                return True
        except OSError:
            continue
    return False


@pytest.mark.slow
def test_pictures_are_read_once_tesseract_is_there_and_left_where_it_is_switched_off(
    make_library, monkeypatch, tesseract, nowhere
):
    monkeypatch.setattr(building, "open_encoder", hashing_encoder)
    library = make_library({"en.txt": "Words."}, "ocr_wall_s = 600")
    (library.documents / "scan.pdf").write_bytes(one_page(5))

    def row():
        rows = open_current(library.index).store.documents()
        return next(row for row in rows if row.document == "scan.pdf")

    building.build(library)
    assert (row().reason, row().unread, row().recognised) == ("no_text", [1], [])
    assert building.build(library).unchanged == 2
    (nowhere / "tesseract").symlink_to(tesseract.program)
    assert building.build(library).changed == ["scan.pdf"]
    assert (row().reason, row().unread, row().recognised) == (None, [], [1])
    layer = open_current(library.index).store.layer("scan.pdf", 1)
    assert layer
    assert words(text_of(layer)) == words(SCANNED["ru"])
    assert building.build(library).unchanged == 2
    # What was read stays where the program is gone, and goes where it isn't wanted.
    (nowhere / "tesseract").unlink()
    assert building.build(library).unchanged == 2
    monkeypatch.setenv("FOLIO_OCR", "false")
    assert building.build(type(library).open(library.folder)).changed == ["scan.pdf"]
    assert row().reason == "no_text"


def test_the_program_that_is_found_is_the_one_on_the_path() -> None:
    found = Tesseract.installed()
    assert (found is None) or found.program == shutil.which("tesseract", path=os.environ["PATH"])
