import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from documents.cleaning import clean

LETTERS = "aāģķļņžšğıİşəßёйЖ\u0301\u0327\u00ad\u200b\u200c\u200d\ufeff\u202e\u2066"
NASTY = LETTERS + "ابہ 中。1-–\n\r\t\u00a0\u2028\u3000\x00\x85\ufb01\U000e0041.,|/"


def once(*pages: str, paged: bool = False) -> str:
    return clean(list(pages), paged, paged or None)[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("tehno\u00adloģiju", "tehnoloģiju"),
        ("tehno-\nloģiju parks", "tehnoloģiju parks"),
        ("tehno\u00ad\nloģiju parks", "tehnoloģiju parks"),
        ("İşbir-\r\nliği", "İşbirliği"),
        ("инно-\nвации", "инновации"),
        ("Čehova-\nKnipere", "Čehova-Knipere"),
        ("2014-\n2020", "2014-2020"),
        ("well-known, so well-\nknown", "well-known, so well-known"),
        ("e\u0304 n\u0327", "ē ņ"),
        ("ﬁnal eﬃcient ﬂow", "final efficient flow"),
        ("a\u200bb\ufeffc\u2060d", "abcd"),
        ("safe\u202egnp.exe\u202c", "safegnp.exe"),
        ("hi\U000e0041\U000e0042dden", "hidden"),
        ("a\u00a0b\u2009c\u3000d\te", "a b c d e"),
        ("one   two \n three", "one two\nthree"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("\n\n a \n\n", "a"),
        ("a\r\nb\rc\u2028d\u2029e\x85f\x0cg", "a\nb\nc\nd\ne\nf\ng"),
        ("a\x00b\x07c\x9fd", "abcd"),
        ("\ud800x", "\ufffdx"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Ven\u200ctspils", "Ventspils"),
        ("\ufe8d\ufedf\ufe91", "\u0627\u0644\u0628"),
        ("İstanbul ISPARTA ısparta ß ẞ ə Ə", "İstanbul ISPARTA ısparta ß ẞ ə Ə"),
    ],
)
def test_characters_become_canonical(raw: str, expected: str) -> None:
    assert once(raw) == expected


@given(st.text(alphabet=st.one_of(st.sampled_from(NASTY), st.characters()), max_size=200))
@example("a-\n\u00ad\nb")
@example("a\u200c\u200cb")
@example("a-\nb-\nc")
@settings(max_examples=400)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    text = once(raw)
    assert once(text) == text


@given(st.lists(st.text(alphabet=NASTY, max_size=300), max_size=6))
@settings(max_examples=200)
def test_the_text_of_pages_is_canonical_too(pages: list[str]) -> None:
    text, starts = clean(pages, paged=True, wrapped=True)
    assert len(starts) == len(pages)
    assert list(starts) == sorted(starts)
    assert all(0 <= start <= len(text) for start in starts)
    assert unicodedata.is_normalized("NFC", text)
    assert "  " not in text
    assert "\n\n\n" not in text
    assert text == text.strip("\n ")


def page(number: int, body: str) -> str:
    return f"Annual report {number + 2000}\nVentspils High Technology Park\n{body}\n- {number} -"


BODY = (
    "The parties agreed to exchange experience in the field of high technologies and to\n"
    "train young specialists. The laboratory opens in spring, and it will serve all of the\n"
    "start-up companies that take part in the programme of the park.\n"
    "A second paragraph begins after a short line and goes on for some more words in the\n"
    "next line, where it ends."
)


def test_lines_of_a_page_become_paragraphs() -> None:
    text = once(BODY, paged=True)
    assert text.split("\n\n")[0].endswith(
        "start-up companies that take part in the programme of the park."
    )
    assert text.split("\n\n")[1].startswith("A second paragraph")
    assert "technologies and to train young" in text


def test_running_headers_and_page_numbers_go() -> None:
    bodies = [
        BODY.replace("parties", f"{who} parties").replace("where it", f"where {who}")
        for who in ("two", "six", "ten", "few")
    ]
    text = once(*(page(n, body) for n, body in enumerate(bodies, start=1)), paged=True)
    assert "Annual report" not in text
    assert "Technology Park" not in text
    assert "- 3 -" not in text
    assert text.count("second paragraph") == 4


def test_what_both_of_two_pages_begin_with_is_a_header() -> None:
    pages = [
        f"Agreement No. 14/{n}\n{body}"
        for n, body in enumerate(("The parties meet once a year and", "then report to both."), 1)
    ]
    text = once(*pages, paged=True)
    assert text == "The parties meet once a year and\nthen report to both."


@pytest.mark.parametrize(
    "line",
    [
        "2",
        "- 2 -",
        "Page 2 of 7",
        "2 / 7",
        "2. lpp.",
        "стр. 2",
        "səh. 2",
        "sayfa 2",
        "2 lapa",
        "– 2 –",
        "2. lappuse no 7",
        "2 страница из 7",
    ],
)
def test_a_page_number_goes_in_any_language(line: str) -> None:
    assert once("Pirmā lapa ir šeit.", f"Otrā lapa ir šeit.\n{line}", paged=True) == (
        "Pirmā lapa ir šeit.\nOtrā lapa ir šeit."
    )


def test_pages_that_say_the_same_keep_their_words() -> None:
    text = once(*(page(n, "I agree to the terms.") for n in range(1, 6)), paged=True)
    assert text.count("I agree to the terms.") == 5


def test_a_number_that_isnt_the_pages_stays() -> None:
    assert "2017" in once("Gads bija\n2017", "Otrā lapa", paged=True)


@pytest.mark.parametrize(
    "line", ["2018.", "1500.", "12/2017", "350 p.", "350 lpp.", "- 40", "7 of 9"]
)
def test_a_line_of_digits_that_ends_or_begins_a_page_stays(line: str) -> None:
    first = f"The memorandum was signed in April\n{line}"
    assert line in once(first, "Otrā lapa ir šeit.", paged=True)
    assert line in once("Pirmā lapa ir šeit.", f"{line}\nAprīlī tika parakstīts", paged=True)


@pytest.mark.parametrize("line", ["Page 9", "9. lpp.", "- 9 -", "стр. 9 из 12", "9. sayfa"])
def test_a_page_number_that_says_so_goes_though_the_count_began_elsewhere(line: str) -> None:
    assert once("Pirmā lapa ir šeit.", f"Otrā lapa ir šeit.\n{line}", paged=True) == (
        "Pirmā lapa ir šeit.\nOtrā lapa ir šeit."
    )


def test_a_sentence_that_goes_over_a_page_is_one_and_the_page_starts_within_it() -> None:
    first = (
        BODY + "\nThe agreement stays in force until the end of the year 2025, unless one of the"
    )
    second = "parties ends it earlier by a notice in writing.\n" + BODY
    text, starts = clean([first, second], paged=True, wrapped=True)
    assert "unless one of the parties ends it" in text
    assert text[starts[1] :].startswith("parties ends it")


def test_a_page_without_text_starts_where_the_next_does() -> None:
    text, starts = clean(["Pirmā.", "", "Trešā."], paged=True, wrapped=True)
    assert starts == (0, text.index("Trešā"), text.index("Trešā"))


def test_list_items_and_clauses_keep_their_lines() -> None:
    raw = "The parties shall:\n(a) exchange experience;\n(b) train specialists;\n• meet\n1.2. Term"
    assert once(raw, paged=True) == raw


def test_a_column_of_line_numbers_goes() -> None:
    numbers = "\n".join(str(n) for n in range(1, 26))
    assert once(f"{numbers}\nIn the Supreme Court", paged=True) == "In the Supreme Court"


def test_a_letter_wrapped_at_seventy_characters_becomes_paragraphs() -> None:
    assert "exchange experience in the field of high technologies and to train" in once(
        BODY + "\n\n" + BODY
    )


def test_text_without_pages_keeps_its_lines() -> None:
    assert once("Terēza Lepere\nProjektu speciāliste") == "Terēza Lepere\nProjektu speciāliste"
