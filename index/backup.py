"""A library in one file, and out of it again.

A backup is a .zip: the documents, one whole generation, records.sqlite as it was at one moment,
folio.toml, and backup.json with the sha256 and size of each. The generation is read first and the
records last, so that what a build archives, or somebody removes, in between is in one or both.
"""

import json
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any, Final

from index.disk import sync
from index.errors import BackupError, IndexCorrupt, IndexForeign
from index.generation import files_of_current, verify_current
from index.library import Library
from index.records import Records, now

FORMAT: Final = 1
_MANIFEST: Final = "backup.json"
_MANIFEST_BYTES: Final = 1 << 28
_ALONE: Final = ("records.sqlite", "folio.toml")
_BLOCK: Final = 1 << 20
_IN_MEMORY: Final = 1 << 26
_TRIES: Final = 3
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes:
        files: how many.
        size: of all of them, in bytes, before compression.
        left_out: documents that aren't regular files, or can't be read; a folder ends in "/".
        is_foreign: whether the index is of another Folio's format, and has to be built anew.
    """

    generation: int
    files: int
    size: int
    left_out: tuple[str, ...] = ()
    is_foreign: bool = False


def write_backup(library: Library, target: Path) -> Backup:
    """Write a backup of a library, which may be in use and be indexed meanwhile.

    Raises:
        BackupError: the file is there already, lies in the library, or can't be written.
        LibraryError, IndexCorrupt: there is no whole generation.
        RecordsError: records.sqlite can't be read.
    """
    target = target.absolute()
    if os.path.lexists(target):
        raise BackupError(f"{target} is there already: give another name, or remove it first")
    if target.resolve().is_relative_to(library.folder.resolve()):
        raise BackupError(f"{target} lies in the library itself: put the backup elsewhere")
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{target.name}-", suffix=".part", dir=target.parent
        )
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "w+b") as file:
                written = _write(library, file)
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(target)
            sync(target.parent)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(f"{target} can't be written: {error}") from error
    return written


def read_backup(file: Path, folder: Path) -> Backup:
    """Check every checksum of a backup, then make its library in an empty or new folder.

    Raises:
        BackupError: the folder has something in it or there is no room for the library; or the
            backup isn't what was written.
    """
    folder = folder.absolute()
    if folder.is_symlink() or folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise BackupError(f"{folder} isn't empty: restore into a folder that is, or is new")
    with _broken_told(file), zipfile.ZipFile(file) as archive:
        manifest = _manifest(archive)
        entries = manifest["files"]
        for entry in entries.values():
            _copy(archive, entry, lambda block: None)
    size = sum(entry["size"] for entry in entries.values())
    try:
        # A folder that is there stays itself: it may be a disk's own, or somebody's shell is in it.
        beside = folder if folder.is_dir() else folder.parent
        beside.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(beside).free
        if size > free:
            raise BackupError(f"the library needs {size} bytes, {beside} has {free} left")
        with tempfile.TemporaryDirectory(prefix=".folio-", dir=beside) as scratch:
            staged = Path(scratch, "library")
            staged.mkdir()
            (staged / "documents").mkdir()
            with zipfile.ZipFile(file) as archive:
                for name, entry in entries.items():
                    _extract(archive, entry, staged.joinpath(*PurePosixPath(name).parts))
                if "records.sqlite" in entries:
                    # It has the hashes of passwords.
                    (staged / "records.sqlite").chmod(0o600)
            is_foreign = _is_foreign(staged / "index")
            for path in sorted(staged.rglob("*"), reverse=True):
                if path.is_dir():
                    sync(path)
            sync(staged)
            if beside == folder:
                # Without documents/ a folder is no library: it comes last.
                for path in sorted(staged.iterdir(), key=lambda path: path.name == "documents"):
                    path.rename(folder / path.name)
            else:
                staged.rename(folder)
            sync(beside)
    except IndexCorrupt as error:
        raise BackupError(f"{file} holds an index that isn't whole: {error}") from error
    except (OSError, ValueError, zipfile.BadZipFile, zlib.error) as error:
        # It was whole a moment ago: the disk is full, or somebody changes one of the two.
        raise BackupError(f"{folder} can't be made: {error}") from error
    return Backup(manifest["generation"], len(entries), size, is_foreign=is_foreign)


# Writing


def _write(library: Library, file: IO[bytes]) -> Backup:
    entries: dict[str, dict[str, Any]] = {}
    left_out = []
    # Level 1: documents and vectors are mostly dense already.
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with ExitStack() as stack:
            number, handles = files_of_current(library.index, stack)
            for name, handle in handles.items():
                _add(archive, entries, f"index/{name}", handle)
        for name, path in _walk(library.documents):
            with tempfile.SpooledTemporaryFile(_IN_MEMORY) as copy:
                if _copied(path, copy):
                    _add(archive, entries, f"documents/{name}", copy)
                elif os.path.lexists(path):
                    left_out.append(name)
        if (library.folder / "folio.toml").is_file():
            with (library.folder / "folio.toml").open("rb") as settings:
                _add(archive, entries, "folio.toml", settings)
        with tempfile.TemporaryDirectory(prefix="folio-") as scratch:
            copy_path = Path(scratch, "records.sqlite")
            records = Records.read(library.records)
            if records is not None:
                with records:
                    records.copy_to(copy_path)
                with copy_path.open("rb") as source:
                    _add(archive, entries, "records.sqlite", source)
        values = {"format": FORMAT, "made_at": now(), "generation": number, "files": entries}
        archive.writestr(_MANIFEST, json.dumps(values, indent=1))
    size = sum(entry["size"] for entry in entries.values())
    return Backup(number, len(entries), size, tuple(left_out))


def _walk(documents: Path) -> Iterator[tuple[str, Path]]:
    """Yield every file under documents/, also hidden ones, but for Folio's unfinished copies.

    Links to folders, and folders that can't be opened, are among them: no file can be made of them.
    """
    closed: list[Path] = []
    for folder, folders, names in os.walk(
        documents, onerror=lambda error: closed.append(Path(error.filename))
    ):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        for name in sorted([*names, *links]):
            path = Path(folder, name)
            if not (name.startswith(".folio-") and name.endswith(".part")):
                yield path.relative_to(documents).as_posix(), path
    if documents in closed:
        raise BackupError(f"{documents} can't be opened: see to its rights")
    for path in closed:
        yield f"{path.relative_to(documents).as_posix()}/", path


def _copied(path: Path, copy: IO[bytes]) -> bool:
    """Copy a regular file as it was at one moment; False where that can't be done."""
    for _ in range(_TRIES):
        try:
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(handle, "rb") as source:
                before = os.fstat(handle)
                if not stat.S_ISREG(before.st_mode):
                    return False
                copy.seek(0)
                copy.truncate()
                shutil.copyfileobj(source, copy, _BLOCK)
                after = os.fstat(handle)
        except OSError:
            return False
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            copy.seek(0)
            return True
    return False


