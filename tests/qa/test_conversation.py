"""Follow-ups in five languages are understood from the turn before; new topics aren't dragged."""

import pytest

from index.build import build
from index.library import Library
from qa.again import asked_again
from qa.answer import Answer
from qa.assistant import Assistant
from qa.conversation import Dependence, carry, dependence, language_of

HARBOURS = {
    "narva.txt": "A class in Narva\n\nThe crane club opened its class in Narva on 3 September "
    "2021. The class in Narva is led by Olga Petrova. The course in Narva lasts six weeks.",
    "alat.txt": "A class in Alat\n\nThe port opened its crane class in Alat on 7 November 2022. "
    "The class in Alat is led by Rashad Quliyev. The course in Alat lasts eight weeks.",
    "agreement.txt": "Harbour agreement\n\nThe parties build a test yard for cranes. The harbour "
    "agreement between Liepaja Port and Izmir Park expires on 31 May 2026. The joint budget of "
    "the harbour agreement is EUR 240,000. The working group meets twice a year in Liepaja.",
    "amendment.txt": "Amendment to the harbour agreement\n\nThe parties have agreed on changes. "
    "The harbour agreement between Liepaja Port and Izmir Park expires on 31 May 2028. All other "
    "clauses of the harbour agreement stay as they are.",
}


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("And when was it signed?", "en"),
        ("And where?", "en"),
        ("How long will she stay?", "en"),
        ("Un kas to parakstīja?", "lv"),
        ("Kur viņi dzīvoja?", "lv"),
        ("Bəs nə vaxt?", "az"),
        ("Onun mövzusu nədir?", "az"),
        ("Peki ne zaman?", "tr"),
        ("Oradaki yarışmayı kim kazandı?", "tr"),
        ("Bu kurulun yıllık toplantısı hangi şehirde yapılacak?", "tr"),
        ("А когда?", "ru"),
        ("Кто его подписал?", "ru"),
    ],
)
def test_a_question_that_points_back_hangs_on_the_turn_before(question, language):
    assert dependence(question, language) is Dependence.SURE
    assert language_of(question, language) == language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("When did Azerbaijan join ICESCO?", "en"),
        ("How many benches are there in the Smart Sensor Laboratory?", "en"),
        ("Did Mārtiņš Ķeniņš say that he expected a waiting list?", "en"),
        ("Ko Aiša Rzajeva darīs, kad viņa atgriezīsies?", "lv"),
        ("ICESCO-nun baş direktoru kimdir?", "az"),
        ("UNIDO'nun yeni çerçevesi kaç yıl sürecek?", "tr"),
        ("Сколько стоит билет на поезд из Москвы в Казань?", "ru"),
    ],
)
def test_a_question_that_names_what_it_asks_about_stands_alone(question, language):
    assert dependence(question, language) is Dependence.NONE


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Who led the internship that the Baku students did in Ventspils?", "en"),
        ("What is the name of the team that won the hackathon?", "en"),
        ("Who was elected chair when the committee held its first meeting?", "en"),
        ("When did the four teams receive their health insurance?", "en"),
        ("And what is the joint budget of the harbour agreement?", "en"),
        ("Kas ir tas, kas vada celtņu klasi Ventspilī?", "lv"),
        ("Что это за организация ICESCO?", "ru"),
        ("Bu kursa Ələtdə kim rəhbərlik edir?", "az"),
    ],
)
def test_a_question_that_says_what_it_is_about_isnt_surely_a_follow_up(question, language):
    assert dependence(question, language) is not Dependence.SURE


@pytest.mark.parametrize(
    "question", ["When was that signed?", "That was when?", "Who signed that?"]
)
def test_that_points_back_where_it_doesnt_join_two_clauses(question):
    assert dependence(question, "en") is Dependence.SURE


@pytest.mark.parametrize(
    ("question", "before", "language"),
    [
        ("Кто его подписал?", "en", "ru"),
        ("А когда?", "en", "ru"),
        ("А в Нарве?", "en", "ru"),
        ("Kur tas notika?", "ru", "lv"),
        ("Kas to parakstīja?", "en", "lv"),
        ("When was it signed?", "lv", "en"),
        ("Kim?", "az", "az"),
        ("Kim?", "tr", "tr"),
        ("Onlar kimdir?", "tr", "tr"),
        ("Kur?", "lv", "lv"),
        ("Ventspils'te?", "tr", "tr"),
        ("2022?", "en", "en"),
    ],
)
def test_a_short_question_is_in_the_language_of_its_own_words(question, before, language):
    assert language_of(question, before) == language


