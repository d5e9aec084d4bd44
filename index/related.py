"""Documents that say the same: near-duplicates, by the words they share, and translations.

Advisory: they are linked, and nothing is left out for it. Links are kept in the generation and
found when a document comes in. A near-duplicate is nominated by the smallest hashes of its
shingles, which documents that are alike share (Broder 1997, "On the resemblance and containment of
documents"); a translation by the mean of its passages' vectors, in another language and of similar
length. What is nominated is held against the whole of both documents, and against nothing else, so
that a link doesn't depend on the rest of the library.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import regex

from documents.dates import find_dates
from index import lexical
from index.cache import unpack
from index.draft import Draft
from index.rows import Relation
from index.vectors import Vectors

# Of the shingles of both documents, the share that both have: a word changed takes five away.
DUPLICATE: Final = 0.5
_SHINGLE_WORDS: Final = 5
_SKETCH: Final = 16
# What so many documents have in common, such as a form's text, nominates no others.
_SHARED_BY: Final = 50
# So many nominated documents are looked at closely, and so many links a document gets at the most.
_LOOKED_AT: Final = 12

# How well sentences follow one another in both documents: see `alignment`.
TRANSLATION: Final = 0.34
_NEAR: Final = 0.82
_LENGTHS: Final = 0.5
_SENTENCES: Final = 3
_MOST_SENTENCES: Final = 1000
# From so many dates and numbers on they count: a form that is filled in anew is no translation.
_FACTS: Final = 5
_SAME_FACTS: Final = 0.4
_AT_ONCE: Final = 256

_WORD: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_NUMBER: Final = regex.compile(r"\d{1,3}(?:[.,\u00a0\u202f ]\d{3})+(?!\d)|\d+(?:[.,]\d+)?")
_NOT_DIGITS: Final = regex.compile(r"\D")
# Odd numbers of 64 bits, and splitmix64's finishing touch (Steele, Lea and Flood 2014).
_PLACES: Final = np.array([0x9E3779B97F4A7C15**n % 2**64 for n in range(1, 6)], np.uint64)
_MIXING: Final = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))

Hashes = npt.NDArray[np.int64]
Rows = npt.NDArray[np.float32]


class _Entry(NamedTuple):
    """A document as translations are looked for: `chars` is where its last passage ends."""

    id: int
    language: str
    chars: int
    passages: list[int]


def link(store: Draft, vectors: Vectors, files: Sequence[str]) -> None:
    """Find what the documents of these files are related to, among all, and keep it."""
    rows = store.rows(
        "SELECT id FROM documents WHERE state = 'indexed'"
        " AND file IN (SELECT value FROM json_each(?)) ORDER BY id",
        [json.dumps(list(files))],
    )
    new = [row["id"] for row in rows]
    for document in new:
        _link_duplicates(store, document)
    _link_translations(store, vectors, new)


def shingles(text: str) -> Hashes:
    """Return the hashes of a text's runs of five words, whatever their spelling, in order."""
    words = np.array(
        [crc32(word.encode()) for word in _WORD.findall(lexical.fold(text))], np.uint64
    )
    if not len(words):
        return np.array([], np.int64)
    width = min(_SHINGLE_WORDS, len(words))
    runs = np.lib.stride_tricks.sliding_window_view(words, width)
    mixed = (runs * _PLACES[:width]).sum(axis=1, dtype=np.uint64)
    for shift, factor in _MIXING:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return np.unique((mixed ^ (mixed >> np.uint64(31))).view(np.int64))


def resemblance(one: Hashes, two: Hashes) -> float:
    """Return the share of all shingles of two documents that both have, 0 to 1."""
    both = len(np.intersect1d(one, two, assume_unique=True))
    return both / max(1, len(one) + len(two) - both)


def alignment(one: Rows, two: Rows) -> float:
    """Return how well the sentences of two documents can be paired in order, 0 to 1.

    The best sum of cosines of pairs that don't cross, of the most that there could be. Of each
    document's sentences their mean is taken away first: what they all have in common is the
    language, the title and the subject.

    Args:
        one, two: (n, dimension) and (m, dimension), in the order of the text.
    """
    cosines = np.maximum(_centred(one) @ _centred(two).T, 0)
    best = np.zeros(len(two) + 1)
    for row in cosines:
        best[1:] = np.maximum.accumulate(np.maximum(best[1:], best[:-1] + row))
    return float(2 * best[-1] / (len(one) + len(two)))


def same_facts(one: Counter[str], two: Counter[str]) -> bool:
    """Return whether most dates and numbers of two texts are the same; a few may be otherwise."""
    either = (one | two).total()
    return either < _FACTS or (one & two).total() >= _SAME_FACTS * either


