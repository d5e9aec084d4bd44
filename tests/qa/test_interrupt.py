"""Ctrl-C while `folio index` works."""

import os
import signal
import sqlite3
import subprocess
import sys
import time

from index.build import build
from index.generation import open_current
from tests.conftest import TEXTS
from tests.serving import environment

# Many more than are embedded before the interruption comes, however busy the machine is.
DOCUMENTS = 400
WAIT_S = 120


def test_ctrl_c_keeps_the_last_generation_and_what_was_embedded(make_library):
    library = make_library(settings="passage_chars = 100\n")
    first = build(library).generation
    before = embedded(library)
    for number in range(DOCUMENTS):
        text = " ".join(f"Lighthouse {number} has {lamp} lamps." for lamp in range(40))
        (library.documents / f"lighthouse-{number}.txt").write_text(text)
    # What a shell starts in the background is deaf to Ctrl-C, and so are its children.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler);"
        "from ui import main; main()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, "index", "--library", str(library.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        # A terminal interrupts the whole group: the workers too.
        start_new_session=True,
    )
    deadline = time.monotonic() + WAIT_S
    while (kept := embedded(library)) == before:
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    output, errors = process.communicate(timeout=WAIT_S)
    assert process.returncode == 130
    assert output == b""
    assert errors.decode() == "folio: stopped; what was finished is kept\n"
    assert embedded(library) >= kept > before
    assert not list(library.index.glob("building-*"))
    generation = open_current(library.index)
    assert generation.manifest.number == first
    assert {row.document for row in generation.store.documents()} == set(TEXTS)


def embedded(library):
    connection = sqlite3.connect(library.index / "vectors.cache")
    try:
        return connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
    finally:
        connection.close()


def test_a_watch_tells_what_came_and_ends_cleanly_at_a_signal(make_library):
    library = make_library({"a.txt": "A lighthouse."})
    code = "from ui import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, "watch", "--library", str(library.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "added    a.txt\n"
    process.terminate()
    output, errors = process.communicate(timeout=WAIT_S)
    assert (process.returncode, output) == (0, "")
    assert errors == f"Watching {library.documents}; Ctrl-C ends it.\n"
    assert open_current(library.index).manifest.number == 1
