"""Opens a library's index again and again, and holds what it finds against itself.

    python -m tests.faults.reader LIBRARY     until a line comes on stdin; prints what it saw

A library made by the crash tests has stamp.txt, which says the number n of the last addition, and
more-0.txt to more-n.txt, of which one whose addition was killed may be missing.
"""

import json
import re
import select
import sys
import time
from pathlib import Path

import numpy as np

from index.generation import Generation, open_current
from tests.faults.host import hashed

_PAUSE_S = 0.15


def number_in(generation: Generation) -> int:
    """Return the stamp of a generation, if it is whole and of one piece."""
    store, vectors = generation.store, generation.vectors
    assert generation.damage is None, generation.damage
    text = store.text("stamp.txt") or ""
    number = int(text.split()[-1].rstrip("."))
    documents = {row.document: row for row in store.documents()}
    assert all(row.state == "indexed" for row in documents.values())
    added = {int(match[1]) for name in documents if (match := re.match(r"more-(\d+)", name))}
    assert not added or max(added) == number, (max(added), number)
    assert store.passage_count() == len(vectors) == sum(r.passages for r in documents.values())
    ids = [row.id for name in documents for row in store.passages_of(name)]
    assert len(vectors.cosines(np.zeros(384, np.float32), ids)) == len(ids)
    # The vectors are those of these texts, not of another generation's.
    [stamp] = store.passages_of("stamp.txt")
    assert vectors.cosines(hashed(stamp.text), [stamp.id])[stamp.id] > 0.99
    return number


def main() -> None:
    """Read until told to stop."""
    index = Path(sys.argv[1]) / "index"
    seen = (0, -1)
    checks = 0
    generations = set()
    errors = []
    while not select.select([sys.stdin], [], [], _PAUSE_S)[0]:
        try:
            generation = open_current(index)
            now = (generation.manifest.number, number_in(generation))
            assert now[0] >= seen[0], (seen, now)
            assert now[1] >= seen[1], (seen, now)
            seen = now
            generations.add(now[0])
        except Exception as error:  # every one of them is a finding
            errors.append(f"{time.monotonic()} {type(error).__name__}: {error}")
        checks += 1
    print(json.dumps({"checks": checks, "generations": len(generations), "errors": errors}))


if __name__ == "__main__":
    main()
