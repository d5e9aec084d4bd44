"""Is everything in order? Each finding names its repair."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from index.errors import FolioError

if TYPE_CHECKING:
    from index.generation import Generation


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: its name, for programs.
        ok: whether nothing has to be repaired.
        detail: what was found, a sentence.
        repair: what to do; None where there is nothing to do.
    """

    check: str
    ok: bool
    detail: str
    repair: str | None = None

    @property
    def severity(self) -> Literal["ok", "advice", "repair"]:
        """Whether something has to be done, or could be."""
        if self.ok:
            return "advice" if self.repair else "ok"
        return "repair"


def examine(folder: Path | None) -> list[Finding]:
    """Check the library, its index, its files and the model; a check that can't run says why."""
    findings: list[Finding] = []
    for name, check in _CHECKS.items():
        try:
            findings.append(check(folder))
        except FolioError as error:
            findings.append(Finding(name, False, str(error), _REPAIRS[name]))
            if name in _GROUND:
                break
    return findings


def _library(folder: Path | None) -> Finding:
    from index.library import Library

    library = Library.open(folder)
    return Finding("library", True, f"the library is {library.folder}")


def _model(folder: Path | None) -> Finding:
    from index.encoder import DEFAULT, fingerprint_of, prepared_folder
    from index.library import Library

    name = Library.open(folder).settings.encoder
    if name == DEFAULT and not prepared_folder().exists():
        return Finding("model", False, f"the model {name} isn't prepared", "run `folio prepare`")
    return Finding("model", True, f"the model is {fingerprint_of(name)}")


def _index(folder: Path | None) -> Finding:
    from index.encoder import fingerprint_of
    from index.generation import open_current
    from index.library import Library

    library = Library.open(folder)
    opened = open_current(library.index)
    manifest = opened.manifest
    if opened.damage:
        detail = f"{opened.damage}; meanwhile generation {manifest.number} answers"
        return Finding("index", False, detail, "run `folio index`")
    fingerprint = fingerprint_of(library.settings.encoder)
    if manifest.fingerprint != fingerprint:
        detail = f"the index was built with {manifest.fingerprint}, the model is {fingerprint}"
        return Finding("index", False, detail, "run `folio index`")
    return Finding("index", True, f"generation {manifest.number} is what was committed")


def _files(folder: Path | None) -> Finding:
    from index.build import outdated
    from index.library import Library

    names = outdated(Library.open(folder))
    if names:
        detail = f"{len(names)} files differ from the index: {_some(names)}"
        return Finding("files", False, detail, "run `folio index`")
    return Finding("files", True, "the index agrees with the files")


def _documents(folder: Path | None) -> Finding:
    rows = _opened(folder).store.documents()
    failed = [row for row in rows if row.state == "failed"]
    if failed:
        detail = f"{len(failed)} of {len(rows)} documents couldn't be read"
        return Finding("documents", True, detail, "`folio documents` says why")
    return Finding("documents", True, f"all {len(rows)} documents were read")


def _texts(folder: Path | None) -> Finding:
    from index.inspection import wrong_texts

    if names := wrong_texts(_opened(folder).store):
        detail = f"the text of {len(names)} documents isn't the one that was read: {_some(names)}"
        return Finding("texts", False, detail, _ANEW)
    return Finding("texts", True, "every text is the one that its passages were cut from")


def _passages(folder: Path | None) -> Finding:
    from index.inspection import unreachable

    generation = _opened(folder)
    if count := unreachable(generation):
        detail = f"{count} passages can't be found by meaning, by words, or by either"
        return Finding("passages", False, detail, _ANEW)
    count = len(generation.vectors)
    return Finding("passages", True, f"all {count} passages can be found by meaning and by words")


def _details(folder: Path | None) -> Finding:
    from index.inspection import undescribed

    if names := undescribed(_opened(folder).store.documents()):
        detail = f"{len(names)} documents have no date or no language: {_some(names)}"
        return Finding("details", True, detail, "write them into NAME.meta.toml beside the file")
    return Finding("details", True, "every document has a date and a language")


