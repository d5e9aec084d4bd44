"""Whoever changes the library, wherever from, is in the audit with what was done."""

import json
import os

import pytest
from click.testing import CliRunner

from index.additions import additions
from index.errors import LibraryError, RecordsError
from index.records import Records
from index.removed import removed, user
from qa.cli import librarian, safety
from qa.people import collections, users
from qa.people.audit import entries
from qa.people.collections import Collection
from qa.people.keeper import Keeper
from ui import folio


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Words.")
    return path


@pytest.fixture
def keeper(library):
    return Keeper(library, "anna", "198.51.100.7")


def noted(library):
    with Records.open(library.records) as records:
        return [(each.event, each.person, each.detail) for each in entries(records, 100)]


def test_every_change_is_in_the_audit_with_who_did_it_and_where_from(library, keeper, file):
    keeper.add(file, "news")
    keeper.replace(file, "news/a.txt")
    keeper.describe("news/a.txt", {"title": "A"})
    keeper.rename("news/a.txt", "news/b.txt")
    keeper.remove("news/b.txt")
    keeper.restore("news/b.txt")
    keeper.prune()
    assert noted(library) == [
        ("add", "anna", "news/a.txt"), ("replace", "anna", "news/a.txt"),
        ("describe", "anna", "news/a.txt"), ("rename", "anna", "news/a.txt → news/b.txt"),
        ("remove", "anna", "news/b.txt"), ("restore", "anna", "news/b.txt"),
        ("prune", "anna", "3 files"),
    ]  # fmt: skip
    with Records.open(library.records) as records:
        assert {each.address for each in entries(records, 100)} == {"198.51.100.7"}
    assert additions(library)["news/b.txt"].by == "anna"


def test_what_is_done_on_the_command_line_is_in_the_audit_too(library, file, monkeypatch):
    for module in (librarian, safety):
        monkeypatch.setattr(module, "run_index", lambda *_: None)

    def run(*arguments):
        done = CliRunner().invoke(folio, [*arguments, "--library", str(library.folder)])
        assert done.exit_code == 0, done.output
        return done.stdout

    run("add", str(file), "--folder", "news")
    run("replace", str(file), "news/a.txt")
    run("rename", "news", "papers")
    run("remove", "papers/a.txt")
    run("restore", "papers/a.txt")
    lines = [json.loads(line) for line in run("audit", "--json").splitlines()]
    assert [(line["event"], line["detail"]) for line in lines] == [
        ("add", "news/a.txt"), ("replace", "news/a.txt"), ("rename", "news → papers"),
        ("remove", "papers/a.txt"), ("restore", "papers/a.txt"),
    ]  # fmt: skip
    assert {line["person"] for line in lines} == {user()}


def test_what_fails_is_not_in_the_audit(library, keeper, file):
    keeper.add(file)
    file.write_text("Other words.")
    for change in (
        lambda: keeper.add(file),
        lambda: keeper.remove("b.txt"),
        lambda: keeper.rename("a.txt", "a.pdf"),
        lambda: keeper.restore("a.txt"),
    ):
        with pytest.raises(LibraryError):
            change()
    assert [event for event, *_ in noted(library)] == ["add"]


def test_where_nothing_can_be_written_down_nothing_is_changed(library, keeper, file):
    keeper.add(file)
    library.records.write_bytes(b"no database" * 1000)
    for change in (
        lambda: keeper.add(file, "news"),
        lambda: keeper.remove("a.txt"),
        lambda: keeper.rename("a.txt", "b.txt"),
        lambda: keeper.rename("news", "old"),
    ):
        with pytest.raises(RecordsError):
            change()
    names = {path.name for path in library.documents.iterdir()}
    assert names == {"a.txt", "board", "personnel", "news"}


def test_what_is_replaced_or_removed_says_who_did_it(library, keeper, file):
    keeper.add(file)
    keeper.replace(file, "a.txt")
    keeper.remove("a.txt")
    assert [each.removed_by for each in removed(library)] == ["anna"]


