"""What numbers are worth and what they count, in five languages."""

import pytest

from qa.agreement import same_facts
from qa.numbers import find_numbers, unit_of


def found(text, language):
    return [(each.value, each.unit) for each in find_numbers(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("25 min avro", "az", (25000, "EUR")),
        ("25 min", "en", (25, "minute")),
        ("yüz min manat", "az", (100000, "AZN")),
        ("2 milyon 300 min manat", "az", (2.3e6, "AZN")),
        ("€2.5m", "en", (2.5e6, "EUR")),
        ("$2.5bn", "en", (2.5e9, "USD")),
        ("2.5m euros", "en", (2.5e6, "EUR")),
        ("2.3 million euros", "en", (2.3e6, "EUR")),
        ("5 m", "en", (5, "m")),
        ("2,5 млн. евро", "ru", (2.5e6, "EUR")),
        ("2,5 milj. eiro", "lv", (2.5e6, "EUR")),
        ("25 tūkst. eiro", "lv", (25000, "EUR")),
        ("2,5 mln. manat", "az", (2.5e6, "AZN")),
        ("0,125 %", "lv", (0.125, "%")),
        ("1,250 companies", "en", (1250, "company")),
    ],
)
def test_a_number_is_worth_what_stands_behind_it(text, language, number):
    assert found(text, language) == [number]


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("Two hundred people", "en", (200, "people")),
        ("two hundred and fifty thousand people", "en", (250000, "people")),
        ("one million euros", "en", (1e6, "EUR")),
        ("simts divdesmit viens cilvēks", "lv", (121, "people")),
        ("divi simti eiro", "lv", (200, "EUR")),
        ("trīssimt eiro", "lv", (300, "EUR")),
        ("iki yüz nəfər", "az", (200, "people")),
        ("beş bin iki yüz lira", "tr", (5200, "TRY")),
        ("сто человек", "ru", (100, "people")),
        ("двести тридцать пять тысяч рублей", "ru", (235000, "RUB")),
    ],
)
def test_a_number_in_words_is_one_however_many_words_it_has(text, language, number):
    assert found(text, language) == [number]


def test_numbers_that_stand_side_by_side_are_two():
    assert found("between two hundred and three hundred", "en") == [(200, "and"), (300, "")]
    assert found("2 miljoni 2019. gadā", "lv")[0][0] == 2e6
    assert found("Евро-2012 и Евро-2016", "ru") == [(2012, "i"), (2016, "")]
    assert found("10 and EUR 500", "en") == [(10, "and"), (500, "EUR")]
    assert found("ar simtiem cilvēku un viens no tiem", "lv") == []


@pytest.mark.parametrize(
    ("word", "unit"),
    [
        ("euros", "EUR"), ("Euro", "EUR"), ("Avroya", "EUR"), ("avrosudur", "EUR"),
        ("European", ""), ("Eiropas", ""), ("Avropa", ""), ("европейских", ""),
        ("roubles", "RUB"), ("rubles", "RUB"),
        ("rubļu", "RUB"), ("rubl", "RUB"), ("рублей", "RUB"), ("руб", "RUB"), ("TRY", "TRY"),
        ("try", ""), ("percent", "%"), ("per cent", "%"), ("centres", ""), ("gadiem", "year"),
        ("gadījumi", ""), ("часов", "hour"), ("части", ""), ("dienās", "day"), ("dienesti", ""),
    ],
)  # fmt: skip
def test_a_word_that_only_begins_as_a_unit_does_is_none(word, unit):
    assert unit_of(word) == unit


@pytest.mark.parametrize("text", ["%25", "yüzde 25", "yüzde yirmi beş", "25 %"])
def test_a_percentage_may_be_named_before_its_number(text):
    assert found(f"Satışlar {text} arttı.", "tr") == [(25, "%")]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("500 000 (five hundred thousand) euros", [(500000, "EUR")]),
        ("3 (three) mentors", [(3, "")]),
        ("20 (12 women) participants", [(20, "people"), (12, "wome")]),
        ("2.5 (two and a half) years", [(2.5, "year"), (2, "and")]),
    ],
)
def test_what_a_bracket_says_again_is_no_second_number(text, numbers):
    assert found(text, "en") == numbers


def test_brackets_and_numbers_without_end_are_no_burden():
    assert found("1" + "(a)" * 9999, "en") == [(1, "")]
    assert len(found("two hundred and " * 5000, "en")) == 5000


@pytest.mark.parametrize(
    ("one", "two", "language"),
    [
        ("It cost €2.5m.", "Tas maksāja 2,5 milj. eiro.", "lv"),
        ("It cost 25,000 euros.", "Bu, 25 min avroya başa gəlib.", "az"),
        ("Two hundred people came.", "Пришли 200 человек.", "ru"),
        ("It runs for 3 (three) years.", "Üç yıl sürer.", "tr"),
    ],
)
def test_translations_have_the_same_numbers(one, two, language):
    assert same_facts(one, "en", two, language)
