"""A removed file can be put back, byte for byte, until it is pruned."""

import pytest

from index.errors import FolioError, LibraryError
from index.records import Records
from index.removed import damaged_files, prune, put_back, removed, replace, take_out

BYTES = bytes(range(256)) * 300


@pytest.fixture
def library(make_library):
    made = make_library(
        {"2024/bāka.txt": "", "2024/bāka.txt.meta.toml": 'title = "Bāka"', "b": "b"}
    )
    (made.documents / "2024/bāka.txt").write_bytes(BYTES)
    return made


def test_a_removed_file_comes_back_byte_for_byte_with_what_lay_beside_it(library):
    take_out(library, "2024/bāka.txt")
    assert list((library.documents / "2024").iterdir()) == []
    assert [row.document for row in removed(library)] == [
        "2024/bāka.txt", "2024/bāka.txt.meta.toml",
    ]  # fmt: skip
    (library.documents / "2024").rmdir()
    put_back(library, "2024/bāka.txt")
    assert (library.documents / "2024/bāka.txt").read_bytes() == BYTES
    assert (library.documents / "2024/bāka.txt.meta.toml").read_text() == 'title = "Bāka"'
    assert removed(library) == []
    with pytest.raises(LibraryError, match="--removed"):
        put_back(library, "2024/bāka.txt")


def test_the_last_version_is_the_one_that_comes_back(library):
    for content in (b"first", b"second", b"first"):
        (library.documents / "b").write_bytes(content)
        take_out(library, "b")
    [row] = removed(library)
    assert (row.size, row.removed_at.endswith("Z")) == (5, True)
    put_back(library, "b")
    assert (library.documents / "b").read_bytes() == b"first"


def test_another_file_that_came_meanwhile_is_never_overwritten(library):
    take_out(library, "b")
    (library.documents / "b").write_text("another")
    with pytest.raises(LibraryError, match="another file"):
        put_back(library, "b")
    assert (library.documents / "b").read_text() == "another"
    (library.documents / "b").unlink()
    put_back(library, "b")
    assert (library.documents / "b").read_text() == "b"


def test_what_is_pruned_or_removed_for_good_doesnt_come_back(library):
    take_out(library, "b")
    take_out(library, "2024/bāka.txt")
    assert prune(library, older_than_days=1) == []
    size = library.records.stat().st_size
    assert [each.document for each in prune(library)] == [
        "2024/bāka.txt", "2024/bāka.txt.meta.toml", "b",
    ]  # fmt: skip
    assert library.records.stat().st_size <= size
    with Records.read(library.records) as records:
        assert records.rows("SELECT * FROM files") == []
    (library.documents / "c").write_text("c")
    take_out(library, "c", keep=False)
    for name in ("b", "c"):
        with pytest.raises(LibraryError):
            put_back(library, name)


def test_the_same_bytes_of_two_documents_are_kept_once_and_for_both(library):
    (library.documents / "c").write_text("b")
    take_out(library, "b")
    take_out(library, "c")
    with Records.read(library.records) as records:
        assert len(records.rows("SELECT * FROM files")) == 1
    put_back(library, "b")
    put_back(library, "c")
    assert (library.documents / "c").read_text() == "b"


def test_a_file_that_cant_be_kept_stays(library, monkeypatch):
    monkeypatch.setattr("index.removed.MAX_KEPT_BYTES", 3)
    with pytest.raises(LibraryError, match="--for-good"):
        take_out(library, "2024/bāka.txt")
    monkeypatch.undo()
    library.records.write_bytes(b"junk" * 1000)
    with pytest.raises(FolioError, match="damaged"):
        take_out(library, "2024/bāka.txt")
    assert (library.documents / "2024/bāka.txt").read_bytes() == BYTES


