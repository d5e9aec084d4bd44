"""What a server prints of an error: its kind and place, never its words.

The page's framework prints the errors that it meets, and the text of one may quote what was asked
("received inputs: …"). Who reads the server's output knows what broke and where without it.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

_Info = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def told(error: BaseException | None) -> str:
    """Return an error's traceback, and those of what led to it, without their texts."""
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        seen.append(error)
        error = error.__cause__ or error.__context__
    parts = []
    for each in reversed(seen):
        places = "".join(traceback.format_tb(each.__traceback__))
        parts.append(f"Traceback (most recent call last):\n{places}{type(each).__name__}")
    return "\n\n".join(parts)


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # what another handler has made of the error
        return super().format(record)

    def formatException(self, ei: _Info) -> str:  # noqa: N802  (logging's name)
        return told(ei[1])


@contextmanager
def errors_without_words() -> Iterator[None]:
    """Have whatever prints an error in this process leave its words out while the block runs."""
    printed = logging.StreamHandler()
    printed.setLevel(logging.WARNING)
    printed.setFormatter(_Formatter())
    root, before, in_threads = logging.getLogger(), traceback.print_exc, threading.excepthook

    def print_exc(*_: Any, **__: Any) -> None:
        print(told(sys.exc_info()[1]), file=sys.stderr, flush=True)

    def print_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not SystemExit:
            print(told(args.exc_value), file=sys.stderr, flush=True)

    root.addHandler(printed)
    traceback.print_exc = print_exc
    threading.excepthook = print_in_thread
    try:
        yield
    finally:
        root.removeHandler(printed)
        traceback.print_exc = before
        threading.excepthook = in_threads
