"""What a process that reads files is held to: memory, files, CPU time, its parent's end."""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import context as mp_context
from types import ModuleType
from typing import Any, Final

MEMORY_BYTES: Final = 1 << 30
OPEN_FILES: Final = 32
_PR_SET_PDEATHSIG: Final = 1
_PRELOADED: Final = ["documents.worker", "pypdf", "lxml.html", "docx", "markdown_it", "trafilatura",
                     "openpyxl", "pptx", "striprtf.striprtf", "pypdfium2"]  # fmt: skip


def end_with_parent() -> None:
    """Ask the kernel to end this process when the one that started it ends (Linux only)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def allow_cpu(seconds: int) -> None:
    """Let this process use so many seconds of CPU time from now on; then SIGXCPU ends it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def confine() -> None:
    """Run once in each worker: take its rights to memory, files and noise."""
    import logging
    import warnings

    sys.dont_write_bytecode = True
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        resource.setrlimit(limit, (value, value))
    end_with_parent()
    os.environ.clear()
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    os.close(silence)


class _Process(mp_context.ForkServerProcess):
    """A worker that doesn't import the program's main module: it may be a script of anyone's."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's name
        with _bare_main():
            return mp_context.ForkServerProcess._Popen(process_obj)


class Context(mp_context.ForkServerContext):
    """How workers are started: each out of one process that has imported all formats."""

    Process = _Process

    def __init__(self) -> None:
        super().__init__()
        self.set_forkserver_preload(_PRELOADED)


@contextmanager
def _bare_main() -> Iterator[None]:
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
