"""Text in the pictures of a PDF's pages, by tesseract where it is installed. Its one home.

It is a program of its own, which a worker starts under the limits that the worker has: one page is
one task. The program reads a picture and writes words; no file is written.

The pack of the right language reads best, and the wrong script gives words of no language. So a
page is read with the pack of the page before, and read again where what comes out is unsure or
speaks another language.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from itertools import repeat
from typing import Any, Final, Self

import regex

from documents.document import Layer, Word
from documents.errors import DocumentError
from documents.language import detect
from documents.page_images import SCAN_DPI, scan
from documents.process import allow_cpu, end_with_parent

PACKS: Final = {"en": "eng", "lv": "lav", "az": "aze", "tr": "tur", "ru": "rus"}
"""Language → tesseract's name for what it knows of it; the first installed is tried first."""

_UPRIGHT: Final = "osd"  # tells how a page is turned, and its script
_SCRIPTS: Final = {"Latin": "en", "Cyrillic": "ru"}
_ALIKE: Final = {"az": "tr", "tr": "az"}  # taken for each other, once their letters are lost
_SURE: Final = 75.0  # mean confidence of a page that the right pack read; the wrong script has 40
_NO_TEXT: Final = 50.0  # below it, what was read is a photograph or a drawing
_FAINT: Final = 40.0  # a line of a stamp or of a picture's edge
# The program at times leaves a line out silently; drawn in another size, the page has it.
_MUCH_INK: Final = 0.05
_AGAIN_DPI: Final = 250
_INK: Final = 128  # of 255
_LISTING_S: Final = 10
CPU_S: Final = 20  # of one pass over one page
_WORD: Final = "5"  # the level of words in tesseract's table
_DIGITS: Final = 4
_LETTER: Final = regex.compile(r"[\p{L}\p{N}]")

Run = Callable[..., Any]
"""Calls a function with arguments in a worker, and returns what it does or raises its error."""


class TimeIsOver(Exception):
    """A file's pictures have taken all the time that they may."""


@dataclass(frozen=True, slots=True)
class Tesseract:
    """The installed program and what it knows."""

    program: str
    packs: frozenset[str]
    folder: str | None = None  # where its packs lie, if somebody said so

    @classmethod
    def installed(cls) -> Self | None:
        """Return the program that is on the path with its packs; None where there is none."""
        return cls._asked(shutil.which("tesseract"), os.environ.get("TESSDATA_PREFIX"))

    @classmethod
    @cache
    def _asked(cls, program: str | None, folder: str | None) -> Self | None:
        if program is None:
            return None
        try:
            said = subprocess.run(  # noqa: S603  (a program of the user's own path, no input)
                [program, "--list-langs"], capture_output=True, timeout=_LISTING_S, check=True
            ).stdout.decode(errors="replace")
        except (OSError, subprocess.SubprocessError):
            return None
        packs = frozenset(said.split()) & {*PACKS.values(), _UPRIGHT}
        return cls(program, packs, folder) if packs - {_UPRIGHT} else None

    @property
    def fingerprint(self) -> str:
        """Return what changes with the packs: a file that has pictures is then read again."""
        return "+".join(sorted(self.packs))

    def languages(self) -> list[str]:
        """Return the languages that it can read."""
        return [language for language, pack in PACKS.items() if pack in self.packs]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass over a page gave.

    Attributes:
        layer: its words.
        confidence: how sure they are, from 0 to 100.
        left_out: what share of the page's ink lies outside of them.
    """

    layer: Layer
    confidence: float
    left_out: float

    @property
    def text(self) -> str:
        """Return the words as they are written."""
        return text_of(self.layer)


def text_of(layer: Layer) -> str:
    """Return a page's recognised words as its text."""
    return "".join(word.text + word.after for word in layer)


