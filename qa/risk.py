"""Can its confidence be trusted? Risk against coverage, and how far confidence is from the truth.

Both look at questions of which it is known whether what was answered is right. Leaves out how that
is found; qa.evaluation does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

COVERAGES: Final = tuple(tenth / 10 for tenth in range(1, 11))
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Case:
    """One question: how sure the answer was, 0 to 1, and whether it was right."""

    confidence: float
    right: bool


def risk_report(cases: Sequence[Case]) -> dict[str, Any]:
    """Return risk against coverage and reliability, rounded for printing."""
    if not cases:
        return {"cases": 0, "risk": {}, "aurc": None, "bins": [], "ece": None}
    risks = risk_by_rank(cases)
    return {
        "cases": len(cases),
        "risk": {f"{at:.0%}": round(risk_at(risks, at), 4) for at in COVERAGES},
        "aurc": round(sum(risks) / len(risks), 4),
        "bins": reliability(cases),
        "ece": round(calibration_error(cases), 4),
    }


def risk_by_rank(cases: Sequence[Case]) -> list[float]:
    """Return the share of wrong ones among the n surest cases, n from 1 to all.

    Geifman and El-Yaniv 2017, "Selective classification for deep neural networks"; the mean of
    these is the area under the risk-coverage curve (AURC). Equally sure cases are wrong in equal
    parts, so that their order doesn't matter.
    """
    wrong: dict[float, list[bool]] = {}
    for case in cases:
        wrong.setdefault(case.confidence, []).append(not case.right)
    risks: list[float] = []
    errors = 0.0
    for confidence in sorted(wrong, reverse=True):
        share = sum(wrong[confidence]) / len(wrong[confidence])
        for _ in wrong[confidence]:
            errors += share
            risks.append(errors / (len(risks) + 1))
    return risks


def risk_at(risks: Sequence[float], coverage: float) -> float:
    """Return the risk where this share of the questions, at least one, is answered."""
    return risks[max(1, round(coverage * len(risks))) - 1]


def reliability(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Return the bins of equal width that hold cases: how sure, and how many were right."""
    rows = []
    for number, held in enumerate(_binned(cases)):
        if held:
            rows.append(
                {
                    "from": number / BINS,
                    "to": (number + 1) / BINS,
                    "cases": len(held),
                    "confidence": round(_mean_confidence(held), 4),
                    "right": round(_share_right(held), 4),
                }
            )
    return rows


def calibration_error(cases: Sequence[Case]) -> float:
    """Return the mean distance of confidence and truth over the bins, by their cases.

    Naeini et al. 2015, "Obtaining well calibrated probabilities using Bayesian binning".
    """
    return sum(
        len(held) / len(cases) * abs(_mean_confidence(held) - _share_right(held))
        for held in _binned(cases)
        if held
    )


def _binned(cases: Sequence[Case]) -> list[list[Case]]:
    bins: list[list[Case]] = [[] for _ in range(BINS)]
    for case in cases:
        bins[min(BINS - 1, int(case.confidence * BINS))].append(case)
    return bins


def _mean_confidence(cases: Sequence[Case]) -> float:
    return sum(case.confidence for case in cases) / len(cases)


def _share_right(cases: Sequence[Case]) -> float:
    return sum(case.right for case in cases) / len(cases)
