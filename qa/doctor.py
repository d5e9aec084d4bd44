"""Is everything in order? Each finding names its repair."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from index.errors import FolioError
from qa.strings import DEFAULT, say

if TYPE_CHECKING:
    from index.generation import Generation


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do, as keys of qa.strings with what stands in them.

    Attributes:
        check: its name, for programs.
        ok: whether nothing has to be repaired.
        key: of the sentence that says what was found.
        values: what stands in the sentence.
        remedy: the key of what to do; None where there is nothing to do.
    """

    check: str
    ok: bool
    key: str
    values: Mapping[str, object]
    remedy: str | None = None

    @property
    def detail(self) -> str:
        """What was found, in English."""
        return self.detail_in(DEFAULT)

    @property
    def repair(self) -> str | None:
        """What to do, in English."""
        return self.repair_in(DEFAULT)

    def detail_in(self, language: str) -> str:
        """Return what was found, a sentence."""
        values = {
            name: _some(
                [each.said(language) if isinstance(each, _Part) else each for each in value]
            )
            if isinstance(value, list)
            else value
            for name, value in self.values.items()
        }
        return say(self.key, language, **values)

    def repair_in(self, language: str) -> str | None:
        """Return what to do; None where there is nothing to do."""
        return say(self.remedy, language) if self.remedy else None

    @property
    def severity(self) -> Literal["ok", "advice", "repair"]:
        """Whether something has to be done, or could be."""
        if self.ok:
            return "advice" if self.remedy else "ok"
        return "repair"


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a finding that has words of its own."""

    key: str
    values: Mapping[str, object]

    def said(self, language: str) -> str:
        return say(self.key, language, **self.values)


def _well(check: str, key: str, /, remedy: str | None = None, **values: object) -> Finding:
    return Finding(check, True, key, values, remedy)


def _ill(check: str, key: str, remedy: str, /, **values: object) -> Finding:
    return Finding(check, False, key, values, remedy)


def examine(folder: Path | None) -> list[Finding]:
    """Check the library, its index, its files and the model; a check that can't run says why."""
    findings: list[Finding] = []
    for name, check in _CHECKS.items():
        try:
            findings.append(check(folder))
        except FolioError as error:
            closed = isinstance(error.__cause__, PermissionError)
            remedy = "see_rights" if closed else _REMEDIES[name]
            findings.append(_ill(name, "unchecked", remedy, message=str(error)))
            if name in _GROUND:
                break
    return findings


def _library(folder: Path | None) -> Finding:
    from index.library import Library

    library = Library.open(folder)
    return _well("library", "library_is", folder=library.folder)


def _model(folder: Path | None) -> Finding:
    from index.encoder import DEFAULT, fingerprint_of, make_cache, prepared_folder
    from index.errors import ModelError
    from index.library import Library

    name = Library.open(folder).settings.encoder
    if name == DEFAULT and not prepared_folder().exists():
        try:
            make_cache()
        except ModelError as error:
            return _ill("model", "unchecked", "mend_cache", message=str(error))
        return _ill("model", "model_unprepared", "run_prepare", name=name)
    return _well("model", "model_is", model=fingerprint_of(name))


def _index(folder: Path | None) -> Finding:
    from index.encoder import fingerprint_of
    from index.generation import open_current
    from index.library import Library

    library = Library.open(folder)
    opened = open_current(library.index)
    manifest = opened.manifest
    if opened.damage:
        values = {"damage": opened.damage, "number": manifest.number}
        return _ill("index", "index_damaged", "run_index", **values)
    fingerprint = fingerprint_of(library.settings.encoder)
    if manifest.fingerprint != fingerprint:
        values = {"built": manifest.fingerprint, "model": fingerprint}
        return _ill("index", "index_foreign", "run_index", **values)
    return _well("index", "index_whole", number=manifest.number)


def _files(folder: Path | None) -> Finding:
    from index.build import outdated
    from index.library import Library

    names = outdated(Library.open(folder))
    if names:
        return _ill("files", "files_differ", "run_index", count=len(names), names=names)
    return _well("files", "files_agree")


def _documents(folder: Path | None) -> Finding:
    rows = _opened(folder).store.documents()
    failed = [row for row in rows if row.state == "failed"]
    if failed:
        values = {"count": len(failed), "total": len(rows)}
        return _well("documents", "documents_unread", "see_documents", **values)
    return _well("documents", "documents_read", total=len(rows))


