from dataclasses import replace

import numpy as np
import pytest

from documents import Span
from qa.agreement import is_version, rival, same_facts
from tests.qa.test_quoting import reading

NEAR = np.array([1.0, 0.0], np.float32)


def sentence(text, document, language, span, score=1.0, title="Report"):
    made = reading(score, 0, len(text), document, text)
    passage = replace(made.hit.passage, language=language, text=text, title=title)
    return replace(
        made,
        hit=replace(made.hit, passage=passage),
        span=Span(text.index(span), text.index(span) + len(span)),
        relevance=2.0,
        vector=NEAR,
    )


def test_a_translation_with_the_same_number_is_a_version():
    one = sentence("It has 120 participants.", "a.txt", "en", "120")
    two = sentence("Tajā ir 120 dalībnieki.", "b.txt", "lv", "120")
    assert is_version(one, two)
    assert not is_version(one, replace(two, vector=np.array([0.0, 1.0], np.float32)))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("It has 120 participants.", "Tajā ir 150 dalībnieki."),
        ("It lasts until 31 December 2025.", "Tas ir spēkā līdz 2027. gada 31. decembrim."),
        ("The budget is EUR 240,000.", "Budžets ir 240 000 manatu."),
        ("Seven people came.", "Atbrauca astoņi cilvēki."),
        ("It has 120 participants.", "Tajā ir dalībnieki."),
    ],
)
def test_sentences_that_differ_in_a_number_or_a_date_are_never_folded(one, two):
    assert not same_facts(one, "en", two, "lv")
    assert not is_version(sentence(one, "a.txt", "en", one), sentence(two, "b.txt", "lv", two))


@pytest.mark.parametrize(
    ("one", "language", "two", "other"),
    [
        ("amounts to EUR 240,000", "en", "240 000 eiro apmērā", "lv"),
        ("It cost EUR 2000 in 2018.", "en", "2018. gadā tas maksāja 2 000 eiro.", "lv"),
        ("1,8 milyon lira", "tr", "1.8 million lira", "en"),
        ("on 12 May 2022", "en", "2022. gada 12. maijā", "lv"),
        ("сорок семь человек", "ru", "forty-seven people", "en"),
        ("on beş startap", "az", "fifteen start-ups", "en"),
    ],
)
def test_facts_are_compared_across_languages(one, language, two, other):
    assert same_facts(one, language, two, other)


def test_two_documents_that_give_different_numbers_of_one_thing_differ():
    one = sentence("Hakatonā Ventspilī bija 120 dalībnieki.", "a.txt", "lv", "120 dalībnieki")
    two = sentence("In Ventspils 150 participants met.", "b.txt", "en", "150", 0.95)
    assert rival([one, two], "number", ["Ventspilī"]) == two
    assert rival([one, two], "name", ["Ventspilī"]) is None
    assert rival([one, two], None, ["Ventspilī"]) is None
    assert rival([one], "number", ["Ventspilī"]) is None
    assert rival([one, replace(two, score=0.5)], "number", ["Ventspilī"]) is None


def test_sources_about_another_thing_dont_differ():
    one = sentence("Hakatonā Ventspilī bija 120 dalībnieki.", "a.txt", "lv", "120 dalībnieki")
    elsewhere = sentence("In Gebze 150 participants met.", "b.txt", "en", "150", 0.95)
    money = sentence("In Ventspils EUR 150 were paid.", "b.txt", "en", "EUR 150", 0.95)
    same = sentence("In Ventspils 120 participants met.", "b.txt", "en", "120", 0.95)
    far = replace(
        sentence("In Ventspils 150 participants met.", "b.txt", "en", "150", 0.95),
        vector=np.array([0.0, 1.0], np.float32),
    )
    for other in (elsewhere, money, same, far):
        assert rival([one, other], "number", ["Ventspilī"]) is None


def test_a_date_told_more_exactly_doesnt_differ():
    one = sentence("Signed in May 2022.", "a.txt", "en", "May 2022")
    two = sentence("Signed on 12 May 2022.", "b.txt", "en", "12 May 2022", 0.95)
    assert rival([one, two], "date", []) is None
    other = sentence("Signed on 12 June 2022.", "b.txt", "en", "12 June 2022", 0.95)
    assert rival([one, other], "date", []) == other


def test_the_same_day_written_in_another_way_doesnt_differ():
    one = sentence("It met on 14–15 June 2023.", "a.txt", "en", "14–15 June 2023")
    for text in ("It met from 14 to 15 June 2023.", "It met on 14 June."):
        two = sentence(text, "b.txt", "en", text[7:-1], 0.95)
        assert rival([one, two], "date", []) is None
    other = sentence("It met on 15 June.", "b.txt", "en", "15 June", 0.95)
    assert rival([one, other], "date", []) == other


@pytest.mark.parametrize(
    ("language", "one", "two"),
    [
        ("en", "It is valid until 31 May 2026.", "It is valid until 31 May 2028."),
        ("en", "It is valid for 2 years.", "It is valid for 5 years."),
        ("lv", "Tas ir spēkā 2 gadus.", "Tas ir spēkā 5 gadus."),
        ("az", "Saziş 2 il qüvvədədir.", "Saziş 5 il qüvvədədir."),
        ("tr", "Anlaşma 2 yıl geçerlidir.", "Anlaşma 5 yıl geçerlidir."),
        ("ru", "Договор действует до 31 мая 2026 года.", "Договор действует до 31 мая 2028 года."),
    ],
)
def test_sources_that_give_another_term_differ(language, one, two):
    first = sentence(one, "a.txt", language, one)
    second = sentence(two, "b.txt", language, two, 0.95)
    assert rival([first, second], "term", []) == second
    assert rival([first, replace(second, text=one)], "term", []) is None


def test_a_length_of_time_and_the_date_until_when_dont_differ():
    until = sentence("It is valid until 31 May 2026.", "a.txt", "en", "31 May 2026")
    length = sentence("It is valid for 2 years.", "b.txt", "en", "2 years", 0.95)
    months = sentence("It is valid for 24 months.", "c.txt", "en", "24 months", 0.94)
    assert rival([until, length], "term", []) is None
    assert rival([length, until, months], "term", []) is None
