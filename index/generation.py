"""Generations on disk: written whole, committed by one pointer, verified when opened.

    index/CURRENT       "000012 <sha256 of its manifest> <sha256 of the two before>"
    index/000012/       passages.sqlite, vectors.faiss, manifest.json
    index/LOCK          held by the process that writes

Writing goes: files and manifest to the disk, the folder's new name, then CURRENT by an atomic
replace. A reader sees the old generation or the new one. SQLite and FAISS don't notice a flipped
bit, so every file's sha256 is checked when a generation is opened.
"""

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final

from index.errors import IndexBusy, IndexCorrupt, LibraryError
from index.store import FORMAT, Store
from index.vectors import Vectors

STORE: Final = "passages.sqlite"
VECTORS: Final = "vectors.faiss"
_MANIFEST: Final = "manifest.json"
_CURRENT: Final = "CURRENT"
_NAME: Final = re.compile(r"\d{6,}")
_KEPT: Final = 2


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation is.

    Attributes:
        number: counts from 1.
        format: of the files; another one is rebuilt, never converted.
        encoder: the setting it was built with.
        fingerprint: of the encoder.
        passage_chars: the setting it was built with.
    """

    number: int
    format: int
    encoder: str
    fingerprint: str
    passage_chars: int


@dataclass(frozen=True, slots=True)
class Generation:
    """A committed generation, opened."""

    manifest: Manifest
    store: Store
    vectors: Vectors


def current_number(index: Path) -> int | None:
    """Return the number of the committed generation, None where there is none.

    Raises:
        IndexCorrupt: the pointer isn't what was written.
    """
    pointer = _read_pointer(index)
    return None if pointer is None else pointer[0]


def open_current(index: Path) -> Generation:
    """Open the committed generation, verified.

    Raises:
        LibraryError: there is none yet.
        IndexCorrupt: it isn't what was committed.
    """
    manifest, folder = verify_current(index)
    return Generation(manifest, Store.read(folder / STORE), Vectors.load(folder / VECTORS))


def verify_current(index: Path) -> tuple[Manifest, Path]:
    """Check the committed generation against its checksums; return its manifest and folder.

    Raises:
        LibraryError: there is none yet.
        IndexCorrupt: it isn't what was committed.
    """
    pointer = _read_pointer(index)
    if pointer is None:
        raise LibraryError("this library has no index yet: run `folio index`")
    number, digest = pointer
    folder = index / _folder_name(number)
    try:
        data = (folder / _MANIFEST).read_bytes()
        if sha256(data).hexdigest() != digest:
            raise _corrupt(folder / _MANIFEST)
        values = json.loads(data)
        if values["format"] != FORMAT:
            raise IndexCorrupt(
                f"the index has format {values['format']}, this Folio reads {FORMAT}: "
                "run `folio index`"
            )
        for name, expected in values["files"].items():
            with (folder / name).open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != expected:
                    raise _corrupt(folder / name)
    except OSError as error:
        raise _corrupt(folder) from error
    fields = {field: values[field] for field in Manifest.__slots__}
    return Manifest(**fields), folder


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index's lock: one process writes at a time.

    Raises:
        IndexBusy: another process holds it; says which.
    """
    from filelock import FileLock, Timeout

    index.mkdir(parents=True, exist_ok=True)
    owner = index / "OWNER"
    try:
        # The kernel frees the lock when its process ends, however it ends.
        with FileLock(index / "LOCK", timeout=0):
            owner.write_text(str(os.getpid()))
            _collect_garbage(index)
            yield
            _collect_garbage(index)
            owner.unlink(missing_ok=True)
    except Timeout as error:
        pid = owner.read_text() if owner.exists() else "unknown"
        raise IndexBusy(
            f"the index is being rebuilt by process {pid}: try again when it is done"
        ) from error


@contextmanager
def unfinished(index: Path) -> Iterator[Path]:
    """Yield a folder for the next generation's files; what isn't committed is removed."""
    folder = index / f"building-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def commit(index: Path, folder: Path, manifest: Manifest) -> None:
    """Make `folder` the current generation. Call while `writing`, with its files closed."""
    files = {}
    for name in (STORE, VECTORS):
        with (folder / name).open("rb") as file:
            files[name] = file_digest(file, "sha256").hexdigest()
        _sync(folder / name)
    values = {field: getattr(manifest, field) for field in Manifest.__slots__}
    data = json.dumps(values | {"files": files}, indent=2).encode()
    _write(folder / _MANIFEST, data)
    _sync(folder)
    committed = index / _folder_name(manifest.number)
    # A folder of this number that CURRENT doesn't name was never committed.
    shutil.rmtree(committed, ignore_errors=True)
    folder.rename(committed)
    _sync(index)
    body = f"{_folder_name(manifest.number)} {sha256(data).hexdigest()}"
    _write(index / "CURRENT.new", f"{body} {sha256(body.encode()).hexdigest()}\n".encode())
    (index / "CURRENT.new").replace(index / _CURRENT)
    _sync(index)


def _read_pointer(index: Path) -> tuple[int, str] | None:
    """Return the committed generation's number and its manifest's sha256."""
    try:
        data = (index / _CURRENT).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _corrupt(index / _CURRENT) from error
    body, _, digest = data.removesuffix(b"\n").rpartition(b" ")
    if sha256(body).hexdigest().encode() != digest:
        raise _corrupt(index / _CURRENT)
    name, manifest_digest = body.decode().split(" ")
    return int(name), manifest_digest


def _collect_garbage(index: Path) -> None:
    """Remove what no pointer names, but for the generation before the current one."""
    try:
        current = current_number(index)
    except IndexCorrupt:
        return
    numbers = sorted(int(path.name) for path in index.iterdir() if _NAME.fullmatch(path.name))
    committed = [number for number in numbers if current is not None and number <= current]
    for number in set(numbers) - set(committed[-_KEPT:]):
        shutil.rmtree(index / _folder_name(number), ignore_errors=True)
    for path in index.glob("building-*"):
        shutil.rmtree(path, ignore_errors=True)


def _folder_name(number: int) -> str:
    return f"{number:06d}"


def _corrupt(path: Path) -> IndexCorrupt:
    return IndexCorrupt(f"{path} isn't what was written: run `folio index` to build the index anew")


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    _sync(path)


def _sync(path: Path) -> None:
    """Have the system put a file, or a folder's entries, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
