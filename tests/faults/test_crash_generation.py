"""A builder killed at any moment leaves one whole generation, and loses nothing it acknowledged."""

import os
import signal
import statistics
import subprocess
import time
from collections import Counter
from itertools import count

import pytest

from index.build import build
from index.generation import open_current, verify_current
from index.library import Library
from tests.conftest import TEXTS
from tests.faults.conftest import Builder, Host, reading
from tests.serving import environment, folio_command

KILLS = 50
ENOUGH = 10
COLD_KILLS = 2


class Life:
    """A library that grows by one document a build, with what has to be in it."""

    def __init__(self, host: Host, library: Library) -> None:
        self.host = host
        self.library = library
        self.acknowledged: dict[str, str] = {}
        self.outcomes: Counter[str] = Counter()
        self._numbers = count()
        self._inbox = library.folder.parent / "inbox"
        self._inbox.mkdir()

    def order(self) -> dict:
        """Return an addition, a change and a build, to be done by a builder."""
        number = next(self._numbers)
        file = self._inbox / f"more-{number}.txt"
        file.write_text(f"Lighthouse {number} is lit.")
        return {"put": [str(file)], "stamp": f"The last addition is number {number}."}

    def undisturbed(self) -> Builder:
        """Do one build that isn't killed."""
        builder = self.host.run(self.library, **self.order())
        assert builder.said("committed"), builder.journal()[-1]
        self.take_note(builder)
        return builder

    def take_note(self, builder: Builder) -> None:
        for name in builder.said("put"):
            self.acknowledged[name] = (self._inbox / name).read_text()

    def examine(self, before: int, builder: Builder) -> None:
        """Hold the library against what is known of it after a builder was killed."""
        self.take_note(builder)
        for name, text in self.acknowledged.items():
            assert (self.library.documents / name).read_text() == text
        manifest, _ = verify_current(self.library.index)
        assert manifest.number >= max([before, *builder.said("committed")])
        self.outcomes["new" if manifest.number > before else "old"] += 1
        folders = [path for path in self.library.index.iterdir() if path.name.isdigit()]
        assert len(folders) <= 4

    def number(self) -> int:
        return verify_current(self.library.index)[0].number

    def finish(self) -> None:
        """Let one more build end, and look for everything that was acknowledged."""
        self.undisturbed()
        rows = {row.document: row for row in open_current(self.library.index).store.documents()}
        assert rows.keys() >= self.acknowledged.keys() | TEXTS.keys()
        on_disk = {p.relative_to(self.library.documents).as_posix() for p in self._files()}
        assert rows.keys() == on_disk
        left = [path.name for path in self.library.index.iterdir() if not path.name.isdigit()]
        assert sorted(left) == ["CURRENT", "LOCK", "vectors.cache"]

    def _files(self):
        return (path for path in self.library.documents.rglob("*") if path.is_file())


@pytest.fixture
def life(host, library):
    started = Life(host, library)
    started.undisturbed()
    return started


def assert_readers_were_content(found):
    print(*({**each, "errors": len(each["errors"])} for each in found))
    for each in found:
        assert each["errors"] == []
        assert each["checks"] > ENOUGH
        assert each["generations"] > ENOUGH


@pytest.mark.slow
def test_fifty_builders_killed_at_random_moments_leave_the_old_or_the_new_generation(life, chance):
    with reading(life.library) as found:
        durations = []
        for _ in range(3):
            lines = life.undisturbed().journal()
            durations.append(lines[-1][-1] - lines[0][-1])
        for _ in range(KILLS):
            typical = statistics.median(durations)
            # Earlier where too many had finished, later where too few had.
            early = life.outcomes["new"] > life.outcomes["old"]
            after = chance.uniform(0, typical) if early else chance.uniform(0.6, 2) * typical
            before = life.number()
            builder = life.host.start(life.library, **life.order(), linger=True).began()
            time.sleep(after)
            os.kill(builder.pid, signal.SIGKILL)
            assert builder.wait() == -signal.SIGKILL
            life.examine(before, builder)
            if builder.said("committed"):
                lines = builder.journal()
                durations.append(lines[-1][-1] - lines[0][-1])
        life.finish()
    print(dict(life.outcomes))
    assert_readers_were_content(found)
    assert min(life.outcomes["old"], life.outcomes["new"]) >= ENOUGH, "nothing has been proved"


