"""Sentences as the trained reader weighs them, and the best of them read again."""

from dataclasses import replace

import numpy as np
import pytest

from index.library import Library
from index.search import Searcher
from qa.assistant import Assistant
from qa.close_reading import READ_ALONE, READ_CLOSELY, evidence, make_reader, with_before
from qa.reading import Reading, read_sentences
from qa.span_model import SpanModel, Support
from qa.weights import WEIGHTS


@pytest.fixture(scope="module")
def model() -> SpanModel:
    return SpanModel.open(threads=2)


def readings_of(
    model: SpanModel, library: Library, question: str, weights=WEIGHTS
) -> list[Reading]:
    searcher = Searcher.open(library)
    query = searcher.query(question)
    hits = searcher.search(query, 10)
    sentences = list(searcher.generation.store.sentences([hit.passage.id for hit in hits]))
    return make_reader(model, weights)(query, hits, sentences)


def test_evidence_stays_in_bounds_where_nothing_can_be_read() -> None:
    support = Support(99.0, -5.0, (), np.array([]), np.array([]))
    assert all(abs(value) <= 12 for value in evidence(support, 0, 10, support.best(0, 10)))


def test_a_reader_quotes_spans_inside_sentences(model: SpanModel, small_library: Library) -> None:
    searcher = Searcher.open(small_library)
    query = searcher.query("How long does the harbour agreement run?")
    hits = searcher.search(query, 10)
    sentences = list(searcher.generation.store.sentences([hit.passage.id for hit in hits]))
    readings = make_reader(model)(query, hits, sentences)
    assert len(readings) == len(read_sentences(query, hits, sentences))
    assert [each.score for each in readings] == sorted(each.score for each in readings)[::-1]
    for each in readings:
        assert each.sentence.start <= each.span.start < each.span.end <= each.sentence.end
    text = searcher.generation.store.text(readings[0].hit.passage.document) or ""
    assert "six years" in text[readings[0].span.start : readings[0].span.end]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who heads the acoustics laboratory?", "Inta Žagare"),
        ("How many students took part in the camp?", "57 tələbə"),
        ("How many weeks did the museum's move take?", "одиннадцать недель"),
        ("Cik studentu piedalījās nometnē?", "57 tələbə"),
    ],
)
def test_the_first_quote_answers_across_languages(
    model: SpanModel, small_library: Library, question: str, words: str
) -> None:
    answer = Assistant(small_library, make_reader(model)).ask(question)
    assert words in (answer.quotes or answer.nearest)[0].quote


def test_the_best_sentences_are_read_again_alone_and_with_the_sentence_before(
    model: SpanModel, small_library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[list[tuple[str, str]]] = []
    score = model.score_titled

    def kept(question, passages):
        read.append(list(passages))
        return score(question, passages)

    monkeypatch.setattr(model, "score_titled", kept)
    readings = readings_of(model, small_library, "How long does the harbour agreement run?")
    _, sentences = read
    assert len(readings) > READ_CLOSELY + READ_ALONE == len(sentences)
    titles = {(each.hit.passage.title, with_before(each, readings)): each for each in readings}
    close, alone = sentences[:READ_CLOSELY], sentences[READ_CLOSELY:]
    again = [titles[part] for part in close]
    assert alone == [(each.hit.passage.title, each.text) for each in again[:READ_ALONE]]
    assert any(part not in alone for part in close)
    for each, (_, part) in zip(again, close, strict=True):
        held = [other for other in readings if other.hit == each.hit and other.text in part]
        assert part.endswith(each.text)
        assert len(held) <= 2
    others = [each for each in readings if each not in again]
    assert {each.close for each in others} == {min(each.close for each in again)}


def test_what_a_sentence_says_read_closely_counts_for_it(
    model: SpanModel, small_library: Library
) -> None:
    question = "How long does the harbour agreement run?"
    without = replace(WEIGHTS, close=0.0)
    readings = readings_of(model, small_library, question, without)
    plain = {(each.hit.passage.id, each.sentence): each.score for each in readings}
    weights = replace(WEIGHTS, close=0.03)
    for each in readings_of(model, small_library, question, weights):
        before = plain[each.hit.passage.id, each.sentence]
        assert each.score == pytest.approx(before + 0.03 * each.close, abs=1e-3)


def test_nothing_found_is_nothing_read(model: SpanModel, small_library: Library) -> None:
    query = Searcher.open(small_library).query("Who?")
    assert make_reader(model)(query, [], []) == []
