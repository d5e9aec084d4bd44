from dataclasses import replace

import pytest

from documents import Span, detect
from qa.answer_types import asks_for_document_date, asks_for_list, expected, typed
from qa.evidence import of_the_kind
from qa.numbers import MONEY
from qa.units import answers_with, units_asked
from tests.qa.test_agreement import sentence


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("When was it signed?", "en", "date"),
        ("How many teams took part?", "en", "number"),
        ("Who chaired the jury?", "en", "name"),
        ("Why was it late?", "en", None),
        ("Kad sākās darbs?", "lv", "date"),
        ("Kurā gadā sākās darbs?", "lv", "date"),
        ("Cik komandu piedalījās?", "lv", "number"),
        ("Kurš vadīja žūriju?", "lv", "name"),
        ("Saziş nə vaxt imzalanıb?", "az", "date"),
        ("Neçə komanda gəldi?", "az", "number"),
        ("Münsiflərə kim rəhbərlik etdi?", "az", "name"),
        ("Forum ne zaman yapıldı?", "tr", "date"),
        ("Kaç ekip geldi?", "tr", "number"),
        ("Yarışmayı kim kazandı?", "tr", "name"),
        ("Когда прошёл форум?", "ru", "date"),
        ("Сколько заявок пришло?", "ru", "number"),
        ("Кто открыл форум?", "ru", "name"),
        ("For how long is the memorandum valid?", "en", "term"),
        ("Until when does it run?", "en", "term"),
        ("Uz cik ilgu laiku noslēgts līgums?", "lv", "term"),
        ("Kāds ir līguma termiņš?", "lv", "term"),
        ("Saziş nə qədər müddətə bağlanıb?", "az", "term"),
        ("Memorandum neçə il qüvvədədir?", "az", "term"),
        ("Park neçənci ildə yaranıb?", "az", "date"),
        ("Anlaşma ne kadar süreyle geçerli?", "tr", "term"),
        ("Park kaç yılında kuruldu?", "tr", "date"),
        ("На какой срок заключён меморандум?", "ru", "term"),
        ("До какого числа подают заявки?", "ru", "term"),
        ("Какой доход получила лаборатория?", "ru", "number"),
        ("Каким был общий бюджет?", "ru", "number"),
        ("Quand ?", "fr", None),
        ("What is the expiry date of the agreement?", "en", "date"),
        ("What was the exact date of the memorandum?", "en", "date"),
        ("Kāds ir līguma parakstīšanas datums?", "lv", "date"),
        ("Müqavilənin bitmə tarixi nədir?", "az", "date"),
        ("Sazişin imzalanma tarixi hansıdır?", "az", "date"),
        ("Sözleşmenin bitiş tarihi nedir?", "tr", "date"),
        ("Başkan kimdi?", "tr", "name"),
        ("Какая точная дата окончания договора?", "ru", "date"),
        ("Какова была дата подписания?", "ru", "date"),
        ("Что такое дата-центр?", "ru", None),
        ("Parkın tarixi necə olub?", "az", None),
    ],
)
def test_the_question_word_tells_what_is_asked_for(question, language, kind):
    assert expected(question, language) == kind


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Muqavile ne vaxt imzalanib?", "az", "date"),
        ("Kurs nece hefte davam edir?", "az", "term"),
        ("Tedbirde nece sirket istirak edib?", "az", "number"),
        ("Saziş nə qeder müddetə bağlanıb?", "az", "term"),
        ("Finalda neçə qalib var?", "az", "number"),
        ("Verilis saat necede verilir?", "az", "number"),
        ("Laboratoriya necə adlanır?", "az", None),
        ("Tərəflər necə əməkdaşlıq edir?", "az", None),
        ("Laboratoriya nece adlanir?", "az", None),
        ("Layihe hansi seherde kecirilib?", "az", "name"),
        ("kac girisimci katildi", "tr", "number"),
        ("Anlasma kac yil gecerli?", "tr", "term"),
        ("Park kac yilinda kuruldu?", "tr", "date"),
        ("Hangi sehirde yapildi?", "tr", "name"),
        ("Kura gada dibinats parks?", "lv", "date"),
        ("Lidz kuram gadam ir speka ligums?", "lv", "term"),
        ("Cik menesus ilga darbs?", "lv", "term"),
        ("Kurs vadija zuriju?", "lv", "name"),
        ("Kapec klase slegta, kad ta bija jauna?", "lv", None),
        ("Kāpēc klase slēgta, kad tā bija jauna?", "lv", None),
    ],
)
def test_a_question_typed_without_diacritics_asks_for_the_same_kind(question, language, kind):
    assert expected(question, language) == kind


