"""A build that is killed at any moment leaves a whole generation, and the next one finishes."""

import random
import signal
import subprocess
import sys
import time

from index.build import build
from index.generation import open_current, verify_current
from index.library import Library
from tests.conftest import TEXTS

KILLS = 6
BUILD = (
    "import sys\n"
    "from index.build import build\n"
    "from index.library import Library\n"
    "print('started', flush=True)\n"
    "print(build(Library.open(sys.argv[1])).generation, flush=True)\n"
)


def test_a_killed_build_leaves_one_whole_generation_and_loses_nothing(make_library):
    library: Library = make_library()
    committed = build(library).generation
    seed = time.time_ns() % 10**6
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311
    for number in range(KILLS):
        (library.documents / f"more-{number}.txt").write_text(f"Lighthouse {number} is lit.")
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(library.folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(chance.uniform(0, 3))
        process.send_signal(signal.SIGKILL)
        acknowledged = process.stdout.read().strip()
        process.wait()
        process.stdout.close()
        manifest, _ = verify_current(library.index)
        assert manifest.number >= (int(acknowledged) if acknowledged else committed)
        committed = manifest.number
        generation = open_current(library.index)
        assert generation.store.passage_count() == len(generation.vectors)
    report = build(library)
    documents = {row.document for row in open_current(library.index).store.documents()}
    assert documents == {*TEXTS, *(f"more-{number}.txt" for number in range(KILLS))}
    assert report.generation >= committed
    assert not list(library.index.glob("building-*"))


def test_a_lock_left_by_a_killed_process_blocks_nobody(make_library):
    library = make_library({"a.txt": "A lighthouse."})
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from index.generation import writing\n"
        "with writing(Path(sys.argv[1])):\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(library.index)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    assert build(library).added == ["a.txt"]
