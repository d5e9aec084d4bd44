"""The papers and questions of made-up partnerships say what the benchmark takes them to say."""

from collections import Counter

import pytest

from tests.bench.partnerships import FOLDER, names, questions_of

LANGUAGES = {"en", "lv", "az", "tr", "ru"}


@pytest.mark.parametrize("name", names())
def test_the_words_that_answer_stand_in_a_paper_that_answers(name: str) -> None:
    papers = {
        path.name: path.read_text(encoding="utf-8")
        for path in (FOLDER / name / "documents").iterdir()
    }
    questions = questions_of(name)
    assert len({each.id for each in questions}) == len(questions)
    for each in questions:
        assert each.documents <= set(papers)
        assert each.answerable == bool(each.documents) == bool(each.answers), each.id
        for answer in each.answers:
            assert any(answer in papers[path] for path in each.documents), each.id


def test_half_of_what_is_answered_is_asked_across_languages_and_each_language_asks() -> None:
    questions = [each for name in names() for each in questions_of(name)]
    kinds = Counter(each.kind for each in questions)
    assert kinds["same-language"] == kinds["cross-language"] == 96
    assert kinds["near-miss"] + kinds["unanswerable"] == 84
    assert {each.language for each in questions} == LANGUAGES
