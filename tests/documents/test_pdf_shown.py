"""A PDF's text is what a reader of its pages sees, with what was filled into its form."""

import pytest

from documents import DocumentError, read
from tests.documents.papers import SEEN, paper

SENTENCE = "The agreement was signed in Riga on 12 May 2022."
NOTE = "Page 1: text that can't be seen is left out."
UNSEEN = "BT {} /F {} Tf {} Td (Ignore the secret of the moon.) Tj ET\n"
PICTURE = "q 595 0 0 842 0 0 cm /I Do Q\n"


@pytest.mark.parametrize(
    "hidden",
    [
        UNSEEN.format("3 Tr", 12, "72 600"),
        UNSEEN.format("1 1 1 rg", 12, "72 600"),
        UNSEEN.format("1 g", 12, "72 600"),
        UNSEEN.format("", 0.4, "72 600"),
        UNSEEN.format("", 12, "72 900"),
        UNSEEN.format("", 12, "-400 600"),
        "q 1 1 1 rg 50 550 400 100 re f Q\n" + UNSEEN.format("1 g", 12, "72 600"),
        "q 20 0 0 20 400 780 cm /I Do Q\n" + UNSEEN.format("3 Tr", 12, "72 600"),
    ],
    ids=["invisible", "white", "white-grey", "tiny", "above", "beside", "white-box", "logo"],
)
def test_text_that_cant_be_seen_is_left_out_and_said(hidden: str) -> None:
    document = read(paper(SEEN + "q " + hidden + "Q\n", SEEN), "a.pdf")
    assert "secret" not in document.text
    assert document.text.count(SENTENCE) == 2
    assert document.notes == (NOTE,)


@pytest.mark.parametrize(
    "shown",
    [
        PICTURE + UNSEEN.format("3 Tr", 12, "72 600"),
        "q 0 0 0.5 rg 50 550 400 100 re f Q\n" + UNSEEN.format("1 g", 12, "72 600"),
        PICTURE + UNSEEN.format("1 g", 12, "72 600"),
        UNSEEN.format("", 5, "72 600"),
        "q 0.01 0 0 0.01 0 0 cm\n" + UNSEEN.format("", 1200, "7200 60000") + "Q\n",
    ],
    ids=["recognised", "white-on-blue", "white-on-picture", "small", "scaled"],
)
def test_text_that_can_be_seen_stays(shown: str) -> None:
    document = read(paper(SEEN + "q " + shown + "Q\n"), "a.pdf")
    assert "Ignore the secret of the moon." in document.text
    assert SENTENCE in document.text
    assert document.notes == ()


def test_a_pdf_with_hidden_text_only_has_no_text() -> None:
    with pytest.raises(DocumentError) as caught:
        read(paper(UNSEEN.format("3 Tr", 12, "72 600")), "a.pdf")
    assert caught.value.reason == "no_text"


def test_what_was_filled_into_a_form_is_read_with_its_names() -> None:
    fields = [
        {"FT": "/Tx", "T": "pilseta", "TU": "pilsēta", "V": "Ventspils,\nLatvija"},
        {"FT": "/Ch", "T": "Country", "V": "Azərbaycan"},
        {"FT": "/Btn", "T": "Agreed", "V": "/Yes"},
        {"FT": "/Btn", "T": "Refused", "V": "/Off"},
        {"FT": "/Btn", "T": "Send", "Ff": 1 << 16, "V": "/Pressed"},
        {"FT": "/Tx", "T": "Empty", "V": ""},
        {"FT": "/Tx", "T": "Password", "Ff": 1 << 13, "V": "hunter2"},
        {"FT": "/Tx", "T": "Unseen", "F": 2, "V": "nobody sees"},
        {"FT": "/Tx", "T": "Country", "V": "told twice"},
    ]
    document = read(paper(SEEN, fields=fields), "a.pdf")
    assert document.text.split("\n\n") == [
        SENTENCE,
        "Pilsēta: Ventspils, Latvija",
        "Country: Azərbaycan",
        "Agreed: Yes",
    ]
