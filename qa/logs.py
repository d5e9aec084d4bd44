"""What happens, as JSON lines: off, to stderr or to a file, as $FOLIO_LOG says.

Without content: no question, no words of a document, no text of an error, unless $FOLIO_LOG_CONTENT
is 1. The same question asked twice has the same mark within one process, and in no other.
"""

import hmac
import json
import logging
import os
import secrets
from datetime import UTC, datetime
from typing import Any, Final

_LOGGER: Final = logging.getLogger("folio.events")
_KEY: Final = secrets.token_bytes(16)


class JsonLines(logging.Formatter):
    """One object a line, in ASCII: no name of a file can begin another line or move a cursor."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a record as one line of JSON."""
        moment = datetime.fromtimestamp(record.created, UTC)
        values: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[0]:
            # An error's text may quote what was asked; its kind and place don't.
            values["error"] = record.exc_info[0].__name__
        return json.dumps(values)


def configure() -> None:
    """Begin the log that $FOLIO_LOG asks for: "stderr", or a file's path; nothing where unset."""
    target = os.environ.get("FOLIO_LOG")
    root = logging.getLogger("folio")
    for handler in [each for each in root.handlers if isinstance(each.formatter, JsonLines)]:
        root.removeHandler(handler)
        handler.close()
    if not target:
        return
    to_file = target != "stderr"
    made = logging.FileHandler(target, encoding="utf-8") if to_file else logging.StreamHandler()
    made.setFormatter(JsonLines())
    root.addHandler(made)
    root.setLevel(logging.INFO)
    root.propagate = False


def event(name: str, content: dict[str, Any] | None = None, /, **facts: Any) -> None:
    """Write one line, where there is a log.

    Args:
        content: what only a log with content may have; of each value there is a mark otherwise.
    """
    if not _LOGGER.isEnabledFor(logging.INFO):
        return
    for key, value in (content or {}).items():
        if os.environ.get("FOLIO_LOG_CONTENT") == "1":
            facts[key] = value
        else:
            facts[f"{key}_mark"] = hmac.digest(_KEY, str(value).encode(), "sha256").hex()[:12]
    _LOGGER.info(name, extra={"facts": facts})
