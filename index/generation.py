"""Generations on disk: written whole, committed by one pointer, verified when opened.

    index/CURRENT       "000012 <sha256 of its manifest> <sha256 of the two before>"
    index/000012/       passages.sqlite, vectors.faiss, manifest.json
    index/LOCK          held by the process that writes

Writing goes: files and manifest to the disk, the folder's new name, then CURRENT by an atomic
replace. A reader sees the old generation or the new one. SQLite and FAISS don't notice a flipped
bit, so every file's sha256 is checked when a generation is opened. Where the current one isn't what
was committed, the newest one before it that is goes on answering, and the log says so.
"""

import json
import logging
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from hashlib import file_digest, sha256
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from index.disk import sync, write
from index.errors import IndexBusy, IndexCorrupt, IndexForeign, LibraryError
from index.store import FORMAT, Store
from index.vectors import Vectors

STORE: Final = "passages.sqlite"
VECTORS: Final = "vectors.faiss"
_MANIFEST: Final = "manifest.json"
_CURRENT: Final = "CURRENT"
_NAME: Final = re.compile(r"\d{6,}")
_KEPT: Final = 2
_OWNER_WAIT_S: Final = 2

_log = logging.getLogger("folio.index")


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
    """A committed generation, opened.

    Attributes:
        pointer: what CURRENT held when it was opened; another content means another generation.
        damage: why this isn't the current generation, None where it is.
    """

    manifest: Manifest
    store: Store
    vectors: Vectors
    pointer: bytes | None
    damage: str | None = None


def current_number(index: Path) -> int | None:
    """Return the number of the committed generation, None where there is none.

    Raises:
        IndexCorrupt: the pointer isn't what was written.
    """
    pointer = _read_pointer(index)
    return None if pointer is None else pointer[0]


def pointer_bytes(index: Path) -> bytes | None:
    """Return what CURRENT holds, None where there is no such file.

    Raises:
        IndexCorrupt: it can't be read.
        LibraryError: this user may not read it.
    """
    try:
        return (index / _CURRENT).read_bytes()
    except FileNotFoundError:
        return None
    except PermissionError as error:
        raise _closed(error) from error
    except OSError as error:
        raise _corrupt(index / _CURRENT) from error


def open_current(index: Path) -> Generation:
    """Open the committed generation, verified; a damaged one's place takes the one before it.

    Raises:
        LibraryError: there is none yet.
        IndexCorrupt: it isn't what was committed, and no other is whole.
    """
    while True:
        pointer = pointer_bytes(index)
        try:
            manifest, folder = verify_current(index)
            return _open(manifest, folder, pointer)
        except IndexCorrupt as error:
            # A writer may have committed another and removed this one meanwhile.
            if pointer_bytes(index) == pointer:
                return _open_before(index, pointer, error)


def _open(
    manifest: Manifest, folder: Path, pointer: bytes | None, damage: str | None = None
) -> Generation:
    try:
        store, vectors = Store.read(folder / STORE), Vectors.load(folder / VECTORS)
    except (OSError, sqlite3.Error) as error:
        raise _corrupt(folder) from error
    return Generation(manifest, store, vectors, pointer, damage)


def _open_before(index: Path, pointer: bytes | None, error: IndexCorrupt) -> Generation:
    """Open the newest whole generation that isn't the damaged one, and say so in the log."""
    try:
        current = current_number(index)
    except IndexCorrupt:
        current = None
    for number in reversed(_numbers(index)):
        if current is not None and number >= current:
            continue
        try:
            manifest, folder = _verify(index, number)
            generation = _open(manifest, folder, pointer, str(error))
        except IndexCorrupt:
            continue
        _log.warning("%s; meanwhile generation %d answers", error, number)
        return generation
    raise error


def verify_current(index: Path) -> tuple[Manifest, Path]:
    """Check the committed generation against its checksums; return its manifest and folder.

    Raises:
        LibraryError: there is none yet.
        IndexCorrupt: it isn't what was committed.
    """
    pointer = _read_pointer(index)
    if pointer is None:
        raise LibraryError("this library has no index yet: run `folio index`")
    return _verify(index, *pointer)


def _verify(index: Path, number: int, digest: str | None = None) -> tuple[Manifest, Path]:
    """Check a generation; its manifest has a digest of its own, CURRENT knows the manifest's."""
    folder = index / _folder_name(number)
    try:
        data = (folder / _MANIFEST).read_bytes()
        if digest is not None and sha256(data).hexdigest() != digest:
            raise _corrupt(folder / _MANIFEST)
        values = json.loads(data)
        own = values.pop("digest", None)
        if values["number"] != number or (digest is None and own != _digest(values)):
            raise _corrupt(folder / _MANIFEST)
        if values["format"] != FORMAT:
            raise IndexForeign(
                f"the index has format {values['format']}, this Folio reads {FORMAT}: "
                "run `folio index`"
            )
        for name, expected in values["files"].items():
            with (folder / name).open("rb") as file:
                if file_digest(file, "sha256").hexdigest() != expected:
                    raise _corrupt(folder / name)
        return Manifest(**{field: values[field] for field in Manifest.__slots__}), folder
    except PermissionError as error:
        raise _closed(error) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _corrupt(folder) from error


