import unicodedata

import pytest

from index.errors import LibraryError
from index.library import Library
from index.records import Records
from qa.people import collections, users
from qa.people.collections import Collection, close, hidden_from, lies_in


@pytest.fixture
def people(records: Records) -> None:
    for name, role in (
        ("anna", "reader"),
        ("juris", "reader"),
        ("lib", "librarian"),
        ("boss", "admin"),
    ):
        users.add(records, name, role, None)  # type: ignore[arg-type]


@pytest.mark.usefixtures("people")
def test_a_collection_is_hidden_from_readers_that_it_doesnt_list(
    library: Library, records: Records
) -> None:
    close(library, records, "board/2024/", ["anna"])
    close(library, records, "personnel", [])
    hidden = {name: hidden_from(records, users.find(records, name)) for name in ("anna", "juris")}
    assert hidden == {"anna": {"personnel"}, "juris": {"board/2024", "personnel"}}
    assert hidden_from(records, None) == {"board/2024", "personnel"}
    for keeper in ("lib", "boss"):
        assert hidden_from(records, users.find(records, keeper)) == frozenset()


@pytest.mark.usefixtures("people")
def test_a_list_is_set_as_a_whole_added_to_and_taken_away(
    library: Library, records: Records
) -> None:
    close(library, records, "personnel", ["anna"])
    close(library, records, "PERSONNEL", ["Juris"])
    assert collections.collections(records) == [Collection("personnel", ("juris",))]
    collections.list_reader(records, "personnel", "anna")
    assert users.user(records, "anna").collections == ("personnel",)
    collections.open_again(records, "personnel/")
    assert collections.collections(records) == []
    assert users.user(records, "anna").collections == ()


@pytest.mark.usefixtures("people")
def test_a_collection_stays_closed_when_its_last_reader_goes(
    library: Library, records: Records
) -> None:
    close(library, records, "personnel", ["anna"])
    users.remove(records, "anna")
    assert collections.collections(records) == [Collection("personnel", ())]
    assert hidden_from(records, users.find(records, "juris")) == {"personnel"}


@pytest.mark.parametrize("folder", ["personel", "", "/", "..", "../documents", "board/2025", "*"])
def test_a_folder_that_isnt_there_is_no_collection(
    library: Library, records: Records, folder: str
) -> None:
    with pytest.raises(LibraryError, match="there is no folder"):
        close(library, records, folder, [])


def test_a_collection_lists_users_only(library: Library, records: Records) -> None:
    with pytest.raises(LibraryError, match="folio user list"):
        close(library, records, "personnel", ["nobody"])
    assert collections.collections(records) == []
    with pytest.raises(LibraryError, match="no collection"):
        collections.list_reader(records, "personnel", "nobody")


@pytest.mark.parametrize(
    ("document", "folders", "inside"),
    [
        ("personnel/a.txt", ["personnel"], True),
        ("personnel/box.zip/deep/a.txt", ["personnel"], True),
        ("personnel.txt", ["personnel"], False),
        ("personnel2/a.txt", ["personnel"], False),
        ("other/personnel/a.txt", ["personnel"], False),
        ("board/2024/a.txt", ["board/2024"], True),
        ("board/a.txt", ["board/2024"], False),
        ("board/2024/a.txt", ["x", "board"], True),
        (unicodedata.normalize("NFD", "Līgumi/a.txt"), ["līgumi"], True),
        ("a.txt", [], False),
    ],
)
def test_a_document_lies_in_a_folder_however_it_is_spelled(
    document: str, folders: list[str], inside: bool
) -> None:
    assert lies_in(document, folders) is inside