def _add(
    archive: zipfile.ZipFile, entries: dict[str, dict[str, Any]], name: str, source: IO[bytes]
) -> None:
    digest, size = sha256(), 0
    try:
        name.encode()
        inside = name
    except UnicodeEncodeError:
        # A name that isn't UTF-8 stands in the manifest only.
        inside = f"unnamed/{len(entries)}"
    item = zipfile.ZipInfo(inside)
    item.compress_type = zipfile.ZIP_DEFLATED
    with archive.open(item, "w", force_zip64=True) as target:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            target.write(block)
    entries[name] = {"entry": inside, "size": size, "sha256": digest.hexdigest()}


# Reading


def _is_foreign(index: Path) -> bool:
    """Hold an index against its own checksums; return whether it is of another format.

    Raises:
        IndexCorrupt: it isn't what was committed.
    """
    try:
        verify_current(index)
    except IndexForeign:
        return True
    return False


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    """Return backup.json, where it is one and tells of exactly what is there."""
    names = archive.namelist()
    with archive.open(_MANIFEST) as file:
        values: dict[str, Any] = json.loads(file.read(_MANIFEST_BYTES))
    if values["format"] != FORMAT:
        raise ValueError(f"it has format {values['format']}, this Folio reads {FORMAT}")
    entries = values["files"]
    if sorted(names) != sorted([_MANIFEST, *(entry["entry"] for entry in entries.values())]):
        raise ValueError("its files aren't those that backup.json names")
    for name, entry in entries.items():
        if not _safe(name) or type(entry["size"]) is not int or entry["size"] < 0:
            raise ValueError(f"{name!r} is no file of a library")
    if type(values["generation"]) is not int:
        raise ValueError("it names no generation")
    return values


def _safe(name: str) -> bool:
    """Whether a name of a backup stays inside of a library, whatever the system."""
    parts = name.split("/")
    if name in _ALONE:
        return True
    plain = all(part not in ("", ".", "..") and "\0" not in part for part in parts)
    if os.name == "nt":
        plain = plain and not any(c in name for c in '\\:*?"<>|')
    return plain and len(parts) > 1 and parts[0] in ("documents", "index")


def _copy(
    archive: zipfile.ZipFile, entry: dict[str, Any], write: Callable[[bytes], object]
) -> None:
    """Hand over an entry block by block, and hold it against its size and checksum."""
    digest, size = sha256(), 0
    with archive.open(entry["entry"]) as source:
        while block := source.read(_BLOCK):
            digest.update(block)
            size += len(block)
            if size > entry["size"]:
                break
            write(block)
    if (size, digest.hexdigest()) != (entry["size"], entry["sha256"]):
        raise ValueError(f"{entry['entry']} isn't what was written")


def _extract(archive: zipfile.ZipFile, entry: dict[str, Any], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as target:
        _copy(archive, entry, target.write)
        target.flush()
        os.fsync(target.fileno())


@contextmanager
def _broken_told(file: Path) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise BackupError(f"{file} isn't a whole backup of Folio: {error}") from error
