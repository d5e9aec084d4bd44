"""Make the index agree with documents/: read what changed, embed it, commit a generation.

The cost follows the change: a build starts from a copy of the last generation, files are known by
the sha256 of their bytes, and a vector once computed is kept. A file that can't be read costs
itself only.
"""

import os
import shutil
import time
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from documents import READER_VERSION, Document, DocumentError, Span, sentences, split
from documents.limits import holding
from documents.worker import ReaderPool
from index import archive, related
from index.cache import VectorCache, text_key
from index.changes import Changes, Progress, compare, contents
from index.draft import Draft
from index.encoder import Encoder, fingerprint_of, open_encoder
from index.errors import IndexCorrupt
from index.generation import (
    STORE,
    VECTORS,
    Manifest,
    commit,
    current_number,
    last_store,
    pointer_bytes,
    unfinished,
    verify_current,
    writing,
)
from index.library import Library
from index.records import Records
from index.revisions import as_read, revision, tesseract, unread
from index.rows import DocumentRow, Source
from index.settings import Settings
from index.store import FORMAT, Store
from index.vectors import Vectors

_CACHE_FILE: Final = "vectors.cache"
_EMBED_AT_ONCE: Final = 256
# A sentence is embedded behind its document's title: "It was founded in 2018" then tells what was.
_TITLE_CHARS: Final = 100

_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that isn't in the index, with its reason."""

    document: str
    reason: str
    message: str


