"""A backup of a library in use, restored, is the library; a damaged one is refused."""

import json
import os
import random
import shutil
import sqlite3
import threading
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from index.backup import read_backup, write_backup
from index.build import build
from index.errors import BackupError, IndexForeign
from index.generation import open_current
from index.library import Library
from index.records import Records
from index.removed import put_back, removed, take_out
from qa.assistant import Assistant
from ui import folio

QUESTIONS = [
    "How long does the harbour agreement run?",
    "Kas vada akustikas laboratoriju?",
    "Düşərgədə neçə tələbə iştirak edib?",
    "Сколько недель занял переезд музея?",
    "Atölyede kaç mühendis çalışıyor?",
    "Who won the 1998 World Cup?",
]


@pytest.fixture
def library(small_library, tmp_path):
    shutil.copytree(small_library.folder, tmp_path / "library")
    return Library.open(tmp_path / "library")


@pytest.fixture(scope="module")
def whole(small_library, tmp_path_factory):
    """Return the bytes of a backup."""
    file = tmp_path_factory.mktemp("backup") / "backup.zip"
    write_backup(small_library, file)
    return file.read_bytes()


def content(folder):
    def of(path):
        if path.name != "records.sqlite":
            return path.read_bytes()
        with closing(sqlite3.connect(path)) as connection:
            return "\n".join(connection.iterdump())

    return {
        path.relative_to(folder).as_posix(): of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.name not in ("LOCK", "OWNER")
        and "vectors.cache" not in path.name
        # The copy a day that a serving library keeps beside its records.
        and not path.name.startswith("records-")
    }


def answers(library, questions):
    assistant = Assistant.open(library)
    found = [assistant.ask(question).to_json() for question in questions]
    return [json.dumps({**answer, "elapsed_ms": 0}, ensure_ascii=False) for answer in found]


def test_a_restored_library_gives_the_same_answers_to_the_byte(library, tmp_path):
    (library.folder / "folio.toml").write_text("quotes = 2\n")
    library = Library.open(library.folder)
    write_backup(library, tmp_path / "b.zip")
    read_backup(tmp_path / "b.zip", tmp_path / "new")
    restored = Library.open(tmp_path / "new")
    assert content(restored.folder) == content(library.folder)
    assert answers(restored, QUESTIONS) == answers(library, QUESTIONS)


@pytest.mark.long
def test_the_sample_library_answers_fifty_questions_as_before_its_backup(tmp_path):
    from qa.sample import write

    write(tmp_path / "sample")
    library = Library.open(tmp_path / "sample")
    build(library)
    write_backup(library, tmp_path / "b.zip")
    read_backup(tmp_path / "b.zip", tmp_path / "new")
    lines = (library.folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines][:50]
    assert len(asked) == 50
    assert answers(Library.open(tmp_path / "new"), asked) == answers(library, asked)


def test_a_backup_made_while_builds_run_holds_one_whole_generation(library, tmp_path):
    done = threading.Event()

    def keep_building():
        for number in range(100):
            if done.is_set():
                return
            (library.documents / "more.txt").write_text(f"The lighthouse has {number + 7} keepers.")
            build(library)

    thread = threading.Thread(target=keep_building)
    thread.start()
    numbers = []
    for place in range(4):
        file = tmp_path / f"{place}.zip"
        number = write_backup(library, file).generation
        numbers.append(number)
        read_backup(file, tmp_path / str(place))
        generation = open_current(tmp_path / str(place) / "index")
        assert generation.manifest.number == number
        assert generation.store.passage_count() == len(generation.vectors)
        with Records.read(tmp_path / str(place) / "records.sqlite") as records:
            assert records.damage() == []
    done.set()
    thread.join()
    assert numbers == sorted(numbers)


