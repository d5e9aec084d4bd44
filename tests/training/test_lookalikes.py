"""What the papers that look alike, written for the reader's training, hold."""

from collections import Counter, defaultdict
from itertools import combinations

from documents import detect
from training.lookalikes import first_word, near_misses, places, read_lookalikes, without
from training.papers import LANGUAGES

SETS = read_lookalikes()


def test_a_set_has_three_papers_in_every_language_with_questions_on_each_and_on_none() -> None:
    for each in SETS:
        assert len(each.papers) == len(each.questions) == 3
        assert each.unanswerable
        for paper, questions in zip(each.papers, each.questions, strict=True):
            assert questions
            for said in (paper, *questions, *each.unanswerable):
                assert set(said) == set(LANGUAGES)
            for language, version in paper.items():
                assert detect(version.text) == language, (each.name, version.title)


def test_every_answer_stands_in_its_paper_as_whole_words() -> None:
    for each in SETS:
        for paper, questions in zip(each.papers, each.questions, strict=True):
            for language, asked in [pair for question in questions for pair in question.items()]:
                text = paper[language].text
                said = {text[start:end] for start, end in places(text, asked.answer)}
                assert said == {asked.answer}, (each.name, language)


def test_no_question_is_asked_twice_and_no_paper_told_twice() -> None:
    asked = Counter(
        (each.name, version.text)
        for each in SETS
        for question in (*sum(each.questions, ()), *each.unanswerable)
        for version in question.values()
    )
    assert [question for question, times in asked.items() if times > 1] == []
    texts = [paper["en"].text for each in SETS for paper in each.papers]
    assert len(set(texts)) == len(texts)


def test_some_sets_are_held_out_and_most_are_not() -> None:
    held = sum(each.dev for each in SETS)
    assert 0 < held < len(SETS) / 4


def test_an_answer_is_found_as_whole_words_wherever_it_stands() -> None:
    assert places("5 of 15 came, and 5 stayed.", "5") == ((0, 1), (18, 19))
    assert places("in Tartus", "Tartu") == ()


def test_a_text_without_its_answer_keeps_its_other_sentences() -> None:
    text = "The park opened in 2004. It has nine halls. Ilze Kalns leads it."
    assert without(text, "nine") == "The park opened in 2004. Ilze Kalns leads it."
    assert without("It has nine halls. Ilze Kalns leads it.", "nine") == ""


def test_languages_of_one_set_are_different_texts() -> None:
    for each in SETS:
        for paper in each.papers:
            for one, other in combinations(LANGUAGES, 2):
                assert paper[one].text != paper[other].text


def test_a_near_miss_is_not_known_by_the_word_that_it_begins_with() -> None:
    sets = [each for each in SETS if not each.dev]
    misses, shares = near_misses(sets)
    drawn: dict[str, float] = defaultdict(float)
    for (_, asked), share in zip(misses, shares, strict=True):
        drawn[first_word(asked)] += share
    answered = Counter(
        first_word(asked) for each in sets for questions in each.questions for asked in questions
    )
    for word in ("When", "Who", "What", "How", "Which", "Where"):
        assert 0.8 < drawn[word] / answered[word] <= 1.001, word