@pytest.mark.parametrize(
    ("before", "question", "language", "understood"),
    [
        ("When did the Ventspils school open its class?", "And Narva?", "en",
         "When did the Narva school open its class?"),
        ("How many weeks does the course in Alat last?", "What about in Narva?", "en",
         "How many weeks does the course in Narva last?"),
        ("How much did the department spend in 2023?", "The same for 2022?", "en",
         "How much did the department spend in 2022?"),
        ("How much did the department spend in 2023?", "And how much in 2022?", "en",
         "How much did the department spend in 2022?"),
        ("How long is the memorandum with GOSB valid?", "What about the memorandum with Kokzhiek?",
         "en", "How long is the memorandum with Kokzhiek valid?"),
        ("Narva school class: Who leads it?", "And Alat?", "en",
         "Alat school class: Who leads it?"),
        ("When was the agreement signed?", "And in 2022?", "en",
         "When was the agreement signed in 2022?"),
        ("When did IDDA and GOSB sign?", "And Baku and Narva?", "en",
         "When did Baku and Narva sign?"),
        ("Cik nedēļas ilgst mācības Ventspilī?", "Kā ar Narvu?", "lv",
         "Cik nedēļas ilgst mācības Narvu?"),
        ("2022-ci ildə neçə tələbə olub?", "2023-cü ildə?", "az", "2023-cü ildə neçə tələbə olub?"),
        ("Narvada sinif nə vaxt açılıb?", "Bəs Ələtdə?", "az", "Ələtdə sinif nə vaxt açılıb?"),
        ("Narva'da sınıf ne zaman açıldı?", "Peki ya Bakü'de?", "tr",
         "Bakü'de sınıf ne zaman açıldı?"),
        ("Когда клуб открыл класс в Нарве?", "А что насчёт Вентспилса?", "ru",
         "Когда клуб открыл класс в Вентспилса?"),
    ],
)  # fmt: skip
def test_a_question_of_another_name_or_year_asks_the_one_before_of_that(
    before, question, language, understood
):
    assert asked_again(question, language, before, language)[0] == understood
    assert dependence(question, language) is not Dependence.NONE


def test_a_name_that_may_stand_in_several_places_is_tried_in_each():
    ways = asked_again("And Kazakhstan?", "en", "When did Azerbaijan join ICESCO?", "en")
    assert ways == ["When did Kazakhstan join ICESCO?", "When did Azerbaijan join Kazakhstan?"]


@pytest.mark.parametrize(
    "question", ["And who is Narva?", "And when did Narva close?", "And details?", "Details?"]
)
def test_a_question_that_says_more_than_names_is_not_the_one_before(question):
    assert asked_again(question, "en", "Who is in charge of the class in Alat?", "en") == []


def test_a_pro_drop_question_without_a_name_may_be_either():
    assert dependence("Neçə mentor işləyib?", "az") is Dependence.PERHAPS


@pytest.fixture(scope="module")
def assistant(small_library):
    return Assistant.open(small_library)


@pytest.mark.parametrize(
    ("earlier", "question", "document", "words", "carried"),
    [
        ("When was the harbour agreement signed?", "And how long does it run?", "en.txt",
         "six years", "harbour agreement"),
        ("Kad Rēzeknē atvēra akustikas laboratoriju?", "Un kas to vada?", "lv.txt",
         "Inta Žagare", "Rēzeknē"),
        ("Gəncə Texnologiya Parkı düşərgəni nə vaxt keçirib?", "Orada neçə tələbə olub?", "az.txt",
         "57 tələbə", "Gəncə"),
        ("Музей станков переехал в новое здание когда?", "А сколько он занял?", "ru/ru.txt",
         "одиннадцать недель", "станков"),
        ("İzmir Teknoparkı atölyeyi ne zaman açtı?", "Peki orada kaç mühendis çalışıyor?", "tr.txt",
         "otuz mühendis", "İzmir"),
    ],
)  # fmt: skip
def test_a_follow_up_is_answered_from_what_was_talked_about(
    assistant, earlier, question, document, words, carried
):
    before = assistant.ask(earlier)
    answer = assistant.ask(question, [before])
    assert carried in answer.understood
    assert answer.question == question
    quotes = answer.quotes or answer.nearest
    assert any(quote.document == document and words in quote.quote for quote in quotes)
    # Earlier questions may be text: they are asked first.
    again = assistant.ask(question, [earlier])
    assert (again.understood, again.quotes) == (answer.understood, answer.quotes)


