"""Searching: by meaning across languages, by words within one."""

import pytest

from index.search import LEXICAL, Searcher


@pytest.fixture(scope="module")
def searcher(small_library, encoder):
    return Searcher.open(small_library, encoder)


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("How long does the harbour agreement run?", "en.txt"),
        ("Cik izmaksāja akustikas laboratorija?", "lv.txt"),
        ("Düşərgədə neçə tələbə iştirak edib?", "az.txt"),
        ("Сколько недель занял переезд музея?", "ru/ru.txt"),
        ("Atölyede kaç mühendis çalışıyor?", "tr.txt"),
        ("What did the acoustics laboratory in Rēzekne cost?", "lv.txt"),
        ("Who is the director of the museum of machine tools?", "ru/ru.txt"),
        ("rezeknes tehnologiju parks", "lv.txt"),
        ("gence texnologiya parki", "az.txt"),
    ],
)
def test_the_right_document_comes_first(searcher, question, document):
    assert searcher.search(searcher.query(question))[0].passage.document == document


def test_a_hits_score_is_made_of_its_two_parts_and_the_best_come_first(searcher):
    hits = searcher.search(searcher.query("Who leads the laboratory in Rēzekne?"))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert hit.score == pytest.approx(hit.cosine + LEXICAL * hit.lexical)
        assert 0 <= hit.lexical <= 1


def test_words_that_no_passage_has_are_named(searcher):
    names = ["Rēzekni", "Microsoft", "Rēzeknes Zinātnes parks", "Inta Žagare", "2031"]
    assert searcher.missing(names, "lv") == ["Microsoft", "Rēzeknes Zinātnes parks", "2031"]


def test_a_name_that_may_stand_translated_is_missing_only_where_all_its_words_are(searcher):
    names = ["Parque de Rēzekne", "Microsoft España"]
    assert searcher.missing(names, "es") == ["Microsoft España"]


@pytest.mark.parametrize("question", ["?", "🙂", '" OR * NEAR(', "a" * 3000, "и ə 中文 \u202e"])
def test_any_text_can_be_searched_for(searcher, question):
    assert searcher.search(searcher.query(question))


def test_an_empty_library_has_no_hits(make_library, encoder):
    from index.build import build

    library = make_library({})
    build(library)
    searcher = Searcher.open(library, encoder)
    assert searcher.search(searcher.query("anything")) == []


def test_every_language_has_its_share_of_the_hits(searcher):
    query = searcher.query("How long does the harbour agreement run?")
    alone = searcher.search(query, 1)
    shared = searcher.search(query, 1, per_language=1)
    assert [hit.passage.language for hit in alone] == ["en"]
    assert {hit.passage.language for hit in shared} == {"en", "lv", "az", "tr", "ru"}
    assert shared[0] == alone[0]


def test_only_what_is_returned_is_fetched_and_it_is_what_the_whole_pool_would_give(
    searcher, monkeypatch
):
    store = searcher.generation.store
    fetched, fetch = [], store.passages
    monkeypatch.setattr(store, "passages", lambda ids: fetched.append(list(ids)) or fetch(ids))
    query = searcher.query("How long does the harbour agreement run?")
    pool = searcher.search(query, 1000)
    for limit, share in [(1, 0), (1, 1), (2, 1), (3, 0)]:
        fetched.clear()
        hits = searcher.search(query, limit, per_language=share)
        assert fetched == [[hit.passage.id for hit in hits]]
        seen, expected = {}, []
        for rank, hit in enumerate(pool):
            seen[hit.passage.language] = seen.get(hit.passage.language, 0) + 1
            if rank < limit or seen[hit.passage.language] <= share:
                expected.append(hit)
        assert hits == expected
