"""Starts the real server, as a process of its own, for tests."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
READY_S = 240


def folio_command() -> list[str]:
    """Return how to call folio: the console script if installed, else the function it is."""
    script = shutil.which("folio", path=str(Path(sys.executable).parent))
    return [script] if script else [sys.executable, "-c", "from ui import main; main()"]


def folio(*arguments: object, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
    """Run a folio command to its end."""
    return subprocess.run(
        [*folio_command(), *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=timeout,
        env=environment(),
    )


@dataclass
class Served:
    """A running server."""

    process: "subprocess.Popen[bytes]"
    address: str
    port: int
    output: Path
    errors: Path
    ready_s: float


@contextmanager
def serving(library: Path, logs: Path, *options: str, port: int | None = None) -> Iterator[Served]:
    """Serve a library at a port, a free one where none is given, until the block ends."""
    port = port or free_port()
    output, errors = logs / "output", logs / "errors"
    started = time.monotonic()
    with output.open("wb") as out, errors.open("wb") as err:
        process = subprocess.Popen(
            [*folio_command(), "serve", "--library", str(library), "--port", str(port), *options],
            stdout=out,
            stderr=err,
            env=environment(),
        )
    try:
        address = f"http://127.0.0.1:{port}"
        while not _answers(f"{address}/healthz"):
            if process.poll() is not None or time.monotonic() - started > READY_S:
                raise AssertionError(f"folio serve didn't start: {errors.read_text()}")
            time.sleep(0.05)
        yield Served(process, address, port, output, errors, time.monotonic() - started)
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment() -> dict[str, str]:
    """Return what a process needs to find folio without its being installed."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
