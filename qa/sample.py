"""The sample library that ships."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path

from index.errors import LibraryError


def write(folder: Path) -> int:
    """Write the sample library to a folder, and return how many documents it has.

    Raises:
        LibraryError: the folder has something in it already.
    """
    if folder.exists() and any(folder.iterdir()):
        raise LibraryError(f"{folder} isn't empty: give a folder that is, or a new one")
    with as_file(files("documents").joinpath("sample")) as source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    return sum(path.is_file() for path in (folder / "documents").rglob("*"))