def test_a_new_topic_is_asked_as_it_stands(assistant):
    before = assistant.ask("When was the harbour agreement signed?")
    answer = assistant.ask("Кто директор Музея станков в Туле?", [before])
    plain = assistant.ask("Кто директор Музея станков в Туле?")
    assert answer.understood is None
    assert (answer.quotes, answer.confidence) == (plain.quotes, plain.confidence)


def test_what_is_carried_goes_on_over_a_turn_that_adds_nothing(assistant):
    first = assistant.ask("İzmir Teknoparkı rüzgâr atölyesini ne zaman açtı?")
    second = assistant.ask("Peki nerede?", [first])
    third = assistant.ask("Orada kaç mühendis çalışıyor?", [first, second])
    assert "İzmir" in second.understood
    assert "İzmir" in third.understood


def test_understood_is_in_the_json_only_where_there_were_earlier_turns(assistant):
    before = assistant.ask("When was the harbour agreement signed?")
    follow_up = assistant.ask("And how long does it run?", [before])
    assert "understood" not in before.to_json()
    assert list(follow_up.to_json(follows=True))[-1] == "understood"
    assert before.to_json(follows=True)["understood"] is None


@pytest.fixture(scope="module")
def harbours(tmp_path_factory):
    """Two classes, and an agreement that was amended."""
    library = Library.create(tmp_path_factory.mktemp("harbours"))
    for name, text in HARBOURS.items():
        (library.documents / name).write_text(text, encoding="utf-8")
    build(library)
    return Assistant.open(library)


@pytest.mark.parametrize(
    ("earlier", "question", "document", "words"),
    [
        ("When did the crane club open its class in Narva?", "And Alat?", "alat.txt", "7 November"),
        ("How many weeks does the course in Alat last?", "And in Narva?", "narva.txt", "six weeks"),
        ("Who leads the class in Narva?", "What about Alat?", "alat.txt", "Quliyev"),
    ],
)
def test_another_name_is_answered_from_its_own_document(
    harbours, earlier, question, document, words
):
    answer = harbours.ask(question, [harbours.ask(earlier)])
    best = (answer.quotes or answer.nearest)[0]
    assert best.document == document
    assert words in best.quote[best.span.start - best.start : best.span.end - best.start]


def test_sources_differ_in_a_follow_up_too_and_in_capitals(harbours):
    before = harbours.ask("Who meets twice a year under the harbour agreement?")
    assert harbours.ask("When does it expire?", [before]).sources_differ
    assert harbours.ask("WHEN DOES THE HARBOUR AGREEMENT EXPIRE?").sources_differ


def test_a_new_topic_is_carried_instead_of_the_first_one(harbours):
    turns = [harbours.ask("When did the crane club open its class in Narva?")]
    for question in (
        "Who leads it?",
        "And what is the joint budget of the harbour agreement?",
        "When does it expire?",
    ):
        turns.append(harbours.ask(question, turns))
    assert "Narva" in turns[1].understood
    assert turns[2].understood is None
    assert "harbour agreement" in turns[3].understood
    assert "Narva" not in turns[3].understood


def test_of_a_long_conversation_the_last_words_are_carried():
    words = " ".join(f"word{place}" for place in range(20))
    turn = Answer(
        "Who won?", "en", "abstained", 0.0, (), None, (), 1, 1, understood=f"{words}: won"
    )
    carried = carry("And when?", turn, "en")[0].searched
    assert "word0 " not in carried
    assert "word19 won" in carried
