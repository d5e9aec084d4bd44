"""Hard negatives: for a question, the passages that the encoder itself puts first.

Vectors are computed once and kept in the work folder.
"""

import hashlib
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.default_model import PROMPTS
from index.encoder import prepare
from index.runtime import Runtime
from training.corpus import Context, Corpus, Question

Vectors = npt.NDArray[np.float32]


def embed(texts: list[str], kind: str, work: Path) -> Vectors:
    """Return (n, 384) float32 unit vectors of queries or documents, from the cache if there."""
    digest = hashlib.sha256("\0".join([kind, *texts]).encode()).hexdigest()[:16]
    path = work / f"vectors-{digest}.npy"
    if path.exists():
        return np.load(path).astype(np.float32)
    runtime = Runtime(prepare(), threads=2)
    vectors = np.zeros((len(texts), 384), np.float16)
    for start in range(0, len(texts), 512):
        chunk = [PROMPTS[kind] + text for text in texts[start : start + 512]]
        for places, rows in runtime.encode(chunk):
            vectors[[start + place for place in places]] = rows
    work.mkdir(parents=True, exist_ok=True)
    np.save(path, vectors)
    return vectors.astype(np.float32)


class Miner:
    """The encoder's ranking of one set's contexts.

    Args:
        contexts: among which to look; held-out ones are never returned.
    """

    def __init__(self, contexts: list[Context], work: Path) -> None:
        self.contexts = contexts
        self.vectors = embed([each.text for each in contexts], "document", work)
        self._places: dict[str, npt.NDArray[np.int64]] = {
            language: np.array(
                [
                    place
                    for place, each in enumerate(contexts)
                    if each.language == language and not each.dev
                ]
            )
            for language in {each.language for each in contexts}
        }

    def first(self, vector: Vectors, language: str | None, parallel: str, k: int) -> list[Context]:
        """Return the k nearest contexts in a language (None: in any) that don't answer.

        Args:
            parallel: the right paragraph's; none of its translations is returned.
        """
        if language is None:
            places = np.arange(len(self.contexts))
        else:
            places = self._places.get(language, np.array([], np.int64))
        order = places[np.argsort(-(self.vectors[places] @ vector), kind="stable")]
        found = []
        for place in order:
            if self.contexts[place].parallel != parallel:
                found.append(self.contexts[place])
                if len(found) == k:
                    break
        return found


def query_vectors(questions: list[Question], work: Path) -> dict[str, Vectors]:
    """Return the questions' vectors by the questions' names."""
    vectors = embed([each.text for each in questions], "query", work)
    return {each.name: vector for each, vector in zip(questions, vectors, strict=True)}


def of_source(corpus: Corpus, source: str, work: Path) -> Miner:
    """Return a miner over one set."""
    return Miner(corpus.contexts_of(source), work)
