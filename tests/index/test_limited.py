"""A limited generation is as if the other documents weren't there, whatever it is asked."""

import re

import pytest

from index import draft as draft_module
from index import limited as limited_module
from index.build import build
from index.encoder import Encoder
from index.generation import open_current
from index.library import Library
from index.limited import limited as limited_to
from index.search import Searcher

ALLOWED = ("en.txt", "lv.txt", "az.txt")
# What only documents outside of it have.
HIDDEN = [
    "Павел Жуков",
    "одиннадцать недель",
    "Ayşe Yıldırım",
    "rüzgâr türbinleri",
    "İzmir",
    "2019",
]


@pytest.fixture(scope="module")
def whole(small_library: Library, encoder: Encoder) -> Searcher:
    return Searcher.open(small_library, encoder)


@pytest.fixture(scope="module")
def limited(whole: Searcher) -> Searcher:
    return whole.limited(lambda document: document in ALLOWED)


def test_every_list_and_count_is_of_what_is_allowed(whole: Searcher, limited: Searcher) -> None:
    store, vectors = limited.generation.store, limited.generation.vectors
    everything = whole.generation.store
    ids = everything.passage_ids_of(ALLOWED)
    assert [row.document for row in store.documents()] == sorted(ALLOWED)
    assert [path for _, path in store.document_ids()] == sorted(ALLOWED)
    assert set(store.revisions()) == set(ALLOWED)
    assert sorted(store.passage_ids()) == sorted(store.word_ids()) == sorted(vectors.ids()) == ids
    assert store.passage_count() == len(vectors) == len(ids) < everything.passage_count()
    assert set(store.passage_languages()) == {"en", "lv", "az"}
    assert sum(map(len, store.passage_languages().values())) == len(ids)


def test_what_isnt_allowed_cant_be_had_by_name_number_or_key(
    whole: Searcher, limited: Searcher
) -> None:
    everything, store = whole.generation.store, limited.generation.store
    for document in ("ru/ru.txt", "tr.txt"):
        rows = everything.passages_of(document)
        ids = [row.id for row in rows]
        assert store.text(document) is None
        assert store.passages_of(document) == []
        assert store.passage_ids_of([document]) == []
        assert [found for row in rows for found in store.passages_by_key(row.key)] == []
        assert list(store.sentences(ids)) == []
        assert store.languages(ids) == {}
        with pytest.raises(KeyError):
            store.passages(ids)
        assert not store.allows(document)
    for document in ALLOWED:
        assert store.text(document) == everything.text(document)
        assert store.passages_of(document) == everything.passages_of(document)
        ids = everything.passage_ids_of([document])
        mine, theirs = store.sentences(ids), everything.sentences(ids)
        assert [each.text for each in mine] == [each.text for each in theirs] != []


@pytest.mark.parametrize("words", HIDDEN)
def test_the_words_of_what_isnt_allowed_are_in_no_passage(
    whole: Searcher, limited: Searcher, words: str
) -> None:
    terms = list(whole.query(words).weights)
    assert whole.generation.store.holding(terms)
    assert whole.generation.store.bm25(terms, 10)
    here = limited.generation.store.holding(terms)
    assert all(
        limited.generation.store.bm25([term], 10) == {} for term in terms if term not in here
    )
    assert limited.missing([words], "en") == [words]
    assert whole.missing([words], "en") == []
    hits = limited.search(limited.query(words), 50, 5)
    assert {hit.passage.document for hit in hits} <= set(ALLOWED)
    assert {hit.passage.document for hit in whole.search(whole.query(words), 50, 5)} - set(ALLOWED)


def test_what_is_allowed_is_found_as_before(whole: Searcher, limited: Searcher) -> None:
    query = limited.query("Who heads the Caspian Harbour Agency?")
    mine = limited.search(query, 3)
    assert mine[0].passage.document == "en.txt"
    assert mine[0].cosine == pytest.approx(whole.search(query, 3)[0].cosine, abs=1e-6)
    ids = whole.generation.store.passage_ids()
    assert set(limited.generation.vectors.cosines(query.vector, ids)) == set(
        limited.generation.vectors.ids()
    )
    bm25 = limited.generation.store.bm25(list(query.weights), 10, ids)
    assert set(bm25) <= set(limited.generation.vectors.ids())
    assert limited.generation.store.bm25(list(query.weights), 10, []) == {}


def test_several_limits_of_one_generation_dont_disturb_each_other(whole: Searcher) -> None:
    one = whole.limited(lambda document: document == "en.txt")
    none = whole.limited(lambda document: False)
    assert [row.document for row in one.generation.store.documents()] == ["en.txt"]
    assert none.generation.store.documents() == []
    assert none.search(none.query("harbour"), 10, 2) == []
    narrower = one.limited(lambda document: document == "lv.txt")
    assert narrower.generation.store.documents() == []
    assert len(whole.generation.store.documents()) == 5


def test_no_table_of_a_store_is_forgotten() -> None:
    there = set(re.findall(r"CREATE TABLE (\w+)", draft_module._SCHEMA))
    limited = set(re.findall(r"(\w+) AS NOT MATERIALIZED", limited_module._TABLES))
    assert there == limited


def test_a_link_to_what_says_the_same_is_there_where_both_documents_are(make_library) -> None:
    copies = dict.fromkeys(["a.txt", "b.txt", "secret/c.txt"], "The harbour was dredged in 1911.")
    library = make_library(copies)
    build(library)
    whole = open_current(library.index)
    assert len(whole.store.related("a.txt")) == 2
    store = limited_to(whole, lambda document: not document.startswith("secret/")).store
    assert [each.document for each in store.related("a.txt")] == ["b.txt"]
    assert store.related("secret/c.txt") == []
    assert [[each.document for each in row.related] for row in store.documents()] == [
        ["b.txt"], ["a.txt"],
    ]  # fmt: skip
