"""What leaves the index is kept before it goes, whatever happens to the build."""

import shutil
from pathlib import Path

import pytest

from index import archive
from index.build import build
from index.errors import RecordsError
from index.generation import open_current
from index.library import Library
from index.records import Records
from tests.conftest import NASTY, TEXTS


def keys_of(library, document):
    return [row.key for row in open_current(library.index).store.passages_of(document)]


def kept(library, key):
    with Records.read(library.records) as records:
        return archive.archived(records, key)


def test_a_text_that_goes_is_kept_to_the_letter_with_its_passages(make_library):
    texts = {
        f"{change}/{place}.txt": f"{change} {place}. {text * 9}"
        for change in ("edited", "removed", "emptied")
        for place, text in enumerate([*NASTY, TEXTS["ru/ru.txt"]])
    }
    library = make_library(texts)
    build(library)
    store = open_current(library.index).store
    for name in texts:
        path = library.documents / name
        if name.startswith("removed"):
            path.unlink()
        else:
            path.write_text("" if name.startswith("emptied") else "Nothing of it is left.")
    build(library)
    for name in texts:
        for row in store.passages_of(name):
            was = kept(library, row.key)
            assert (was.document, was.text) == (name, store.text(name))
            assert was.text[was.start : was.end] == row.text
            assert (was.title, was.language, was.kind) == (row.title, row.language, row.kind)
            assert was.went_at.endswith("Z")


def test_what_stays_or_is_renamed_is_not_kept(make_library):
    library = make_library()
    build(library)
    keys = keys_of(library, "en.txt") + keys_of(library, "lv.txt")
    (library.documents / "en.txt").rename(library.documents / "moved.txt")
    (library.documents / "tr.txt").unlink()
    build(library)
    assert [kept(library, key) for key in keys] == [None] * len(keys)


def test_other_passages_are_kept_when_a_setting_cuts_the_same_text_otherwise(make_library):
    library = make_library()
    build(library)
    [key] = keys_of(library, "en.txt")
    (library.folder / "folio.toml").write_text("passage_chars = 120\n")
    build(Library.open(library.folder))
    assert key not in keys_of(library, "en.txt")
    assert kept(library, key).text == TEXTS["en.txt"]


@pytest.mark.parametrize("broken", ["CURRENT", "manifest", "vectors"])
def test_texts_of_an_index_that_is_damaged_are_kept_all_the_same(make_library, broken):
    library = make_library()
    build(library)
    [key] = keys_of(library, "en.txt")
    name = {"manifest": "000001/manifest.json", "vectors": "000001/vectors.faiss"}
    (library.index / name.get(broken, broken)).write_bytes(b"junk")
    (library.documents / "en.txt").unlink()
    build(library)
    assert kept(library, key).text == TEXTS["en.txt"]


def test_a_text_that_its_passages_dont_prove_is_not_kept(make_library):
    library = make_library()
    build(library)
    keys = {name: keys_of(library, name)[0] for name in TEXTS}
    store = library.index / "000001/passages.sqlite"
    data = store.read_bytes()
    assert data.count(b"six years") == 1
    store.write_bytes(data.replace(b"six years", b"two years"))
    for name in TEXTS:
        (library.documents / name).unlink()
    build(library)
    assert kept(library, keys["en.txt"]) is None
    assert kept(library, keys["lv.txt"]).text == TEXTS["lv.txt"]


@pytest.mark.parametrize("dies", ["before", "after"])
def test_a_build_that_dies_around_its_commit_loses_nothing(make_library, monkeypatch, dies):
    library = make_library()
    build(library)
    [key] = keys_of(library, "en.txt")
    (library.documents / "en.txt").unlink()

    remember = archive.remember

    def die(_, number, *rest):
        if dies == "before" or number == 2:
            raise KeyboardInterrupt
        remember(_, number, *rest)

    with monkeypatch.context() as patch:
        patch.setattr("index.build.commit" if dies == "before" else "index.archive.remember", die)
        with pytest.raises(KeyboardInterrupt):
            build(library)
    current = open_current(library.index).manifest.number
    assert current == (1 if dies == "before" else 2)
    assert kept(library, key).text == TEXTS["en.txt"]
    report = build(library)
    assert report.generation == 2
    assert kept(library, key).text == TEXTS["en.txt"]
    with Records.read(library.records) as records:
        assert list(archive.generations(records)) == [1, 2]
        assert "en.txt" not in archive.state(records, 2)


def test_a_text_that_cant_be_kept_keeps_the_build_from_being_committed(make_library, monkeypatch):
    library = make_library()
    build(library)
    (library.documents / "en.txt").unlink()

    def full(*_):
        raise RecordsError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("index.archive._keep", full)
        with pytest.raises(RecordsError):
            build(library)
    assert open_current(library.index).manifest.number == 1
    assert build(library).removed == ["en.txt"]


def test_the_history_says_what_each_generation_had(make_library):
    library = make_library({"a.txt": "A lighthouse.", "b.txt": "A ferry."})
    build(library)
    (library.documents / "a.txt").write_text("Two lighthouses.")
    (library.documents / "b.txt").unlink()
    (library.documents / "c.txt").write_text("A bridge.")
    build(library)
    (library.documents / "b.txt").write_text("A ferry.")
    build(library)
    with Records.read(library.records) as records:
        first, second, third = (archive.state(records, number) for number in (1, 2, 3))
        assert list(archive.generations(records)) == [1, 2, 3]
        went = (archive.generations(records)[2], {"a.txt"})
        assert archive.removal_of(records, "b.txt") == went
        assert archive.removal_of(records, "a.txt") is None
    assert (set(first), set(second), set(third)) == (
        {"a.txt", "b.txt"}, {"a.txt", "c.txt"}, {"a.txt", "b.txt", "c.txt"},
    )  # fmt: skip
    assert first["a.txt"] != second["a.txt"] == third["a.txt"]
    assert first["b.txt"] == third["b.txt"]


def test_numbers_go_on_when_the_index_was_deleted(make_library):
    library = make_library()
    build(library)
    keys = keys_of(library, "en.txt")
    shutil.rmtree(library.index)
    assert build(library).generation == 2
    assert keys_of(library, "en.txt") == keys


def test_a_kept_text_that_was_damaged_is_an_error_and_is_found(make_library):
    library = make_library()
    build(library)
    [key] = keys_of(library, "en.txt")
    (library.documents / "en.txt").unlink()
    build(library)
    with Records.open(library.records) as records:
        [(data,)] = records.rows("SELECT text FROM texts")
        for place in range(len(data)):
            flipped = data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :]
            with records.writing():
                records.rows("UPDATE texts SET text = ?", [flipped])
            try:
                assert archive.archived(records, key).text == TEXTS["en.txt"]
            except RecordsError:
                assert archive.damaged_texts(records) == ["en.txt"]
            else:
                assert archive.damaged_texts(records) == []


def test_a_library_whose_records_are_damaged_says_so_and_can_still_be_asked(make_library):
    library = make_library()
    build(library)
    Path(library.records).write_bytes(b"junk " * 2000)
    with pytest.raises(RecordsError, match=r"records\.sqlite"):
        build(library)
    assert open_current(library.index).store.text("en.txt") == TEXTS["en.txt"]
