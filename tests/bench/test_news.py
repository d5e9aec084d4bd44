import json
from collections import Counter
from pathlib import Path

import pytest

from tests.bench.news import QUESTIONS, Articles

DATA = Path(__file__).parents[2].parent / "shared" / "data"


def questions():
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def test_there_are_sixty_questions_in_latvian_and_in_azerbaijani_half_of_them_held_out():
    counts = Counter(
        (each["language"], each["dev"])
        for each in questions()
        if each["language"] == each["document_language"]
    )
    for language in ("lv", "az"):
        held_out, seen = counts[language, True], counts[language, False]
        assert held_out + seen >= 60
        assert held_out >= seen


def test_questions_name_lines_and_hold_no_text_of_the_articles():
    for each in questions():
        assert set(each) == {
            "id", "language", "question", "article", "document_language", "lines", "sha256", "dev",
        }  # fmt: skip
        assert len(each["lines"]) == len(each["sha256"])


@pytest.mark.skipif(not (DATA / "ntrex").is_dir(), reason="../shared/data isn't here")
def test_the_lines_are_those_that_the_questions_were_written_over():
    articles = Articles(DATA)
    for each in questions():
        assert articles.answers(each)
