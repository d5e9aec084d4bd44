from dataclasses import replace

from qa.mentions import Missing, missing_of
from tests.qa.test_quoting import reading


def hit(document, language, text, title="Report"):
    made = reading(1.0, 0, len(text), document, text).hit
    return replace(
        made, passage=replace(made.passage, language=language, text=text, title=title, date=None)
    )


def test_a_name_is_found_in_another_script_and_spelling():
    hits = [
        hit("a.txt", "ru", "Документ подписал Турал Мамедзаде."),
        hit("b.txt", "ru", "Документ подписал Даурен Жумабеков."),
    ]
    missing = missing_of("What did Tural Mammadzade sign?", "en", hits)
    assert missing["a.txt"].names == 0
    assert missing["b.txt"].names > 0


def test_a_document_lacks_the_names_that_another_one_has():
    hits = [
        hit("a.txt", "en", "The park signed with Tartu Science Park."),
        hit("b.txt", "en", "The park signed with a partner in Turku."),
    ]
    missing = missing_of("When did the park sign with Tartu?", "en", hits)
    assert missing["a.txt"] == Missing(0.0, 0.0)
    assert missing["b.txt"].names == 1.0


def test_a_name_that_only_another_language_has_may_be_translated():
    hits = [
        hit("a.txt", "en", "The Innovation Agency signed."),
        hit("b.txt", "lv", "Inovāciju aģentūra parakstīja."),
        hit("c.txt", "lv", "Ventspils parks parakstīja."),
    ]
    missing = missing_of("Did the Digital Bureau sign with Ventspils?", "en", hits)
    assert missing["b.txt"].names == 1.0
    assert missing["c.txt"].names == 0.0


def test_years_and_ordinals_are_numbers_and_a_title_has_them_too():
    hits = [
        hit("a.txt", "az", "Üçüncü mövsümdə BioTəmiz qalib gəlib."),
        hit("b.txt", "en", "The budget grows.", title="Amendment No. 1 of 2023"),
    ]
    assert missing_of("Beşinci mövsümdə kim qalib gəldi?", "az", hits)["a.txt"].numbers == 1.0
    assert missing_of("Who won the third season?", "en", hits)["a.txt"].numbers == 0.0
    assert missing_of("What did Amendment 1 change in 2023?", "en", hits)["b.txt"].numbers == 0.0
    assert missing_of("What did Amendment 1 change in 2024?", "en", hits)["b.txt"].numbers == 0.5


def test_where_an_amendment_is_asked_about_what_it_amended_comes_after_it():
    hits = [
        hit("a.txt", "en", "It runs until 2025.", title="Cooperation Agreement No. 7"),
        hit("b.txt", "en", "It runs until 2027.", title="Amendment No. 1 to Agreement No. 7"),
    ]
    for question, language in (
        ("Until when does the agreement run after the amendment?", "en"),
        ("Līdz kuram gadam līgums ir spēkā pēc grozījumiem?", "lv"),
        ("Dəyişiklikdən sonra saziş nə vaxta qədər qüvvədədir?", "az"),
        ("Anlaşma değişiklikten sonra ne zamana kadar geçerli?", "tr"),
        ("До какого года действует соглашение после изменений?", "ru"),
    ):
        missing = missing_of(question, language, hits)
        assert missing["a.txt"].amendment, question
        assert not missing["b.txt"].amendment
    assert not missing_of("Until when does the agreement run?", "en", hits)["a.txt"].amendment
    assert not missing_of("What did the amendment change?", "en", hits[:1])["a.txt"].amendment
    assert not missing_of("Кто исследует изменение климата?", "ru", hits)["a.txt"].amendment