def test_a_kept_file_that_was_damaged_is_never_put_back(library):
    take_out(library, "2024/bāka.txt")
    with Records.open(library.records) as records:
        assert damaged_files(records) == []
        with records.writing():
            records.rows("UPDATE files SET bytes = zeroblob(length(bytes))")
        assert damaged_files(records) == ["2024/bāka.txt", "2024/bāka.txt.meta.toml"]
    with pytest.raises(FolioError, match="isn't what was kept"):
        put_back(library, "2024/bāka.txt")
    assert not (library.documents / "2024/bāka.txt").exists()


def test_a_name_that_leads_out_is_refused(library, tmp_path):
    (tmp_path / "precious").write_text("precious")
    for name in ("../../precious", "/etc/hostname", ".."):
        with pytest.raises(LibraryError):
            take_out(library, name)
    assert (tmp_path / "precious").exists()
    assert not library.records.exists()


def test_a_replaced_file_comes_back_and_the_one_in_its_place_can_too(library, tmp_path):
    new = tmp_path / "new.txt"
    new.write_text("new")
    replace(library, new, "2024/bāka.txt")
    assert (library.documents / "2024/bāka.txt").read_text() == "new"
    assert (library.documents / "2024/bāka.txt.meta.toml").exists()
    [row] = removed(library)
    assert (row.document, row.size, row.replaced) == ("2024/bāka.txt", len(BYTES), True)
    for expected in (BYTES, b"new", BYTES):
        put_back(library, "2024/bāka.txt")
        assert (library.documents / "2024/bāka.txt").read_bytes() == expected
    assert len(removed(library)) == 1
    assert {row.document for row in prune(library)} == {"2024/bāka.txt"}
    with pytest.raises(LibraryError, match="--removed"):
        put_back(library, "2024/bāka.txt")


def test_each_earlier_version_comes_back_the_last_one_first(library, tmp_path):
    for content in ("second", "third"):
        (tmp_path / "b").write_text(content)
        replace(library, tmp_path / "b", "b")
    take_out(library, "b")
    seen = []
    for _ in range(3):
        put_back(library, "b")
        seen.append((library.documents / "b").read_text())
    assert seen == ["third", "second", "third"]
    assert [row.document for row in removed(library)] == ["b"]


def test_a_file_that_cant_be_kept_isnt_replaced_but_for_good(library, tmp_path, monkeypatch):
    (tmp_path / "b").write_text("new")
    monkeypatch.setattr("index.removed.MAX_KEPT_BYTES", 0)
    with pytest.raises(LibraryError, match="--for-good"):
        replace(library, tmp_path / "b", "b")
    assert (library.documents / "b").read_text() == "b"
    replace(library, tmp_path / "b", "b", keep=False)
    assert (library.documents / "b").read_text() == "new"
    assert removed(library) == []


def test_nothing_is_kept_where_the_new_file_is_of_another_format(library, tmp_path):
    (tmp_path / "b.pdf").write_text("new")
    with pytest.raises(LibraryError, match="format"):
        replace(library, tmp_path / "b.pdf", "b")
    assert removed(library) == []


def test_a_replacement_that_is_killed_before_it_was_made_leaves_nothing_to_put_back(
    library, tmp_path, monkeypatch
):
    (tmp_path / "b").write_text("new")
    with monkeypatch.context() as patch:
        patch.setattr("index.removed.take_place", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            replace(library, tmp_path / "b", "b")
    assert removed(library) == []
    with pytest.raises(LibraryError, match="--removed"):
        put_back(library, "b")
    assert (library.documents / "b").read_text() == "b"


def test_an_older_version_that_was_never_put_back_can_be_later(library):
    for content in ("first", "second"):
        (library.documents / "b").write_text(content)
        take_out(library, "b")
    put_back(library, "b")
    (library.documents / "b").rename(library.documents / "c")
    assert [row.document for row in removed(library)] == ["b"]
    put_back(library, "b")
    assert (library.documents / "b").read_text() == "first"
    assert removed(library) == []


@pytest.mark.parametrize("days", [999_999, float("nan"), float("inf"), -1])
def test_what_is_no_number_of_days_prunes_nothing(library, days):
    take_out(library, "b")
    with pytest.raises(LibraryError, match="days"):
        prune(library, days)
    assert len(removed(library)) == 1
