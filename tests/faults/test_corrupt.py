"""Whatever happens to a library's files, damage is noticed, and one whole generation answers."""

import json
import shutil
import sqlite3
from contextlib import closing
from hashlib import sha256
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import pytest

from index.cache import VectorCache, text_key
from index.encoder import DEFAULT, fingerprint_of
from index.errors import IndexCorrupt, LibraryError
from index.generation import open_current, verify_current
from tests.conftest import TEXTS
from tests.faults.host import DIMENSION, hashed
from tests.serving import serving

FLIPS = 300
CUTS = 20
NAMES = ("passages.sqlite", "vectors.faiss", "manifest.json")
JUNK = [b"", b"\0" * 100, b"[]", b"{}", b"null", b"[" * 10**5, b"\xff\xfe", "ə".encode() * 50]


@pytest.fixture(scope="module")
def two_generations(small_library, host, tmp_path_factory):
    """Make a library with two whole generations that differ."""
    folder = tmp_path_factory.mktemp("two")
    shutil.copytree(small_library.folder, folder / "library")
    library = small_library.open(folder / "library")
    (library.documents / "new.txt").write_text("The lighthouse of Kolka was automated in 1979.")
    assert host.run(library).said("committed") == [2]
    return library


@pytest.fixture
def broken(two_generations, tmp_path):
    """Return a copy to be broken."""
    shutil.copytree(two_generations.folder, tmp_path / "broken")
    return two_generations.open(tmp_path / "broken")


def current(library):
    return [library.index / "CURRENT", *(library.index / "000002" / name for name in NAMES)]


def assert_the_generation_before_answers(library):
    with pytest.raises(IndexCorrupt, match="folio index"):
        verify_current(library.index)
    assert_one_whole_generation(library, 1)


def assert_one_whole_generation(library, number):
    opened = open_current(library.index)
    assert opened.manifest.number == number
    assert (opened.damage is None) == (number == 2)
    names = {row.document for row in opened.store.documents()}
    assert names == ({*TEXTS, "new.txt"} if number == 2 else set(TEXTS))
    assert opened.store.passage_count() == len(opened.vectors)


def test_three_hundred_flipped_bits_are_each_noticed_or_harmless(broken, chance):
    cache = broken.index / "vectors.cache"
    before = broken.index / "000001"
    kept_vectors = vectors_in(cache)
    assert len(kept_vectors) > len(TEXTS)
    counts = dict.fromkeys(["current", "before", "cache"], 0)
    for _ in range(FLIPS):
        kind = chance.choice(["current", "current", "before", "cache"])
        places = {
            "current": current(broken),
            "before": [before / name for name in NAMES],
            "cache": [cache],
        }
        path = chance.choice(places[kind])
        whole = path.read_bytes()
        data = bytearray(whole)
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        if kind == "current" and path.name == "CURRENT":
            with pytest.raises(IndexCorrupt, match="folio index"):
                verify_current(broken.index)
            # Nothing says which was committed: the newest that is whole was.
            assert open_current(broken.index).manifest.number == 2
        elif kind == "current":
            assert_the_generation_before_answers(broken)
        elif kind == "before":
            assert_one_whole_generation(broken, 2)
            with (broken.index / "CURRENT").open("r+b") as pointer:
                kept = pointer.read()
                pointer.truncate(3)
            (broken.index / "000002").rename(broken.index / "aside")
            with pytest.raises(IndexCorrupt, match="folio index"):
                open_current(broken.index)
            (broken.index / "aside").rename(broken.index / "000002")
            (broken.index / "CURRENT").write_bytes(kept)
        else:
            assert_the_cache_tells_the_truth_or_nothing(broken, kept_vectors)
        for suffix in ("-wal", "-shm"):
            cache.with_name(cache.name + suffix).unlink(missing_ok=True)
        path.write_bytes(whole)
        counts[kind] += 1
    print(counts)
    assert_one_whole_generation(broken, 2)


def vectors_in(path):
    with closing(sqlite3.connect(path)) as connection:
        keys = [row[0] for row in connection.execute("SELECT text FROM vectors")]
    with VectorCache(path, fingerprint_of(DEFAULT)) as cache:
        return cache.get(keys)


def assert_the_cache_tells_the_truth_or_nothing(library, kept):
    """What it returns is what was put; a key that it loses is a vector to be computed again."""
    known = {**kept, text_key("new"): hashed("new").astype(np.float16).astype(np.float32)}
    with VectorCache(library.index / "vectors.cache", fingerprint_of(DEFAULT)) as cache:
        cache.put([(text_key("new"), known[text_key("new")])])
        for key, vector in cache.get(list(known)).items():
            assert np.array_equal(vector, known[key])


