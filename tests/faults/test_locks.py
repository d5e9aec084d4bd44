"""One process writes at a time; the others say who does, and readers aren't disturbed."""

import re
import subprocess
import sys
import time
from itertools import pairwise

from index.generation import verify_current
from tests.faults.conftest import reading
from tests.faults.test_crash_generation import Life
from tests.serving import environment, folio

WRITERS = 6
ROUNDS = 5
REBUILDS = 10
HOLD = (
    "import sys, time\n"
    "from pathlib import Path\n"
    "from index.generation import writing\n"
    "with writing(Path(sys.argv[1])):\n"
    "    print('held', flush=True)\n"
    "    time.sleep(600)\n"
)


def holding(library):
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(library.index)],
        stdout=subprocess.PIPE,
        env=environment(),
    )
    assert process.stdout
    assert process.stdout.readline() == b"held\n"
    process.stdout.close()
    return process


def test_of_six_writers_at_once_one_writes_and_the_others_say_so_with_status_75(host, library):
    refused = 0
    for number in range(ROUNDS):
        (library.documents / "more.txt").write_text(f"Lighthouse {number} is lit.")
        at = time.monotonic() + 0.3
        builders = [host.start(library, at=at) for _ in range(WRITERS)]
        assert [builder.wait() for builder in builders] == [0] * WRITERS
        assert [builder.said("traceback") for builder in builders] == [[]] * WRITERS
        spans = sorted(
            (lines[1][-1], lines[-1][-1])
            for lines in (builder.journal() for builder in builders if builder.said("committed"))
        )
        assert spans
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        pids = {builder.pid for builder in builders}
        for builder in builders:
            for status, message in builder.said("refused"):
                named = re.search(r"the index is being rebuilt by pid (\w+)", message)
                assert status == 75
                assert named
                # One that has finished meanwhile can't be named any more.
                assert named[1] == "unknown" or int(named[1]) in pids
                refused += named[1] != "unknown"
    print(f"{refused} of {ROUNDS * WRITERS} were told another's pid")
    assert refused >= ROUNDS
    assert verify_current(library.index)[0].number == ROUNDS + 1


def test_the_command_exits_with_75_and_names_the_process_that_writes(library):
    process = holding(library)
    try:
        ran = folio("index", "--library", library.folder)
    finally:
        process.kill()
        process.wait()
    assert ran.returncode == 75
    expected = f"folio: the index is being rebuilt by pid {process.pid}: try again when it is done"
    assert ran.stderr == f"{expected}\n"


def test_a_lock_left_by_a_killed_process_blocks_nobody(host, library):
    process = holding(library)
    process.kill()
    process.wait()
    (library.documents / "more.txt").write_text("Lighthouse 1 is lit.")
    assert host.run(library).said("committed")


def test_readers_are_content_while_the_index_is_built_ten_times(host, library):
    life = Life(host, library)
    life.undisturbed()
    with reading(library) as found:
        for _ in range(REBUILDS):
            life.undisturbed()
            time.sleep(0.2)
    for each in found:
        assert each["errors"] == []
        assert each["generations"] >= 3
    life.finish()
