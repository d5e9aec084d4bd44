"""Canonical text → passages with offsets. The one home of langchain-text-splitters.

The splitter decides what goes together; offsets are ours. It sees the text with marks put in
where paragraphs and sentences end, and its chunks, with the marks taken out again, must join to
the text itself. (Its own search for offsets goes wrong on repetitive text.)
"""

from bisect import bisect_left, bisect_right
from typing import Final

import regex

from documents.document import Passage
from documents.sentences import sentences

_PARAGRAPH: Final = "\x1d"
_SENTENCE: Final = "\x1e"
_RUN: Final = "\x1f"
_MARKS: Final = regex.compile(r"[\x1d-\x1f]")
_RUN_CHARS: Final = 100
_TINY_CHARS: Final = 200
_HEADING_CHARS: Final = 150
_END_MARKS: Final = ".!?…;,|。！？؟۔।"


def split(text: str, max_chars: int = 900) -> list[Passage]:
    """Cut `text` into passages of at most `max_chars` code points, in order.

    Passages end where paragraphs or sentences do; only a sentence longer than `max_chars` is cut
    inside. A heading stays with what follows it. Between passages there is white space only.

    Raises:
        ValueError: `text` holds control characters that canonical text never has.
    """
    if _MARKS.search(text):
        raise ValueError("the text holds U+001D–U+001F: it wasn't cleaned")
    if not text.strip():
        return []
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=[_PARAGRAPH, _SENTENCE, "\n", " ", _RUN],
        keep_separator="end",
        chunk_size=max_chars,
        chunk_overlap=0,
        strip_whitespace=False,
        length_function=_length,
    )
    bounds: list[tuple[int, int]] = []
    at = 0
    for chunk in splitter.split_text(_marked(text, max_chars)):
        size = _length(chunk)
        start, end = at, at + size
        at = end
        bounds.append((start, end))
    if at != len(text):
        raise RuntimeError(f"the chunks hold {at} characters, the text {len(text)}")
    bounds = _merged(_stripped(text, bounds), max_chars)
    return [Passage(start, end, text[start:end]) for start, end in _evened(text, bounds, max_chars)]


def _length(marked: str) -> int:
    return len(marked) - sum(marked.count(mark) for mark in (_PARAGRAPH, _SENTENCE, _RUN))


def _marked(text: str, max_chars: int) -> str:
    """Return `text` with a mark after each paragraph, sentence and piece of a long run."""
    pieces: list[str] = []
    spans = sentences(text)
    for at, span in enumerate(spans):
        following = spans[at + 1].start if at + 1 < len(spans) else len(text)
        gap = text[span.end : following]
        start = 0 if at == 0 else span.start
        pieces += (_with_runs_cut(text[start : span.end], max_chars), gap)
        if _is_heading(text[span.start : span.end], gap):
            continue
        pieces.append(_PARAGRAPH if "\n\n" in gap else _SENTENCE)
    return "".join(pieces)


def _is_heading(sentence: str, gap: str) -> bool:
    return (
        "\n" in gap and len(sentence) <= _HEADING_CHARS and sentence[-1] not in ".!?…;,|。！？؟۔।"
    )


def _with_runs_cut(sentence: str, max_chars: int) -> str:
    step = min(_RUN_CHARS, max_chars)
    if len(sentence) <= step:
        return sentence
    return str(regex.sub(rf"[^ \n]{{{step}}}(?=[^ \n])", lambda found: found[0] + _RUN, sentence))


def _stripped(text: str, bounds: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept = []
    for start, end in bounds:
        chunk = text[start:end]
        start += len(chunk) - len(chunk.lstrip())
        end -= len(chunk) - len(chunk.rstrip())
        if start < end:
            kept.append((start, end))
    return kept


def _merged(bounds: list[tuple[int, int]], max_chars: int) -> list[tuple[int, int]]:
    """Join tiny passages to the neighbour before them, or the one after, where it fits."""
    merged: list[tuple[int, int]] = []
    for start, end in bounds:
        if merged:
            before = merged[-1]
            tiny = min(end - start, before[1] - before[0]) < _TINY_CHARS
            if tiny and end - before[0] <= max_chars:
                merged[-1] = (before[0], end)
                continue
        merged.append((start, end))
    return merged


def _evened(text: str, bounds: list[tuple[int, int]], max_chars: int) -> list[tuple[int, int]]:
    """Give a tiny passage that fits nowhere the last sentences of the one before it."""
    starts = [span.start for span in sentences(text)]
    evened: list[tuple[int, int]] = []
    for start, end in bounds:
        if evened and end - start < _TINY_CHARS:
            before = evened[-1]
            first = bisect_right(starts, before[0])
            # The nearest sentence that leaves both sides more than tiny.
            for candidate in reversed(starts[first : bisect_left(starts, start)]):
                if candidate - before[0] < _TINY_CHARS or end - candidate > max_chars:
                    break
                if end - candidate >= _TINY_CHARS:
                    stop = candidate - _blank_before(text, candidate)
                    evened[-1] = (before[0], stop)
                    start = candidate
                    break
        evened.append((start, end))
    return evened


def _blank_before(text: str, at: int) -> int:
    """Return how many white space characters stand before `at`."""
    start = at
    while start > 0 and text[start - 1].isspace():
        start -= 1
    return at - start