@pytest.mark.slow
def test_a_builder_killed_before_every_single_step_leaves_the_old_or_the_new_generation(life):
    with reading(life.library) as found:
        for step in count(1):
            before = life.number()
            builder = life.host.start(life.library, **life.order(), fault=["kill", step])
            killed = builder.wait() == -signal.SIGKILL
            life.examine(before, builder)
            if not killed:
                break
            life.undisturbed()
        life.finish()
    print(f"{step - 1} steps", dict(life.outcomes))
    assert step > 25
    assert life.outcomes["old"] >= ENOUGH
    # After the pointer there is less to do: what is left over is swept up.
    assert life.outcomes["new"] >= 5
    assert_readers_were_content(found)


@pytest.mark.slow
def test_the_real_command_killed_while_it_embeds_leaves_the_old_or_the_new_generation(
    library, chance
):
    command = [*folio_command(), "index", "--library", str(library.folder)]
    before = verify_current(library.index)[0].number
    for number in range(COLD_KILLS):
        (library.documents / f"more-{number}.txt").write_text(f"Lighthouse {number} is lit.")
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
        )
        # The building folder is there once the index is at work.
        while process.poll() is None and not list(library.index.glob("building-*")):
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 2))
        process.kill()
        process.wait()
        number_now = verify_current(library.index)[0].number
        assert number_now >= before
        before = number_now
        generation = open_current(library.index)
        assert generation.store.passage_count() == len(generation.vectors)
    build(library)
    documents = {row.document for row in open_current(library.index).store.documents()}
    assert documents == {*TEXTS, *(f"more-{number}.txt" for number in range(COLD_KILLS))}


def test_every_file_is_on_the_disk_before_its_name_and_every_name_before_the_pointer(life):
    builder = life.undisturbed()
    steps = [tuple(line[1:-1]) for line in builder.journal() if line[0] == "step"]
    number = f"{builder.said('committed')[0]:06d}"
    [building] = {step[1].split("/")[1] for step in steps if step[1].startswith("index/building-")}
    folder = f"index/{building}"
    named = steps.index(("rename", folder, f"index/{number}"))
    files = sorted(path.name for path in (life.library.index / number).iterdir())
    assert files == ["manifest.json", "passages.sqlite", "vectors.faiss"]
    for name in files:
        synced = steps.index(("fsync", f"{folder}/{name}"))
        written = [
            place
            for place, step in enumerate(steps)
            if step[0] in ("write", "sqlite3.connect") and step[1] == f"{folder}/{name}"
        ]
        assert all(place < synced for place in written)
        assert synced < steps.index(("fsync", folder)) < named
    switched = steps.index(("rename", "index/CURRENT.new", "index/CURRENT"))
    assert named < steps.index(("fsync", "index"), named) < switched
    assert (
        steps.index(("write", "index/CURRENT.new"))
        < steps.index(("fsync", "index/CURRENT.new"))
        < switched
        < steps.index(("fsync", "index"), switched)
    )
    # What is superseded goes only when what supersedes it is there to stay.
    removed = [place for place, step in enumerate(steps) if step[0] == "rmdir"]
    assert all(place > steps.index(("fsync", "index"), switched) for place in removed)


def test_an_added_file_and_its_name_are_on_the_disk_before_it_is_acknowledged(life):
    lines = life.undisturbed().journal()
    [acknowledged] = [place for place, line in enumerate(lines) if line[0] == "put"]
    name = lines[acknowledged][1]
    steps = [tuple(line[1:-1]) for line in lines[:acknowledged] if line[0] == "step"]
    [(copy, linked)] = [
        (step[1], place)
        for place, step in enumerate(steps)
        if step[0] == "link" and step[2] == f"documents/{name}"
    ]
    assert steps.index(("write", copy)) < steps.index(("fsync", copy)) < linked
    assert linked < steps.index(("fsync", "documents"), linked)
