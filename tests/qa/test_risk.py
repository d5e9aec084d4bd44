"""Risk against coverage and reliability, held against their definitions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.risk import Case, calibration_error, reliability, risk_at, risk_by_rank, risk_report

CASES = st.lists(st.builds(Case, st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


def test_the_surest_come_first_and_the_area_is_the_mean_of_their_risks():
    cases = [Case(0.2, False), Case(0.9, True), Case(0.7, False), Case(0.5, True)]
    assert risk_by_rank(cases) == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])
    report = risk_report(cases)
    assert report["aurc"] == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4, abs=1e-4)
    assert report["risk"]["50%"] == 0.5
    assert list(report["risk"]) == [f"{tenth}0%" for tenth in range(1, 11)]


@given(CASES)
def test_everything_answered_is_as_wrong_as_there_are_wrong_answers(cases):
    risks = risk_by_rank(cases)
    assert len(risks) == len(cases)
    assert risk_at(risks, 1.0) == pytest.approx(sum(not case.right for case in cases) / len(cases))
    assert all(-1e-9 <= risk <= 1 + 1e-9 for risk in risks)


@given(CASES, st.randoms())
def test_the_order_of_equally_sure_answers_does_not_matter(cases, random):
    shuffled = random.sample(cases, len(cases))
    assert risk_by_rank(shuffled) == pytest.approx(risk_by_rank(cases))


@given(CASES)
def test_the_calibration_error_is_what_its_definition_says(cases):
    sure = np.array([case.confidence for case in cases])
    right = np.array([case.right for case in cases], float)
    bins = np.minimum((sure * 10).astype(int), 9)
    wanted = sum(
        (bins == b).mean() * abs(sure[bins == b].mean() - right[bins == b].mean())
        for b in set(bins)
    )
    assert calibration_error(cases) == pytest.approx(wanted)
    assert sum(row["cases"] for row in reliability(cases)) == len(cases)


def test_where_nothing_is_known_nothing_is_claimed():
    assert risk_report([]) == {"cases": 0, "risk": {}, "aurc": None, "bins": [], "ece": None}
