from collections.abc import Iterator
from pathlib import Path

import pytest

from index.library import Library
from index.records import Records


@pytest.fixture
def library(tmp_path: Path) -> Library:
    """Return a library without an index; people need none."""
    for folder in ("board/2024", "personnel", "news"):
        (tmp_path / "library/documents" / folder).mkdir(parents=True)
    return Library.open(tmp_path / "library")


@pytest.fixture
def records(library: Library) -> Iterator[Records]:
    with Records.open(library.records) as opened:
        yield opened