def test_removed_files_are_in_the_backup_too(library, tmp_path):
    take_out(library, "en.txt")
    write_backup(library, tmp_path / "b.zip")
    read_backup(tmp_path / "b.zip", tmp_path / "new")
    restored = Library.open(tmp_path / "new")
    assert [row.document for row in removed(restored)] == ["en.txt"]
    put_back(restored, "en.txt")
    assert (restored.documents / "en.txt").is_file()


def test_strange_files_are_named_or_come_back(library, tmp_path):
    (library.documents / ".hidden").write_text("hidden")
    (library.documents / os.fsdecode(b"not-utf8-\xff")).write_text("named")
    (library.documents / "new\nline").write_text("lines")
    (library.documents / "link").symlink_to("/etc/hostname")
    os.mkfifo(library.documents / "pipe")
    (library.documents / ".folio-1-x.part").write_text("unfinished")
    assert write_backup(library, tmp_path / "b.zip").left_out == ("link", "pipe")
    read_backup(tmp_path / "b.zip", tmp_path / "new")
    names = {os.fsencode(path.name) for path in (tmp_path / "new/documents").iterdir()}
    assert names >= {b".hidden", b"not-utf8-\xff", b"new\nline"}
    assert names.isdisjoint({b"link", b"pipe", b".folio-1-x.part"})


def test_folders_that_cant_be_opened_and_links_to_folders_are_named(library, tmp_path, monkeypatch):
    for name in ("closed", "elsewhere"):
        (library.documents / name).mkdir()
        (library.documents / name / "a.txt").write_text("a")
    (library.documents / "linked").symlink_to(library.documents / "elsewhere")
    scandir, opens = os.scandir, os.open

    def refused(real, at):
        if str(at) == str(library.documents / "closed"):
            raise PermissionError(13, "Permission denied", str(at))
        return real(at)

    monkeypatch.setattr(os, "scandir", lambda at: refused(scandir, at))
    monkeypatch.setattr(
        os, "open", lambda at, *more, **k: refused(lambda at: opens(at, *more, **k), at)
    )
    assert write_backup(library, tmp_path / "b.zip").left_out == ("linked", "closed/")
    monkeypatch.undo()
    (library.folder / "documents").rename(library.folder / "away")
    with pytest.raises(BackupError, match="see to its rights"):
        write_backup(library, tmp_path / "c.zip")


def test_a_backup_of_another_folios_index_comes_back_to_be_indexed_anew(
    whole, tmp_path, monkeypatch
):
    (tmp_path / "b.zip").write_bytes(whole)
    monkeypatch.setattr("index.generation.FORMAT", 999)
    made = read_backup(tmp_path / "b.zip", tmp_path / "new")
    assert made.is_foreign
    library = Library.open(tmp_path / "new")
    with pytest.raises(IndexForeign):
        open_current(library.index)
    said = (
        CliRunner()
        .invoke(folio, ["restore", str(tmp_path / "b.zip"), str(tmp_path / "more")])
        .stdout
    )
    assert f"folio index --library {tmp_path / 'more'}" in said
    monkeypatch.undo()
    assert not read_backup(tmp_path / "b.zip", tmp_path / "own").is_foreign


def test_an_empty_folder_stays_itself_and_only_its_owner_reads_the_restored_records(
    whole, tmp_path, monkeypatch
):
    (tmp_path / "b.zip").write_bytes(whole)
    (tmp_path / "here").mkdir()
    before = (tmp_path / "here").stat().st_ino
    monkeypatch.chdir(tmp_path / "here")
    read_backup(tmp_path / "b.zip", Path())
    assert Path("documents").is_dir()
    assert Path(tmp_path / "here").stat().st_ino == before
    assert sorted(each.name for each in Path().iterdir()) == [
        "documents", "index", "records.sqlite",
    ]  # fmt: skip
    assert Path("records.sqlite").stat().st_mode & 0o777 == 0o600
    assert open_current(Path("index")).manifest.number


