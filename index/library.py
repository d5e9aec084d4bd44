"""Where a library is on disk.

LIBRARY/documents/        the files, as people put them
LIBRARY/index/            derived; may be deleted once `folio index` has run
LIBRARY/records.sqlite    what people made, and what citations still need
LIBRARY/folio.toml        optional settings
"""

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from index.errors import LibraryError
from index.settings import SETTINGS_FILE, Settings, read_settings


@dataclass(frozen=True, slots=True)
class Library:
    """A folder of documents with its index."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path | str | None = None) -> "Library":
        """Open a library's folder: the one given, else $FOLIO_LIBRARY, else the platform's.

        Raises:
            LibraryError: there is no such library, it can't be opened, or its folio.toml has a
                mistake.
        """
        path = library_folder(folder)
        try:
            there = (path / "documents").is_dir()
        except OSError as error:
            raise LibraryError(f"{path} can't be opened: see to its rights") from error
        if not there:
            raise LibraryError(
                f"{path} is not a library: it has no folder documents/. "
                f"Put files into {path / 'documents'}, or run `folio sample {path}` for an example"
            )
        return cls(path, read_settings(path / SETTINGS_FILE))

    @classmethod
    def create(cls, folder: Path | str | None = None) -> "Library":
        """Make the folder documents/ where it isn't, and open the library."""
        (library_folder(folder) / "documents").mkdir(parents=True, exist_ok=True)
        return cls.open(folder)

    @property
    def documents(self) -> Path:
        """The folder with the files."""
        return self.folder / "documents"

    @property
    def index(self) -> Path:
        """The folder with the generations."""
        return self.folder / "index"

    @property
    def records(self) -> Path:
        """The file with what can't be made again from the documents."""
        return self.folder / "records.sqlite"


def library_folder(folder: Path | str | None = None) -> Path:
    """Return the library's folder: the one given, else $FOLIO_LIBRARY, else the platform's."""
    chosen = folder or os.environ.get("FOLIO_LIBRARY") or platformdirs.user_data_path("folio")
    return Path(chosen).expanduser().absolute()
