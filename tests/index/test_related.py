"""Documents that say the same are linked, whoever came first; nothing else is, nothing is lost."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import related
from index.build import build
from index.generation import open_current
from index.related import alignment, facts, resemblance, same_facts, shingles
from tests.conftest import NASTY
from tests.faults.host import hashed

REPORT = " ".join(f"In month {n} the harbour of town{n} took {n * 7} ships." for n in range(40))
FERRY = {
    "en.txt": (
        "A ferry between Liepāja and Baku's sister port begins in May. The ship carries 240 people "
        "and 60 cars. A crossing takes nineteen hours. Tickets are sold from 3 April 2023. Children"
        " under seven travel free of charge. In winter the ferry stays in the harbour for repairs."
    ),
    "lv.txt": (
        "Prāmis starp Liepāju un Baku māsas ostu sāks kursēt maijā. Kuģis pārvadā 240 cilvēkus un "
        "60 automašīnas. Brauciens ilgst deviņpadsmit stundas. Biļetes pārdod no 2023. gada "
        "3. aprīļa. Bērni līdz septiņu gadu vecumam brauc bez maksas. Ziemā prāmis paliek ostā "
        "remontam."
    ),
    "ru.txt": (
        "Жители Лиепаи спорят о новом пароме. Владелец кафе у порта ждёт туристов и нанял двух "
        "официантов. Рыбаки боятся шума. Мэр обещал построить вторую стоянку. Билеты дорогие, "
        "говорит учительница Анна. Первый рейс назначен на май."
    ),
}


def links(library, relation):
    rows = open_current(library.index).store.documents()
    found = {
        (row.document, each.document)
        for row in rows
        for each in row.related
        if each.relation == relation
    }
    assert {(two, one) for one, two in found} == found
    return {pair for pair in found if pair[0] < pair[1]}


def changed(text, share, seed=1):
    chance = random.Random(seed)  # noqa: S311
    return " ".join("another" if chance.random() < share else word for word in text.split())


def test_a_document_and_its_edited_copy_are_linked_and_others_are_not(make_library):
    library = make_library(
        {
            "report.txt": REPORT,
            "edited.txt": changed(REPORT, 0.03),
            "shouted.md": "# REPORT\n\n" + REPORT.upper(),
            "other.txt": REPORT.replace("took", "lost many of").replace("month", "the year"),
            "short.txt": "Nothing.",
        }
    )
    build(library)
    assert links(library, "duplicate") == {
        ("edited.txt", "report.txt"), ("edited.txt", "shouted.md"), ("report.txt", "shouted.md"),
    }  # fmt: skip
    [first, *_] = open_current(library.index).store.related("report.txt")
    assert (first.document, first.score > 0.9) == ("shouted.md", True)


def test_links_come_and_go_with_their_documents_whatever_the_order(make_library):
    library = make_library({"a.txt": REPORT, "z.txt": "Another matter altogether."})
    build(library)
    assert links(library, "duplicate") == set()
    (library.documents / "b.txt").write_text(changed(REPORT, 0.02))
    build(library)
    assert links(library, "duplicate") == {("a.txt", "b.txt")}
    (library.documents / "a.txt").write_text("Now it is about lighthouses.")
    build(library)
    assert links(library, "duplicate") == set()
    (library.documents / "z.txt").write_text(REPORT)
    build(library)
    assert links(library, "duplicate") == {("b.txt", "z.txt")}
    (library.documents / "z.txt").unlink()
    build(library)
    assert links(library, "duplicate") == set()


def test_a_translation_is_linked_and_another_report_of_the_same_matter_is_not(make_library):
    library = make_library(FERRY)
    build(library)
    assert links(library, "translation") == {("en.txt", "lv.txt")}
    assert links(library, "duplicate") == set()


def test_a_form_filled_in_anew_in_another_language_is_no_translation(make_library):
    filled = FERRY["lv.txt"].replace("240", "95").replace("60", "18").replace("3. apr", "21. apr")
    library = make_library({"en.txt": FERRY["en.txt"], "lv.txt": filled})
    build(library)
    assert links(library, "translation") == set()


def test_what_fifty_documents_share_nominates_no_more(make_library, monkeypatch):
    monkeypatch.setattr(related, "_SHARED_BY", 3)
    library = make_library({f"{n}.txt": "The same form, word for word." for n in range(6)})
    build(library)
    assert links(library, "duplicate") == {
        (f"{one}.txt", f"{two}.txt") for one in range(3) for two in range(one + 1, 6)
    }


@pytest.mark.parametrize("text", ["", " ", ".", *NASTY])
def test_any_text_has_shingles_in_order_and_is_like_itself(text):
    found = shingles(text)
    assert (np.diff(found) > 0).all()
    assert resemblance(found, found) == (1.0 if len(found) else 0.0)
    assert facts(text + "9" * 5000).total() >= 1


def words_of(numbers):
    return " ".join(f"word{n}" for n in numbers)


@given(st.lists(st.integers(0, 5), min_size=1), st.lists(st.integers(0, 5), min_size=1))
def test_resemblance_is_the_share_of_the_runs_of_words_that_both_have(one, two):
    def runs(numbers):
        width = min(5, len(numbers))
        return {tuple(numbers[n : n + width]) for n in range(len(numbers) - width + 1)}

    expected = len(runs(one) & runs(two)) / len(runs(one) | runs(two))
    found = resemblance(shingles(words_of(one)), shingles(words_of(two)))
    assert found == pytest.approx(expected)


def test_alignment_is_one_for_the_same_sentences_and_falls_as_they_are_moved_or_left_out():
    rows = np.stack([hashed(str(n)) for n in range(12)])
    assert alignment(rows, rows) == pytest.approx(1)
    assert alignment(rows, rows[2:]) == pytest.approx(20 / 22, abs=0.05)
    assert alignment(rows, rows[::-1]) < 0.3
    others = np.stack([hashed(f"other {n}") for n in range(12)])
    assert alignment(rows, others) < 0.3


def test_dates_and_numbers_are_the_same_however_they_are_written():
    one = facts("On 7 June 2021 it cost 240,000 euros, 1.5 more; see 3 and 4.")
    two = facts("2021. gada 7. jūnijā tas maksāja 240 000 eiro, par 1,5 vairāk; sk. 3 un 4.")
    assert one == two
    assert same_facts(one, two)
    assert not same_facts(one, facts("On 8 May 1999 it cost 7,000 euros, 2.5 more; see 5 and 6."))
