"""How much a library takes: the size of a file, of all files, and what the disk has left."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Final

from index.errors import LibraryError
from index.library import Library

_GB: Final = 30


def held_bytes(library: Library) -> int:
    """Return what all files under documents/ have. It asks the system for each: keep the answer."""
    held = 0
    for folder, _, names in os.walk(library.documents):
        for name in names:
            with suppress(OSError):  # taken away meanwhile
                held += Path(folder, name).lstat().st_size
    return held


def has_room_on_disk(library: Library, size: int) -> bool:
    """Return whether so many bytes more leave as much of the disk free as has to be."""
    disk = shutil.disk_usage(library.folder)
    return disk.free - size >= disk.total * library.settings.disk_min_free_percent / 100


def check_room(library: Library, size: int, held: int) -> None:
    """Refuse a file that is too large, or for which there is no room.

    Args:
        size: of the file, in bytes.
        held: what the library's files have already, in bytes.

    Raises:
        LibraryError: it isn't taken; says why.
    """
    settings = library.settings
    if size > settings.file_max_mb << 20:
        raise LibraryError(f"the file has more than {settings.file_max_mb} MB")
    if not has_room_on_disk(library, size):
        raise LibraryError(
            f"less than {settings.disk_min_free_percent} % of the disk would be free: "
            "make room, then add the file again"
        )
    if held + size > settings.library_max_gb << _GB:
        raise LibraryError(
            f"the library would have more than {settings.library_max_gb} GB: remove files first, "
            "or raise library_max_gb in folio.toml"
        )
