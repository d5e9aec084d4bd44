"""Who put a file into the library and when is told, also after it was away."""

from index.additions import Added, additions, note, renamed
from index.archive import remember
from index.records import Records
from index.rows import DocumentRow


def row(document):
    return DocumentRow(document, document, "other", "en", None, None, 1, "indexed", None, None, "s")


def generation(library, number, *documents):
    with Records.open(library.records) as records:
        at = f"2020-01-{number:02}T00:00:00Z"
        remember(records, number, map(row, documents), at)
        return at


def test_a_file_that_was_copied_there_came_with_its_first_generation(make_library):
    library = make_library({})
    assert additions(library) == {}
    first = generation(library, 1, "a.txt")
    second = generation(library, 2, "a.txt", "b.txt")
    assert additions(library) == {"a.txt": Added(first, ""), "b.txt": Added(second, "")}


def test_a_file_that_went_and_came_back_by_itself_is_nobodys(make_library):
    library = make_library({})
    generation(library, 1, "a.txt", "b.txt")
    with Records.open(library.records) as records, records.writing():
        records.rows(
            "INSERT INTO additions (document, added_at, added_by)"
            " VALUES ('a.txt', '2020-01-01T12:00:00Z', 'ann')"
        )
    assert additions(library)["a.txt"] == Added("2020-01-01T12:00:00Z", "ann")
    generation(library, 2, "b.txt")
    back = generation(library, 3, "a.txt", "b.txt")
    assert additions(library)["a.txt"] == Added(back, "")
    note(library, "a.txt", "bob")
    assert additions(library)["a.txt"].by == "bob"


def test_a_renamed_file_came_when_it_came(make_library):
    library = make_library({})
    note(library, "a.txt", "ann")
    came = additions(library)["a.txt"]
    renamed(library, "a.txt", "b.txt")
    assert additions(library)["b.txt"] == came