def recognised(
    run: Run,
    tesseract: Tesseract,
    data: bytes,
    pages: Sequence[int],
    at_once: int = 1,
    tell: Callable[[int], None] = lambda _: None,
) -> Mapping[int, Layer]:
    """Return what is written in the pictures of a PDF's pages, counted from 1.

    A page that takes too long or holds no words has none, and costs itself only; those that no
    time was left for are left out.

    Args:
        run: calls what reads a page, in a worker; several threads call it. It raises TimeIsOver
            where no time is left.
        at_once: how many pages may be read at the same time.
        tell: called with how many pages were read, before the first and after each.
    """

    def read(page: int, language: str) -> tuple[Layer | None, str]:
        try:
            reading, language = _best(run, tesseract, data, page, language)
        except DocumentError:
            return (), language
        except TimeIsOver:
            return None, language
        return reading.layer if reading.confidence >= _NO_TEXT else (), language

    first, *others = pages
    tell(0)
    found: dict[int, Layer | None] = {}
    # The others are tried in the first one's language, whatever order they are finished in.
    found[first], language = read(first, tesseract.languages()[0])
    with ThreadPoolExecutor(at_once) as threads:
        try:
            for page, (layer, _) in zip(
                others, threads.map(read, others, repeat(language)), strict=True
            ):
                tell(len(found))
                found[page] = layer
        except BaseException:
            threads.shutdown(cancel_futures=True)
            raise
    return {page: layer for page, layer in found.items() if layer is not None}


def _best(
    run: Run, tesseract: Tesseract, data: bytes, page: int, language: str
) -> tuple[Reading, str]:
    """Return the surest reading of a page, and its language; tried first is that of `language`."""
    turn = 0
    known = tesseract.languages()
    tried: dict[str, Reading] = {}

    def read(language: str) -> None:
        if language in known and language not in tried:
            tried[language] = run(read_page, tesseract, data, page, PACKS[language], turn)

    def best() -> str:
        return max(tried, key=lambda language: tried[language].confidence)

    read(language)
    if tried[language].confidence < _SURE:
        turned, script = run(orientation, tesseract, data, page)
        if turned:
            turn, tried = turned, {}
        for other in [script] if script else _SCRIPTS.values():
            read(other)
        read(language)
    for _ in known:
        said = detect(tried[best()].text)
        before = len(tried)
        read(said)
        read(_ALIKE.get(said, said))
        if len(tried) == before:
            break
    chosen = best()
    reading = tried[chosen]
    if reading.left_out > _MUCH_INK and reading.confidence >= _NO_TEXT:
        other = run(read_page, tesseract, data, page, PACKS[chosen], turn, _AGAIN_DPI)
        if other.left_out < reading.left_out and len(other.text) > len(reading.text):
            reading = other
    return reading, chosen


def orientation(tesseract: Tesseract, data: bytes, page: int) -> tuple[int, str | None]:
    """Return how far a page has to be turned clockwise, and its script by a language that has it.

    0 and None where that can't be told. Run it in a worker.
    """
    if _UPRIGHT not in tesseract.packs:
        return 0, None
    picture, dpi, _ = scan(data, page)
    said = _ask(tesseract, picture, dpi, "--psm", "0", "-l", _UPRIGHT)
    facts = dict(line.split(": ", 1) for line in said.splitlines() if ": " in line)
    return int(facts.get("Rotate", 0)), _SCRIPTS.get(facts.get("Script", ""))


def read_page(
    tesseract: Tesseract, data: bytes, page: int, pack: str, turn: int, dpi: int = SCAN_DPI
) -> Reading:
    """Return the words of a page, turned clockwise by `turn` degrees. Run it in a worker."""
    picture, dpi, size = scan(data, page, turn, dpi)
    lines = list(_lines(_ask(tesseract, picture, dpi, "-l", pack, "tsv")))
    confidence = _sureness((word, sure) for line in lines for word, sure, _ in line.words)
    layer = tuple(_words([line for line in lines if line.is_sure], size, turn))
    return Reading(layer, confidence, _left_out(picture, lines))


