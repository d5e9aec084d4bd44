"""A quote that isn't character for character in its source is impossible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import Span
from index.rows import PassageRow
from qa.answer import QuoteError, quote_from, quote_json, verify
from tests.conftest import NASTY


def passage(text, page_starts=()):
    return PassageRow(
        id=1,
        key="0123456789abcdef",
        document="2021/ə.txt",
        title="Başlıq",
        language="az",
        date="2021-03-04",
        kind="article",
        page_starts=page_starts,
        start=0,
        end=len(text),
        text=text,
    )


@given(st.text(min_size=1), st.data())
def test_a_quote_is_the_text_between_its_offsets_or_an_error(text, data):
    numbers = st.integers(-2, len(text) + 2)
    place, span = (Span(data.draw(numbers), data.draw(numbers)) for _ in range(2))
    try:
        quote = quote_from(text, place, span, passage(text), 0.5)
    except QuoteError:
        inside = 0 <= place.start <= span.start < span.end <= place.end <= len(text)
        assert not inside or not text[place.start : place.end].strip()
    else:
        assert text[quote.start : quote.end] == quote.quote
        assert place.start <= quote.span.start < quote.span.end <= place.end


@pytest.mark.parametrize("text", NASTY)
def test_a_quote_that_was_changed_anywhere_is_refused(text):
    quote = quote_from(text, Span(0, len(text)), Span(0, len(text)), passage(text), 1)
    verify(quote, text)
    for other in (text + " ", text[1:], text.swapcase(), "", None):
        if other is None or not other.startswith(text):
            with pytest.raises(QuoteError):
                verify(quote, other)


def test_a_quote_has_the_page_where_it_starts():
    text = "One. Two. Three."
    quote = quote_from(text, Span(5, 9), Span(5, 8), passage(text, (0, 5, 10)), 0.25)
    assert quote.page == 2


def test_a_quotes_json_has_exactly_the_documented_keys():
    quote = quote_from("Bəli.", Span(0, 5), Span(0, 4), passage("Bəli."), 0.93)
    assert quote_json(quote) == {
        "document": "2021/ə.txt",
        "title": "Başlıq",
        "language": "az",
        "page": None,
        "start": 0,
        "end": 5,
        "quote": "Bəli.",
        "span": {"start": 0, "end": 4},
        "score": 0.93,
        "passage": "0123456789abcdef",
    }
