import pytest

from index.encoder import Encoder
from index.library import Library
from index.rows import DocumentRow
from index.search import Searcher
from index.within import Within


def row(**values: object) -> DocumentRow:
    fields: dict[str, object] = dict.fromkeys(DocumentRow.__slots__)
    return DocumentRow(**(fields | {"document": "a.txt", "state": "indexed"} | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("date", "since", "until", "allowed"),
    [
        ("2021-03-04", "2021-03-04", "", True),
        ("2021-03-04", "2021-03-05", "", False),
        ("2021-03-04", "", "2021-03-04", True),
        ("2021-03-04", "", "2021-03-03", False),
        ("2021-03", "2021-03-20", "", True),  # somewhen in March
        ("2021", "2021-03-20", "2021-04-01", True),
        ("2021-03-04", "2021", "2021", True),
        ("2021-03-04", "", "2021-03", True),
        ("2020", "2021", "", False),
        (None, "2021", "", False),
        (None, "", "", True),
    ],
)
def test_a_date_is_within_limits_of_any_precision(
    date: str | None, since: str, until: str, allowed: bool
) -> None:
    assert Within(since=since, until=until).allows(row(date=date)) is allowed


def test_limits_hold_together() -> None:
    within = Within(kinds=frozenset({"report"}), languages=frozenset({"lv", "ru"}))
    assert within.allows(row(kind="report", language="ru"))
    assert not within.allows(row(kind="report", language="en"))
    assert not within.allows(row(kind="article", language="ru"))
    assert not Within()


@pytest.mark.parametrize("language", ["en", "lv", "az", "tr", "ru"])
def test_a_search_finds_nothing_outside_of_its_limits_whatever_is_asked(
    small_library: Library, encoder: Encoder, language: str
) -> None:
    searcher = Searcher.open(small_library, encoder)
    rows = searcher.generation.store.documents()
    within = Within(languages=frozenset({language}))
    inside = set(within.paths(rows))
    assert inside
    assert inside < {row.document for row in rows}
    for question in ("Rasim Quliyev", "Kas vada laboratoriju?", "Музей станков", "57 tələbə"):
        query = searcher.query(question)
        hits = searcher.search(query, 50, 5, searcher.allowed(within))
        assert hits
        assert {hit.passage.document for hit in hits} <= inside


def test_limits_that_no_document_meets_find_nothing(
    small_library: Library, encoder: Encoder
) -> None:
    searcher = Searcher.open(small_library, encoder)
    allowed = searcher.allowed(Within(kinds=frozenset({"nothing"})))
    assert searcher.search(searcher.query("harbour"), 10, 2, allowed) == []
