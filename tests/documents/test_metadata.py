import pytest

from documents.dates import date_in
from documents.metadata import author_of, by_line_of, date_of, kind_of, title_of

PARAGRAPH = (
    "The Innovation Agency was established on November 6, 2018 by the decree of the President, and "
    "its main task is to create modern complexes for the sustainable development of the ICT sector "
    "and to increase competitiveness."
)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("18. oktobris 2017", "2017-10-18"),
        ("2017. gada 18. oktobrī", "2017-10-18"),
        ("Rīga, 2022. gada 13. maijs", "2022-05-13"),
        ("6 November 2018", "2018-11-06"),
        ("November 6, 2018", "2018-11-06"),
        ("as of the 5th day of February, 2020", "2020-02-05"),
        ("6 noyabr 2018-ci il", "2018-11-06"),
        ("6 Kasım 2018", "2018-11-06"),
        ("6 ноября 2018 г.", "2018-11-06"),
        ("06.11.2018", "2018-11-06"),
        ("2018-11-06T10:00", "2018-11-06"),
        ("October 2017", "2017-10"),
        ("32.13.2018", None),
        ("nothing here", None),
    ],
)
def test_a_date_is_found_as_each_language_writes_it(text: str, date: str | None) -> None:
    assert date_in(text) == date


def test_a_date_mentioned_in_passing_isnt_the_documents() -> None:
    assert date_of(PARAGRAPH, None) is None


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (f"date 2020-12-02 By Ayya Lmahamad\n\n{PARAGRAPH}", "2020-12-02"),
        (f"Title\n\nVentspils, 2023. gada 9. oktobris\n\n{PARAGRAPH}", "2023-10-09"),
        (f"{PARAGRAPH}\n\nBakı, 6 noyabr 2018-ci il", "2018-11-06"),
        (f"RIGA, 18 October 2017 – {PARAGRAPH}", "2017-10-18"),
        (
            f"COOPERATION AGREEMENT\n\nThis Agreement is made as of June 18, 2020. {PARAGRAPH}",
            "2020-06-18",
        ),
    ],
)
def test_a_date_line_dates_a_document(text: str, date: str) -> None:
    assert date_of(text, "1999-01-01") == date


def test_a_page_that_says_when_it_was_published_is_believed_first() -> None:
    assert date_of("Rīga, 2022. gada 13. maijs", "2022-05-14", sure=True) == "2022-05-14"


@pytest.mark.parametrize(
    ("text", "name", "hint", "title"),
    [
        ("x", "a.pdf", "Cooperation Agreement", "Cooperation Agreement"),
        ("Līgums\n\nTeksts.", "a.pdf", "Microsoft Word - ligums.doc", "Līgums"),
        ("Līgums\n\nTeksts.", "a.pdf", "untitled", "Līgums"),
        (
            "Exhibit 10.5\n\nSTRATEGIC ALLIANCE AGREEMENT\n\nx",
            "a.pdf",
            None,
            "STRATEGIC ALLIANCE AGREEMENT",
        ),
        (
            "AMENDMENT AND TERMINATION\nOF\nJOINT VENTURE AGREEMENT\nThis is it.",
            "a.pdf",
            None,
            "AMENDMENT AND TERMINATION OF JOINT VENTURE AGREEMENT",
        ),
        ("LĪGUMS\nPAR SADARBĪBU\nTeksts.", "a.pdf", None, "LĪGUMS"),
        (PARAGRAPH, "2018/innovation-agency_founded.txt", None, "innovation agency founded"),
    ],
)
def test_a_title_comes_from_hint_heading_or_name(
    text: str, name: str, hint: str | None, title: str
) -> None:
    assert title_of(text, name, hint) == title


def test_an_article_with_a_meaningless_name_is_called_by_its_first_sentence() -> None:
    title = title_of(f"date 2020-12-02 By X\n\n{PARAGRAPH}", "001_9fa524f27ab3dbc7.txt", None)
    assert title.startswith("The Innovation Agency was established")
    assert title.endswith("…")
    assert len(title) <= 101


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("COOPERATION AGREEMENT\n\nThe Parties agree.", "agreement"),
        ("Sadarbības līgums\n\n1. Priekšmets\n2. Termiņš\n3. Beigas", "agreement"),
        ("Меморандум о взаимопонимании\n\n1. Предмет\n2. Срок\n3. Стороны", "memorandum"),
        ("Mutabakat Zaptı\n\n1. Konu\n2. Süre\n3. Taraflar", "memorandum"),
        ("İdarə Komitəsinin iclasının protokolu\n\n1. Bir\n2. İki\n3. Üç", "minutes"),
        ("ANNUAL REPORT\n\nText of it.", "report"),
        ("Cooperation Agreement of two\n\nI. One.\n\nII. Two.\n\nIII. Three.", "agreement"),
        (f"Park signs agreement with agency\n\n{PARAGRAPH}", "article"),
        ("12 34", "other"),
    ],
)
def test_a_kind_is_told_from_an_article_about_it(text: str, kind: str) -> None:
    assert kind_of(text, text.split("\n")[0]) == kind


@pytest.mark.parametrize(
    ("said", "author"),
    [
        ("Ayşe\n Yıldırım ", "Ayşe Yıldırım"),
        ("Userov, Ivan", "Userov, Ivan"),
        ("openpyxl", None),
        ("python-docx", None),
        ("Microsoft Office User", None),
        ("Пользователь", None),
        ("ARRAY(0x2c7cf020)", None),
        ("  ", None),
        (None, None),
    ],
)
def test_an_author_is_somebody_and_no_program(said: str | None, author: str | None) -> None:
    assert author_of(said) == author


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"date 2020-12-02 By Ayya Lmahamad\n\n{PARAGRAPH}", "Ayya Lmahamad"),
        (f"Title\n\nBy Jean-Luc O’Neill Smith\n\n{PARAGRAPH}", "Jean-Luc O’Neill Smith"),
        (f"Virsraksts\n\nAutore: Inta Žagare\n\n{PARAGRAPH}", "Inta Žagare"),
        (f"Virsraksts\n\nAutors: Ģirts Ķeniņš\n\n{PARAGRAPH}", "Ģirts Ķeniņš"),
        (f"Музей переехал\n\nАвтор: Павел Жуков\n\n{PARAGRAPH}", "Павел Жуков"),
        (f"Başlıq\n\nMüəllif: Rasim Quliyev\n\n{PARAGRAPH}", "Rasim Quliyev"),
        (f"Title\n\nBy the decree of the President\n\n{PARAGRAPH}", None),
        (f"Title\n\nSigned By John Smith\n\n{PARAGRAPH}", None),
        (f"{PARAGRAPH}\n\n" * 12 + "By John Smith", None),
    ],
)
def test_a_by_line_near_the_beginning_names_the_author(text: str, author: str | None) -> None:
    assert by_line_of(text) == author
