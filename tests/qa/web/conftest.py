from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from index.records import Records

Scope = dict[str, Any]


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(tmp_path / "records.sqlite") as opened:
        yield opened


@pytest.fixture
def scope() -> Callable[..., Scope]:
    """Return what makes a request's scope: from an address, with headers."""

    def make(address: str = "198.51.100.7", **headers: str) -> Scope:
        named = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
        return {"type": "http", "client": (address, 4711), "headers": named, "scheme": "http"}

    return make