@pytest.mark.parametrize("place", ["there", "library/b.zip", "library/documents/b.zip", "no/b.zip"])
def test_a_backup_never_takes_a_files_place_nor_lies_in_the_library(library, tmp_path, place):
    (tmp_path / "there").write_text("precious")
    with pytest.raises(BackupError):
        write_backup(library, tmp_path / place)
    assert (tmp_path / "there").read_text() == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["library", "there"]


def test_a_folder_that_has_something_in_it_is_refused_and_left_as_it_is(whole, tmp_path):
    (tmp_path / "b.zip").write_bytes(whole)
    (tmp_path / "full").mkdir()
    (tmp_path / "full/precious").write_text("precious")
    for name in ("full", "full/precious", "b.zip"):
        with pytest.raises(BackupError, match="isn't empty"):
            read_backup(tmp_path / "b.zip", tmp_path / name)
    assert (tmp_path / "full/precious").read_text() == "precious"
    (tmp_path / "empty").mkdir()
    read_backup(tmp_path / "b.zip", tmp_path / "empty")
    assert Library.open(tmp_path / "empty")


def test_every_damage_is_found_before_anything_is_written_or_does_no_harm(whole, tmp_path):
    seed = time.time_ns() % 10**6
    print(f"seed {seed}")
    chance = random.Random(seed)  # noqa: S311
    file = tmp_path / "b.zip"
    file.write_bytes(whole)
    read_backup(file, tmp_path / "right")
    right = content(tmp_path / "right")
    refused = 0
    for number in range(120):
        damaged = bytearray(whole)
        if number % 6 == 5:
            del damaged[chance.randrange(len(whole)) :]
        else:
            damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        target = tmp_path / str(number)
        try:
            read_backup(file, target)
        except BackupError:
            refused += 1
            assert not target.exists()
        else:
            assert content(target) == right
            shutil.rmtree(target)
    assert refused > 100
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.zip", "right"]


def altered(whole, path, change):
    """Write a backup whose entries, (name in the library, bytes), were changed consistently."""
    from hashlib import sha256
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(whole)) as archive:
        values = json.loads(archive.read("backup.json"))
        entries = [(name, archive.read(each["entry"])) for name, each in values["files"].items()]
    change(entries)
    values["files"] = {
        name: {"entry": f"{place}", "size": len(data), "sha256": sha256(data).hexdigest()}
        for place, (name, data) in enumerate(entries)
    }
    with zipfile.ZipFile(path, "w") as archive:
        for place, (_, data) in enumerate(entries):
            archive.writestr(f"{place}", data)
        archive.writestr("backup.json", json.dumps(values))


@pytest.mark.parametrize(
    "name",
    [
        "../evil", "documents/../../evil", "/evil", "documents//etc/evil", "documents/",
        "documents/a\0b", "elsewhere/a", "documents", "documents/./a", "", "folio.toml/a",
        "index/../../evil",
    ],
)  # fmt: skip
def test_a_name_that_leads_out_of_the_folder_is_refused(whole, tmp_path, name):
    altered(whole, tmp_path / "b.zip", lambda entries: entries.append((name, b"evil")))
    with pytest.raises(BackupError, match="no file of a library"):
        read_backup(tmp_path / "b.zip", tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_an_index_that_isnt_what_was_committed_is_refused(whole, tmp_path):
    def swap(entries):
        at = next(n for n, (name, _) in enumerate(entries) if name.endswith("passages.sqlite"))
        entries[at] = (entries[at][0], entries[at][1] + b"more")

    altered(whole, tmp_path / "b.zip", swap)
    with pytest.raises(BackupError, match="isn't whole"):
        read_backup(tmp_path / "b.zip", tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["b.zip"]


def test_another_zip_is_no_backup(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("documents/a.txt", "a")
    for name in ("b.zip", "none.zip", "."):
        with pytest.raises(BackupError, match="isn't a whole backup"):
            read_backup(tmp_path / name, tmp_path / "new")
