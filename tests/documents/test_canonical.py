"""R7 as a property: whatever a file's bytes say, what is stored is canonical and offsets hold.

The oracle is Unicode's own table of categories, not the cleaning's list of characters.
"""

import unicodedata
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents import DocumentError, split
from documents.cleaning import clean
from documents.reading import extract

SCRIPTS: Final = "aZāģķļņžšğıİşəßёйЖاבあ中한ไ १ﬁﷲ"
MARKS: Final = "\u0301\u0307\u0327\u0308\u093c"
UNSEEN: Final = (
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
    "\u2061\u2066\u2067\u2068\u2069\ufeff\ufff9\U000e0041\ufe0f\x00\x07\x1b\x7f\x80\x85\x9b"
)
SPACES: Final = " \t\n\r\v\f\u00a0\u2028\u2029\u3000"
STRINGS: Final = st.text(
    st.one_of(
        st.sampled_from(SCRIPTS + MARKS + UNSEEN + SPACES + "-.,:1|"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=300,
)
JOINERS: Final = "\u200c\u200d"
"""Spelling between letters of some scripts, and allowed there only."""


def assert_canonical(text: str) -> None:
    assert unicodedata.is_normalized("NFC", text)
    for at, char in enumerate(text):
        if char == "\n":
            continue
        if char in JOINERS:
            around = text[at - 1 : at] + text[at + 1 : at + 2]
            assert len(around) == 2
            assert not any(unicodedata.name(each, "").startswith("LATIN") for each in around)
            continue
        assert unicodedata.category(char) != "Cc", hex(ord(char))
        assert unicodedata.bidirectional(char) not in BIDI, hex(ord(char))
        assert char not in UNSEEN, hex(ord(char))


BIDI: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


@given(STRINGS)
@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_stored_of_a_file_is_canonical_and_its_passages_are_cut_from_it(raw: str) -> None:
    try:
        document = extract(raw.encode(), "a.txt")
    except DocumentError:
        return
    text = document.text
    assert_canonical(text)
    assert document.title == unicodedata.normalize("NFC", document.title)
    passages = split(text)
    covered = [False] * len(text)
    for passage in passages:
        assert text[passage.start : passage.end] == passage.text
        covered[passage.start : passage.end] = [True] * (passage.end - passage.start)
    assert all(done or char.isspace() for done, char in zip(covered, text, strict=True))


@given(st.lists(STRINGS, min_size=1, max_size=4), st.booleans())
@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
def test_pages_are_canonical_wherever_they_were_joined(pages: list[str], wrapped: bool) -> None:
    text, starts = clean(pages, paged=True, wrapped=wrapped)
    assert_canonical(text)
    assert list(starts) == sorted(starts)
    assert all(0 <= start <= len(text) for start in starts)


def test_a_string_that_isnt_canonical_would_be_noticed() -> None:
    for bad in ("e\u0301", "a\u202eb", "a\u200bb", "a\x1bb", "a\u200db"):
        with pytest.raises(AssertionError):
            assert_canonical(bad)
