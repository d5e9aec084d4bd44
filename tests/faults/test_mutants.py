"""Files with random damage are read or fail with a reason, soon; the seed is told.

`FOLIO_MUTANTS=2000` makes more of them, `FOLIO_SEED=7` other ones.
"""

import os
import random
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from documents import DocumentError
from documents.worker import ReaderPool

FILES = Path(__file__).parents[1] / "documents" / "files"
SEED = int(os.environ.get("FOLIO_SEED", "20261122"))
COUNT = int(os.environ.get("FOLIO_MUTANTS", "300")) // 3
SLOWEST_S = 10


def pdf() -> bytes:
    return (FILES / "paged.pdf").read_bytes()


def docx() -> bytes:
    import docx as word_files

    file = word_files.Document()
    for number in range(20):
        file.add_paragraph(f"Līguma {number}. pants paredz sadarbību.")
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def html() -> bytes:
    rows = "".join(f"<tr><td>{n}</td><td>līgums</td></tr>" for n in range(20))
    page = f"<html><head><title>Ziņas</title></head><body><table>{rows}</table></body></html>"
    return page.encode()


def mutant(data: bytes, dice: random.Random) -> bytes:
    """Return bytes with some flipped, cut out, doubled, or cut off."""
    broken = bytearray(data)
    for _ in range(dice.randint(1, 20)):
        at = dice.randrange(len(broken))
        length = dice.randint(1, 40)
        action = dice.randrange(10)
        if action < 6:
            broken[at] = dice.randrange(256)
        elif action < 8:
            del broken[at : at + length]
        elif action < 9:
            broken[at:at] = broken[at : at + length] * dice.randint(1, 9)
        else:
            del broken[max(at, len(broken) // 2) :]
    return bytes(broken)


@pytest.mark.slow
@pytest.mark.parametrize("whole", [pdf, docx, html])
def test_a_mutant_is_read_or_fails_with_a_reason_soon(whole: Callable[[], bytes]) -> None:
    dice = random.Random(SEED)  # noqa: S311 - the same damage again, no secret
    name = f"a.{whole.__name__}"
    data = whole()
    with ReaderPool() as pool:
        pool.read_all(data, name)  # a worker takes its time to start
        for number in range(COUNT):
            broken = mutant(data, dice)
            began = time.monotonic()
            [outcome] = pool.read_all(broken, name)
            where = f"mutant {number} of seed {SEED}: {outcome.result}"
            assert time.monotonic() - began < SLOWEST_S, where
            if isinstance(outcome.result, DocumentError):
                assert "crashes" not in outcome.result.message, where
                assert outcome.result.reason not in ("timeout", "memory"), where
            else:
                assert outcome.result.text.strip(), where