def _pages(folder: Path | None) -> Finding:
    from index.inspection import pages_without_text

    if found := pages_without_text(_opened(folder).store):
        named = [f"{name} page {', '.join(map(str, pages))}" for name, pages in found.items()]
        detail = f"{len(found)} documents have pages without text: {_some(named)}"
        return Finding("pages", True, detail, "run OCR over them where they are pictures")
    return Finding("pages", True, "every page has text")


def _copies(folder: Path | None) -> Finding:
    pairs = [
        f"{row.document} and {other.document}"
        for row in _opened(folder).store.documents()
        for other in row.related
        if other.relation == "duplicate" and row.document < other.document
    ]
    if pairs:
        detail = f"{len(pairs)} pairs of documents are nearly the same: {_some(pairs)}"
        return Finding("copies", True, detail, "`folio remove` takes out what is superfluous")
    return Finding("copies", True, "no two documents are nearly the same")


def _records(folder: Path | None) -> Finding:
    from index.archive import damaged_texts
    from index.library import Library
    from index.records import Records
    from index.removed import damaged_files

    opened = Records.read(Library.open(folder).records)
    if opened is None:
        return Finding("records", False, "there is no records.sqlite yet", "run `folio index`")
    with opened as records:
        damage = records.damage()
        named = [*damaged_texts(records), *damaged_files(records)]
        if damage or named:
            detail = f"records.sqlite is damaged: {_some([*damage, *named])}"
            return Finding("records", False, detail, _REPAIRS["records"])
        unused = records.rows(
            "SELECT (SELECT count(*) FROM texts WHERE sha256 NOT IN (SELECT text FROM passages))"
            " + (SELECT count(*) FROM files WHERE sha256 NOT IN (SELECT sha256 FROM removals))"
        )[0][0]
    if unused:
        detail = f"records.sqlite holds {unused} texts or files that nothing names"
        return Finding("records", True, detail, "`folio prune` removes such files")
    return Finding("records", True, "records.sqlite is whole")


def _orphans(folder: Path | None) -> Finding:
    from index.inspection import strangers
    from index.library import Library

    library = Library.open(folder)
    if names := strangers(library.index):
        detail = f"what isn't of an index lies in {library.index}: {_some(names)}"
        return Finding("orphans", True, detail, "run `folio index`, then delete what is left")
    return Finding("orphans", True, "nothing lies in the index that isn't of it")


def _disk(folder: Path | None) -> Finding:
    from index.inspection import room
    from index.library import Library

    library = Library.open(folder)
    free, total, size = room(library.index, _opened(folder).manifest.number)
    left = f"{free >> 20} MB of {total >> 20} are free"
    if free < 2 * size:
        detail = f"{left}, and a build may need {(2 * size >> 20) + 1}"
        return Finding("disk", False, detail, "make room on the library's disk")
    if free < total * _LITTLE_ROOM:
        return Finding("disk", True, left, "make room on the library's disk before it is full")
    return Finding("disk", True, left)


def _opened(folder: Path | None) -> "Generation":
    from index.generation import open_current
    from index.library import Library

    return open_current(Library.open(folder).index)


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")


_CHECKS: dict[str, Callable[[Path | None], Finding]] = {
    "library": _library,
    "model": _model,
    "index": _index,
    "files": _files,
    "documents": _documents,
    "texts": _texts,
    "passages": _passages,
    "details": _details,
    "pages": _pages,
    "copies": _copies,
    "records": _records,
    "orphans": _orphans,
    "disk": _disk,
}
# The others can say nothing where one of these fails.
_GROUND = ("library", "index")
_LITTLE_ROOM: Final = 0.1
_ANEW: Final = "delete the library's folder index/, then run `folio index`"
_REPAIRS = dict.fromkeys(_CHECKS, "run `folio index`") | {
    "library": "run `folio sample DIR`, or put files into DIR/documents",
    "model": "mend `encoder` in folio.toml",
    "records": "put back the records.sqlite of a backup, or move it away to begin a new one",
}
