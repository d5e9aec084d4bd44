"""A generation is seen whole or not at all, and only as it was committed."""

import random
import shutil
from pathlib import Path

import pytest

from index import disk, generation
from index.build import build
from index.errors import IndexCorrupt, LibraryError, ModelError
from index.generation import current_number, open_current, verify_current
from index.library import Library
from index.search import Searcher
from tests.conftest import TEXTS


@pytest.fixture
def library(small_library, tmp_path):
    """Return a copy of the small library, to be broken."""
    shutil.copytree(small_library.folder, tmp_path / "copy")
    return Library.open(tmp_path / "copy")


def test_no_index_yet_says_what_to_run(make_library):
    with pytest.raises(LibraryError, match="folio index"):
        open_current(make_library().index)


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_bit_anywhere_is_detected(library, seed):
    chance = random.Random(seed)  # noqa: S311  (a test's choice)
    number = current_number(library.index)
    files = [library.index / "CURRENT", *(library.index / f"{number:06d}").iterdir()]
    path = chance.choice(files)
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    with pytest.raises(IndexCorrupt, match="folio index"):
        verify_current(library.index)


@pytest.mark.parametrize("name", ["passages.sqlite", "vectors.faiss", "manifest.json"])
def test_a_missing_or_shortened_file_is_detected_and_the_next_build_mends_it(library, name):
    path = library.index / f"{current_number(library.index):06d}" / name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(IndexCorrupt):
        open_current(library.index)
    path.unlink()
    with pytest.raises(IndexCorrupt):
        open_current(library.index)
    assert len(build(library).added) == len(TEXTS)
    assert open_current(library.index).store.passage_count() >= len(TEXTS)


def test_a_broken_pointer_never_reuses_a_number(library):
    before = current_number(library.index)
    (library.index / "CURRENT").write_text("junk")
    with pytest.raises(IndexCorrupt):
        current_number(library.index)
    assert build(library).generation > before


def test_an_index_of_another_model_is_refused_with_what_to_run(library, encoder):
    (library.folder / "folio.toml").write_text('encoder = "multilingual-e5-small"\n')
    other = encoder.__class__("x", "another/1", 384, encoder._prompts, encoder._run)
    with pytest.raises(ModelError, match="folio index"):
        Searcher.open(library, other)


def test_the_generation_before_is_kept_and_older_ones_go(library):
    for number in range(4):
        (library.documents / "more.txt").write_text(f"Number {number} is the newest.")
        build(library)
    kept = sorted(path.name for path in library.index.iterdir() if path.name.isdigit())
    assert kept == ["000004", "000005"]


def test_a_reader_keeps_its_generation_while_others_are_committed(library, encoder):
    old = Searcher.open(library, encoder)
    for number in range(3):
        (library.documents / "more.txt").write_text(f"Number {number} is the newest.")
        build(library)
    assert old.stale(library)
    hits = old.search(old.query("scholarships a year"))
    assert hits[0].passage.document == "en.txt"
    assert "more.txt" not in {hit.passage.document for hit in hits}


def test_files_reach_the_disk_before_their_names_and_names_before_the_pointer(library, monkeypatch):
    steps = []
    sync, rename, replace = disk.sync, generation.Path.rename, generation.Path.replace
    for module in (disk, generation):
        monkeypatch.setattr(module, "sync", lambda p: (steps.append(("sync", p.name)), sync(p)))
    monkeypatch.setattr(
        generation.Path, "rename", lambda p, t: (steps.append(("name", t.name)), rename(p, t))[1]
    )
    monkeypatch.setattr(
        generation.Path, "replace", lambda p, t: (steps.append(("name", t.name)), replace(p, t))[1]
    )
    (library.documents / "more.txt").write_text("More.")
    number = f"{build(library).generation:06d}"
    order = [step for step in steps if not step[1].startswith("building")]
    assert order == [
        ("sync", "passages.sqlite"),
        ("sync", "vectors.faiss"),
        ("sync", "manifest.json"),
        ("name", number),
        ("sync", "index"),
        ("sync", "CURRENT.new"),
        ("name", "CURRENT"),
        ("sync", "index"),
    ]
    assert steps[3][0] == "sync"
    assert steps[3][1].startswith("building")


def test_an_index_that_this_user_may_not_read_isnt_built_anew(library, monkeypatch):
    number = current_number(library.index)
    reads = Path.read_bytes
    for name in ("CURRENT", "manifest.json"):

        def refused(self, name=name):
            if self.name == name:
                raise PermissionError(13, "Permission denied", str(self))
            return reads(self)

        monkeypatch.setattr(Path, "read_bytes", refused)
        for use in (lambda: open_current(library.index), lambda: build(library)):
            with pytest.raises(LibraryError, match="see to its rights"):
                use()
        monkeypatch.undo()
    assert current_number(library.index) == number
