"""What can be wrong with an index although every file is what was committed, and around it."""

import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Final

from index.generation import Generation
from index.rows import DocumentRow, passage_key
from index.store import Store

_KNOWN: Final = re.compile(
    r"CURRENT|LOCK|OWNER|vectors\.cache(-wal|-shm|-journal)?|\d{6,}", re.ASCII
)


def wrong_texts(store: Store) -> list[str]:
    """Return the documents whose text isn't the one that their passages are named after."""
    wrong = []
    for row in store.documents():
        digest = sha256((store.text(row.document) or "").encode()).hexdigest()
        if any(
            passage.key != passage_key(digest, passage.start, passage.end)
            for passage in store.passages_of(row.document)
        ):
            wrong.append(row.document)
    return wrong


def unreachable(generation: Generation) -> int:
    """Return how many passages aren't in all three of store, vectors and full text."""
    passages = set(generation.store.passage_ids())
    vectors, words = set(generation.vectors.ids()), set(generation.store.word_ids())
    return len((passages | vectors | words) - (passages & vectors & words))


def pages_without_text(store: Store) -> dict[str, list[int]]:
    """Return the pages that have no text, of documents that have some: path → page numbers."""
    found = {}
    for row in store.documents():
        rows = store.passages_of(row.document) if row.pages else []
        if not rows:
            continue
        text = store.text(row.document) or ""
        bounds = [*rows[0].page_starts, len(text)]
        empty = [
            number
            for number in range(1, len(bounds))
            if not text[bounds[number - 1] : bounds[number]].strip()
        ]
        if empty:
            found[row.document] = empty
    return found


def undescribed(rows: list[DocumentRow]) -> list[str]:
    """Return the indexed documents of which no date, or no language, is known."""
    return [
        row.document
        for row in rows
        if row.state == "indexed" and (row.date is None or row.language in (None, "und"))
    ]


def strangers(index: Path) -> list[str]:
    """Return what lies in index/ and is nothing of an index, or what a killed build left."""
    return sorted(path.name for path in index.iterdir() if not _KNOWN.fullmatch(path.name))


def room(index: Path, generation: int) -> tuple[int, int, int]:
    """Return in bytes: what is free on the disk, how large that is, and the generation's size."""
    usage = shutil.disk_usage(index)
    files = (index / f"{generation:06d}").iterdir()
    return usage.free, usage.total, sum(path.stat().st_size for path in files)
