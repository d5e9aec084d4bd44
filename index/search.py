"""A question in, ranked passages out: dense and lexical evidence, fused.

score = cosine + LEXICAL · (BM25 / the BM25 of a passage that had every word of the question often)

The lexical part says which share of the question's rare words a passage holds, and so it is near
zero where the passage speaks another language, but for names and numbers. Rank fusion has no such
zero: it gives the best of a bad list as much as the best of a good one, and was measured to take
an English question's right Latvian passage from 0.75 to 0.32.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from index import lexical
from index.encoder import Encoder, fingerprint_of, open_encoder
from index.errors import ModelError
from index.generation import Generation, open_current, pointer_bytes
from index.library import Library
from index.limited import Allows, limited
from index.rows import PassageRow
from index.within import Within

LEXICAL: Final = 0.2
_POOL: Final = 50
_BM25_K1: Final = 1.2
_COMMON: Final = 0.1
_FEW: Final = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its score; higher is better, and only comparable within one question.

    Attributes:
        cosine: of the question's vector and the passage's, -1 to 1.
        lexical: share of the question's words that the passage holds, weighted, 0 to 1.
    """

    passage: PassageRow
    score: float
    cosine: float
    lexical: float


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for the search.

    Attributes:
        vector: (dimension,) float32, unit length.
        weights: the question's terms with their inverse document frequency in this generation;
            terms that hardly tell passages apart are left out.
    """

    text: str
    vector: npt.NDArray[np.float32]
    weights: dict[str, float]

    def share(self, text: str) -> float:
        """Return which share of the question's terms, by weight, is in `text`: 0 to 1."""
        total = sum(self.weights.values())
        if not total:
            return 0.0
        return sum(self.weights.get(term, 0.0) for term in set(lexical.terms(text))) / total


@dataclass(frozen=True, slots=True)
class Result:
    """What a search found, best first."""

    query: str
    hits: tuple[Hit, ...]
    generation: int
    elapsed_ms: int


class Searcher:
    """One generation with its encoder. Safe to call from several threads."""

    def __init__(self, generation: Generation, encoder: Encoder) -> None:
        self.generation = generation
        self._encoder = encoder
        self._languages = {
            language: np.array(ids, np.int64)
            for language, ids in generation.store.passage_languages().items()
        }

    @classmethod
    def open(cls, library: Library, encoder: Encoder | None = None) -> "Searcher":
        """Open the library's current generation.

        Args:
            encoder: one that is open already.

        Raises:
            LibraryError: there is no index yet.
            IndexCorrupt: the index isn't what was committed.
            ModelError: the encoder isn't the one that the index was built with.
        """
        generation = open_current(library.index)
        wanted = library.settings.encoder
        fingerprint = encoder.fingerprint if encoder else fingerprint_of(wanted)
        if generation.manifest.fingerprint != fingerprint:
            raise ModelError(
                f"the index was built with model {generation.manifest.fingerprint}, "
                f"this library's is {fingerprint}: run `folio index`"
            )
        opened = encoder or open_encoder(wanted)
        if generation.vectors.dimension != opened.dimension:
            raise ModelError(
                f"the index has vectors of length {generation.vectors.dimension}, the model's have "
                f"{opened.dimension}: delete {library.index} and run `folio index`"
            )
        return cls(generation, opened)

    def limited(self, allows: Allows) -> "Searcher":
        """Return a searcher for which only documents whose path is allowed are there."""
        return Searcher(limited(self.generation, allows), self._encoder)

    @property
    def encoder(self) -> Encoder:
        """The encoder, for the searcher of the next generation."""
        return self._encoder

    def stale(self, library: Library) -> bool:
        """Return whether another generation has been committed since."""
        return pointer_bytes(library.index) != self.generation.pointer

    def query(self, question: str) -> Query:
        """Embed a question and weigh its words."""
        terms = sorted(set(lexical.terms(question)))
        holding = self.generation.store.holding(terms)
        passages = len(self.generation.vectors)
        common = max(_FEW, _COMMON * passages)
        weights = {
            term: lexical.idf(passages, holding.get(term, 0))
            for term in terms
            if holding.get(term, 0) <= common
        }
        return Query(question, self._encoder.encode_query(question), weights)

    def missing(self, names: Sequence[str], language: str) -> list[str]:
        """Return those of some names and numbers that no passage has in any form.

        A name of several words is missing where one of them is: no passage has
        "Tartu Science Park" where none has "Tartu". But where no passage is in the question's
        language the others may have it translated, and all of its words have to be missing.

        Args:
            language: that the names are in.
        """
        keys = {name: lexical.keys(name) for name in names}
        terms = {term for words in keys.values() for word in words for term in word}
        known = self.generation.store.holding(sorted(terms)).keys()
        amiss = any if language in self._languages else all
        return [
            name
            for name, words in keys.items()
            if words and amiss(known.isdisjoint(word) for word in words)
        ]

    def allowed(self, within: Within | None) -> npt.NDArray[np.int64] | None:
        """Return the ids of the passages that a search may find; None where it may find all."""
        if not within:
            return None
        store = self.generation.store
        return np.array(store.passage_ids_of(within.paths(store.documents())), np.int64)

    def search(
        self,
        query: Query,
        limit: int = 10,
        per_language: int = 0,
        among: npt.NDArray[np.int64] | None = None,
    ) -> list[Hit]:
        """Return the best passages, best first.

        Args:
            limit: how many, whatever their language.
            per_language: how many of each language at least, where it has so many. An encoder
                holds passages in the question's language nearer than they are, so that others
                would never be seen by what reads more closely.
            among: only these ids, as `allowed` gives them.
        """
        store, vectors = self.generation.store, self.generation.vectors
        pool = max(_POOL, limit)
        terms = list(query.weights)
        cosines = vectors.nearest(query.vector, pool, among)
        if per_language:
            for ids in self._languages.values():
                ids = ids if among is None else np.intersect1d(ids, among)
                cosines |= vectors.nearest(query.vector, per_language, ids)
        bm25 = store.bm25(terms, pool, None if among is None else among.tolist())
        bm25 |= store.bm25(terms, pool, [place for place in cosines if place not in bm25])
        cosines |= vectors.cosines(query.vector, [place for place in bm25 if place not in cosines])
        best_bm25 = (_BM25_K1 + 1) * sum(query.weights.values()) or 1.0
        lexicals = {place: bm25.get(place, 0.0) / best_bm25 for place in cosines}
        scores = {place: cosines[place] + LEXICAL * lexicals[place] for place in cosines}
        ranked = sorted(scores, key=lambda place: (-scores[place], place))
        languages = store.languages(ranked)
        seen: Counter[str] = Counter()
        chosen = []
        for rank, place in enumerate(ranked):
            seen[languages[place]] += 1
            if rank < limit or seen[languages[place]] <= per_language:
                chosen.append(place)
        return [
            Hit(passage, scores[passage.id], cosines[passage.id], lexicals[passage.id])
            for passage in store.passages(chosen)
        ]

    def nearest_sentences(self, query: Query, passages: Sequence[int]) -> dict[int, float]:
        """Return for each of these passages the cosine of its sentence nearest to the question."""
        best: dict[int, float] = {}
        for passage, vector in self.generation.store.sentence_vectors(passages):
            best[passage] = max(best.get(passage, -1.0), float(vector @ query.vector))
        return best