@pytest.mark.parametrize(
    ("question", "language", "listed"),
    [
        ("Hansi sirketler istirak edib?", "az", True),
        ("Hangi sirketler katildi?", "tr", True),
        ("Kadas organizacijas piedalijas?", "lv", True),
        ("Kuros gados notika forums?", "lv", True),
        ("Kurām organizācijām piešķirts atbalsts?", "lv", True),
        ("Kuram uzņēmumam piešķirts atbalsts?", "lv", False),
        ("Kuram uznemumam pieskirts atbalsts?", "lv", False),
        ("Kuras valsts komanda uzvarēja?", "lv", False),
        ("Kada vienosanas parakstita?", "lv", False),
    ],
)
def test_a_list_is_told_without_diacritics(question, language, listed):
    assert asks_for_list(question, language) == listed


@pytest.mark.parametrize(
    ("question", "language", "kind"),
    [
        ("Who chaired the meeting when the board decided to buy a simulator?", "en", "name"),
        ("Where did the board meet when it decided to buy a simulator?", "en", "name"),
        ("When the board decided to buy a simulator, who chaired the meeting?", "en", "name"),
        ("When the board met, how many members came?", "en", "number"),
        ("When the agreement was signed?", "en", "date"),
        ("When was it signed, and by whom?", "en", "date"),
        ("What was decided when the board met?", "en", None),
        ("What is the park, and when was it founded?", "en", "date"),
        ("Where and when did the board meet?", "en", "date"),
        ("Kas vadīja celtņu klasi, kad atvēra simulatoru?", "lv", "name"),
        ("Ko nolēma padome, kad tā sanāca?", "lv", None),
        ("Kad padome sanāca, cik biedru atnāca?", "lv", "number"),
        ("Kad noslēgts līgums, kas paredz simulatoru?", "lv", "date"),
        ("Kur un kad sanāca padome?", "lv", "date"),
        ("Kranı kim alıb, nə vaxt açılıb?", "az", "name"),
        ("Layihə nümunə kimi nə vaxt seçilib?", "az", "date"),
        ("Kimi seçiblər?", "az", "name"),
        ("Ayan filmdə kimi oynayır?", "az", "name"),
        ("Harada və nə vaxt keçirilib?", "az", "date"),
        ("Sınıfı kim yönetti, ne zaman açıldı?", "tr", "name"),
        ("Kimya laboratuvarı ne zaman açıldı?", "tr", "date"),
        ("Nerede ve ne zaman yapıldı?", "tr", "date"),
        ("Кто возглавил класс, когда открыли тренажёр?", "ru", "name"),
        ("Когда открыли тренажёр, кто возглавил класс?", "ru", "name"),
        ("Когда выступали те, кто приехал?", "ru", "date"),
        ("Что решил совет, когда собрался?", "ru", None),
        ("Где и когда собрался совет?", "ru", "date"),
    ],
)
def test_of_two_question_words_the_first_tells_unless_it_begins_another_clause(
    question, language, kind
):
    assert expected(question, language) == kind


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which countries took part?", "en"),
        ("Who attended the meeting?", "en"),
        ("Kādas organizācijas piedalījās?", "lv"),
        ("Kas piedalījās sēdē?", "lv"),
        ("Hansı ölkələr iştirak etdi?", "az"),
        ("Hangi ülkeler katıldı?", "tr"),
        ("Какие страны участвовали?", "ru"),
        ("In which years did the forum take place?", "en"),
        ("Which Latvian companies took part?", "en"),
        ("Which companies does the park support?", "en"),
        ("Which companies signed, and when?", "en"),
        ("In what cities did they meet?", "en"),
        ("Kuros gados notika forums?", "lv"),
        ("Hansı illərdə forum keçirilib?", "az"),
        ("Forum hangi yıllarda yapıldı?", "tr"),
        ("В каких годах прошёл форум?", "ru"),
        ("Какими документами это подтверждено?", "ru"),
        ("Кто был на заседании?", "ru"),
    ],
)
def test_a_question_for_several_is_told(question, language):
    assert asks_for_list(question, language)


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Which status was given?", "en"),
        ("Who was elected chair?", "en"),
        ("Kāds bija rezultāts?", "lv"),
        ("Kurš bijušais ministrs nosauca to par absurdu?", "lv"),
        ("Hansı komanda qalib gəldi?", "az"),
        ("Hangi ekip kazandı?", "tr"),
        ("Какая команда победила?", "ru"),
        ("In which year does the harbour agreement expire?", "en"),
        ("Which date does the harbour agreement expire?", "en"),
        ("In which month starts construction?", "en"),
        ("Which bus goes there?", "en"),
        ("Which clause governs the term?", "en"),
        ("In which status is it?", "en"),
        ("When did those who attended the forum leave?", "en"),
        ("Kurā gadā beidzas ostas līgums?", "lv"),
        ("Kāda īres maksa noteikta?", "lv"),
        ("Cik komandu bija, un kādas balvas tās saņēma?", "lv"),
        ("Liman müqaviləsi hansı ildə başa çatır?", "az"),
        ("Liman anlaşması hangi yılda sona eriyor?", "tr"),
        ("Каким был общий бюджет соглашения о гавани?", "ru"),
        ("До каких пор действует соглашение?", "ru"),
        ("Кто был председателем?", "ru"),
        ("Назовите дату подписания.", "ru"),
    ],
)
def test_a_question_for_one_thing_asks_for_no_list(question, language):
    assert not asks_for_list(question, language)


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("The budget is EUR 240,000 in all.", "en", [("EUR 240,000", 240000.0, "EUR")]),
        ("Cena ir 86 400 eiro.", "lv", [("86 400 eiro", 86400.0, "EUR")]),
        ("on beş startapa yer", "az", [("on beş", 15.0, "star")]),
        ("programın maliyeti 1,8 milyon lira", "tr", [("1,8 milyon lira", 1.8e6, "TRY")]),
        ("перешли сорок семь человек", "ru", [("сорок семь человек", 47.0, "people")]),
        ("94 per cent on 12 May 2022", "en", [("94 per cent", 94.0, "%")]),
    ],
)
def test_numbers_are_found_with_their_units_and_dates_are_none(text, language, found):
    numbers = typed(text, "number", language)
    assert [(text[n.span.start : n.span.end], n.value, n.unit) for n in numbers] == found


