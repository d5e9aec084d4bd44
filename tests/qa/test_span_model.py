import math
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import Span
from index.encoder import prepare
from index.runtime import reader_module
from qa.span_model import (
    PACKED,
    SpanModel,
    Support,
    pack,
    unpack,
    word_vectors,
)

QUESTION = "Who signed the memorandum?"
ANSWERS = {
    "en": ("The park opened in 2004. The memorandum was signed by Anna Berzina.", "Anna Berzina"),
    "lv": ("Parku atklāja 2004. gadā. Memorandu parakstīja Anna Bērziņa.", "Anna Bērziņa"),
    "az": ("Park 2004-cü ildə açılıb. Memorandumu Anna Berzina imzalayıb.", "Anna Berzina"),
    "tr": ("Park 2004 yılında açıldı. Mutabakatı Anna Berzina imzaladı.", "Anna Berzina"),
    "ru": ("Парк открыт в 2004 году. Меморандум подписала Анна Берзиня.", "Анна Берзиня"),
}
UNRELATED = "In summer the lake is warm enough to swim in, and the fish are easy to catch."


@pytest.fixture(scope="module")
def model() -> SpanModel:
    return SpanModel.open(threads=2)


@pytest.mark.parametrize("language", ANSWERS)
def test_an_english_question_finds_its_answer_in_every_language(
    model: SpanModel, language: str
) -> None:
    text, answer = ANSWERS[language]
    [support] = model.score(QUESTION, [text])
    best = support.best()
    assert best is not None
    said = text[best[0].start : best[0].end]
    assert set(answer.split()) & set(said.split())


@pytest.mark.parametrize("language", ANSWERS)
def test_a_passage_that_answers_is_more_relevant_than_one_in_the_questions_own_language(
    model: SpanModel, language: str
) -> None:
    right, wrong = model.score(QUESTION, [ANSWERS[language][0], UNRELATED])
    assert right.relevance > wrong.relevance
    assert _margin(right) > _margin(wrong)


class _Unrounded:
    """The reader's graph in float32, as torch computes it."""

    def __init__(self) -> None:
        packed = Path(str(files("qa").joinpath(PACKED)))
        self._module = reader_module(prepare(), *unpack(packed))

    def infer(self, inputs: list[np.ndarray]) -> list[Any]:
        with torch.no_grad():
            return [each.numpy() for each in self._module(*map(torch.from_numpy, inputs))]


def test_what_is_kept_in_eight_bits_says_what_the_weights_say(
    model: SpanModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    unrounded = SpanModel.open()
    monkeypatch.setattr(unrounded, "_graph", _Unrounded())
    texts = [f"{text} {UNRELATED * 3}" for text, _ in ANSWERS.values()]
    for question in (QUESTION, "When was the park opened?", "Kas vada laboratoriju?"):
        for ours, theirs in zip(
            model.score(question, texts), unrounded.score(question, texts), strict=True
        ):
            assert ours.relevance == pytest.approx(theirs.relevance, abs=0.5)
            assert ours.nowhere == pytest.approx(theirs.nowhere, abs=0.5)
            [span, _], [their_span, _] = ours.best(), theirs.best()
            assert span.start < their_span.end
            assert their_span.start < span.end


def test_a_passages_support_does_not_depend_on_the_others(model: SpanModel) -> None:
    texts = [text for text, _ in ANSWERS.values()] + [UNRELATED * 20]
    together = model.score(QUESTION, texts)
    for text, support in zip(texts, together, strict=True):
        [alone] = model.score(QUESTION, [text])
        # Half precision rounds differently in another shape.
        assert alone.relevance == pytest.approx(support.relevance, abs=0.1)


def test_probabilities_are_probabilities(model: SpanModel) -> None:
    for support in model.score(QUESTION, [text for text, _ in ANSWERS.values()]):
        assert np.exp(support.starts).sum() <= 1.001
        assert np.exp(support.ends).sum() <= 1.001
        assert support.nowhere <= 0


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "Ə", "ə ı İ ş ğ ģ ķ ļ ņ ž", "שלום עולם", "a\u200bb", "e\u0301", "x" * 5000],
)
def test_any_text_is_read_and_every_place_lies_in_it(model: SpanModel, text: str) -> None:
    [support] = model.score(QUESTION, [text])
    assert all(0 <= start <= end <= len(text) for start, end in support.places)
    best = support.best()
    if best is not None:
        assert 0 <= best[0].start <= best[0].end <= len(text)


