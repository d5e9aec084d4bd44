import string

import pytest

from documents.language import _CODES
from qa.strings import (
    LANGUAGE_NAMES,
    LANGUAGES,
    STRINGS,
    _table,
    choose_language,
    language_name,
    readable_date,
    say,
)


def _fields(pattern: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(pattern) if name}


@pytest.mark.parametrize("key", STRINGS)
def test_every_string_is_in_every_language_with_the_same_fields(key: str) -> None:
    said = STRINGS[key]
    assert set(said) == set(LANGUAGES)
    assert {language: _fields(text) for language, text in said.items()} == {
        language: _fields(said["en"]) for language in LANGUAGES
    }


def test_no_key_stands_in_two_tables() -> None:
    tables = [_table(name) for name in ("answers", "page", "findings")]
    assert sum(map(len, tables)) == len(STRINGS)


def test_every_language_that_a_document_can_be_in_has_a_name_in_every_language() -> None:
    assert {*_CODES, "und"} <= set(LANGUAGE_NAMES)
    for names in LANGUAGE_NAMES.values():
        assert set(names) == set(LANGUAGES)


def test_a_language_without_a_translation_gets_english() -> None:
    assert say("ask", "fi") == "Ask"
    assert language_name("lv", "fi") == "Latvian"
    assert language_name("eo", "lv") == "eo"


@pytest.mark.parametrize(
    ("wishes", "language"),
    [
        ((None, None, None), "en"),
        (("lv", "ru", "tr"), "lv"),
        ((None, "ru", "tr"), "ru"),
        ((None, None, "az-AZ,az;q=0.9,en;q=0.8"), "az"),
        ((None, None, "de-DE, lv;q=0.4, tr;q=0.7"), "tr"),
        (("xx", None, "lv;q=0, ru;q=x, , ;;"), "en"),
        (("<script>",), "en"),
    ],
)
def test_the_page_is_in_the_first_language_wished_for_that_it_has(
    wishes: tuple[str | None, ...], language: str
) -> None:
    assert choose_language(*wishes) == language


@pytest.mark.parametrize(
    ("date", "language", "said"),
    [
        ("2017-10-18", "en", "18 October 2017"),
        ("2017-10-18", "lv", "2017. gada 18. oktobris"),
        ("2017-10-18", "az", "18 oktyabr 2017"),
        ("2017-10-18", "tr", "18 Ekim 2017"),
        ("2017-10-18", "ru", "18 октября 2017 г."),
        ("2017-10", "ru", "октябрь 2017 г."),
        ("2014", "en", "2014"),
        ("2014", "lv", "2014. gads"),
    ],
)
def test_a_date_is_written_as_the_language_does(date: str, language: str, said: str) -> None:
    assert readable_date(date, language) == said
