"""Keep the index in step with documents/ for as long as it is watched. The one home of watchfiles.

The system tells that something moved; what really changed is for the build to find out, by hashes.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from index.build import Report, build
from index.changes import Progress
from index.errors import FolioError, IndexBusy
from index.library import Library

# A change is taken up when nothing has moved for a moment, or when it never stops moving.
_QUIET_MS: Final = 400
_LONGEST_MS: Final = 5_000
_TICK_MS: Final = 1_000
_AGAIN_S: Final = 30
# Some file systems tell nothing of what another machine does to them.
_LOOK_S: Final = 600

Told = Callable[[Report | FolioError], None]
"""Told of each build that changed something, and of each error once."""


def watch(
    folder: Path,
    tell: Told,
    stop: threading.Event | None = None,
    progress: Progress = lambda *_: None,
) -> None:
    """Index a library, and again after each change of its files, until stopped.

    An error is told and doesn't end it: it is tried again, at once where another process was
    writing, else in a while or at the next change.

    Args:
        folder: the library's; its settings are read anew for every build.
        stop: ends it when set; Ctrl-C always does.

    Raises:
        LibraryError: there is no library to watch.
    """
    import watchfiles

    # What changes while the first build runs is noticed: the watch begins before it.
    changes = watchfiles.watch(
        Library.open(folder).documents,
        watch_filter=lambda _, path: not Path(path).name.startswith("."),
        debounce=_LONGEST_MS,
        step=_QUIET_MS,
        stop_event=stop,
        rust_timeout=_TICK_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    next_at, told = 0.0, ""
    for changed in changes:
        if not changed and time.monotonic() < next_at:
            continue
        try:
            report = build(Library.open(folder), progress)
        except FolioError as error:
            next_at = time.monotonic() + (0 if isinstance(error, IndexBusy) else _AGAIN_S)
            if str(error) != told:
                tell(error)
            told = str(error)
            continue
        next_at, told = time.monotonic() + _LOOK_S, ""
        if report.added or report.changed or report.removed:
            tell(report)