def test_the_first_word_of_a_sentence_is_no_name_unless_another_follows():
    text = "Program starts when Elif Sancar and the team „Ostas acs” come."
    names = [text[each.span.start : each.span.end] for each in typed(text, "name", "en")]
    assert names == ["Elif Sancar", "Ostas acs"]


def test_a_span_without_the_date_asked_for_moves_to_the_nearest_one():
    text = "The agreement was signed on 12 May 2022 in Ventspils."
    made = sentence(text, "a.txt", "en", "agreement")
    moved = of_the_kind(made, "date")
    assert text[moved.place.start : moved.place.end] == "12 May 2022"
    assert moved.score > made.score
    assert of_the_kind(made, "number") == made
    assert of_the_kind(made, None) == made


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("It stays in force for two years.", "en", ["two years"]),
        ("It stays in force until 31 December 2027.", "en", ["31 December 2027"]),
        ("Līgums noslēgts uz vienu gadu.", "lv", ["vienu gadu"]),
        ("Klasteris dod 36 mēnešu garantiju.", "lv", ["36 mēnešu"]),
        ("Memorandum üç il müddətinə bağlanıb.", "az", ["üç il"]),
        ("Səfər yanvarın 15-dək davam edəcək.", "az", ["yanvarın 15"]),
        ("Kurul üç ayda bir toplanır.", "tr", ["üç ayda"]),
        ("Меморандум действует пять лет.", "ru", ["пять лет"]),
        ("Уведомить надо за полгода.", "ru", ["полгода"]),
        ("It runs for 3 (three) years.", "en", ["3 (three) years"]),
        ("Within thirty (30) days.", "en", ["thirty (30) days"]),
        ("For one (1) year.", "en", ["one (1) year"]),
        ("Līgums ir spēkā 5 (piecus) gadus.", "lv", ["5 (piecus) gadus"]),
        ("Müqavilə 5 (beş) il qüvvədədir.", "az", ["5 (beş) il"]),
        ("Sözleşme 5 (beş yıl) sürer.", "tr", ["beş yıl"]),
        ("Договор действует 3 (три) года.", "ru", ["3 (три) года"]),
        ("It expires on 31 December 2027.", "en", ["31 December 2027"]),
        ("Līgums beidzas 2027. gada 31. maijā.", "lv", ["2027. gada 31. maijā"]),
        ("Saziş 31 may 2027-ci ildə başa çatır.", "az", ["31 may 2027-ci ildə"]),
        ("Anlaşma 31 Mayıs 2027 tarihinde sona erer.", "tr", ["31 Mayıs 2027"]),
        ("Договор истекает 31 мая 2027 года.", "ru", ["31 мая 2027 года"]),
        ("Baku, 20 November 2023", "en", []),
        ("The budget is EUR 240,000.", "en", []),
    ],
)
def test_a_term_is_a_length_of_time_or_the_date_until_when(text, language, found):
    assert [text[n.span.start : n.span.end] for n in typed(text, "term", language)] == found