def _sureness(words: Iterable[tuple[str, float]]) -> float:
    """Return how sure words are, 0 to 100, the longer ones counting more; 0 for none."""
    said = [(sure, len(word)) for word, sure in words]
    letters = sum(length for _, length in said)
    return sum(sure * length for sure, length in said) / letters if letters else 0.0


def _left_out(picture: bytes, lines: list["_Line"]) -> float:
    """Return what share of a picture's dark pixels lies outside of all words."""
    from PIL import Image, ImageDraw

    with Image.open(BytesIO(picture)) as page:
        ink = sum(page.histogram()[:_INK])
        draw = ImageDraw.Draw(page)
        for line in lines:
            for _, _, (left, top, width, height) in line.words:
                draw.rectangle((left, top, left + width, top + height), fill=255)
        return sum(page.histogram()[:_INK]) / ink if ink else 0.0


def _ask(tesseract: Tesseract, picture: bytes, dpi: int, *options: str) -> str:
    """Return what the program says of a picture; nothing where it can't say."""
    environment = {"OMP_THREAD_LIMIT": "1"}  # it isn't faster with more, and others read too
    if tesseract.folder is not None:
        environment["TESSDATA_PREFIX"] = tesseract.folder
    done = subprocess.run(  # noqa: S603  (no word of the command comes from a document)
        [tesseract.program, "stdin", "stdout", "--dpi", str(dpi), *options],
        input=picture,
        capture_output=True,
        env=environment,
        preexec_fn=_confine,
        check=False,
    )
    return done.stdout.decode(errors="replace") if done.returncode == 0 else ""


def _confine() -> None:
    """Run in the program's process before it starts: the worker's other limits are its own too."""
    end_with_parent()
    allow_cpu(CPU_S)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of words: text, confidence, and place in pixels."""

    paragraph: tuple[str, str]
    words: list[tuple[str, float, tuple[int, int, int, int]]]

    @property
    def is_sure(self) -> bool:
        return _sureness((word, sure) for word, sure, _ in self.words if _LETTER.search(word)) >= (
            _FAINT
        )


def _lines(tsv: str) -> Iterator[_Line]:
    """Yield the lines of what tesseract writes: a row for each part of the page, words last."""
    line: _Line | None = None
    place = None
    for row in tsv.splitlines()[1:]:
        level, _, block, paragraph, number, _, left, top, width, height, sure, *text = row.split(
            "\t"
        )
        word = "".join(text).strip()
        if level != _WORD or not word:
            continue
        if line is None or place != (block, paragraph, number):
            if line:
                yield line
            line, place = _Line((block, paragraph), []), (block, paragraph, number)
        box = (int(left), int(top), int(width), int(height))
        line.words.append((word, float(sure), box))
    if line:
        yield line


def _words(lines: list[_Line], size: tuple[int, int], turn: int) -> Iterator[Word]:
    for number, line in enumerate(lines, start=1):
        goes_on = number < len(lines) and lines[number].paragraph == line.paragraph
        end = "\n" if goes_on else "\n\n"
        after = [" "] * (len(line.words) - 1) + [end]
        for (word, _, box), mark in zip(line.words, after, strict=True):
            yield Word(word, mark, *_turned_back(box, size, turn))


def _turned_back(
    box: tuple[int, int, int, int], size: tuple[int, int], turn: int
) -> tuple[float, float, float, float]:
    """Return a place on a picture that was turned clockwise as shares of the page before."""
    x, y, width, height = (
        round(part / whole, _DIGITS) for part, whole in zip(box, size * 2, strict=True)
    )
    right, bottom = round(1 - x - width, _DIGITS), round(1 - y - height, _DIGITS)
    return {
        0: (x, y, width, height),
        90: (y, right, height, width),
        180: (right, bottom, width, height),
        270: (bottom, x, height, width),
    }[turn]
