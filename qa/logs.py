"""What happens, as JSON lines: nowhere, to stderr or into a folder, as the settings say.

Without content: no question, no words of a document, no text of an error. Each question has a
random id, and the same question asked twice has the same mark (an HMAC) within one process, and in
no other. `log_questions` has the questions themselves written down.

A folder has a file a day, and those older than `log_keep_days` are deleted. Several processes may
write there: each line is appended whole, and nothing that is being written is ever renamed.
"""

import hmac
import json
import logging
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from index.errors import LibraryError
from index.settings import Settings

_LOGGER: Final = logging.getLogger("folio.events")
_KEY: Final = secrets.token_bytes(16)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\.jsonl")
_MARK_CHARS: Final = 12


class JsonLines(logging.Formatter):
    """One object a line, in ASCII: no name of a file can begin another line or move a cursor."""

    def __init__(self, with_content: bool = False) -> None:
        """Make a formatter.

        Args:
            with_content: whether what people asked is written down, and not only its mark.
        """
        super().__init__()
        self._with_content = with_content

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line of JSON."""
        moment = datetime.fromtimestamp(record.created, UTC)
        values: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        for key, said in getattr(record, "content", {}).items():
            if self._with_content:
                values[key] = said
            else:
                values[f"{key}_mark"] = _mark(said)
        if record.exc_info and record.exc_info[0]:
            # An error's text may quote what was asked; its kind and place don't.
            values["error"] = record.exc_info[0].__name__
        return json.dumps(values)


class DailyFiles(logging.Handler):
    """Appends to a folder's file of the day, UTC, and deletes those that are too old."""

    def __init__(self, folder: Path, keep_days: int) -> None:
        """Make the folder where it isn't.

        Args:
            keep_days: how long a line is kept, to the day.

        Raises:
            LibraryError: the folder can't be written.
        """
        super().__init__()
        self._folder = folder
        self._keep_days = keep_days
        self._day, self._file = "", -1
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._turn(datetime.now(UTC))
        except OSError as error:
            raise LibraryError(
                f"the log's folder {folder} can't be written ({error.strerror}): "
                "name another with `log`"
            ) from error

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; where the disk doesn't take it, that is told on stderr."""
        try:
            moment = datetime.fromtimestamp(record.created, UTC)
            if self._file_name(moment) != self._day:
                self._turn(moment)
            os.write(self._file, self.format(record).encode() + b"\n")
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Close the day's file; a line that comes all the same opens it again.

        Who sets up logging of another kind (uvicorn does) has every handler closed and goes on.
        """
        if self._day:
            os.close(self._file)
            self._day = ""
        super().close()

    @staticmethod
    def _file_name(moment: datetime) -> str:
        return f"{moment:%Y-%m-%d}.jsonl"

    def _turn(self, moment: datetime) -> None:
        """Begin the day's file, and delete those of days that are over."""
        if self._day:
            os.close(self._file)
            self._day = ""
        name = self._file_name(moment)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        # What people asked is for who keeps the library.
        self._file = os.open(self._folder / name, flags, 0o600)
        self._day = name
        oldest = self._file_name(moment - timedelta(days=self._keep_days))
        for path in self._folder.iterdir():
            if _DAY.fullmatch(path.name) and path.name < oldest:
                path.unlink(missing_ok=True)


def configure(settings: Settings, library: Path) -> None:
    """Begin the log that the settings ask for, and end the one before.

    Args:
        library: the library's folder, in which a relative path of the log lies.

    Raises:
        LibraryError: the log can't be written.
    """
    end()
    folder = library / Path(settings.log).expanduser()
    if settings.log == "none" or (library in folder.parents and not library.is_dir()):
        return
    made: logging.Handler
    if settings.log == "stderr":
        made = logging.StreamHandler()
    else:
        made = DailyFiles(folder, settings.log_keep_days)
    made.setFormatter(JsonLines(settings.log_questions))
    root = logging.getLogger("folio")
    root.addHandler(made)
    root.setLevel(logging.INFO)
    root.propagate = False


def end() -> None:
    """End the log: what happens isn't written down any more."""
    root = logging.getLogger("folio")
    for handler in [each for each in root.handlers if isinstance(each.formatter, JsonLines)]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(logging.NOTSET)
    root.propagate = True


def event(name: str, content: dict[str, str] | None = None, /, **facts: Any) -> None:
    """Write one line, where there is a log.

    Args:
        content: what only a log with content may have; of each value there is a mark otherwise.
    """
    _LOGGER.info(name, extra={"facts": facts, "content": content or {}})


@contextmanager
def noted(name: str, content: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Write one line about what the block did, also where it fails, under an id of its own.

    Args:
        content: as `event` has it.

    Yields:
        What is told besides; the block fills it in.
    """
    facts: dict[str, Any] = {"id": secrets.token_hex(4)}
    try:
        yield facts
    except BaseException as error:
        event(f"{name} failed", content, **facts, error=type(error).__name__)
        raise
    event(name, content, **facts)


def _mark(said: str) -> str:
    return hmac.digest(_KEY, said.encode(errors="replace"), "sha256").hex()[:_MARK_CHARS]
