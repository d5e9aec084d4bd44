"""Groups of texts → batches of token ids with their targets.

A window is `<s> question </s> </s> passage </s>` of at most WINDOW_TOKENS tokens. A longer passage
is cut to a run of its tokens, around the answer where there is one.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

import torch
from tokenizers import Tokenizer

from qa.span_model import MAX_QUESTION_TOKENS, WINDOW_TOKENS
from training.mixture import Group, Window

_BOS, _PAD, _EOS = 0, 1, 2
_BATCH_TOKENS: Final = 3200
_POOL: Final = 600
_STEP: Final = 16


@dataclass(frozen=True, slots=True)
class Encoded:
    """A window in tokens.

    Attributes:
        starts, ends: tokens at which an answer may start, and end; [0] where there is none.
        located: whether starts and ends are known.
        relevant: whether the passage answers.
        places: of each passage token, its characters in the passage; the first is token `offset`.
    """

    ids: list[int]
    starts: list[int]
    ends: list[int]
    located: bool
    relevant: bool
    offset: int
    places: list[tuple[int, int]]


@dataclass(frozen=True)
class Batch:
    """Some groups' windows, one after another.

    Attributes:
        ids, mask: (windows, tokens).
        starts, ends: (windows, tokens) bool, the tokens that are right.
        located, relevant: (windows,) float32, 0 or 1.
        groups: the windows of each group of two or more of which one answers; it is the first.
    """

    ids: torch.Tensor
    mask: torch.Tensor
    starts: torch.Tensor
    ends: torch.Tensor
    located: torch.Tensor
    relevant: torch.Tensor
    groups: list[range]


def encode(
    tokenizer: Tokenizer,
    question: str,
    window: Window,
    draw: random.Random | None = None,
) -> Encoded | None:
    """Return a window in tokens; None where its answer fell out of it.

    Args:
        draw: chooses where a passage that is too long is cut; None: at its start.
    """
    asked = tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION_TOKENS]
    passage = tokenizer.encode(window.text, add_special_tokens=False)
    room = WINDOW_TOKENS - len(asked) - 4
    places = passage.offsets
    spans = [
        (first, last)
        for answer in window.answers or ()
        if (found := _tokens(places, *answer)) is not None
        for first, last in [found]
    ]
    if window.answers and not spans:
        return None
    begin = 0
    if draw and len(places) > room:
        first, last = spans[0] if spans else (draw.randrange(len(places)),) * 2
        low, high = max(0, last - room + 1), min(first, len(places) - room)
        begin = draw.randint(low, high) if low <= high else min(first, len(places) - room)
    offset = len(asked) + 3
    starts, ends = [], []
    for first, last in spans:
        first, last = first - begin + offset, last - begin + offset
        if first >= offset and last < offset + room:
            tokens = range(first, last + 1)
            starts += tokens if window.whole else [first]
            ends += tokens if window.whole else [last]
    if spans and not starts:
        return None
    ids = [_BOS, *asked, _EOS, _EOS, *passage.ids[begin : begin + room], _EOS]
    return Encoded(
        ids=ids,
        starts=starts or [0],
        ends=ends or [0],
        located=window.answers is not None,
        relevant=window.relevant,
        offset=offset,
        places=places[begin : begin + room],
    )


def _tokens(places: list[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    """Return the first and last token that share a character with a place."""
    inside = [n for n, (first, last) in enumerate(places) if first < end and last > start]
    return (inside[0], inside[-1]) if inside else None


def collate(groups: list[list[Encoded]]) -> Batch:
    """Lay groups side by side, padded."""
    windows = [window for group in groups for window in group]
    width = -(-max(len(each.ids) for each in windows) // _STEP) * _STEP
    shape = (len(windows), width)
    ids = torch.full(shape, _PAD)
    mask = torch.zeros(shape, dtype=torch.long)
    starts = torch.zeros(shape, dtype=torch.bool)
    ends = torch.zeros(shape, dtype=torch.bool)
    for row, each in enumerate(windows):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        mask[row, : len(each.ids)] = 1
        starts[row, each.starts] = True
        ends[row, each.ends] = True
    ranges, at = [], 0
    for group in groups:
        if len(group) > 1 and group[0].relevant:
            ranges.append(range(at, at + len(group)))
        at += len(group)
    return Batch(
        ids,
        mask,
        starts,
        ends,
        torch.tensor([float(each.located) for each in windows]),
        torch.tensor([float(each.relevant) for each in windows]),
        ranges,
    )


def batches(groups: Iterator[Group], tokenizer: Tokenizer, seed: int) -> Iterator[Batch]:
    """Yield batches of about as many tokens each, groups of like length together."""
    draw = random.Random(seed)  # noqa: S311
    while True:
        pool = []
        for group in islice(groups, _POOL):
            rows = [encode(tokenizer, group.question, each, draw) for each in group.windows]
            if rows[0] is not None:
                pool.append([row for row in rows if row is not None])
        pool.sort(key=lambda rows: max(len(row.ids) for row in rows))
        cut: list[list[list[Encoded]]] = [[]]
        for rows in pool:
            windows = sum(map(len, cut[-1])) + len(rows)
            if windows * max(len(row.ids) for row in rows) > _BATCH_TOKENS:
                cut.append([])
            cut[-1].append(rows)
        draw.shuffle(cut)
        for chosen in cut:
            if chosen:
                yield collate(chosen)
