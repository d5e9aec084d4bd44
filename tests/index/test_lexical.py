import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import fold, idf, terms
from tests.conftest import NASTY


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Ventspils Augsto tehnoloģiju parks", "ventspils augsto tehnologiju parks"),
        ("Azərbaycan", "azerbaycan"),
        ("İSTANBUL", "istanbul"),
        ("ISPARTA", "ısparta"),
        ("Şəki", "seki"),
        ("ĶEGUMA ŅIEDRĀJS", "keguma niedrajs"),
        ("ёлка", "елка"),
        ("Gebze'de", "gebze'de"),
        ("Вентспилс", "ventspils"),
        ("straße", "STRASSE"),
    ],
)
def test_a_word_without_its_diacritics_case_or_script_is_the_same_word(written, typed):
    assert fold(written) == fold(typed)


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("tehnoloģiju parks", "tehnoloģiskajā parkā"),
        ("memorandumu", "memorandums"),
        ("texnologiyalar", "texnologiyaların"),
        ("anlaşma", "anlaşmanın"),
        ("соглашение", "соглашения"),
        ("park", "parklarının"),
    ],
)
def test_a_word_with_another_ending_shares_a_term(question, passage):
    assert set(terms(question)) & set(terms(passage))


def test_a_short_word_is_one_term_and_a_long_one_two():
    assert terms("On parks tehnoloģiju") == ["on", "parks", "park", "tehnol", "tehn"]


@pytest.mark.parametrize("text", NASTY)
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_terms_are_never_empty_and_hold_no_white_space_or_quotes(text):
    assert all(term and not set(term) & set(" \t\n\"'") for term in terms(text))


def test_a_rarer_term_weighs_more_and_a_term_everywhere_weighs_almost_nothing():
    assert idf(100, 1) > idf(100, 10) > idf(100, 49) > 0
    assert idf(100, 100) == pytest.approx(1e-6)