@pytest.mark.parametrize("text", [text for text, _ in ANSWERS.values()])
def test_no_place_begins_or_ends_inside_a_word(model: SpanModel, text: str) -> None:
    [support] = model.score(QUESTION, [text])
    for start, end in support.places:
        assert not (text[start - 1 : start].isalnum() and text[start].isalnum())
        assert not (text[end - 1].isalnum() and text[end : end + 1].isalnum())


def test_a_script_without_spaces_is_read_by_its_pieces(model: SpanModel) -> None:
    [support] = model.score("谁签署了协议？", ["协议由文茨皮尔斯市长签署，并于2022年生效。"])
    assert len(support.places) > 8


def test_no_passages_have_no_support(model: SpanModel) -> None:
    assert model.score(QUESTION, []) == []


@given(st.integers(1, 12), st.randoms(use_true_random=False))
def test_the_best_span_is_the_best_of_all_spans(count: int, draw) -> None:
    starts, ends = (np.array([draw.uniform(-9, 0) for _ in range(count)]) for _ in range(2))
    places = tuple((3 * place, 3 * place + 2) for place in range(count))
    support = Support(0.0, -5.0, places, starts, ends)
    found = support.best()
    assert found is not None
    scores = {
        Span(places[a][0], places[b][1]): starts[a] + ends[b]
        for a in range(count)
        for b in range(a, count)
    }
    assert math.isclose(found[1], max(scores.values()), rel_tol=1e-6)
    assert math.isclose(scores[found[0]], found[1], rel_tol=1e-6)


def test_a_span_is_sought_inside_the_sentence_only() -> None:
    places = ((0, 5), (6, 10), (11, 15))
    support = Support(0.0, -5.0, places, np.array([-0.1, -3.0, -4.0]), np.array([-0.1, -3.0, -4.0]))
    assert support.best(6, 15) == (Span(6, 10), -6.0)
    assert support.best(16, 20) is None


def test_what_is_said_of_a_title_is_not_said_of_its_passage() -> None:
    places = ((0, 5), (6, 10), (11, 15))
    support = Support(0.0, -5.0, places, np.array([-0.1, -3.0, -4.0]), np.array([-0.1, -3.0, -4.0]))
    assert support.after(6).best() == (Span(0, 4), -6.0)
    assert support.after(6).places == ((0, 4), (5, 9))
    assert support.after(99).best() is None


def test_two_readings_add_up_where_both_have_read() -> None:
    places = ((0, 5), (6, 10), (11, 15), (16, 20))
    whole = Support(1.0, -5.0, places, np.array([-1.0, -2, -3, -4]), np.array([-4.0, -3, -2, -1]))
    part = Support(2.0, -1.0, ((0, 4), (5, 9)), np.array([-7.0, -0.5]), np.array([-6.0, -0.25]))
    both = whole.joined(part, 6)
    assert both.places == ((6, 10), (11, 15))
    assert both.starts.tolist() == [-9.0, -3.5]
    assert both.ends.tolist() == [-9.0, -2.25]
    assert (both.relevance, both.nowhere) == (3.0, -6.0)
    assert both.best() == (Span(11, 15), -5.75)


def test_readings_that_share_no_word_have_no_span() -> None:
    one = Support(0.0, -1.0, ((0, 5),), np.array([-1.0]), np.array([-1.0]))
    assert one.joined(one, 3).best() is None


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_what_is_packed_is_unpacked_within_half_a_step(seed: int, tmp_path_factory) -> None:
    path = tmp_path_factory.mktemp("packed") / "reader.npz"
    values = np.random.default_rng(seed).normal(0, 0.01, (7, 5)).astype(np.float32)
    pack({"w": values, "b": values[0]}, {"head.bias": values[1]}, path)
    differences, heads = unpack(path)
    step = np.abs(values).max(1, keepdims=True) / 127
    assert (np.abs(differences["w"] - values) <= 0.51 * step).all()
    assert (differences["b"] == values[0]).all()
    assert (heads["head.bias"] == values[1]).all()


def test_the_shipped_file_is_small() -> None:
    from importlib.resources import files

    shipped = Path(str(files("qa").joinpath(PACKED)))
    assert shipped.stat().st_size <= 25e6


def test_word_vectors_are_the_encoders_own() -> None:
    from safetensors.numpy import load_file

    folder = prepare()
    [expected] = [
        value
        for name, value in load_file(folder / "model.safetensors").items()
        if name.endswith("word_embeddings.weight")
    ]
    assert (word_vectors(folder)[[0, 5, 250_000]] == expected[[0, 5, 250_000]]).all()


def _margin(support: Support) -> float:
    best = support.best()
    assert best is not None
    return best[1] - support.nowhere