@pytest.mark.parametrize(
    ("question", "unit", "other"),
    [
        ("How many months does the warranty last?", "month", "week"),
        ("Cik cilvēku strādā nodaļā?", "people", "EUR"),
        ("“Klaster” avadanlığa neçə aylıq zəmanət verir?", "month", "week"),
        ("Kazanan takım ne kadar para ödülü aldı?", "EUR", "people"),
        ("Сколько стоит проезд?", "KZT", "people"),
        ("Kurs nece hefte davam edir?", "week", "month"),
        ("Kac girisimci katildi?", "people", "EUR"),
        ("Butce ne kadar?", "EUR", "people"),
        ("Какой доход получила лаборатория?", "EUR", ""),
        ("How many engineers work there?", "", "week"),
    ],
)
def test_a_number_that_answers_has_the_unit_asked_for(question, unit, other):
    units = units_asked(question)
    assert answers_with(unit, units)
    assert not answers_with(other, units)


@pytest.mark.parametrize(
    "question",
    [
        "How much space does the park provide rent-free?",
        "When was it signed?",
        "Cik liela ir telpa?",
        "Cik tāla ir pilsēta?",
        "Cik tala ir pilseta?",
        "Kurs necə həftəlik bölünür?",
        "Alan ne kadar?",
    ],
)
def test_any_number_answers_where_no_unit_is_asked_for(question):
    assert units_asked(question) == frozenset()


@pytest.mark.parametrize(
    "question",
    [
        "How much money did it spend?",
        "How many euros were granted?",
        "Cik eiro piešķīra?",
        "Neçə avro ayrılıb?",
        "Kaç lira verildi?",
        "Сколько рублей выделили?",
    ],
)
def test_money_is_any_currency(question):
    assert units_asked(question) == MONEY


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What percentage is female?", "en"),
        ("What share of the members voted?", "en"),
        ("Cik procentu ir sievietes?", "lv"),
        ("Cik liels procents piekrita?", "lv"),
        ("Gəlir neçə faiz artıb?", "az"),
        ("Qadınların faizi neçədir?", "az"),
        ("Yüzde kaç artış oldu?", "tr"),
        ("Какой процент составляют женщины?", "ru"),
        ("На сколько процентов выросли продажи?", "ru"),
    ],
)
def test_a_question_for_a_percentage_is_answered_by_one(question, language):
    assert expected(question, language) == "number"
    assert units_asked(question) == frozenset(["%"])


