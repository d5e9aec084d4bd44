"""How the weights of what counts for a sentence are found."""

from dataclasses import replace

import numpy as np
import pytest

from index.library import Library
from index.search import Searcher
from qa.close_reading import make_reader
from qa.evidence import gather
from qa.span_model import SpanModel
from qa.weights import WEIGHTS, Weights
from training import weigh
from training.calibrate import Asked, Task
from training.corpus import Context, Question
from training.weigh import FITTED, Ranked


def made(values: list[list[float]], right: int, documents: list[int]) -> Ranked:
    """Return a question whose sentences are equal but for what is weighed."""
    rows = len(values)
    return Ranked(
        task="made",
        group=str(values),
        plain=np.zeros(rows),
        values=np.array([[*each, *[0.0] * (len(FITTED) - len(each))] for each in values]),
        documents=np.array(documents),
        several=np.zeros(max(documents) + 1, bool),
        right=np.arange(rows) == right,
        found=np.array(documents) == documents[right],
    )


def test_a_weight_that_tells_the_right_sentence_grows_and_one_that_misleads_falls() -> None:
    # The first value is relevance's, the second the margin's.
    asked = [made([[1.0, 0.0], [0.0, 1.0 + n / 10]], 0, [0, 1]) for n in range(5)]
    start = replace(WEIGHTS, relevance=0.01, margin=0.05)
    assert not any(weigh.first(each, start)[0] for each in asked)
    fitted = weigh.fit(asked, start)
    assert fitted.relevance > start.relevance
    assert fitted.margin < start.margin
    assert all(weigh.first(each, fitted)[0] for each in asked)
    assert "| made | 5 | 1.000 | 1.000 | 1.000 |" in weigh.table(asked, [fitted] * 5)


def test_partnerships_count_as_much_as_all_else() -> None:
    papers = replace(made([[1.0], [0.0]], 0, [0, 1]), task="partnership a")
    asked = [papers, *[made([[1.0], [0.0]], 0, [0, 1])] * 9]
    assert weigh.shares_of(asked)[0] == pytest.approx(0.5)
    assert weigh.shares_of(asked).sum() == pytest.approx(1)


@pytest.mark.parametrize("weights", [WEIGHTS, replace(WEIGHTS, document=0.4, mass=0.05)])
def test_scores_are_those_that_the_product_ranks_by(
    small_library: Library, weights: Weights, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    model, searcher = SpanModel.open(threads=2), Searcher.open(small_library)
    question = "How many students took part in the camp?"
    context = Context("c", "made", "en", "c", "c", "", True)
    asked = Asked(Question("q", "made", "en", question, "c", (), True, "q", ""), context)
    monkeypatch.setattr(weigh, "searcher_of", lambda *_: searcher)
    [each] = weigh.ranked(Task("made", "made", [], [asked]), tmp_path, model)
    evidence = gather(searcher, make_reader(model, weights), question, weights=weights)
    expected = sorted((reading.score for reading in evidence.readings), reverse=True)
    assert sorted(weigh.scores(each, weights), reverse=True) == pytest.approx(expected, abs=1e-5)
