"""Is everything in order? Each finding names its repair."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.errors import FolioError


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        check: its name, for programs.
        detail: what was found, a sentence.
        repair: what to do; None where nothing is needed.
    """

    check: str
    ok: bool
    detail: str
    repair: str | None = None


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
    from index.generation import verify_current
    from index.library import Library

    library = Library.open(folder)
    manifest, _ = verify_current(library.index)
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
        shown = ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
        detail = f"{len(names)} files differ from the index: {shown}"
        return Finding("files", False, detail, "run `folio index`")
    return Finding("files", True, "the index agrees with the files")


def _documents(folder: Path | None) -> Finding:
    from index.generation import open_current
    from index.library import Library

    rows = open_current(Library.open(folder).index).store.documents()
    failed = [row for row in rows if row.state == "failed"]
    if failed:
        detail = f"{len(failed)} of {len(rows)} documents couldn't be read"
        return Finding("documents", True, detail, "`folio documents` says why")
    return Finding("documents", True, f"all {len(rows)} documents were read")


_CHECKS: dict[str, Callable[[Path | None], Finding]] = {
    "library": _library,
    "model": _model,
    "index": _index,
    "files": _files,
    "documents": _documents,
}
# The others can say nothing where one of these fails.
_GROUND = ("library", "index")
_REPAIRS = {
    "library": "run `folio sample DIR`, or put files into DIR/documents",
    "model": "mend `encoder` in folio.toml",
    "index": "run `folio index`",
    "files": "run `folio index`",
    "documents": "run `folio index`",
}
