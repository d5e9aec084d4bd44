"""Files that take another's place, or another name."""

import errno
import os
from pathlib import Path

import pytest

from index.errors import LibraryError
from index.files import check, describe, described, put, rename, replace


@pytest.fixture
def library(make_library):
    return make_library({"2017/iris.txt": "Old words.", "b.txt": "Another file."})


def texts(library):
    files = (path for path in library.documents.rglob("*") if path.is_file())
    return {path.relative_to(library.documents).as_posix(): path.read_text() for path in files}


def test_a_file_takes_a_documents_place_under_its_name(library, tmp_path):
    (tmp_path / "new.TXT").write_text("New words.")
    replace(library, tmp_path / "new.TXT", "2017/iris.txt")
    assert texts(library) == {"2017/iris.txt": "New words.", "b.txt": "Another file."}


def test_a_document_moves_with_its_sidecar_and_makes_the_folders_it_needs(library):
    (library.documents / "2017/iris.txt.meta.toml").write_text('title = "IRIS"')
    assert rename(library, "2017/iris.txt", "eu/projects/iris-1.txt") == "eu/projects/iris-1.txt"
    assert rename(library, "b.txt", "eu/") == "eu/b.txt"
    assert texts(library) == {
        "eu/projects/iris-1.txt": "Old words.",
        "eu/projects/iris-1.txt.meta.toml": 'title = "IRIS"',
        "eu/b.txt": "Another file.",
    }


@pytest.mark.parametrize(
    ("document", "new", "said"),
    [
        ("2017/iris.txt", "b.txt", "another file at b.txt"),
        ("b.txt", "b.txt", "another file"),
        ("b.txt", "b.pdf", "give a name in .txt"),
        ("b.txt", "../b.txt", "doesn't lie in"),
        ("b.txt", "/b.txt", "doesn't lie in"),
        ("2017/iri.txt", "c.txt", "did you mean '2017/iris.txt'"),
        ("no such thing", "c.txt", "folio documents"),
        ("b.txt/page.txt", "c.txt", "packed in 'b.txt'"),
    ],
)
def test_what_cant_be_renamed_stays_and_is_told_with_what_to_do(library, document, new, said):
    before = texts(library)
    with pytest.raises(LibraryError, match=said):
        rename(library, document, new)
    assert texts(library) == before


def test_a_rename_that_finds_its_name_taken_leaves_no_sidecar_behind(library):
    (library.documents / "b.txt.meta.toml").write_text("")
    with pytest.raises(LibraryError):
        rename(library, "b.txt", "2017/iris.txt")
    assert "2017/iris.txt.meta.toml" not in texts(library)


@pytest.mark.parametrize(
    ("name", "document", "said"),
    [("new.pdf", "b.txt", "give a name in .txt"), ("new.txt", "c.txt", "did you mean 'b.txt'")],
)
def test_what_cant_be_replaced_stays(library, tmp_path, name, document, said):
    (tmp_path / name).write_text("New words.")
    before = texts(library)
    with pytest.raises(LibraryError, match=said):
        replace(library, tmp_path / name, document)
    assert texts(library) == before


def test_another_file_of_a_name_is_refused_and_the_way_out_named(library, tmp_path):
    (tmp_path / "b.txt").write_text("New words.")
    with pytest.raises(LibraryError, match="folio replace"):
        put(library, tmp_path / "b.txt")


def test_what_is_said_of_a_document_is_written_beside_it_and_taken_away_again(library):
    beside = library.documents / "b.txt.meta.toml"
    describe(library, "b.txt", {"title": "A “new” \\ title", "date": "2021-03", "author": ""})
    assert described(library, "b.txt") == {"title": "A “new” \\ title", "date": "2021-03"}
    beside.write_text("# Ours.\n" + beside.read_text() + 'wrong = "kept"\n')
    describe(library, "b.txt", {"title": "", "kind": "report"})
    assert described(library, "b.txt") == {"date": "2021-03", "kind": "report"}
    assert beside.read_text().startswith("# Ours.\n")
    assert 'wrong = "kept"' in beside.read_text()
    beside.unlink()
    describe(library, "b.txt", {"title": "x"})
    describe(library, "b.txt", {"title": ""})
    assert not beside.exists()


@pytest.mark.parametrize("values", [{"date": "soon"}, {"titel": "x"}, {"title": "x\x7fy"}])
def test_what_a_sidecar_can_not_say_is_refused(library, values):
    with pytest.raises(LibraryError, match=next(iter(values))):
        describe(library, "b.txt", values)
    assert not (library.documents / "b.txt.meta.toml").exists()


def test_a_rename_needs_no_hard_links(library, monkeypatch):
    def refused(self, target):
        raise OSError(errno.EPERM, "Operation not permitted", str(self))

    monkeypatch.setattr(Path, "hardlink_to", refused)
    (library.documents / "b.txt.meta.toml").write_text("")
    assert rename(library, "b.txt", "2021/c.txt") == "2021/c.txt"
    assert texts(library) == {
        "2017/iris.txt": "Old words.", "2021/c.txt": "Another file.", "2021/c.txt.meta.toml": "",
    }  # fmt: skip
    with pytest.raises(LibraryError, match="another file"):
        rename(library, "2021/c.txt", "2017/iris.txt")


@pytest.mark.parametrize("name", [os.fsdecode(b"caf\xe9.txt"), "half-\ud800.txt"])
def test_a_name_that_isnt_utf8_is_refused_before_anything_is_copied(library, tmp_path, name):
    before = texts(library)
    (tmp_path / "new.txt").write_text("New words.")
    for use in (
        lambda: put(library, tmp_path / name),
        lambda: put(library, tmp_path / "new.txt", name),
        lambda: rename(library, "b.txt", name),
    ):
        with pytest.raises(LibraryError, match="isn't UTF-8"):
            use()
    assert texts(library) == before


def test_of_several_files_none_is_taken_where_one_cant_be(library, tmp_path):
    for name in ("new.txt", "b.txt", "more/new.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    for names in (("new.txt", "b.txt"), ("new.txt", "more/new.txt")):
        with pytest.raises(LibraryError, match="another file"):
            check(library, [tmp_path / name for name in names])
    (tmp_path / "b.txt").write_text("Another file.")
    check(library, [tmp_path / name for name in ("new.txt", "b.txt", "new.txt")])
