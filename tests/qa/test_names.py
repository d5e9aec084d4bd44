"""Names in questions of five languages, and which of them no passage has."""

import pytest

from documents import detect
from qa.assistant import Assistant
from qa.evidence import Evidence
from qa.mentions import names
from qa.names import missing_names


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("When did GOSB Teknopark'ın “Xəzər Start” begin?", ["GOSB Teknopark", "Xəzər Start"]),
        ("Does the Department of International Projects pay in 2023?",
         ["Department of International Projects", "2023"]),
        ("Kas pārstāv biedrību „Kurzemes Elektronikas klasteris” Rīgā?",
         ["Kurzemes Elektronikas klasteris", "Rīgā"]),
        ("ICESCO-nun baş direktoru kimdir?", ["ICESCO"]),
        ("Onun Azərbaycana səfəri nə vaxtdır?", ["Azərbaycana"]),
        ("Gebze'deki Hazar–Karadeniz Teknopark Forumu'nda kaç stant vardı?",
         ["Gebze", "Hazar–Karadeniz Teknopark Forumu"]),
        ("Кто подписал протокол о «мягкой посадке» в Гебзе?", ["мягкой посадке", "Гебзе"]),
        ("Kad tas sākās?", []),
        ("Asgari ücret ne kadar?", []),
        ("Will Microsoft join the agreement?", ["Microsoft"]),
        ("During July could Tartu Science Park pay?", ["July", "Tartu Science Park"]),
        ("Kimler Marsa uçtu?", ["Marsa"]),
        ("Haçan Marsa uçublar?", ["Marsa"]),
        ("Kādus Microsoft dokumentus tas paredz?", ["Microsoft"]),
        ("Каким Нобелевский комитет был?", ["Нобелевский"]),
        ("WHEN DOES THE HARBOUR AGREEMENT OF 2021 EXPIRE?", ["2021"]),
        ("PEKİ NE ZAMAN İMZALANDI?", []),
        ("", []),
    ],
)  # fmt: skip
def test_names_are_quoted_words_runs_of_capitals_and_numbers(question, found):
    assert names(question) == found


@pytest.fixture(scope="module")
def assistant(small_library):
    return Assistant.open(small_library)


@pytest.mark.parametrize(
    ("question", "missing", "known"),
    [
        ("When did the Caspian Harbour Agency meet Microsoft in Baku?", ["Microsoft"], "Caspian"),
        ("Kad Rēzeknes parks parakstīja līgumu ar Microsoftu?", ["Microsoftu"], "Rēzeknes"),
        ("Kurš Rēzeknē pārstāv Tartu Zinātnes parku?", ["Tartu Zinātnes"], "Rēzeknē"),
        ("Gəncədə Samsungla müqaviləni kim imzalayıb?", ["Samsungla"], "Gəncədə"),
        ("Microsoftun direktoru kimdir?", ["Microsoftun"], None),
        ("Kimə Nobel mükafatı verilib?", ["Nobel"], None),
        ("Kimler Marsa uçtu?", ["Marsa"], None),
        ("Microsoft'un İzmir'deki müdürü kim?", ["Microsoft"], "İzmir"),
        ("Когда музей в Туле подписал договор с Эрмитажем?", ["Эрмитажем"], "Туле"),
        ("Кто вёл переговоры в Тулу от Новгородского кремля?", ["Новгородского"], "Тулу"),
    ],
)
def test_names_that_no_passage_has_are_told_however_they_are_inflected(
    assistant, question, missing, known
):
    searcher = assistant.searcher()
    evidence = Evidence(searcher.query(question), detect(question), [], [])
    found = missing_names(searcher, evidence)
    assert list(found) == missing
    assert not known or not any(known in name for name in found)


def test_a_follow_ups_first_word_is_no_missing_name(assistant):
    before = assistant.ask("When was the harbour agreement signed?")
    trace = assistant.trace("Could it be sold to Microsoft?", [before])
    assert trace.evidence.names() == ["Microsoft"]
    assert missing_names(assistant.searcher(), trace.evidence) == ("Microsoft",)


def test_a_refusal_names_what_is_missing_and_shows_what_is_nearest(assistant):
    trace = assistant.trace("Kurš vada Tartu Zinātnes parka filiāli Daugavpilī?")
    answer = trace.answer
    assert answer.status == "abstained"
    assert answer.reason.endswith("nav minēts: “Tartu Zinātnes”, “Daugavpilī”.")
    assert (answer.quotes, bool(answer.nearest)) == ((), True)