def test_the_money_asked_for_is_the_amount_that_was_read():
    text = "It cost 250,000 euros, of which USD 500 was for tea."
    assert [each.value for each in typed(text, "number", "en", MONEY)] == [250000, 500]
    made = replace(sentence(text, "a.txt", "en", "250,000"), span=Span(8, 15))
    moved = of_the_kind(made, "number", units_asked("How much did it cost?"))
    assert (moved.span, moved.fits) == (made.span, True)


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("The grant is EUR 2000.", "en", [2000]),
        ("Izmaksāja 2000 eiro.", "lv", [2000]),
        ("2000 participants came from 35 parks.", "en", [2000, 35]),
        ("It was attended by 2000 people.", "en", [2000]),
        ("Приехали 1950 участников.", "ru", [1950]),
        ("Foruma 2000 nəfər gəlib.", "az", [2000]),
        ("2023. gadā 2000 dalībnieku bija klāt.", "lv", [2000]),
        ("2023-cü ildə 2000 nəfər gəlib.", "az", [2000]),
        ("2023 yılında 2000 kişi geldi.", "tr", [2000]),
        ("В 2023 году 2000 участников приехали.", "ru", [2000]),
        ("In 2005–2010 companies were asked.", "en", []),
        ("In the year 2000 teams met.", "en", []),
        ("In 2021 companies were asked.", "en", []),
        ("В 2021 компании объединились.", "ru", []),
        ("2021. gada uzņēmumi", "lv", []),
        ("2021 yılında kuruldu, 2020-ci ildə yox.", "tr", []),
        ("In 2021 EUR 500 was paid.", "en", [500]),
    ],
)
def test_a_year_is_no_number_and_what_counts_something_is_no_year(text, language, values):
    assert [each.value for each in typed(text, "number", language)] == values
    if values:
        assert str(values[0]) not in {date.value for date in typed(text, "date", language)}


def test_a_line_that_only_dates_its_document_answers_only_when_that_is_asked_for():
    line = sentence("Baku, 12 May 2022", "a.txt", "en", "Baku")
    assert of_the_kind(line, "date").score < line.score
    assert of_the_kind(line, "date", document_date=True).score > line.score
    assert asks_for_document_date("When was the article published?", "date", "article")
    assert asks_for_document_date("Kad raksts publicēts?", "date", "article")
    assert not asks_for_document_date("Kad līgums parakstīts?", "date", "article")


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("When was the agreement with Ventspils signed?", "agreement"),
        ("Kad parakstīts memorands?", "memorandum"),
        ("Memorandum nə vaxt imzalanıb?", "memorandum"),
        ("Mutabakat zaptı ne zaman imzalandı?", "memorandum"),
        ("Когда заключён договор?", "agreement"),
        ("When did the committee meet?", "minutes"),
        ("Kad notika otrā sēde?", "minutes"),
        ("İkinci toplantı ne zaman yapıldı?", "minutes"),
        ("What is the date of the agreement with Ventspils?", "agreement"),
        ("Kāds ir līguma datums?", "agreement"),
        ("Memorandumun tarixi nədir?", "memorandum"),
        ("Anlaşmanın tarihi nedir?", "agreement"),
        ("Какая дата договора?", "agreement"),
    ],
)
def test_the_day_of_signing_or_meeting_is_the_one_by_which_its_document_is_dated(
    question, document
):
    kind = expected(question, detect(question))
    assert asks_for_document_date(question, kind, document)
    assert not asks_for_document_date(question, kind, "article")


def test_who_signed_isnt_told_by_the_line_that_dates_an_agreement():
    question = "Who signed the agreement?"
    assert not asks_for_document_date(question, expected(question, "en"), "agreement")
