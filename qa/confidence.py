"""How sure is it? A logistic model over what search and reading found.

The weights were fitted by training/calibrate.py on public questions, half of them with the
paragraph that answers taken out of the library; docs/measurements.md has the curve. They are for
the default encoder.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from qa.evidence import Evidence
from qa.mentions import NOTHING_MISSING

FEATURES: Final = (
    "sentence_cosine",
    "passage_cosine",
    "contrast",
    "lead",
    "passage_share",
    "sentence_share",
    "names_lacking",
    "numbers_lacking",
    "same_language",
    "same_language_passage_share",
    "relevance",
    "margin",
    "close",
    "runner_up",
)
_BACKGROUND: Final = slice(5, 20)
# The lead of a passage that has no rival.
_ALONE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Calibration:
    """The fitted weights, by feature, and the threshold under which Folio abstains."""

    bias: float
    weights: dict[str, float]
    threshold: float


@cache
def calibration() -> Calibration:
    """Return the weights that ship."""
    values = json.loads(files("qa").joinpath("calibration.json").read_text(encoding="utf-8"))
    return Calibration(values["bias"], values["weights"], values["threshold"])


def features(evidence: Evidence) -> dict[str, float]:
    """Return what tells an answer from a near miss, by the names in FEATURES.

    Args:
        evidence: with at least one reading.
    """
    query, hits, best = evidence.query, evidence.found, evidence.readings[0]
    background = [hit.score for hit in hits[_BACKGROUND]] or [hits[-1].score]
    others = [hit.score for hit in hits if hit.passage.document != best.hit.passage.document]
    other_scores = [
        reading.score
        for reading in evidence.readings
        if reading.hit.passage.id != best.hit.passage.id
    ]
    same = float(best.hit.passage.language == evidence.language)
    share = query.share(best.hit.passage.text)
    lacks = evidence.missing.get(best.hit.passage.document, NOTHING_MISSING)
    return {
        "sentence_cosine": best.cosine,
        "passage_cosine": best.hit.cosine,
        "contrast": hits[0].score - sum(background) / len(background),
        "lead": best.hit.score - max(others, default=background[-1]),
        "passage_share": share,
        "sentence_share": query.share(best.text),
        "names_lacking": lacks.names,
        "numbers_lacking": lacks.numbers,
        "same_language": same,
        "same_language_passage_share": same * share,
        "relevance": best.relevance,
        "margin": best.margin,
        "close": best.close,
        "runner_up": best.score - max(other_scores, default=best.score - _ALONE),
    }


def confidence(values: dict[str, float]) -> float:
    """Return the probability that the best reading answers, 0 to 1."""
    model = calibration()
    logit = model.bias + sum(model.weights[name] * values[name] for name in FEATURES)
    return 1 / (1 + math.exp(-logit))
