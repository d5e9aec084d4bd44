"""Vectors by passage id: FAISS's one home.

Flat inner product, exact. At a few hundred thousand passages another structure would pay; the
rest of Folio sees only ids and cosines.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt


class Vectors:
    """Unit vectors with the ids of their passages."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def empty(cls, dimension: int) -> "Vectors":
        """Return an index without vectors."""
        import faiss

        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @classmethod
    def load(cls, path: Path) -> "Vectors":
        """Read a file that `save` wrote. Check its sha256 first: a flipped bit goes unseen here.

        Raises:
            OSError: it can't be read.
        """
        import faiss

        # A question's search is short; a second thread only takes the processor from the others.
        faiss.omp_set_num_threads(1)
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise OSError(f"{path} can't be read: {error}") from error

    def save(self, path: Path) -> None:
        """Write the index to a file.

        Raises:
            OSError: it can't be written.
        """
        import faiss

        try:
            faiss.write_index(self._index, str(path))
        except RuntimeError as error:
            # FAISS's own words are a line of C++; the system's reason is lost to it.
            raise OSError(f"{path.name} can't be written to the disk") from error

    @property
    def dimension(self) -> int:
        """The length of each vector."""
        return int(self._index.d)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def ids(self) -> list[int]:
        """Return the ids that there is a vector for."""
        import faiss

        ids: list[int] = faiss.vector_to_array(self._index.id_map).tolist()
        return ids

    def add(self, ids: Sequence[int], vectors: npt.NDArray[np.float32]) -> None:
        """Add (n, dimension) float32 unit vectors under new ids."""
        if len(ids):
            self._index.add_with_ids(vectors, np.asarray(ids, np.int64))

    def remove(self, ids: Sequence[int]) -> None:
        """Forget these ids."""
        if len(ids):
            self._index.remove_ids(np.asarray(ids, np.int64))

    def nearest(
        self,
        query: npt.NDArray[np.float32],
        limit: int,
        among: npt.NDArray[np.int64] | None = None,
    ) -> dict[int, float]:
        """Return the passages nearest to (dimension,) `query`: id → cosine, best first.

        Args:
            limit: how many at most.
            among: only these ids.
        """
        import faiss

        count = min(limit, len(self) if among is None else len(among))
        if not count:
            return {}
        selector = None
        if among is not None:
            # SWIG takes keywords that its stubs don't know.
            selector = faiss.SearchParameters(sel=faiss.IDSelectorBatch(among))  # type: ignore[call-arg]
        cosines, ids = self._index.search(query[None, :], count, params=selector)
        return dict(zip(ids[0].tolist(), cosines[0].tolist(), strict=True))

    def means(self, groups: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
        """Return the unit mean of each group of ids, (groups, dimension); no group is empty."""
        found = np.empty((len(groups), self.dimension), np.float32)
        for place, ids in enumerate(groups):
            found[place] = self._index.reconstruct_batch(np.asarray(ids, np.int64)).mean(axis=0)
        unit: npt.NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
        return unit

    def cosines(self, query: npt.NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """Return the cosine of (dimension,) `query` with each of these passages."""
        if not ids:
            return {}
        vectors = np.stack([self._index.reconstruct(passage_id) for passage_id in ids])
        return dict(zip(ids, (vectors @ query).tolist(), strict=True))
