"""ZIP → its members' bytes, in memory. Nothing is ever unpacked to the disk.

Folders, hidden files and what operating systems put beside them are left out, as they are under
documents/. A member that can't be had costs itself only; an archive that would unpack to too much
is refused whole.
"""

import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Final

import regex

from documents.encodings import decode
from documents.errors import DocumentError
from documents.formats import package
from documents.formats.raw import Member, Room
from documents.limits import limits

_CLUTTER: Final = frozenset({"__macosx", "thumbs.db", "desktop.ini"})
_UTF8_NAME: Final = 0x800
_LOCKED: Final = 0x1
_UNPRINTABLE: Final = regex.compile(r"[\p{C}]")


def members(data: bytes, room: Room) -> list[Member]:
    """Return what an archive holds, in its order.

    Raises:
        DocumentError: corrupt, empty, limit, or type_mismatch where it is an office file.
    """
    with package.opened(data) as archive:
        _refuse_office(archive)
        infos = [info for info in archive.infolist() if not (info.is_dir() or _is_clutter(info))]
        if not infos:
            raise DocumentError("empty", "The archive has no files in it.")
        room.take_members(len(infos))
        # What is told too large needn't be unpacked to know.
        room.check(sum(info.file_size for info in infos if info.file_size <= limits().file_bytes))
        return [_member(archive, info, room) for info in infos]


def _refuse_office(archive: zipfile.ZipFile) -> None:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names or {"mimetype", "content.xml"} <= names:
        found = package.kind_of(archive)
        if found is not None:
            raise DocumentError(
                "type_mismatch", f"The file is named .zip but is {found[0]}: name it {found[1]}."
            )


def _is_clutter(info: zipfile.ZipInfo) -> bool:
    parts = [
        part for part in info.filename.replace("\\", "/").split("/") if part not in ("", ".", "..")
    ]
    return any(part.startswith(".") or part.lower() in _CLUTTER for part in parts)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: Room) -> Member:
    name = _name(info)
    safe = safe_name(name)
    if safe != name or stat.S_ISLNK(info.external_attr >> 16):
        return Member(safe, b"", DocumentError(
            "unsafe_path", "The file's name leads out of the archive, or it is a link.",
        ))  # fmt: skip
    if info.flag_bits & _LOCKED:
        return Member(name, b"", package.locked())
    try:
        return Member(name, _content(archive, info, room))
    except DocumentError as error:
        if error.reason == "limit" and room.is_full:
            raise
        return Member(name, b"", error)
    except NotImplementedError as error:
        return Member(name, b"", DocumentError(
            "unsupported", f"The file is packed in a way that can't be unpacked ({error}).",
        ))  # fmt: skip
    except (zipfile.BadZipFile, EOFError, ValueError, OSError, zlib.error) as error:
        return Member(name, b"", package.corrupt(error))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, room: Room) -> bytes:
    found = package.content(archive, info, limits().file_bytes)
    if found is None:
        raise DocumentError(
            "limit", f"The file has more than {limits().file_mb} MB: it is too large to read."
        )
    room.take_bytes(len(found))
    return found


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name; old programs wrote it in the encoding of their country."""
    if info.flag_bits & _UTF8_NAME or info.filename.isascii():
        return info.filename
    try:
        return decode(info.filename.encode("cp437"))
    except (UnicodeEncodeError, DocumentError):
        return info.filename


def safe_name(name: str) -> str:
    """Return a name that stays inside its archive: the same one where it does already.

    >>> safe_name("../../etc/passwd")
    '_/_/etc/passwd'
    """
    name = _UNPRINTABLE.sub("_", name.replace("\\", "/"))
    parts = [regex.sub(r"^(\p{L}):", r"\1_", part, count=1) for part in PurePosixPath(name).parts]
    return "/".join("_" if part in ("..", "/", "//", ".") else part for part in parts) or "_"
