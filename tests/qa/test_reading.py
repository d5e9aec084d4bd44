import pytest

from qa.reading import is_dateline, is_heading


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Sadarbības līgums par viedo sensoru", True),
        ("3. Pieņemšana", True),
        ("Nələr öyrədiləcək", True),
        ("Kurul üç ayda bir toplanır.", False),
        ("Budget: 240,000", False),
        ("Inta Žagare, director", False),
        ("Kalibrs | 14", False),
        ("„Kurš to vada?”", False),
        ("a very long line without an end " * 4, False),
    ],
)
def test_a_heading_is_told_from_what_says_something(text, heading):
    title = "Sadarbības līgums par viedo sensoru laboratorijas iekārtošanu"
    assert is_heading(text, title) == heading


@pytest.mark.parametrize(
    ("text", "dateline"),
    [
        ("14 may 2022", True),
        ("Baku, 20 November 2023", True),
        ("Ventspilī, 2023. gada 30. jūnijā", True),
        ("Bakı şəhəri, 18 yanvar 2022-ci il", True),
        ("Алматы, 5 октября 2022 года", True),
        ("Date: 12 May 2022", True),
        ("Mutabakat Zaptı 1 Aralık 2020", True),
        ("Memorandum of Understanding of 1 December 2020", True),
        ("The memorandum was signed on 1 December 2020.", False),
        ("Müddət: 20 yanvar 2025", False),
        ("Signed on 12 May 2022.", False),
        ("Parakstīts 2022. gada 12. maijā", False),
        ("Третий форум пройдёт в Баку в мае 2025 года.", False),
        ("Baku", False),
    ],
)
def test_a_line_that_only_dates_its_document_is_told(text, dateline):
    assert is_dateline(text, "Bilimsel İş Birliği Mutabakat Zaptı") == dateline