def test_a_folder_is_renamed_with_its_files_who_added_them_and_its_collections(
    library, keeper, file
):
    keeper.add(file, "board/2024")
    with Records.open(library.records) as records:
        users.add(records, "juris", "reader", None)
        collections.close(library, records, "board", [])
        collections.close(library, records, "board/2024", ["juris"])
        collections.close(library, records, "personnel", [])
        assert keeper.rename("board", "closed/") == "closed/board"
        # Under the old names too: kept texts and removed files lay there.
        assert collections.collections(records) == [
            Collection("board", ()), Collection("board/2024", ("juris",)),
            Collection("closed/board", ()), Collection("closed/board/2024", ("juris",)),
            Collection("personnel", ()),
        ]  # fmt: skip
        reader = users.find(records, "juris")
        assert not collections.lies_in("closed/board/2024/a.txt", ["board"])
        hidden = collections.hidden_from(records, reader)
        assert collections.lies_in("closed/board/2024/a.txt", hidden)
    assert (library.documents / "closed/board/2024/a.txt").read_text() == "Words."
    assert additions(library)["closed/board/2024/a.txt"].by == "anna"


@pytest.mark.parametrize(
    ("folder", "new", "said"),
    [
        ("board", "news", "something at news already"),
        ("board", "board/2024", "into itself"),
        ("board", "board/2025", "into itself"),
        ("board", "../board", "doesn't lie in"),
        ("nothing", "board2", "no file 'nothing'"),
    ],
)
def test_a_folder_that_cant_be_renamed_stays_and_its_collection_too(
    library, keeper, folder, new, said
):
    with Records.open(library.records) as records:
        collections.close(library, records, "board", [])
        with pytest.raises(LibraryError, match=said):
            keeper.rename(folder, new)
        assert collections.collections(records) == [Collection("board", ())]
    assert (library.documents / "board/2024").is_dir()


def test_a_folder_that_couldnt_be_moved_is_closed_as_it_was(library):
    with Records.open(library.records) as records:
        users.add(records, "juris", "reader", None)
        collections.close(library, records, "board", [])
        collections.close(library, records, "board/2024", [])
        collections.close(library, records, "news", ["juris"])
        before = collections.collections(records)

        def fail():
            with collections.following(records, "board", "news"):
                assert collections.hidden_from(records, None) == {
                    "board", "board/2024", "news", "news/2024",
                }  # fmt: skip
                assert collections.collection(records, "news").readers == ()
                raise OSError("full")

        with pytest.raises(OSError, match="full"):
            fail()
        assert collections.collections(records) == before


def test_a_file_has_one_spelling_however_its_path_is_written(library, keeper, file):
    keeper.add(file, "news")
    keeper.replace(file, "./news//a.txt")
    keeper.describe("news/./a.txt", {"title": "A"})
    keeper.remove("./news/a.txt")
    assert [row.document for row in removed(library)] == ["news/a.txt", "news/a.txt.meta.toml"]
    keeper.restore("news//a.txt")
    keeper.rename("./news/a.txt", "./b.txt")
    assert noted(library) == [
        ("add", "anna", "news/a.txt"), ("replace", "anna", "news/a.txt"),
        ("describe", "anna", "news/a.txt"), ("remove", "anna", "news/a.txt"),
        ("restore", "anna", "news/a.txt"), ("rename", "anna", "news/a.txt → b.txt"),
    ]  # fmt: skip
    assert additions(library)["b.txt"].by == "anna"


@pytest.mark.parametrize("spelling", [os.fsdecode(b"caf\xe9.txt"), "caf\\xe9.txt"])
def test_a_file_whose_name_isnt_utf8_can_be_removed(library, keeper, spelling):
    odd = library.documents / os.fsdecode(b"caf\xe9.txt")
    for suffix in ("", ".meta.toml"):
        odd.with_name(odd.name + suffix).write_text("")
    keeper.remove(spelling)
    assert not [path for path in library.documents.iterdir() if path.name.startswith("caf")]
    assert [row.document for row in removed(library)] == [
        "caf\\xe9.txt", "caf\\xe9.txt.meta.toml",
    ]  # fmt: skip
