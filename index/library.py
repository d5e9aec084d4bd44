"""Where a library is on disk, and its settings.

LIBRARY/documents/        the files, as people put them
LIBRARY/index/            derived; may be deleted at any time
LIBRARY/records.sqlite    what people made, and what citations still need
LIBRARY/folio.toml        optional settings
"""

import difflib
import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import platformdirs

from index import default_model
from index.errors import LibraryError

_SETTINGS_FILE: Final = "folio.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What folio.toml may say.

    Attributes:
        encoder: "multilingual-e5-small", or a sentence-transformers folder or hub name.
        passage_chars: the longest passage, in characters.
        quotes: how many quotes an answer has at most.
    """

    encoder: str = default_model.NAME
    passage_chars: int = 900
    quotes: int = 3


@dataclass(frozen=True, slots=True)
class Library:
    """A folder of documents with its index."""

    folder: Path
    settings: Settings

    @classmethod
    def open(cls, folder: Path | str | None = None) -> "Library":
        """Open a library's folder: the one given, else $FOLIO_LIBRARY, else the platform's.

        Raises:
            LibraryError: there is no such library, or its folio.toml has a mistake.
        """
        path = library_folder(folder)
        if not (path / "documents").is_dir():
            raise LibraryError(
                f"{path} is not a library: it has no folder documents/. "
                f"Put files into {path / 'documents'}, or run `folio sample {path}` for an example"
            )
        return cls(path, read_settings(path / _SETTINGS_FILE))

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


def read_settings(path: Path) -> Settings:
    """Read folio.toml; defaults where it isn't there.

    Raises:
        LibraryError: it isn't TOML, has an unknown key, or a value of another type.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise LibraryError(f"{path} can't be read: {error}") from error
    known: dict[str, Any] = {field.name: field.type for field in fields(Settings)}
    for key, value in values.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)[0]
            raise LibraryError(f"{path}: unknown setting {key!r}; did you mean {near!r}?")
        wanted = known[key]
        if type(value) is not wanted or (wanted is int and value < 1):
            name = "a positive whole number" if wanted is int else "a text"
            raise LibraryError(f"{path}: {key} is {value!r}, expected {name}")
    return Settings(**values)
