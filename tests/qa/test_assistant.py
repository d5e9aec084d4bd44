"""Asking: quotes that stand in the sources, or a refusal that says why."""

import shutil
import threading
import unicodedata

import pytest

from index.build import build
from index.errors import LibraryError
from index.library import Library
from qa.assistant import Assistant, checked
from qa.strings import refusal
from tests.conftest import NASTY, TEXTS


@pytest.fixture(scope="module")
def assistant(small_library):
    return Assistant.open(small_library)


@pytest.mark.parametrize(
    ("question", "document", "words", "language"),
    [
        ("How long does the harbour agreement run?", "en.txt", "six years", "en"),
        ("Kas vada akustikas laboratoriju?", "lv.txt", "Inta Žagare", "lv"),
        ("Düşərgədə neçə tələbə iştirak edib?", "az.txt", "57 tələbə", "az"),
        ("Сколько недель занял переезд музея?", "ru/ru.txt", "одиннадцать недель", "ru"),
        ("Atölyede kaç mühendis çalışıyor?", "tr.txt", "otuz mühendis", "tr"),
    ],
)
def test_a_question_is_answered_in_the_documents_own_words(
    assistant, question, document, words, language
):
    answer = assistant.ask(question)
    quotes = answer.quotes or answer.nearest
    assert answer.language == language
    assert quotes[0].document == document
    assert any(words in quote.quote for quote in quotes)


@pytest.mark.parametrize(
    "question", ["Neçə şirkət iştirak edib?", "Cik ilgs ir termiņš?", "Какой?"]
)
def test_a_question_whose_marks_stand_apart_is_asked_as_if_they_did_not(question):
    assert checked(unicodedata.normalize("NFD", question)) == question


@pytest.mark.parametrize(
    "question", ["Who won the 1998 World Cup?", "Kas ir Microsoft izpilddirektors?", *NASTY, "?"]
)
def test_every_quote_stands_in_its_source_and_an_abstention_has_none(assistant, question):
    answer = assistant.ask(question)
    store = assistant.searcher().generation.store
    for quote in answer.quotes + answer.nearest:
        assert store.text(quote.document)[quote.start : quote.end] == quote.quote
        assert quote.start <= quote.span.start < quote.span.end <= quote.end
    assert (answer.status == "abstained") == (not answer.quotes) == bool(answer.reason)
    assert 0 <= answer.confidence <= 1


def test_what_the_documents_dont_say_is_refused_with_the_words_that_are_missing(assistant):
    answer = assistant.ask("How much did the Leonardo satellite of Airbus cost in 2031?")
    assert answer.status == "abstained"
    assert "“Leonardo”" in answer.reason
    assert answer.nearest


def test_a_refusal_speaks_the_questions_language_or_english():
    assert refusal("lv", []).startswith("Dokumentos")
    assert "“IRIS”" in refusal("az", ["IRIS"])
    assert refusal("fi", []) == refusal("en", [])


@pytest.mark.parametrize("question", ["", "  \n ", "x" * 1001])
def test_an_empty_or_endless_question_is_an_error(assistant, question):
    with pytest.raises(LibraryError):
        assistant.ask(question)


def test_half_a_character_is_asked_as_a_sign_that_stands_for_it(assistant):
    asked = assistant.ask("Who heads \ud800 the agency?")
    assert asked.question == "Who heads � the agency?"
    assert assistant.search("port \ud83d\ude00 \ud800").hits


def test_an_answers_json_has_exactly_the_documented_keys(assistant):
    values = assistant.ask("How long does the agreement run?").to_json("q1")
    assert list(values) == [
        "id", "question", "language", "status", "confidence", "quotes", "reason", "nearest",
        "generation", "elapsed_ms",
    ]  # fmt: skip
    assert values["id"] == "q1"


def test_an_empty_library_abstains(make_library):
    library = make_library({})
    build(library)
    answer = Assistant.open(library).ask("Who signed?")
    assert (answer.status, answer.nearest) == ("abstained", ())


def test_a_new_generation_is_asked_without_a_restart_and_no_question_fails(small_library, tmp_path):
    shutil.copytree(small_library.folder, tmp_path / "copy")
    library = Library.open(tmp_path / "copy")
    assistant = Assistant.open(library)
    errors, done = [], threading.Event()

    def keep_asking():
        while not done.is_set():
            try:
                assistant.ask("How long does the agreement run?")
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=keep_asking) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(3):
        (library.documents / "more.txt").write_text(f"The lighthouse has {number + 7} keepers.")
        build(library)
    done.set()
    for thread in threads:
        thread.join()
    assert errors == []
    answer = assistant.ask("How many keepers has the lighthouse?")
    assert "9 keepers" in (answer.quotes or answer.nearest)[0].quote
    assert answer.generation == 4


def test_a_passage_is_found_by_its_name_and_a_gone_one_is_not(assistant):
    quote = (
        assistant.ask("How long does the harbour agreement run?").quotes
        or assistant.ask("How long does the harbour agreement run?").nearest
    )[0]
    source = assistant.source(quote.passage)
    assert source.passage.document == "en.txt"
    assert source.text == TEXTS["en.txt"]
    assert assistant.source("0" * 16) is None
