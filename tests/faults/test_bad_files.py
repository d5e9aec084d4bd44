"""Every bad file has its right outcome, within its limits, and nothing is written."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents import DocumentError
from documents.worker import ReaderPool
from tests.faults.bad_files import Case, cases

CASES = cases()


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool() as opened:
        yield opened


def test_there_are_enough_of_them_and_they_are_the_same_every_time() -> None:
    assert len(CASES) >= 80
    assert len({name for name, *_ in CASES}) == len(CASES)
    assert cases() == CASES


@pytest.mark.parametrize("case", CASES, ids=[name for name, *_ in CASES])
def test_a_bad_file_has_its_outcome(
    case: Case, pool: ReaderPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, data, expected = case
    monkeypatch.chdir(tmp_path)
    began = time.monotonic()
    outcomes = pool.read_all(data, name)
    assert time.monotonic() - began < 31
    told = {
        each.result.reason if isinstance(each.result, DocumentError) else "indexed"
        for each in outcomes
    }
    assert told == {expected}, outcomes
    assert list(tmp_path.iterdir()) == []
