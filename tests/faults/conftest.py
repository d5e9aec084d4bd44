"""What the fault tests share: builders to be killed, readers that watch."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from index.library import Library
from tests.serving import environment


@pytest.fixture
def library(small_library: Library, tmp_path: Path) -> Library:
    """Return a copy of the small library, to be broken."""
    shutil.copytree(small_library.folder, tmp_path / "copy")
    return Library.open(tmp_path / "copy")


class Builder:
    """A builder that runs."""

    def __init__(self, host: "Host", pid: int, journal: Path) -> None:
        self._host = host
        self.pid = pid
        self._journal = journal

    def wait(self) -> int:
        """Return its exit status; minus the signal that ended it."""
        return self._host.ask(wait=self.pid)

    def journal(self) -> list[list[Any]]:
        """Return what it did so far."""
        lines = self._journal.read_text().splitlines() if self._journal.exists() else []
        return [json.loads(line) for line in lines]

    def said(self, what: str) -> list[Any]:
        """Return what it has written down under this word."""
        return [line[1] for line in self.journal() if line[0] == what]

    def began(self) -> "Builder":
        """Return when it has begun."""
        while not self.said("begun"):
            time.sleep(0.001)
        return self


class Host:
    """Starts builders; see tests/faults/host.py."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.host"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )

    def ask(self, **order: Any) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def start(self, library: Library, **order: Any) -> Builder:
        self._count += 1
        journal = self._folder / f"{self._count}.jsonl"
        pid = self.ask(library=str(library.folder), journal=str(journal), **order)
        return Builder(self, pid, journal)

    def run(self, library: Library, **order: Any) -> Builder:
        """Start a builder and wait for its end."""
        builder = self.start(library, **order)
        builder.wait()
        return builder

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    opened = Host(tmp_path_factory.mktemp("journals"))
    yield opened
    opened.close()


@contextmanager
def reading(library: Library, readers: int = 2) -> Iterator[list[dict[str, Any]]]:
    """Have readers open the index all the while; what they saw is in the list afterwards."""
    found: list[dict[str, Any]] = []
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.faults.reader", str(library.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        for _ in range(readers)
    ]
    try:
        yield found
    finally:
        found += [json.loads(process.communicate("stop\n")[0]) for process in processes]
