from pathlib import Path

import pytest

from index.errors import LibraryError
from index.files import delete, put
from index.library import Library
from index.settings import Settings, read_settings


def test_a_folder_without_documents_is_no_library_and_says_what_to_do(tmp_path):
    with pytest.raises(LibraryError, match="folio sample"):
        Library.open(tmp_path)


def test_the_environment_names_the_default_library(tmp_path, monkeypatch):
    (tmp_path / "documents").mkdir()
    monkeypatch.setenv("FOLIO_LIBRARY", str(tmp_path))
    assert Library.open().folder == tmp_path


def test_settings_are_optional(tmp_path):
    assert read_settings(tmp_path / "folio.toml") == Settings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("encodr = 'x'", "did you mean 'encoder'"),
        ("quotes = 'three'", "expected a positive whole number"),
        ("quotes = 0", "expected a positive whole number"),
        ("quotes = true", "expected a positive whole number"),
        ("encoder = 3", "expected a text"),
        ("encoder = ", "can't be read"),
        ("log_keep_days = 36501", "36500 is the most"),
        ("file_max_mb = 9000000000000", "is the most"),
        ("disk_min_free_percent = 101", "100 is the most"),
        ("quotes = " + "9" * 5000, "can't be read"),
        ("encoder = " + "[" * 5000, "can't be read"),
    ],
)
def test_a_mistake_in_the_settings_is_an_error_that_says_what_was_expected(tmp_path, text, message):
    (tmp_path / "folio.toml").write_text(text)
    with pytest.raises(LibraryError, match=message):
        read_settings(tmp_path / "folio.toml")


def test_a_file_put_twice_is_there_once_and_another_of_its_name_is_refused(tmp_path):
    library = Library.create(tmp_path / "library")
    file = tmp_path / "ā ə.txt"
    file.write_text("one")
    assert put(library, file, "2024/05") == put(library, file, "2024/05") == "2024/05/ā ə.txt"
    file.write_text("two")
    with pytest.raises(LibraryError, match="another file"):
        put(library, file, "2024/05")
    assert (library.documents / "2024/05/ā ə.txt").read_text() == "one"
    assert [path.name for path in (library.documents / "2024/05").iterdir()] == ["ā ə.txt"]


@pytest.mark.parametrize("folder", ["..", "a/../..", "/etc"])
def test_nothing_is_put_outside_documents(tmp_path, folder):
    library = Library.create(tmp_path / "library")
    file = tmp_path / "x.txt"
    file.write_text("x")
    with pytest.raises(LibraryError):
        put(library, file, folder)


@pytest.mark.parametrize("name", ["../secret.txt", "none.txt", ""])
def test_nothing_but_a_file_of_the_library_is_deleted(tmp_path, name):
    library = Library.create(tmp_path / "library")
    secret = tmp_path / "library" / "secret.txt"
    secret.write_text("kept")
    with pytest.raises(LibraryError):
        delete(library, name)
    assert secret.read_text() == "kept"


def test_a_mark_before_the_settings_is_no_part_of_them(tmp_path):
    (tmp_path / "folio.toml").write_bytes(b"\xef\xbb\xbfquotes = 2\n")
    assert read_settings(tmp_path / "folio.toml").quotes == 2


def test_a_folder_that_may_not_be_opened_is_told(tmp_path, monkeypatch):
    def refused(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "is_dir", refused)
    with pytest.raises(LibraryError, match="see to its rights"):
        Library.open(tmp_path)