def facts(text: str) -> Counter[str]:
    """Return a text's numbers in digits, and those of its dates: "7 June 2021" → 2021, 6, 7."""
    dates = find_dates(text)
    found = Counter(part.lstrip("0") for date in dates for part in date.iso.split("-"))
    for date in reversed(dates):
        text = f"{text[: date.span.start]} {text[date.span.end :]}"
    numbers = _NUMBER.findall(text)
    return found + Counter(_NOT_DIGITS.sub("", number).lstrip("0") for number in numbers)


def _centred(rows: Rows) -> Rows:
    away = rows - rows.mean(axis=0)
    centred: Rows = away / np.maximum(np.linalg.norm(away, axis=1, keepdims=True), 1e-6)
    return centred


def _link_duplicates(store: Draft, document: int) -> None:
    own = shingles(store.text_of(document))
    sketch = json.dumps(own[:_SKETCH].tolist())
    nominated = store.rows(
        "SELECT document_id FROM sketches WHERE hash IN (SELECT value FROM json_each(?))"
        " GROUP BY document_id ORDER BY count(*) DESC, document_id LIMIT ?",
        [sketch, _LOOKED_AT],
    )
    for row in nominated:
        share = resemblance(own, shingles(store.text_of(row["document_id"])))
        if share >= DUPLICATE:
            _keep(store, document, row["document_id"], "duplicate", share)
    store.rows(
        "INSERT INTO sketches SELECT value, ? FROM json_each(?)"
        " WHERE (SELECT count(*) FROM sketches WHERE hash = value) < ?",
        [document, sketch, _SHARED_BY],
    )


def _link_translations(store: Draft, vectors: Vectors, new: Sequence[int]) -> None:
    entries = _entries(store)
    if len({entry.language for entry in entries}) < 2:
        return

    @lru_cache(maxsize=_AT_ONCE)
    def said(document: int) -> Rows:
        return _sentences(store, document)

    @lru_cache(maxsize=_AT_ONCE)
    def facts_of(document: int) -> Counter[str]:
        return facts(store.text_of(document))

    for one, two in _nominated(entries, vectors, set(new)):
        if min(len(said(one)), len(said(two))) < _SENTENCES:
            continue
        score = alignment(said(one), said(two))
        if score >= TRANSLATION and same_facts(facts_of(one), facts_of(two)):
            _keep(store, one, two, "translation", score)


def _entries(store: Draft) -> list[_Entry]:
    rows = store.rows(
        'SELECT d.id, d.language, p.id AS passage, p."end" FROM passages p'
        " JOIN documents d ON d.id = p.document_id ORDER BY d.id, p.start"
    )
    found = []
    for (number, language), group in groupby(rows, lambda row: (row["id"], row["language"])):
        passages = list(group)
        ids = [row["passage"] for row in passages]
        found.append(_Entry(number, language, passages[-1]["end"], ids))
    return found


def _nominated(
    entries: Sequence[_Entry], vectors: Vectors, new: set[int]
) -> Iterator[tuple[int, int]]:
    """Yield pairs that may be translations, the smaller id first, each once."""
    means = vectors.means([entry.passages for entry in entries])
    languages = np.array([entry.language for entry in entries])
    chars = np.array([entry.chars for entry in entries])
    places = [place for place, entry in enumerate(entries) if entry.id in new]
    seen = set()
    for start in range(0, len(places), _AT_ONCE):
        part = places[start : start + _AT_ONCE]
        for place, cosines in zip(part, means[part] @ means.T, strict=True):
            lengths = np.minimum(chars, chars[place]) / np.maximum(chars, chars[place])
            fit = (cosines >= _NEAR) & (languages != languages[place]) & (lengths >= _LENGTHS)
            others = np.flatnonzero(fit)
            for other in others[np.argsort(-cosines[others], kind="stable")][:_LOOKED_AT]:
                one, two = sorted((entries[place].id, entries[other].id))
                if (one, two) not in seen:
                    seen.add((one, two))
                    yield one, two


def _sentences(store: Draft, document: int) -> Rows:
    """Return the vectors of a document's sentences, (n, dimension), in its order."""
    rows = store.rows(
        "SELECT s.vector FROM sentences s JOIN passages p ON p.id = s.passage_id"
        " WHERE p.document_id = ? ORDER BY s.start LIMIT ?",
        [document, _MOST_SENTENCES],
    )
    return np.stack([unpack(row["vector"]) for row in rows]) if rows else np.zeros((0, 1), "f4")


def _keep(store: Draft, one: int, two: int, relation: Relation, score: float) -> None:
    for pair in ((one, two), (two, one)):
        store.rows(
            "INSERT OR IGNORE INTO related VALUES (?, ?, ?, ?)", [*pair, relation, round(score, 4)]
        )
