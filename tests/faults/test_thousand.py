"""A thousand real documents, killed five times on the way, are those of an undisturbed run.

    FOLIO_DATA=DIR make test-long

DIR holds public sets (belebele, ntrex, cuad), each with a contexts.jsonl.gz. $FOLIO_DOCUMENTS, if
set, says how many are taken.
"""

import gzip
import json
import os
import sqlite3
import subprocess
import time
from contextlib import closing
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from index.encoder import open_encoder
from index.generation import open_current, verify_current
from index.library import Library
from index.search import Searcher
from tests.serving import environment, folio, folio_command

DOCUMENTS = int(os.environ.get("FOLIO_DOCUMENTS") or 1000)
KILLS = 5
# Most are short; contracts are fifty pages long.
SHARES = {"belebele": 0.945, "ntrex": 0.05, "cuad": 0.005}


@pytest.fixture
def data():
    folder = Path(os.environ.get("FOLIO_DATA") or "nowhere")
    missing = [name for name in SHARES if not (folder / name / "contexts.jsonl.gz").is_file()]
    if missing:
        pytest.skip(f"$FOLIO_DATA names no folder with {', '.join(missing)}")
    return folder


def write_documents(data: Path, folder: Path) -> int:
    """Write documents of each set under a library's documents/, and return how many."""
    written = 0
    for name, share in SHARES.items():
        (folder / "documents" / name).mkdir(parents=True)
        wanted = round(DOCUMENTS * share)
        with gzip.open(data / name / "contexts.jsonl.gz", "rt", encoding="utf-8") as lines:
            for place, line in enumerate(islice(lines, wanted)):
                row = json.loads(line)
                path = folder / "documents" / name / f"{place:04d}.txt"
                path.write_text(f"{row['title']}\n\n{row['text']}", encoding="utf-8")
                written += 1
    return written


def vectors_kept(library: Path) -> int:
    """Return how many texts have been embedded so far: how far a build is, however fast it goes."""
    path = library / "index" / "vectors.cache"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM vectors").fetchone()[0])
        except sqlite3.OperationalError:  # it is just being made
            return 0


def contents(library: Library) -> tuple[dict, dict]:
    """Return all that a generation holds but for its ids, and its passages' vectors."""
    generation = open_current(library.index)
    store = generation.store
    rows, vectors = {}, {}
    for row in store.documents():
        passages = store.passages_of(row.document)
        kept = store.sentences([passage.id for passage in passages])
        said = sorted((each.start, each.end, each.vector.tobytes()) for each in kept)
        rows[row.document] = (row, store.text(row.document), said)
        basis = np.eye(8, 384, dtype=np.float32)
        for passage in passages:
            seen = [generation.vectors.cosines(each, [passage.id])[passage.id] for each in basis]
            vectors[passage.document, passage.start, passage.end, passage.key] = seen
    return rows, vectors


@pytest.mark.long
def test_a_thousand_documents_indexed_under_five_kills_are_those_of_a_quiet_run(
    data, tmp_path, chance
):
    quiet, killed = tmp_path / "quiet", tmp_path / "killed"
    count = write_documents(data, quiet)
    assert write_documents(data, killed) == count
    started = time.monotonic()
    ran = folio("index", "--library", quiet, "--json", timeout=7200)
    assert ran.returncode == 0, ran.stderr
    quiet_s = time.monotonic() - started
    report = json.loads(ran.stdout)
    assert len(report["added"]) == count
    print(f"{count} documents, {report['passages']} passages, {quiet_s:.0f} s undisturbed")

    wanted = vectors_kept(quiet)
    moments = sorted(chance.uniform(0.02, 0.95) for _ in range(KILLS))
    done = 0
    started = time.monotonic()
    for moment in moments:
        process = subprocess.Popen(
            [*folio_command(), "index", "--library", str(killed)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        while process.poll() is None and vectors_kept(killed) < moment * wanted:
            time.sleep(chance.uniform(0.1, 1))
        if process.poll() is None:
            process.kill()
            done += 1
        process.wait()
    assert folio("index", "--library", killed, timeout=7200).returncode == 0
    print(f"killed {done} times at {[round(each, 2) for each in moments]} of the work; "
          f"{time.monotonic() - started:.0f} s in all")  # fmt: skip
    assert done == KILLS, "the builds were over before they could be killed"

    libraries = [Library.open(folder) for folder in (quiet, killed)]
    (rows, vectors), (rows_killed, vectors_killed) = map(contents, libraries)
    assert rows_killed == rows
    assert vectors_killed.keys() == vectors.keys()
    assert all(np.allclose(vectors_killed[key], vectors[key], atol=1e-6) for key in vectors)
    assert [verify_current(library.index)[0].number for library in libraries] == [1, 1]

    encoder = open_encoder()
    searchers = [Searcher.open(library, encoder) for library in libraries]
    for row in list(rows)[:: max(1, count // 50)]:
        title = rows[row][0].title or row
        found = [
            [(hit.passage.key, round(hit.score, 5)) for hit in each.search(each.query(title), 5)]
            for each in searchers
        ]
        assert found[0] == found[1]
