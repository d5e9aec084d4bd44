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
from dataclasses import astuple, dataclass, field
from functools import cache, partial
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Final, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from documents import READER_VERSION, Document, DocumentError, Span, sentences, sidecar, split
from documents.limits import holding
from documents.recognition import Tesseract
from documents.worker import ReaderPool, bytes_of
from index import archive
from index.cache import VectorCache, text_key
from index.encoder import Encoder, fingerprint_of, open_encoder
from index.errors import FolioError, IndexCorrupt, LibraryError
from index.generation import (
    STORE,
    VECTORS,
    Manifest,
    commit,
    current_number,
    last_store,
    unfinished,
    verify_current,
    writing,
)
from index.library import Library
from index.records import Records
from index.settings import Settings
from index.store import FORMAT, DocumentRow, Source, Store
from index.vectors import Vectors

_CACHE_FILE: Final = "vectors.cache"
_EMBED_AT_ONCE: Final = 256
# A sentence is embedded behind its document's title: "It was founded in 2018" then tells what was.
_TITLE_CHARS: Final = 100
# Stands in a file's revision before what read its pictures: they are read again by another.
_PICTURES: Final = "~"
_LIMITED: Final = "!"  # stands before the limits that a file was too much for
_NONE: Final = "none"
_OFF: Final = "off"

_Item = TypeVar("_Item")


class Progress(Protocol):
    """Told of long work: what is being done, how much of it is, of how much, and a remark."""

    def __call__(self, what: str, done: int, total: int, remark: str = "", /) -> None:
        """Take note."""


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
    report = Report()
    changes = _compare(library, Store.read(folder / STORE), report, lambda *_: None)
    return sorted([*changes, *report.removed])


def files_of(library: Library) -> dict[str, Path]:
    """Return the files under documents/ by their path with "/"; hidden ones are left out.

    Sidecars of files are left out too, since they are no documents. Links are listed and not
    followed: what they point at lies elsewhere. A folder that can't be
    opened is listed like a file. A name that isn't UTF-8 is listed with its bytes escaped.
    """
    closed: list[Path] = []
    paths: list[Path] = []
    for folder, folders, names in os.walk(
        library.documents, onerror=lambda error: closed.append(Path(error.filename))
    ):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if Path(folder, name).is_symlink()]
        paths += [Path(folder, name) for name in [*names, *links] if not name.startswith(".")]
    if library.documents in closed:
        raise LibraryError(f"{library.documents} can't be opened: see to its rights")
    found = {
        os.fsencode(path.relative_to(library.documents)).decode(errors="backslashreplace"): path
        for path in [*paths, *closed]
    }
    return {name: found[name] for name in sorted(found) if sidecar.describes(name) not in found}


def _build(library: Library, records: Records, progress: Progress) -> Report:
    settings = library.settings
    fingerprint = fingerprint_of(settings.encoder)
    last = _reusable(library, fingerprint)
    held = Store.read(last[1] / STORE) if last else None
    if last and held:
        # A build that was killed right after its commit didn't get to it.
        archive.remember(records, last[0].number, held.documents())
    report = Report(generation=_next_number(library.index, records))
    changes = _compare(library, held, report, progress)
    if last and held:
        if not (changes or report.removed):
            report.generation = last[0].number
            _conclude(report, held)
            return report
        held.close()
    # Opening a model takes its time; where every vector is known, none is opened.
    encoder = cache(lambda: open_encoder(settings.encoder, threads=os.cpu_count() or 1))
    with unfinished(library.index) as folder:
        if last is None:
            store = Store.create(folder / STORE)
            vectors = Vectors.empty(encoder().dimension)
        else:
            shutil.copyfile(last[1] / STORE, folder / STORE)
            store = Store.edit(folder / STORE)
            vectors = Vectors.load(last[1] / VECTORS)
        with VectorCache(library.index / _CACHE_FILE, fingerprint) as kept:
            writer = _Writer(store, vectors, kept, encoder, settings)
            writer.apply(changes, report, progress)
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
    try:
        manifest, folder = verify_current(library.index)
    except FolioError:
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


def _compare(
    library: Library, store: Store | None, report: Report, progress: Progress
) -> dict[str, Path]:
    """Compare files with the store; fill in the report and return the files to be read."""
    known = store.revisions() if store else {}
    paths = files_of(library)
    missing = set(known) - set(paths)
    # What lies in a folder that can't be opened is still there, as far as anybody knows.
    report.removed = sorted(name for name in missing if not _lies_behind(name, paths))
    report.unchanged = len(missing) - len(report.removed)
    changes = {}
    for place, (name, path) in enumerate(paths.items()):
        progress("Comparing files", place, len(paths))
        try:
            digest = _revision(bytes_of(path), _description(path))
        except DocumentError as error:
            digest = _unread(error)
        if name in known and _holds(*known[name], digest, library.settings):
            report.unchanged += 1
        else:
            (report.changed if name in known else report.added).append(name)
            changes[name] = path
    progress("Comparing files", len(paths), len(paths))
    return changes


