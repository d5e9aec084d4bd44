"""Many add at once, and some are killed: no file is lost, none takes another's place, no ghosts."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier

from index.errors import LibraryError
from index.files import delete, put
from index.generation import open_current
from tests.conftest import TEXTS

THREADS = 20


def at_once(work, count=THREADS):
    """Do `work` with 0 to count-1 in so many threads at the same moment."""
    barrier = Barrier(count)

    def one(number):
        barrier.wait()
        try:
            return work(number)
        except LibraryError as error:
            return error

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(one, range(count)))


def files_in(library):
    return {
        path.relative_to(library.documents).as_posix()
        for path in library.documents.rglob("*")
        if path.is_file()
    }


def test_the_same_bytes_under_one_name_are_one_file(library, tmp_path):
    file = tmp_path / "same.txt"
    file.write_text("Lighthouses are lit. " * 1000)
    names = at_once(lambda _: put(library, file, "new/deep"))
    assert names == ["new/deep/same.txt"] * THREADS
    assert files_in(library) == {*TEXTS, "new/deep/same.txt"}
    assert (library.documents / "new/deep/same.txt").read_bytes() == file.read_bytes()


def test_other_bytes_under_one_name_are_one_file_and_a_refusal_for_each_other(library, tmp_path):
    files = []
    for number in range(THREADS):
        (tmp_path / str(number)).mkdir()
        files.append(tmp_path / str(number) / "same.txt")
        files[-1].write_text(f"Lighthouse {number} is lit. " * 1000)
    outcomes = at_once(lambda number: put(library, files[number]))
    won = [number for number, outcome in enumerate(outcomes) if outcome == "same.txt"]
    refused = [str(outcome) for outcome in outcomes if isinstance(outcome, LibraryError)]
    assert (len(won), len(refused)) == (1, THREADS - 1)
    assert all("another file at same.txt" in message for message in refused)
    assert (library.documents / "same.txt").read_bytes() == files[won[0]].read_bytes()
    assert files_in(library) == {*TEXTS, "same.txt"}


def test_other_names_are_files_of_their_own_and_all_are_indexed(host, library, tmp_path):
    for number in range(THREADS):
        (tmp_path / f"{number}.txt").write_text("Lighthouses are lit.")
    names = at_once(lambda number: put(library, tmp_path / f"{number}.txt"))
    assert names == [f"{number}.txt" for number in range(THREADS)]
    assert host.run(library).said("committed")
    store = open_current(library.index).store
    assert {row.document for row in store.documents()} == {*TEXTS, *names}
    [passage] = store.passages_of("0.txt")
    assert {row.document for row in store.passages_by_key(passage.key)} == set(names)


def test_one_deletion_succeeds_of_many(library):
    outcomes = at_once(lambda _: delete(library, "en.txt"))
    assert outcomes.count(None) == 1
    assert files_in(library) == TEXTS.keys() - {"en.txt"}


def test_an_addition_killed_before_every_single_step_leaves_the_whole_file_or_none(
    host, library, tmp_path
):
    acknowledged = 0
    for step in count(1):
        file = tmp_path / f"more-{step}.txt"
        file.write_text(f"Lighthouse {step} is lit. " * 1000)
        builder = host.run(library, put=[str(file)], fault=["kill", step])
        target = library.documents / file.name
        if builder.said("put"):
            assert target.exists()
            acknowledged += 1
        if target.exists():
            assert target.read_bytes() == file.read_bytes()
        hidden = {name for name in files_in(library) if name.startswith(".")}
        assert len(hidden) <= 1
        assert all(re.fullmatch(r"\.folio-\d+-\w+\.part", name) for name in hidden)
        # Adding it again is what a person would do.
        assert put(library, file) == file.name
        if acknowledged == 2:
            break
    print(f"an addition has {step - 2} steps")
    assert step > 5
    assert not [name for name in files_in(library) if name.startswith(".")]
    assert host.run(library).said("committed")
    rows = {row.document for row in open_current(library.index).store.documents()}
    assert rows == files_in(library) == {*TEXTS, *(f"more-{n}.txt" for n in range(1, step + 1))}