def _digest(values: dict[str, Any]) -> str:
    """Return the sha256 of a manifest's values."""
    return sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def last_store(index: Path) -> Path | None:
    """Return the last generation's passages.sqlite, sound or not; None where there is none."""
    try:
        number = current_number(index)
    except IndexCorrupt:
        number = None
    if number is None:
        folders = index.iterdir() if index.is_dir() else ()
        numbers = [int(path.name) for path in folders if _NAME.fullmatch(path.name)]
        number = max(numbers, default=0)
    store = index / _folder_name(number) / STORE
    return store if store.is_file() else None


def files_of_current(index: Path, stack: ExitStack) -> tuple[int, dict[str, IO[bytes]]]:
    """Open the committed generation's files, verified: they stay readable whatever a writer does.

    Returns:
        Its number, and the files by their path under index/, the pointer among them.

    Raises:
        LibraryError: there is none yet.
        IndexCorrupt: it isn't what was committed.
    """
    while True:
        pointer = pointer_bytes(index)
        try:
            manifest, folder = verify_current(index)
            handles: dict[str, IO[bytes]] = {
                f"{folder.name}/{name}": stack.enter_context((folder / name).open("rb"))
                for name in (_MANIFEST, STORE, VECTORS)
            }
        except (IndexCorrupt, FileNotFoundError):
            if pointer_bytes(index) == pointer:
                raise
            continue
        if pointer is not None and pointer_bytes(index) == pointer:
            return manifest.number, {**handles, _CURRENT: BytesIO(pointer)}


@contextmanager
def writing(index: Path) -> Iterator[None]:
    """Hold the index's lock: one process writes at a time.

    Raises:
        IndexBusy: another process holds it; says which.
        LibraryError: the disk doesn't take what is written.
    """
    from filelock import FileLock, Timeout

    owner = index / "OWNER"
    try:
        index.mkdir(parents=True, exist_ok=True)
        # The kernel frees the lock when its process ends, however it ends.
        with FileLock(index / "LOCK", timeout=0):
            owner.write_text(str(os.getpid()))
            _collect_garbage(index)
            yield
            _collect_garbage(index)
            owner.unlink(missing_ok=True)
    except Timeout as error:
        raise IndexBusy(
            f"the index is being rebuilt by pid {_owner(owner)}: try again when it is done"
        ) from error
    except (OSError, sqlite3.Error) as error:
        raise LibraryError(
            f"the index can't be written ({error}); what was committed is as it was. "
            "See to the disk's space and rights, and run `folio index` again"
        ) from error


def _owner(owner: Path) -> str:
    """Return the id of the process that writes; one that has just begun is about to tell."""
    deadline = time.monotonic() + _OWNER_WAIT_S
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError, ProcessLookupError, ValueError):
            pid = int(owner.read_text())
            with suppress(PermissionError):
                os.kill(pid, 0)
            return str(pid)
        time.sleep(0.02)
    return "unknown"


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
        sync(folder / name)
    values: dict[str, Any] = {field: getattr(manifest, field) for field in Manifest.__slots__}
    values["files"] = files
    data = json.dumps(values | {"digest": _digest(values)}, indent=2).encode()
    write(folder / _MANIFEST, data)
    sync(folder)
    committed = index / _folder_name(manifest.number)
    # A folder of this number that CURRENT doesn't name was never committed.
    shutil.rmtree(committed, ignore_errors=True)
    folder.rename(committed)
    sync(index)
    body = f"{_folder_name(manifest.number)} {sha256(data).hexdigest()}"
    write(index / "CURRENT.new", f"{body} {sha256(body.encode()).hexdigest()}\n".encode())
    (index / "CURRENT.new").replace(index / _CURRENT)
    sync(index)


def _read_pointer(index: Path) -> tuple[int, str] | None:
    """Return the committed generation's number and its manifest's sha256."""
    data = pointer_bytes(index)
    if data is None:
        return None
    body, _, digest = data.removesuffix(b"\n").rpartition(b" ")
    if sha256(body).hexdigest().encode() != digest:
        raise _corrupt(index / _CURRENT)
    try:
        name, manifest_digest = body.decode().split(" ")
        return int(name), manifest_digest
    except ValueError as error:
        raise _corrupt(index / _CURRENT) from error


def _collect_garbage(index: Path) -> None:
    """Remove what no pointer names, but for the generation before the current one."""
    for path in index.glob("building-*"):
        shutil.rmtree(path, ignore_errors=True)
    try:
        current = current_number(index)
    except IndexCorrupt:
        return
    numbers = _numbers(index)
    # Without a pointer nobody knows which of them counted: the newest ones stay.
    committed = [number for number in numbers if current is None or number <= current]
    for number in set(numbers) - set(committed[-_KEPT:]):
        shutil.rmtree(index / _folder_name(number), ignore_errors=True)


def _numbers(index: Path) -> list[int]:
    """Return the numbers of the generations' folders, committed or not, in order."""
    return sorted(int(path.name) for path in index.iterdir() if _NAME.fullmatch(path.name))


def _folder_name(number: int) -> str:
    return f"{number:06d}"


def _closed(error: PermissionError) -> LibraryError:
    return LibraryError(f"{error.filename} can't be read by this user: see to its rights")


def _corrupt(path: Path) -> IndexCorrupt:
    return IndexCorrupt(f"{path} isn't what was written: run `folio index` to build the index anew")
