"""What can be set, and where each value comes from: a default, folio.toml, the environment, a flag.

The later of these wins. An unknown name is an error that says which one comes nearest.
"""

import difflib
import os
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal

from documents.limits import Limits
from documents.worker import WALL_S
from index import default_model
from index.errors import LibraryError

SETTINGS_FILE: Final = "folio.toml"
_PREFIX: Final = "FOLIO_"
_LIMITS: Final = Limits()
# The environment has names of others too: one is an error where it all but is one of ours.
_SLIP: Final = 0.85

# What is more would be past the last year, or more bytes than a number of the system's holds.
_MOST: Final = {"log_keep_days": 36_500, "disk_min_free_percent": 100}
_MOST_OF_ANY: Final = 1_000_000_000
_DIGITS: Final = 100

Origin = Literal["default", "folio.toml", "environment", "flag"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What folio.toml may say.

    Attributes:
        encoder: "multilingual-e5-small", or a sentence-transformers folder or hub name.
        passage_chars: the longest passage, in characters.
        quotes: how many quotes an answer has at most.
        read_wall_s: how long reading one file may take, in seconds.
        ocr: whether what is written in pictures of pages is read, where tesseract is installed.
        file_max_mb: the largest file.
        pdf_max_pages: the longest PDF.
        text_max_chars: the longest text of one document.
        unpacked_max_mb: what an archive or a letter may unpack to.
        office_max_mb: what a Word, Excel, PowerPoint or OpenDocument file may unpack to.
        office_max_parts: how many parts such a file may have.
        html_max_mb: the largest web page.
        unpacked_max_files: how many files may be packed in one.
        ocr_max_pages: how many pictures of a file's pages are read.
        ocr_wall_s: how long reading a file's pictures may take, in seconds.
        upload_max_files: how many files the browser takes at once.
        upload_max_files_a_day: how many files one person may add in the browser in a day.
        library_max_gb: what all files may be before the browser takes no more.
        disk_min_free_percent: how much of the disk must be free for the browser to take a file.
        trusted_proxy: addresses or networks of proxies, whose X-Forwarded-… is believed.
        user_header: the header in which they say who is logged in.
        log: "none", "stderr", or a folder for a file a day; a relative one lies in the library's.
        log_questions: whether the log has the questions themselves, and not only their marks.
        log_keep_days: how long the folder keeps what was logged.
    """

    encoder: str = default_model.NAME
    passage_chars: int = 900
    quotes: int = 3
    read_wall_s: int = WALL_S
    ocr: bool = True
    file_max_mb: int = _LIMITS.file_mb
    pdf_max_pages: int = _LIMITS.pages
    text_max_chars: int = _LIMITS.text_chars
    unpacked_max_mb: int = _LIMITS.unpacked_mb
    office_max_mb: int = _LIMITS.office_mb
    office_max_parts: int = _LIMITS.office_parts
    html_max_mb: int = _LIMITS.html_mb
    unpacked_max_files: int = _LIMITS.unpacked_files
    ocr_max_pages: int = _LIMITS.ocr_pages
    ocr_wall_s: int = _LIMITS.ocr_s
    upload_max_files: int = 200
    upload_max_files_a_day: int = 2000
    library_max_gb: int = 10
    disk_min_free_percent: int = 10
    trusted_proxy: str = ""
    user_header: str = ""
    log: str = "none"
    log_questions: bool = False
    log_keep_days: int = 30

    def limits(self) -> Limits:
        """Return what one file may be at most."""
        return Limits(
            file_mb=self.file_max_mb,
            pages=self.pdf_max_pages,
            text_chars=self.text_max_chars,
            unpacked_mb=self.unpacked_max_mb,
            unpacked_files=self.unpacked_max_files,
            office_mb=self.office_max_mb,
            office_parts=self.office_max_parts,
            html_mb=self.html_max_mb,
            ocr_pages=self.ocr_max_pages,
            ocr_s=self.ocr_wall_s,
        )


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting with where its value comes from."""

    name: str
    value: str | int
    origin: Origin


_TYPES: Final[dict[str, Any]] = {field.name: field.type for field in fields(Settings)}
_flags: ContextVar[Mapping[str, str]] = ContextVar("_flags", default={})  # noqa: B039  (never changed)


def read_settings(path: Path) -> Settings:
    """Return what holds for a library.

    Args:
        path: its folio.toml, which needn't be there.

    Raises:
        LibraryError: it isn't TOML; a name is unknown; a value is of another type.
    """
    values: dict[str, Any] = {setting.name: setting.value for setting in resolve(path)}
    return Settings(**values)


def resolve(path: Path) -> list[Setting]:
    """Return each setting with its origin.

    Raises:
        LibraryError: as `read_settings`.
    """
    defaults = Settings()
    found = {name: Setting(name, getattr(defaults, name), "default") for name in _TYPES}
    for name, value in _from_file(path).items():
        found[name] = Setting(name, _checked(name, value, str(path)), "folio.toml")
    for name, text in _from_environment().items():
        found[name] = Setting(name, _parsed(name, text, f"${_PREFIX}{name.upper()}"), "environment")
    for name, text in _flags.get().items():
        found[name] = Setting(name, _parsed(name, text, "--set"), "flag")
    return list(found.values())


@contextmanager
def overriding(assignments: tuple[str, ...]) -> Iterator[None]:
    """Let "NAME=VALUE" win over the file and the environment while the block runs.

    Raises:
        LibraryError: one isn't of this form, or its name is unknown.
    """
    values = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise LibraryError(f"--set {assignment}: write --set NAME=VALUE")
        _known(name, "--set")
        values[name] = text
    token = _flags.set(values)
    try:
        yield
    finally:
        _flags.reset(token)


def _from_file(path: Path) -> dict[str, Any]:
    try:
        # Editors on Windows put a mark before the first line.
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (ValueError, RecursionError, OSError) as error:
        raise LibraryError(f"{path} can't be read: {error}") from error
    for name in values:
        _known(name, str(path))
    return values


def _from_environment() -> dict[str, str]:
    ours = {f"{_PREFIX}{name.upper()}": name for name in _TYPES}
    for variable in os.environ:
        if variable.startswith(_PREFIX) and variable not in ours:
            near = difflib.get_close_matches(variable, ours, n=1, cutoff=_SLIP)
            if near:
                raise LibraryError(f"unknown setting ${variable}; did you mean ${near[0]}?")
    return {name: os.environ[variable] for variable, name in ours.items() if variable in os.environ}


def _known(name: str, where: str) -> None:
    if name not in _TYPES:
        near = difflib.get_close_matches(name, _TYPES, n=1, cutoff=0.0)[0]
        raise LibraryError(f"{where}: unknown setting {name!r}; did you mean {near!r}?")


def _parsed(name: str, text: str, where: str) -> str | int:
    """Return the value that a text outside of TOML stands for."""
    value: str | int = text
    if _TYPES[name] is int and text.strip().isdecimal() and len(text) <= _DIGITS:
        value = int(text)
    elif _TYPES[name] is bool:
        value = {"true": True, "false": False}.get(text.strip().lower(), text)
    return _checked(name, value, where)


def _checked(name: str, value: Any, where: str) -> str | int:
    wanted = _TYPES[name]
    if type(value) is not wanted or value == "" or (wanted is int and value < 1):
        expected = {int: "a positive whole number", bool: "true or false", str: "a text"}[wanted]
        raise LibraryError(f"{where}: {name} is {value!r}, expected {expected}")
    most = _MOST.get(name, _MOST_OF_ANY)
    if wanted is int and value > most:
        raise LibraryError(f"{where}: {name} is {value}, {most} is the most")
    checked: str | int = value
    return checked