def test_a_vector_in_the_cache_with_a_flipped_bit_is_as_good_as_none(tmp_path):
    path, key, vector = tmp_path / "cache", text_key("a"), np.ones(DIMENSION, np.float32)
    with VectorCache(path, "model") as cache:
        cache.put([(key, vector)])
        assert np.array_equal(cache.get([key])[key], vector)
    data = bytearray(path.read_bytes())
    place = data.index(np.float16(1).tobytes() * 20) + 7
    data[place] ^= 1
    path.write_bytes(data)
    with VectorCache(path, "model") as cache:
        assert cache.get([key]) == {}


@pytest.mark.parametrize("cut", range(CUTS))
def test_a_shortened_file_is_noticed(broken, cut):
    for path in current(broken):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) * cut // CUTS])
        with pytest.raises(IndexCorrupt, match="folio index"):
            verify_current(broken.index)
        assert open_current(broken.index).damage
        path.write_bytes(whole)
    cache = broken.index / "vectors.cache"
    kept_vectors = vectors_in(cache)
    cache.write_bytes(cache.read_bytes()[: cache.stat().st_size * cut // CUTS])
    assert_the_cache_tells_the_truth_or_nothing(broken, kept_vectors)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_file_is_noticed(broken, name):
    (broken.index / "000002" / name).unlink()
    assert_the_generation_before_answers(broken)


@pytest.mark.parametrize("name", [*NAMES, ""])
def test_files_of_two_generations_that_are_swapped_are_noticed(broken, name):
    first, second = (broken.index / number / name for number in ("000001", "000002"))
    aside = broken.index / "aside"
    first.rename(aside)
    second.rename(first)
    aside.rename(second)
    with pytest.raises(IndexCorrupt, match="folio index"):
        verify_current(broken.index)
    # Neither is what it was, so nothing answers, and it says what to run.
    with pytest.raises(IndexCorrupt, match="folio index"):
        open_current(broken.index)


@pytest.mark.parametrize("junk", JUNK)
def test_junk_is_noticed_wherever_it_lies(broken, junk):
    for path in current(broken):
        whole = path.read_bytes()
        path.write_bytes(junk)
        assert open_current(broken.index).damage
        path.write_bytes(whole)
    for number in ("000001", "000002"):
        (broken.index / number / "manifest.json").write_bytes(junk)
    with pytest.raises(IndexCorrupt, match="folio index"):
        open_current(broken.index)


@pytest.mark.parametrize("body", [b"000009 " + b"0" * 64, b"000002", b"", b"two", b"2 3 4"])
def test_a_pointer_with_a_right_digest_to_nowhere_is_noticed(broken, body):
    line = body + b" " + sha256(body).hexdigest().encode() + b"\n"
    (broken.index / "CURRENT").write_bytes(line)
    assert open_current(broken.index).damage


def test_without_a_pointer_there_is_no_index_and_a_build_makes_one(broken, host):
    (broken.index / "CURRENT").unlink()
    with pytest.raises(LibraryError, match="folio index"):
        open_current(broken.index)
    assert host.run(broken).said("committed") == [3]


@pytest.mark.parametrize("name", ["CURRENT", *NAMES])
def test_a_build_mends_what_was_damaged(broken, host, name, caplog):
    path = broken.index / ("" if name == "CURRENT" else "000002") / name
    path.write_bytes(b"junk")
    damaged = open_current(broken.index)
    [record] = caplog.records
    assert "folio index" in record.getMessage()
    assert f"generation {damaged.manifest.number} answers" in record.getMessage()
    assert host.run(broken).said("committed") == [3]
    opened = open_current(broken.index)
    assert (opened.manifest.number, opened.damage) == (3, None)
    assert {row.document for row in opened.store.documents()} == {*TEXTS, "new.txt"}


def test_what_rots_under_an_open_index_is_one_known_error(broken):
    opened = open_current(broken.index)
    path = broken.index / "000002" / "passages.sqlite"
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * (path.stat().st_size - 4096))
    with pytest.raises(IndexCorrupt, match="folio index"):
        opened.store.passages(range(1, 9))


@pytest.mark.slow
def test_the_served_app_goes_on_with_the_generation_before_or_says_what_to_run(
    broken, host, tmp_path
):
    (broken.index / "000002" / "vectors.faiss").write_bytes(b"junk")
    with serving(broken.folder, tmp_path) as served:
        assert ready(served) == (200, 1)
        (broken.index / "000001" / "passages.sqlite").write_bytes(b"junk")
        pointer = broken.index / "CURRENT"
        pointer.write_bytes(pointer.read_bytes() + b" ")
        status, message = ready(served)
        assert status == 503
        assert "folio index" in message
        with urlopen(f"{served.address}/healthz") as response:  # noqa: S310
            assert response.status == 200
        assert host.run(broken).said("committed") == [3]
        assert ready(served) == (200, 3)


def ready(served):
    """Return readyz's status, with the generation or what it says."""
    try:
        with urlopen(f"{served.address}/readyz") as response:  # noqa: S310
            return response.status, json.load(response)["generation"]
    except HTTPError as error:
        with error:
            return error.code, json.load(error)["message"]