def _holds(revision: str, reader: int, digest: str, settings: Settings) -> bool:
    """Tell whether what was read of a file is what would be read of it now.

    What was recognised in pictures holds where tesseract isn't installed any more.
    """
    read, _, held = revision.partition(_LIMITED)
    if held and held != _limits_of(settings):
        return False
    read, mark, recogniser = read.partition(_PICTURES)
    if (read, reader) != (digest, READER_VERSION):
        return False
    return not mark or recogniser == _recogniser(settings) or _recogniser(settings) == _NONE


def _recogniser(settings: Settings) -> str:
    """Return what reads pictures, as a revision says it."""
    tesseract = _tesseract(settings)
    return tesseract.fingerprint if tesseract else _NONE if settings.ocr else _OFF


def _tesseract(settings: Settings) -> Tesseract | None:
    return Tesseract.installed() if settings.ocr else None


def _limits_of(settings: Settings) -> str:
    """Return the limits that hold, as a revision says them."""
    return ",".join(map(str, (*astuple(settings.limits()), settings.read_wall_s)))


def _is_too_much(result: Document | DocumentError) -> bool:
    return isinstance(result, DocumentError) and result.reason in ("limit", "timeout")


def _has_pictures(result: Document | DocumentError) -> bool:
    """Tell whether a document was read out of pictures, or might be."""
    if isinstance(result, DocumentError):
        return bool(result.pages)
    return bool(result.unread or result.recognised)


def _lies_behind(name: str, paths: dict[str, Path]) -> bool:
    """Return whether a file lies in a folder that is listed because it can't be opened."""
    parents = (paths.get(str(parent)) for parent in PurePosixPath(name).parents)
    return any(path and path.is_dir() and not path.is_symlink() for path in parents)


def _description(path: Path) -> bytes | None:
    """Return what a file's sidecar holds; None where there is none that can be read."""
    try:
        return bytes_of(path.with_name(path.name + sidecar.SUFFIX))
    except DocumentError:
        return None


def _revision(data: bytes, description: bytes | None) -> str:
    """Return what changes with a file or its sidecar: the sha256 of both."""
    digest = sha256(data).hexdigest()
    return digest if description is None else f"{digest}+{sha256(description).hexdigest()}"


def _unread(error: DocumentError) -> str:
    """Stand in for the hash of a file that can't be opened: when that changes, it is read again."""
    return f"unread:{error.reason}"


class _Writer:
    """Writes documents into a generation that isn't committed yet.

    Texts wait until there are enough of them to be embedded together.
    """

    def __init__(
        self,
        store: Store,
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

    def apply(self, changes: dict[str, Path], report: Report, progress: Progress) -> None:
        """Take out what went or changed, and put in what came."""
        for name in [*report.removed, *report.changed]:
            self._vectors.remove(self._store.remove(name))

        def tell(done: int) -> None:
            progress("Indexing files", done, len(changes), f"{len(self._vectors)} passages")

        def tell_pages(name: str, done: int, pages: int) -> None:
            remark = f"{name}: {done} of {pages} pictures read"
            progress("Indexing files", finished, len(changes), remark)

        finished = 0
        with ReaderPool(
            wall_s=self._settings.read_wall_s,
            tesseract=_tesseract(self._settings),
            tell=tell_pages,
        ) as pool:
            for place, (name, path) in enumerate(changes.items(), 1):
                if not self._add(name, path, pool):
                    report.gone(name)
                waiting = len(self._passages) + len(self._sentences)
                if waiting >= _EMBED_AT_ONCE or place == len(changes):
                    self._embed(partial(tell, finished))
                    waiting = 0
                if not waiting:
                    finished = place
                    tell(finished)

    def _add(self, name: str, path: Path, pool: ReaderPool) -> bool:
        """Put a file in, also one that can't be read; False where it has just been taken away."""
        try:
            data, description = bytes_of(path), _description(path)
        except DocumentError as error:
            if not os.path.lexists(path):
                return False
            file = Source(name, _unread(error), READER_VERSION)
            self._store.add_failed(name, file.revision, error, file)
            return True
        revision = _revision(data, description)
        found = pool.read_all(data, name, description)
        if any(_has_pictures(outcome.result) for outcome in found):
            revision += f"{_PICTURES}{_recogniser(self._settings)}"
        if any(_is_too_much(outcome.result) for outcome in found):
            revision += f"{_LIMITED}{_limits_of(self._settings)}"
        file = Source(name, revision, READER_VERSION)
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
