"""The trained reader: does this passage answer the question, and where?

The encoder's own layers, trained further to look at a question and a passage together. What ships
is what training changed: for each trained matrix the difference to the encoder's, in whole numbers
from -127 to 127 with a scale a row. Merged with the encoder's weights it is written as a graph into
the cache, once. Made by training/; its README says from what, and how well it reads.

The graph takes word vectors, not token ids: these are read from the encoder's file as they are
needed, and so the quarter of a gigabyte that they are isn't there twice.
"""

import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import regex

from documents import Span
from index.encoder import cache_folder, prepare, quiet
from index.runtime import Graph, batches, export_reader, open_tokenizer, padded

PACKED: Final = "reader.npz"
_FOLDER_VERSION: Final = 2
_GRAPH: Final = "reader.xml"
# It is trained on windows of so many tokens; most passages fit into one with title and question.
WINDOW_TOKENS: Final = 256
_OVERLAP_TOKENS: Final = 50
MAX_QUESTION_TOKENS: Final = 64
_MAX_SPAN_WORDS: Final = 40
_STEP: Final = 64
# Letters of scripts that put spaces between words.
_INSIDE_WORD: Final = regex.compile(
    r"[\p{L}\p{M}\p{N}--[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]]{2}",
    regex.V1,
)
_BOS, _EOS = 0, 2

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Support:
    """What the model says of one passage.

    Attributes:
        relevance: logit of "this passage answers".
        nowhere: log probability of "the answer isn't in this passage": less is better.
        places: of each word of the passage, or other token, its characters there.
        starts, ends: log probability of each to be the answer's first, or last.
    """

    relevance: float
    nowhere: float
    places: tuple[tuple[int, int], ...]
    starts: Floats
    ends: Floats

    @cached_property
    def _ends(self) -> npt.NDArray[np.int64]:
        return np.array([end for _, end in self.places], np.int64)

    @cached_property
    def _begins(self) -> npt.NDArray[np.int64]:
        return np.array([start for start, _ in self.places], np.int64)

    def touched(self, start: int, end: int) -> slice | None:
        """Return the words that share a character with these, None where none does."""
        # Words stand in order, so that those inside follow one another.
        low = int(np.searchsorted(self._ends, start, "right"))
        high = int(np.searchsorted(self._begins, end, "left"))
        return slice(low, high) if low < high else None

    def after(self, chars: int) -> "Support":
        """Return what is said of the passage after its first characters, counted from there."""
        first = next(
            (place for place, (start, _) in enumerate(self.places) if start >= chars),
            len(self.places),
        )
        return replace(
            self,
            places=tuple((start - chars, end - chars) for start, end in self.places[first:]),
            starts=self.starts[first:],
            ends=self.ends[first:],
        )

    def joined(self, other: "Support", offset: int) -> "Support":
        """Return what two readings say together of the words that both have read.

        Args:
            other: of a part of the passage.
            offset: where that part begins.
        """
        numbers = {place: number for number, place in enumerate(self.places)}
        pairs = [
            (numbers[place], number)
            for number, (start, end) in enumerate(other.places)
            if (place := (start + offset, end + offset)) in numbers
        ]
        own, others = [own for own, _ in pairs], [number for _, number in pairs]
        return Support(
            relevance=self.relevance + other.relevance,
            nowhere=self.nowhere + other.nowhere,
            places=tuple(self.places[number] for number in own),
            starts=self.starts[own] + other.starts[others],
            ends=self.ends[own] + other.ends[others],
        )

    def best(self, start: int = 0, end: int | None = None) -> tuple[Span, float] | None:
        """Return the best span inside these characters with its log probability.

        None where no word lies inside.
        """
        low = max(
            int(np.searchsorted(self._begins, start - 1, "left")),
            int(np.searchsorted(self._ends, start, "right")),
        )
        high = len(self.places)
        if end is not None:
            high = int(np.searchsorted(self._ends, end, "right"))
        if low >= high:
            return None
        # Rows are starts, columns ends.
        scores = self.starts[low:high, None] + self.ends[None, low:high]
        scores = scores + _allowed(-(-(high - low) // _STEP))[: high - low, : high - low]
        first, last = np.unravel_index(int(scores.argmax()), scores.shape)
        span = Span(max(start, self.places[low + first][0]), self.places[low + last][1])
        return span, float(scores[first, last])


@cache
def _allowed(steps: int) -> Floats:
    """Return 0 for a start and an end that make a span, -inf where it ends before, or is long.

    (_STEP · steps)², whose corner is the same for fewer words.
    """
    size = steps * _STEP
    forbidden = np.tri(size, k=-1) + np.tri(size, k=-_MAX_SPAN_WORDS).T
    return np.where(forbidden, -np.inf, 0).astype(np.float32)


class SpanModel:
    """The reader, open. Safe to call from several threads."""

    def __init__(self, folder: Path, encoder: Path, threads: int) -> None:
        self._graph = Graph(folder / _GRAPH, threads)
        self._words = word_vectors(encoder)
        self._tokenizer = open_tokenizer(encoder)

    @classmethod
    def open(cls, threads: int = 1) -> "SpanModel":
        """Open the shipped reader; the first time, write its graph into the cache.

        Args:
            threads: processor threads a question may use.

        Raises:
            ModelError: the default encoder, whose weights it needs, can't be had.
        """
        encoder = prepare()
        return cls(prepare_reader(encoder), encoder, threads)

    def score(self, question: str, passages: Sequence[str]) -> list[Support]:
        """Return the support of each passage for an answer, in their order."""
        if not passages:
            return []
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids
        asked = asked[:MAX_QUESTION_TOKENS]
        read = self._tokenizer.encode_batch(list(passages), add_special_tokens=False)
        room = WINDOW_TOKENS - len(asked) - 4
        windows = [
            (place, start)
            for place, each in enumerate(read)
            for start in _window_starts(len(each.ids), room)
        ]
        rows = [
            [_BOS, *asked, _EOS, _EOS, *read[place].ids[start : start + room], _EOS]
            for place, start in windows
        ]
        logits = [np.full((len(each.ids), 2), -np.inf, np.float32) for each in read]
        relevances = [-np.inf] * len(read)
        for batch in batches([len(row) for row in rows]):
            ids, mask = padded([rows[number] for number in batch])
            found, relevant = self._graph.infer([self._words[ids].astype(np.float32), mask])
            for row, number in enumerate(batch):
                place, start = windows[number]
                part = logits[place][start : start + room]
                first = len(asked) + 3
                # Against "nowhere in this window", so that windows can be compared.
                said = found[row, first : first + len(part)] - found[row, 0]
                np.maximum(part, said, out=part)
                relevances[place] = max(relevances[place], float(relevant[row]))
        return [
            _support(values, relevance, each.offsets, text)
            for values, relevance, each, text in zip(
                logits, relevances, read, passages, strict=True
            )
        ]

    def score_titled(self, question: str, passages: Sequence[tuple[str, str]]) -> list[Support]:
        """Return the support of each passage, read under its title; places are the passage's own.

        Args:
            passages: title and text of each.
        """
        heads = [head(*each) for each in passages]
        read = [above + text for above, (_, text) in zip(heads, passages, strict=True)]
        supports = self.score(question, read)
        return [each.after(len(above)) for each, above in zip(supports, heads, strict=True)]


def head(title: str, text: str) -> str:
    """Return what a passage is read under: its document's title, if it doesn't say that itself.

    What a passage is about, of which memorandum it is a clause, is often told by the title alone.
    """
    title = " ".join(title.split())
    return "" if title in " ".join(text.split()) else title + "\n"


def prepare_reader(encoder: Path, weights: Path | None = None) -> Path:
    """Write the reader's graph into the cache if it isn't there, and return its folder.

    Args:
        encoder: the default encoder's folder.
        weights: a packed reader; None: the one that ships.
    """
    from filelock import FileLock

    packed = weights or Path(str(files("qa").joinpath(PACKED)))
    digest = hashlib.sha256(packed.read_bytes()).hexdigest()[:12]
    folder = cache_folder() / f"reader-{digest}-{_FOLDER_VERSION}"
    if not folder.exists():
        with FileLock(f"{folder}.lock"):
            if not folder.exists():
                unfinished = folder.with_suffix(".unfinished")
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir(parents=True)
                with quiet():
                    export_reader(encoder, *unpack(packed), unfinished / _GRAPH)
                unfinished.rename(folder)
    return folder


def pack(differences: dict[str, Floats], heads: dict[str, Floats], path: Path) -> None:
    """Write what training changed.

    Args:
        differences: to the encoder's parameters, by their names.
        heads: the parameters that the encoder doesn't have.
    """
    arrays: dict[str, npt.NDArray[Any]] = {}
    for name, values in differences.items():
        if values.ndim == 2:
            scale = np.maximum(np.abs(values).max(1, keepdims=True) / 127, 1e-12)
            arrays[f"whole/{name}"] = np.rint(values / scale).astype(np.int8)
            arrays[f"scale/{name}"] = scale.astype(np.float32)
        else:
            arrays[f"plain/{name}"] = values.astype(np.float32)
    arrays |= {f"head/{name}": values.astype(np.float32) for name, values in heads.items()}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def unpack(path: Path) -> tuple[dict[str, Floats], dict[str, Floats]]:
    """Return what `pack` wrote: differences and heads, float32."""
    differences, heads = {}, {}
    with np.load(path, allow_pickle=False) as arrays:
        for key in arrays.files:
            kind, _, name = key.partition("/")
            if kind == "whole":
                differences[name] = arrays[key] * arrays[f"scale/{name}"]
            elif kind == "plain":
                differences[name] = arrays[key]
            elif kind == "head":
                heads[name] = arrays[key]
    return differences, heads


def word_vectors(encoder: Path) -> npt.NDArray[np.floating[Any]]:
    """Return the encoder's word vectors, (vocabulary, width), mapped from its file.

    A safetensors file opens with the length of its header, u64, and the header in JSON.
    """
    path = encoder / "model.safetensors"
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    [name] = [each for each in header if each.endswith("embeddings.word_embeddings.weight")]
    dtype = {"F32": np.float32, "F16": np.float16}[header[name]["dtype"]]
    start = 8 + length + header[name]["data_offsets"][0]
    return np.memmap(path, dtype, "r", start, tuple(header[name]["shape"]))


def _window_starts(tokens: int, room: int) -> range:
    """Return the first tokens of windows of `room` tokens that overlap and cover a passage."""
    return range(0, max(1, tokens - _OVERLAP_TOKENS), room - _OVERLAP_TOKENS)


def _support(
    logits: Floats, relevance: float, offsets: list[tuple[int, int]], text: str
) -> Support:
    """Return what logits say; (tokens, 2), start and end against "nowhere", which has 0."""
    places = _trimmed(offsets, text)
    firsts = _first_tokens(places, text)
    # A word's probability is that of its tokens together.
    words = np.logaddexp.reduceat(logits, firsts, 0) if firsts else logits
    everywhere = np.vstack([np.zeros((1, 2), np.float32), words])
    top = everywhere.max(0)
    log_probabilities = everywhere - top - np.log(np.exp(everywhere - top).sum(0))
    lasts = [first - 1 for first in [*firsts[1:], len(places)]] if firsts else []
    return Support(
        relevance=relevance,
        nowhere=float(log_probabilities[0].sum()),
        places=tuple(
            (places[first][0], places[last][1]) for first, last in zip(firsts, lasts, strict=True)
        ),
        starts=log_probabilities[1:, 0],
        ends=log_probabilities[1:, 1],
    )


def _first_tokens(places: list[tuple[int, int]], text: str) -> list[int]:
    """Return the tokens that don't go on with the word of the one before."""
    return [
        number
        for number, (start, _) in enumerate(places)
        if number == 0
        or places[number - 1][1] != start
        or not _INSIDE_WORD.fullmatch(text[max(0, start - 1) : start + 1])
    ]


def _trimmed(places: list[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """Return tokens' places without the white space that some begin with."""
    return [
        (start + len(text[start:end]) - len(text[start:end].lstrip()), end)
        if text[start:end].strip()
        else (start, end)
        for start, end in places
    ]
