"""What a reading counts beside its own score."""

from dataclasses import replace

from qa.evidence import of_documents
from qa.reading import Reading
from tests.qa.test_quoting import reading as in_passage


def reading(score: float, passage: int, document: str, text: str) -> Reading:
    made = in_passage(score, passage * 100, passage * 100 + 9, document, text)
    return replace(made, hit=replace(made.hit, passage=replace(made.hit.passage, id=passage)))


def first(*readings: Reading) -> str:
    ranked = sorted(readings, key=lambda each: -each.score)
    return of_documents(ranked)[0].text


def test_a_document_of_which_more_is_near_comes_before_one_with_a_lucky_sentence():
    far = reading(0.50, 2, "far.txt", "far")
    about = [reading(0.98, 3, "near.txt", "right"), reading(0.90, 4, "near.txt", "near")]
    assert first(reading(1.00, 1, "far.txt", "lucky"), far, *about) == "right"
    assert first(reading(1.20, 1, "far.txt", "best"), far, *about) == "best"


def test_a_document_of_one_passage_is_neither_preferred_nor_put_back():
    alone = [reading(1.00, 1, "one.txt", "alone"), reading(0.30, 1, "one.txt", "its end")]
    near = [reading(0.99, 2, "a.txt", "a"), reading(0.90, 3, "a.txt", "near")]
    far = [reading(0.99, 4, "b.txt", "b"), reading(0.30, 5, "b.txt", "far")]
    order = [each.text for each in of_documents([*alone[:1], *near[:1], *far[:1], near[1], far[1]])]
    assert order.index("a") < order.index("alone") < order.index("b")
    assert of_documents(alone) == alone


def test_where_nothing_was_read_nothing_is_ranked():
    assert of_documents([]) == []
