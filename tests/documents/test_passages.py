import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import Passage, split

SENTENCE = "Puses vienojas apmainīties ar pieredzi un kopīgi apmācīt jaunos speciālistus. "
SCRIPTS = 'aĀģşİıəЖё中ابह\u0301 .!?。؟।\n\n \t"”)1;-'


def check(text: str, passages: list[Passage], max_chars: int) -> None:
    at = 0
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()
        assert 0 < len(passage.text) <= max_chars
        assert not text[at : passage.start].strip()
        at = passage.end
    assert not text[at:].strip()


@given(st.text(alphabet=SCRIPTS, max_size=600), st.integers(10, 120))
@settings(max_examples=300)
def test_passages_are_slices_in_order_that_leave_only_white_space(text: str, most: int) -> None:
    check(text, split(text, most), most)


@given(
    st.sampled_from(["ab ", "a", "x.\n\n", "Līgums. ", "中。", "\n", "a\n"]), st.integers(1, 900)
)
@settings(max_examples=60)
def test_repetitive_text_keeps_its_offsets(piece: str, times: int) -> None:
    check(piece * times, split(piece * times, 100), 100)


def test_a_long_text_is_cut_at_the_ends_of_sentences() -> None:
    passages = split(SENTENCE * 40)
    check(SENTENCE * 40, passages, 900)
    assert all(passage.text.endswith("speciālistus.") for passage in passages)
    assert len(passages) == 4


def test_a_heading_stays_with_the_paragraph_after_it() -> None:
    paragraph = (SENTENCE * 6).strip()
    text = "\n\n".join([paragraph, "Otrā nodaļa", paragraph, "Trešā nodaļa", paragraph])
    starts = [passage.text.split("\n")[0] for passage in split(text)]
    assert starts[1:] == ["Otrā nodaļa", "Trešā nodaļa"]


def test_a_title_isnt_a_passage_of_its_own() -> None:
    text = "Virsraksts\n\n" + SENTENCE * 30
    assert split(text)[0].text.startswith("Virsraksts\n\nPuses")


def test_no_passage_is_tiny_where_a_neighbour_has_room_or_sentences_to_give() -> None:
    text = "\n\n".join([(SENTENCE * 11).strip(), "Piezīme: šis ir parauga dokuments."])
    assert min(len(passage.text) for passage in split(text)) >= 100


@pytest.mark.parametrize("text", ["", "  \n\n "])
def test_nothing_has_no_passages(text: str) -> None:
    assert split(text) == []


def test_text_that_wasnt_cleaned_is_refused() -> None:
    with pytest.raises(ValueError, match="wasn't cleaned"):
        split("a\x1eb")


def test_a_word_longer_than_a_passage_is_cut() -> None:
    check("ž" * 5000, split("ž" * 5000), 900)
