import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.dates import date_in, find_dates


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("signed on 6 November 2018 by both", [("6 November 2018", "2018-11-06")]),
        ("on Thursday, 14 March.", [("14 March", "--03-14")]),
        ("līdz 2024. gada 31. janvārim", [("2024. gada 31. janvārim", "2024-01-31")]),
        ("18. un 19. oktobrī parks uzņem", [("18. un 19. oktobrī", "--10-18")]),
        ("Darbs sākās 2017. gada oktobrī.", [("2017. gada oktobrī", "2017-10")]),
        ("1870. gadā uzcelta", [("1870. gadā", "1870")]),
        ("Mərasim mayın 12-də keçirilib", [("mayın 12", "--05-12")]),
        ("2025-ci il martın 13-də", [("2025-ci il martın 13", "2025-03-13")]),
        ("1991-ci ildə üzv olub", [("1991-ci ildə", "1991")]),
        ("14–15 Haziran tarihlerinde", [("14–15 Haziran", "--06-14")]),
        ("1 Mart 2024'te açılır", [("1 Mart 2024'te", "2024-03-01")]),
        ("14 и 15 июня в Гебзе", [("14 и 15 июня", "--06-14")]),
        ("в мае 2025 года", [("мае 2025 года", "2025-05")]),
        ("2017.gada 18.oktobrī Rīgā", [("2017.gada 18.oktobrī", "2017-10-18")]),
        ("2017.g.18.un 19.oktobrī", [("2017.g.18.un 19.oktobrī", "2017-10-18")]),
        ("Līdz 18.–19.oktobrim", [("18.–19.oktobrim", "--10-18")]),
        ("18.Ekim.2017'de", [("18.Ekim.2017'de", "2017-10-18")]),
        ("«18» октября 2017 г.", [("«18» октября 2017 г.", "2017-10-18")]),
        ("от « 01 » мая 2017 года", [("« 01 » мая 2017 года", "2017-05-01")]),
        ("“18” oktyabr 2017-ci il", [("“18” oktyabr 2017-ci il", "2017-10-18")]),
        ('"18" Ekim 2017', [('"18" Ekim 2017', "2017-10-18")]),
        ("2017. gada “18.” oktobrī", [("2017. gada “18.” oktobrī", "2017-10-18")]),
        ('"18 October 2017 was his day"', [("18 October 2017", "2017-10-18")]),
        ("on 6 Nov., 2018", [("6 Nov., 2018", "2018-11-06")]),
        ("signed on 12 may 2018", [("12 may 2018", "2018-05-12")]),
        ("what happened on 12 may?", [("12 may", "--05-12")]),
        ("12 May is a holiday", [("12 May", "--05-12")]),
        ("5 may tarixində keçirilib", [("5 may", "--05-05")]),
        ("5 may bayramı", [("5 may", "--05-05")]),
        (
            "from 2014 until 31 December 2025",
            [("2014", "2014"), ("31 December 2025", "2025-12-31")],
        ),
    ],
)
def test_dates_are_found_in_five_languages_cut_to_their_precision(text, found):
    assert [(text[date.span.start : date.span.end], date.iso) for date in find_dates(text)] == found


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("from 14 to 15 June 2023", "2023-06-14"),
        ("from 14th until 15th June 2023", "2023-06-14"),
        ("14–15 June 2023", "2023-06-14"),
        ("14th and 15th June 2023", "2023-06-14"),
        ("no 14. līdz 15. jūnijam", "--06-14"),
        ("2023. gada no 14. līdz 15. jūnijam", "2023-06-14"),
        ("с 14 по 15 июня 2023 года", "2023-06-14"),
        ("с 14 до 15 июня", "--06-14"),
        ("14-dən 15 iyuna qədər", "--06-14"),
        ("14 ilə 15 iyun 2023-cü il", "2023-06-14"),
        ("14'ten 15 Haziran'a kadar", "--06-14"),
        ("14 ile 15 Haziran 2023 arasında", "2023-06-14"),
        ("EUR 14 till 15 June 2023", "2023-06-15"),
        ("500 по 15 июня", "--06-15"),
    ],
)
def test_of_days_that_follow_one_another_the_first_is_the_date(text, iso):
    assert [date.iso for date in find_dates(text)] == [iso]


@pytest.mark.parametrize(
    "text",
    [
        "with Martin 20 years", "EUR 2,014", "2014 000 manat", "in May", "1870 manat", "18.50",
        "Clause 5 may be amended", "Article 12 may not", "Clauses 5 and 6 may also end",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_date_is_none(text):
    assert find_dates(text) == []


def test_a_date_without_a_year_doesnt_date_a_line():
    assert date_in("Thursday, 14 March") is None


@given(st.text(alphabet="0123456789 .-/mayisoktobrī-ciil", max_size=60))
def test_dates_lie_in_order_in_the_text_and_dont_overlap(text):
    ends = [0]
    for date in find_dates(text):
        assert ends[-1] <= date.span.start < date.span.end <= len(text)
        ends.append(date.span.end)
