"""Writing so that it stays written: what others rely on is on the disk before it has its name.

A file is synced before it is renamed, and its folder after. Whoever skips one of these loses the
file when the power goes, and no test that only kills a process would show it.
"""

import os
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Write a file and have it put on the disk."""
    path.write_bytes(data)
    sync(path)


def sync(path: Path) -> None:
    """Have the system put a file, or a folder's entries, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
