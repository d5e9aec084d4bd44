"""What papers that are made by rule promise the reader's training."""

import random
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest

from training import papers
from training.papers import LANGUAGES, exercise

DATA = tomllib.loads(Path(papers.__file__).with_suffix(".toml").read_text(encoding="utf-8"))
FILLERS = {language: ["Nothing of this is asked for."] for language in LANGUAGES}
MARK = re.compile(r"\[[^\]]+\]")


def draws(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311  (no secret: the same papers again)


EXERCISES = [exercise(draws(seed), FILLERS) for seed in range(400)]


@pytest.mark.parametrize(("fact", "language"), list(product(DATA["facts"], LANGUAGES)))
def test_every_fact_is_told_in_several_ways_each_with_one_answer(fact: str, language: str) -> None:
    said = DATA["facts"][fact][language]
    assert len(said["say"]) >= 2
    assert len(said["ask"]) >= 2
    assert all(len(MARK.findall(each)) == 1 for each in said["say"])
    assert not any(MARK.search(each) for each in said["ask"])


@pytest.mark.parametrize("kind", DATA["words"])
def test_every_word_is_there_in_every_language_with_the_cases_it_has(kind: str) -> None:
    for forms in DATA["words"][kind].values():
        assert set(forms) == set(LANGUAGES)
        for language in LANGUAGES:
            cases = papers.CASES.get(kind, {}).get(language, ("",))
            assert len(forms[language]) in {1, 2, len(cases)}, (kind, language, forms)


def test_any_scene_can_be_told_and_asked_for_with_nothing_left_to_fill_in() -> None:
    draw = draws(1)
    for fact, language in product(DATA["facts"].values(), LANGUAGES):
        for template in fact[language]["say"] + fact[language]["ask"]:
            said = papers._said(template, papers._scene(draw), language, draw)
            assert not re.search(r"[{}]|None", said)


def test_the_answer_is_in_the_first_paper_alone_and_stands_where_it_is_said_to() -> None:
    answered = 0
    for each in EXERCISES:
        first, *others = each.papers
        assert all(other.answer is None for other in others)
        if first.answer is None:
            continue
        answered += 1
        start, end = first.answer
        said = first.text[start:end]
        assert said == said.strip()
        assert said
        assert "asked for" not in said
    assert answered > 280


def test_an_answer_is_a_whole_word_of_its_text() -> None:
    for each in EXERCISES:
        for paper in each.papers:
            if paper.answer:
                start, end = paper.answer
                around = paper.text[max(0, start - 1)] + paper.text[min(end, len(paper.text) - 1)]
                assert start == 0 or not around[0].isalnum(), paper.text[start - 5 : end + 5]
                assert not around[1].isalnum(), paper.text[start - 5 : end + 5]


def test_brackets_and_the_mark_of_a_leaning_sentence_are_in_no_text() -> None:
    for each in EXERCISES:
        for paper in each.papers:
            assert not set("[]~{}") & set(paper.title + paper.text + each.question)


def test_languages_and_their_pairs_all_come() -> None:
    assert len({each.question for each in EXERCISES}) > 300
    scripts = [
        (bool(re.search("[а-я]", each.question)), bool(re.search("[а-я]", each.papers[0].text)))
        for each in EXERCISES
    ]
    assert set(scripts) == set(product([False, True], repeat=2))


def test_the_same_seed_makes_the_same_exercise() -> None:
    assert [exercise(draws(seed), FILLERS) for seed in range(400)] == EXERCISES


def test_months_days_and_years_are_written_as_each_language_does() -> None:
    draw = draws(0)
    dates = {language: papers._date(3, 4, 2020, language, draw) for language in LANGUAGES}
    assert dates["lv"] == {
        "": "2020. gada 3. maijs",
        "on": "2020. gada 3. maijā",
        "until": "2020. gada 3. maijam",
    }
    assert dates["az"]["on"] == "3 may 2020-ci ildə"
    assert dates["tr"][""] == "3 Mayıs 2020"
    assert dates["ru"][""] == "3 мая 2020 года"
    assert [papers._ending(year) for year in (2000, 2010, 2013, 2016, 2019, 2030, 1990)] == [
        "ci", "cu", "cü", "cı", "cu", "cu", "cı",
    ]  # fmt: skip