@dataclass(slots=True)
class Report:
    """What a build did. Paths are relative to documents/, sorted."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    failed: list[Failure] = field(default_factory=list)
    passages: int = 0
    generation: int = 0
    elapsed_s: float = 0.0

    def gone(self, document: str) -> None:
        """Take note that a file was deleted between being noticed and being read."""
        if document in self.changed:
            self.changed.remove(document)
            self.removed = sorted([*self.removed, document])
        else:
            self.added.remove(document)


def build(library: Library, progress: Progress = lambda *_: None) -> Report:
    """Make the index agree with the files, and say what changed.

    Raises:
        IndexBusy: another process is doing it.
        ModelError: the encoder can't be had.
    """
    started = time.monotonic()
    most = holding(library.settings.limits())
    with writing(library.index), Records.open(library.records) as records, most:
        report = _build(library, records, progress)
    report.elapsed_s = round(time.monotonic() - started, 3)
    return report


def outdated(library: Library) -> list[str]:
    """Return the paths whose file isn't what the current generation holds.

    Raises:
        LibraryError: there is no index yet.
        IndexCorrupt: the index isn't what was committed.
    """
    _, folder = verify_current(library.index)
    changes = compare(library, Store.read(folder / STORE))
    return sorted([*changes.paths, *changes.removed])


def _build(library: Library, records: Records, progress: Progress) -> Report:
    settings = library.settings
    fingerprint = fingerprint_of(settings.encoder)
    last = _reusable(library, fingerprint)
    held = Store.read(last[1] / STORE) if last else None
    if last and held:
        # A build that was killed right after its commit didn't get to it.
        archive.remember(records, last[0].number, held.documents())
    changes = compare(library, held, progress)
    report = Report(
        added=[*changes.added],
        changed=[*changes.changed],
        removed=[*changes.removed],
        unchanged=changes.unchanged,
        generation=_next_number(library.index, records),
    )
    if last and held:
        if not changes:
            report.generation = last[0].number
            _conclude(report, held)
            return report
        held.close()
    # Opening a model takes its time; where every vector is known, none is opened.
    encoder = cache(lambda: open_encoder(settings.encoder, threads=os.cpu_count() or 1))
    with unfinished(library.index) as folder:
        if last is None:
            store = Draft.create(folder / STORE)
            vectors = Vectors.empty(encoder().dimension)
        else:
            shutil.copyfile(last[1] / STORE, folder / STORE)
            store = Draft.edit(folder / STORE)
            vectors = Vectors.load(last[1] / VECTORS)
        with VectorCache(library.index / _CACHE_FILE, fingerprint) as kept:
            writer = _Writer(store, vectors, kept, encoder, settings)
            writer.apply(changes, report, progress)
        related.link(store, vectors, list(changes.paths))
        vectors.save(folder / VECTORS)
        documents = _conclude(report, store)
        manifest = Manifest(
            number=report.generation,
            format=FORMAT,
            encoder=settings.encoder,
            fingerprint=fingerprint,
            passage_chars=settings.passage_chars,
        )
        if leaving := last_store(library.index):
            archive.preserve(records, leaving, folder / STORE)
        commit(library.index, folder, manifest)
        archive.remember(records, report.generation, documents)
    return report


def _conclude(report: Report, store: Store) -> list[DocumentRow]:
    """Report what the generation holds in all, close its file, and return its documents."""
    documents = store.documents()
    report.passages = store.passage_count()
    report.failed = [
        Failure(row.document, row.reason, row.message or "")
        for row in documents
        if row.reason is not None
    ]
    store.close()
    return documents


def _reusable(library: Library, fingerprint: str) -> tuple[Manifest, Path] | None:
    """Return the last generation where a build can start from it, else None."""
    if pointer_bytes(library.index) is None:
        return None
    try:
        manifest, folder = verify_current(library.index)
    except IndexCorrupt:
        return None
    wanted = (fingerprint, library.settings.passage_chars)
    return (manifest, folder) if (manifest.fingerprint, manifest.passage_chars) == wanted else None


def _next_number(index: Path, records: Records) -> int:
    """Return a number that no generation had, also where the pointer or the index is gone."""
    try:
        current = current_number(index) or 0
    except IndexCorrupt:
        current = 0
    on_disk = (int(path.name) for path in index.iterdir() if path.name.isdigit())
    return max([current, *on_disk, *archive.generations(records)]) + 1


class _Writer:
    """Writes documents into a generation that isn't committed yet.

    Texts wait until there are enough of them to be embedded together.
    """

    def __init__(
        self,
        store: Draft,
        vectors: Vectors,
        cache: VectorCache,
        encoder: Callable[[], Encoder],
        settings: Settings,
    ) -> None:
        self._store = store
        self._vectors = vectors
        self._cache = cache
        self._encoder = encoder
        self._settings = settings
        self._passages: list[tuple[int, str]] = []
        # Passage, place, and the text to embed.
        self._sentences: list[tuple[int, Span, str]] = []

    def apply(self, changes: Changes, report: Report, progress: Progress) -> None:
        """Take out what went or changed, and put in what came."""
        for name in [*changes.removed, *changes.changed]:
            self._vectors.remove(self._store.remove(name))

        files = changes.paths

        def tell(done: int) -> None:
            progress("Indexing files", done, len(files), f"{len(self._vectors)} passages")

        def tell_pages(name: str, done: int, pages: int) -> None:
            remark = f"{name}: {done} of {pages} pictures read"
            progress("Indexing files", finished, len(files), remark)

        finished = 0
        with ReaderPool(
            wall_s=self._settings.read_wall_s,
            tesseract=tesseract(self._settings),
            tell=tell_pages,
        ) as pool:
            for place, (name, path) in enumerate(files.items(), 1):
                if not self._add(name, path, pool):
                    report.gone(name)
                waiting = len(self._passages) + len(self._sentences)
                if waiting >= _EMBED_AT_ONCE or place == len(files):
                    self._embed(partial(tell, finished))
                    waiting = 0
                if not waiting:
                    finished = place
                    tell(finished)

    def _add(self, name: str, path: Path, pool: ReaderPool) -> bool:
        """Put a file in, also one that can't be read; False where it has just been taken away."""
        try:
            data, description = contents(path)
        except DocumentError as error:
            if not os.path.lexists(path):
                return False
            file = Source(name, unread(error), READER_VERSION)
            self._store.add_failed(name, file.revision, error, file)
            return True
        found = pool.read_all(data, name, description)
        results = (outcome.result for outcome in found)
        read = as_read(revision(data, description), results, self._settings)
        file = Source(name, read, READER_VERSION)
        for outcome in found:
            if isinstance(outcome.result, DocumentError):
                self._store.add_failed(outcome.name, outcome.sha256, outcome.result, file)
            else:
                self._put(outcome.name, outcome.sha256, outcome.result, file)
        return True

    def _put(self, name: str, digest: str, document: Document, file: Source) -> None:
        passages = split(document.text, self._settings.passage_chars)
        ids = self._store.add(name, digest, document, passages, file)
        self._passages += zip(ids, (passage.text for passage in passages), strict=True)
        starts = [passage.start for passage in passages]
        for span in sentences(document.text):
            passage_id = ids[max(0, bisect_right(starts, span.start) - 1)]
            said = document.text[span.start : span.end]
            self._sentences.append((passage_id, span, f"{document.title[:_TITLE_CHARS]}. {said}"))

    def _embed(self, tell: Callable[[], None]) -> None:
        """Embed the texts that wait, some at a time: a document may have a hundred thousand."""
        for passages in _parts(self._passages):
            rows = self._vectors_of([text for _, text in passages])
            self._vectors.add([passage_id for passage_id, _ in passages], rows)
            tell()
        for said in _parts(self._sentences):
            rows = self._vectors_of([text for *_, text in said])
            self._store.add_sentences(
                (passage_id, span, vector)
                for (passage_id, span, _), vector in zip(said, rows, strict=True)
            )
            tell()
        self._passages, self._sentences = [], []

    def _vectors_of(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the texts' (n, dimension) vectors, kept or new; new ones are kept at once."""
        keys = [text_key(text) for text in texts]
        known = self._cache.get(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        new_keys = list(missing)
        if missing:
            for places, vectors in self._encoder().encode_passages(list(missing.values())):
                batch = [(new_keys[place], row) for place, row in zip(places, vectors, strict=True)]
                self._cache.put(batch)
                known.update(batch)
        return np.stack([known[key] for key in keys])


def _parts(items: list[_Item]) -> Iterator[list[_Item]]:
    for start in range(0, len(items), _EMBED_AT_ONCE):
        yield items[start : start + _EMBED_AT_ONCE]
