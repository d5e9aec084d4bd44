from dataclasses import replace

from documents import Span
from index.search import Hit
from qa.quoting import choose, with_rival
from qa.reading import Reading
from tests.qa.test_answer import passage


def reading(score, start, end, document="a.txt", text="x"):
    row = passage("x" * 2000)
    row = row.__class__(
        **{**{name: getattr(row, name) for name in row.__slots__}, "document": document}
    )
    place = Span(start, end)
    return Reading(Hit(row, 1.0, 0.8, 0.1), text, place, place, score, 0.8)


def test_the_best_comes_first_and_no_more_than_the_limit():
    readings = [reading(1.0 - n / 100, n * 100, n * 100 + 50, text=str(n)) for n in range(6)]
    chosen = choose(readings, 3)
    assert [choice.reading for choice in chosen] == readings[:3]


def test_what_is_much_worse_than_the_best_is_not_quoted():
    chosen = choose([reading(1.0, 0, 9), reading(0.5, 100, 109, text="y")], 3)
    assert [choice.place for choice in chosen] == [(0, 9)]


def test_neighbours_in_a_paragraph_are_one_quote_around_the_best_sentence():
    best, after, before = reading(1.0, 50, 90), reading(0.99, 91, 120), reading(0.98, 20, 49)
    [choice] = choose([best, after, before], 3)
    assert choice.place == (20, 120)
    assert choice.reading.span == (50, 90)


def test_the_neighbour_that_has_the_date_asked_for_says_what_answers():
    best, worse = reading(1.0, 50, 90), reading(0.99, 91, 120)
    [choice] = choose([best, replace(worse, fits=True)], 3)
    assert (choice.reading, choice.answering.span) == (best, worse.span)
    [choice] = choose([replace(best, fits=True), replace(worse, fits=True)], 3)
    assert choice.answering.span == best.span


def test_sentences_of_different_paragraphs_or_documents_are_not_joined():
    apart = [reading(1.0, 0, 9), reading(0.99, 11, 20, text="y")]
    assert len(choose(apart, 3)) == 2
    elsewhere = [reading(1.0, 0, 9), reading(0.99, 10, 20, "b.txt", "y")]
    assert len(choose(elsewhere, 3)) == 2


def test_the_same_words_twice_in_a_document_are_quoted_once_and_another_document_is_a_version():
    same = [reading(1.0, 0, 9), reading(1.0, 100, 109), reading(0.99, 0, 9, "b.txt")]
    [choice] = choose(same, 3)
    assert choice.reading.hit.passage.document == "a.txt"
    assert [version.hit.passage.document for version in choice.versions] == ["b.txt"]


def test_a_list_takes_more_quotes_each_with_a_new_name_in_the_documents_order():
    names = ["came Anna Ozola", "came Kamran Əliyarov", "came Anna Ozola", "came Deniz Karaçay"]
    readings = [
        reading(1.0 - n / 100, 900 - n * 200, 950 - n * 200, text=text)
        for n, text in enumerate(names)
    ]
    chosen = choose(readings, 3, listed=True)
    assert [choice.reading.text for choice in chosen] == [names[3], names[1], names[0]]


def test_a_list_has_at_most_six_quotes():
    readings = [
        reading(1.0 - n / 100, n * 100, n * 100 + 50, text=f"came {name}{name.lower()} X")
        for n, name in enumerate("ABCDEFGHIJ")
    ]
    assert len(choose(readings, 3, listed=True)) == 6


def test_a_source_that_differs_stands_behind_the_first_and_is_always_shown():
    readings = [reading(1.0 - n / 100, n * 100, n * 100 + 50, text=str(n)) for n in range(4)]
    chosen = choose(readings[:3], 3)
    assert with_rival(chosen, None) == chosen
    shown = [choice.reading for choice in with_rival(chosen, readings[3])]
    assert shown == [readings[0], readings[3], readings[1]]
    assert len(with_rival(chosen[:1], readings[3])) == 2


def test_a_source_that_differs_is_quoted_once_with_its_neighbours_and_its_other_sources():
    first = reading(1.0, 0, 9, text="EUR 240,000")
    joined = [reading(0.95, 0, 22, "b.txt", "Clause 6."), reading(0.94, 23, 40, "b.txt", "310,000")]
    version = reading(0.93, 0, 9, "c.txt", "Clause 6.")
    last = reading(0.92, 0, 9, "d.txt", "of another thing")
    chosen = choose([first, last, *joined, version], 4)
    held = chosen[2]
    assert (held.place, held.versions) == ((0, 40), (version,))
    shown = with_rival(chosen, joined[1])
    assert shown == [chosen[0], replace(held, answering=joined[1]), chosen[1]]
    assert with_rival(chosen, version) == [chosen[0], held, chosen[1]]


def test_a_quote_doesnt_grow_into_a_page():
    readings = [reading(1.0 - n / 1000, n * 101, n * 101 + 100, text=str(n)) for n in range(20)]
    assert all(choice.place.end - choice.place.start <= 600 for choice in choose(readings, 3))


def test_nothing_to_read_is_nothing_to_quote():
    assert choose([], 3) == []