def _texts(folder: Path | None) -> Finding:
    from index.inspection import wrong_texts

    if names := wrong_texts(_opened(folder).store):
        return _ill("texts", "texts_wrong", "build_anew", count=len(names), names=names)
    return _well("texts", "texts_right")


def _passages(folder: Path | None) -> Finding:
    from index.inspection import unreachable

    generation = _opened(folder)
    if count := unreachable(generation):
        return _ill("passages", "passages_lost", "build_anew", count=count)
    return _well("passages", "passages_found", count=len(generation.vectors))


def _details(folder: Path | None) -> Finding:
    from index.inspection import undescribed

    if names := undescribed(_opened(folder).store.documents()):
        return _well("details", "details_missing", "write_meta", count=len(names), names=names)
    return _well("details", "details_there")


def _pages(folder: Path | None) -> Finding:
    from index.inspection import pages_without_text

    if found := pages_without_text(_opened(folder).store):
        names = [
            _Part("pages_of", {"document": name, "pages": ", ".join(map(str, pages))})
            for name, pages in found.items()
        ]
        return _well("pages", "pages_empty", "run_ocr", count=len(found), names=names)
    return _well("pages", "pages_read")


def _copies(folder: Path | None) -> Finding:
    pairs = [
        _Part("copies_of", {"one": row.document, "other": other.document})
        for row in _opened(folder).store.documents()
        for other in row.related
        if other.relation == "duplicate" and row.document < other.document
    ]
    if pairs:
        return _well("copies", "copies_found", "remove_copies", count=len(pairs), names=pairs)
    return _well("copies", "copies_none")


def _records(folder: Path | None) -> Finding:
    from index.copies import damages
    from index.library import Library
    from index.records import Records

    opened = Records.read(Library.open(folder).records)
    if opened is None:
        return _well("records", "records_whole")
    with opened as records:
        if damage := damages(records):
            return _ill("records", "records_damaged", "repair_records", names=damage)
        unused = records.rows(
            "SELECT (SELECT count(*) FROM texts WHERE sha256 NOT IN (SELECT text FROM passages))"
            " + (SELECT count(*) FROM files WHERE sha256 NOT IN (SELECT sha256 FROM removals))"
        )[0][0]
    if unused:
        return _well("records", "records_unused", "prune", count=unused)
    return _well("records", "records_whole")


def _collections(folder: Path | None) -> Finding:
    from index.library import Library
    from index.records import Records
    from qa.people.collections import exposed

    library = Library.open(folder)
    rows = _opened(folder).store.documents()
    opened = Records.read(library.records)
    if opened is None:
        return _well("collections", "collections_closed")
    with opened as records:
        found = exposed(library, records, {row.document: row.sha256 for row in rows})
    if found:
        names = [name for paths in found.values() for name in paths]
        values: dict[str, object] = {"folders": [*found], "count": len(names), "names": names}
        return _ill("collections", "collections_open", "close_folder", **values)
    return _well("collections", "collections_closed")


def _orphans(folder: Path | None) -> Finding:
    from index.inspection import strangers
    from index.library import Library

    library = Library.open(folder)
    if names := strangers(library.index):
        values = {"folder": library.index, "names": names}
        return _well("orphans", "orphans_found", "delete_strangers", **values)
    return _well("orphans", "orphans_none")


def _disk(folder: Path | None) -> Finding:
    from index.inspection import room
    from index.library import Library

    library = Library.open(folder)
    free, total, size = room(library.index, _opened(folder).manifest.number)
    left = {"free": free >> 20, "total": total >> 20}
    if free < 2 * size:
        return _ill("disk", "disk_short", "make_room", needed=(2 * size >> 20) + 1, **left)
    soon = "make_room_soon" if free < total * _LITTLE_ROOM else None
    return _well("disk", "disk_free", soon, **left)


def _opened(folder: Path | None) -> "Generation":
    from index.generation import open_current
    from index.library import Library

    return open_current(Library.open(folder).index)


def _some(names: Sequence[object]) -> str:
    return ", ".join(map(str, names[:3])) + (" …" if len(names) > 3 else "")


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
    "collections": _collections,
    "orphans": _orphans,
    "disk": _disk,
}
# The others can say nothing where one of these fails.
_GROUND = ("library", "index")
_LITTLE_ROOM: Final = 0.1
_REMEDIES = dict.fromkeys(_CHECKS, "run_index") | {
    "library": "make_library",
    "model": "mend_encoder",
    "records": "repair_records",
    "collections": "repair_records",
}
