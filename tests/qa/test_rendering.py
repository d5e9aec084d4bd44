import html
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents import Span
from documents.errors import REASONS
from index.rows import DocumentRow, PassageRow, Related
from qa import rendering, sources, tables, welcome
from qa.answer import Answer, Quote
from qa.citations import Source
from qa.strings import say

NASTY = [
    '<img src=x onerror="alert(1)">',
    "</mark></blockquote></div><script>alert(1)</script>",
    "&amp; &lt;b&gt; &#13; &nbsp;",
    "\"double\" 'single' `back` ${1+1} {{1+1}}",
    "עברית مرحبا \N{RIGHT-TO-LEFT MARK}x\N{RIGHT-TO-LEFT OVERRIDE}y",
    "ə İ ı ğ ģ ķ ļ ņ ž Ёё e\N{COMBINING ACUTE ACCENT}",
    "two  spaces\n\nand\ta tab\r\nand a carriage return",
    "[link](javascript:alert(1)) ![](//host/p.png) # heading",
    "😀 \N{ZERO WIDTH SPACE}\N{SOFT HYPHEN}",
]
TAGS_OF_OURS = {
    "a", "article", "b", "blockquote", "button", "cite", "div", "h2", "h3", "i", "img", "li",
    "mark", "ol", "p", "section", "span", "table", "tbody", "td", "th", "thead", "time", "tr",
}  # fmt: skip
TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"),
        st.sampled_from("<>&\"'\r\n /=#;əİ"),
    ),
    min_size=1,
)


def plain(markup: str) -> str:
    """Return what a reader sees of some HTML: tags taken out, escapes undone."""
    return html.unescape(re.sub(r"<[^>]*>", "", markup))


def tags(markup: str) -> set[str]:
    return set(re.findall(r"</?([a-z0-9]+)", re.sub(r'"[^"]*"', "", markup)))


def quote(text: str, span: Span | None = None, **values: object) -> Quote:
    made = Quote(
        document="a.txt",
        title="A title",
        language="lv",
        date="2020-01-02",
        page=3,
        start=100,
        end=100 + len(text),
        quote=text,
        span=span or Span(100, 100 + len(text)),
        score=0.9,
        passage="0123456789abcdef",
    )
    return replace(made, **values)  # type: ignore[arg-type]


def answer(*quotes: Quote, question: str = "Kas?", reason: str | None = None) -> Answer:
    return Answer(
        question=question,
        language="lv",
        status="abstained" if reason else "answered",
        confidence=0.9,
        quotes=() if reason else quotes,
        reason=reason,
        nearest=quotes if reason else (),
        generation=1,
        elapsed_ms=1,
    )


def source(text: str, page_starts: tuple[int, ...] = (), title: str = "A title") -> Source:
    passage = PassageRow(
        id=1,
        key="0123456789abcdef",
        document="a.txt",
        title=title,
        language="en",
        date=None,
        kind="article",
        page_starts=page_starts,
        start=0,
        end=len(text),
        text=text,
    )
    return Source(passage, text)


def body(markup: str) -> str:
    """Return the text's part of a rendered source."""
    found = re.search(r'tabindex="0">(.*)</div>$', markup, re.S)
    assert found
    return found[1]


def block(markup: str) -> str:
    found = re.search(r"<blockquote[^>]*>(.*)</blockquote>", markup, re.S)
    assert found
    return found[1]


@pytest.mark.parametrize("text", NASTY)
def test_text_of_a_document_never_becomes_markup_wherever_it_stands(text: str) -> None:
    shown = quote(text, title=text, language=text, document=text, passage=text)
    row = DocumentRow(text, text, text, text, None, 2, 3, "indexed", None, None, "")
    failed = DocumentRow(text, None, None, None, None, None, 0, "failed", "corrupt", text, "")
    for markup in (
        rendering.answer_html(answer(shown, question=text), "en"),
        rendering.answer_html(answer(shown, question=text, reason=text), "en"),
        rendering.pending_html(text, "en"),
        rendering.failure_html(text, text, "folio doctor"),
        sources.source_html(source(text, title=text), Span(0, 1), "en"),
        tables.documents_html([row, failed], "en"),
        welcome.welcome_html(1, "en"),
        welcome.empty_library_html("en"),
    ):
        assert tags(markup) <= TAGS_OF_OURS | {"code", "ul"}
        assert not re.search(r"\son\w+=", re.sub(r'"[^"]*"', "", re.sub(r">[^<]*<", "><", markup)))


@given(TEXT, st.data())
def test_a_rendered_quote_without_its_tags_is_the_quote(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    shown = quote(text, Span(100 + start, 100 + end))
    assert plain(block(rendering.quote_html(1, shown, "lv", "en"))) == text


def test_the_answering_span_is_bold_where_it_is_a_proper_part() -> None:
    markup = rendering.quote_html(1, quote("It costs <5 euro.", Span(109, 116)), "lv", "en")
    assert "It costs <b>&lt;5 euro</b>." in markup
    assert "<b>" not in rendering.quote_html(1, quote("It costs 5 euro."), "lv", "en")


def test_a_quote_links_to_its_characters_and_says_where_it_is_from() -> None:
    markup = rendering.quote_html(2, quote("Teksts."), "lv", "en")
    assert 'href="?passage=0123456789abcdef&amp;start=100&amp;end=107"' in markup
    assert plain(markup).endswith("A title · 2 January 2020 · page 3 · Latvian")


def test_a_quote_in_another_language_than_the_question_says_so() -> None:
    markup = rendering.quote_html(1, quote("Teksts."), "ru", "en")
    assert "Latvian, unlike your question" in plain(markup)
    assert "unlike" not in plain(rendering.quote_html(1, quote("Teksts."), "und", "en"))


def test_sources_that_differ_are_set_side_by_side_before_the_others() -> None:
    differing = replace(answer(*map(quote, ("One.", "Two.", "Three."))), sources_differ=True)
    markup = rendering.answer_html(differing, "en")
    found = re.search(r'<section class="sides">(.*)</section>(.*)', markup, re.S)
    assert found
    assert re.findall(r"<blockquote[^>]*>(.*?)</blockquote>", found[1]) == ["One.", "Two."]
    assert '<ol class="quotes" start="3">' in found[2]
    assert 'class="sides"' not in rendering.answer_html(answer(quote("One.")), "en")


def test_paper_says_where_a_quote_stands() -> None:
    version = quote("Text.", document="b.txt")
    markup = rendering.quote_html(1, replace(quote("Teksts."), versions=(version,)), "lv", "en")
    assert 'data-path="a.txt, characters 100–107"' in markup
    assert 'data-path="b.txt, characters 100–105"' in markup


def test_an_abstention_shows_its_reason_and_calls_what_is_nearest_no_answer() -> None:
    markup = rendering.answer_html(answer(quote("Teksts."), reason="Nav teikts."), "en")
    assert plain(markup).startswith("Kas?No answerNav teikts.Nearest passages, not an answer1")
    assert 'class="abstention"' in markup
    assert 'class="abstention"' not in rendering.answer_html(answer(quote("Teksts.")), "en")


@given(TEXT, st.data())
def test_exactly_the_span_of_a_source_is_marked(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    pages = tuple(sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4))))
    markup = sources.source_html(source(text, pages), Span(start, end), "en")
    before, mark, after = re.split(r'<mark tabindex="-1">|</mark>', body(markup))
    assert plain(mark) == text[start:end]
    assert (plain(before), plain(after)) == (text[:start], text[end:])


def test_a_long_source_is_laid_out_in_parts_that_lose_nothing_and_never_cut_the_mark() -> None:
    text = "".join(f"{number}. line of the document\n" for number in range(2000))
    span = Span(2000, 40000)
    markup = body(sources.source_html(source(text), span, "en"))
    assert plain(markup) == text
    assert markup.count('<div class="part">') > 3
    found = re.search(r"<mark[^>]*>(.*)</mark>", markup, re.S)
    assert found
    assert "<div" not in found[1]
    assert plain(found[1]) == text[2000:40000]


def test_page_breaks_stand_where_pages_start_and_add_no_text() -> None:
    markup = body(sources.source_html(source("onetwothree", (0, 3, 6)), Span(3, 8), "en"))
    assert markup == (
        '<div class="part"><span class="page" data-label="page 1"></span>one'
        '<span class="page" data-label="page 2"></span><mark tabindex="-1">two'
        '<span class="page" data-label="page 3"></span>th</mark>ree</div>'
    )


@pytest.mark.parametrize("span", [Span(-1, 2), Span(2, 2), Span(3, 1), Span(0, 5), Span(9, 12)])
def test_a_span_outside_of_the_text_is_refused(span: Span) -> None:
    with pytest.raises(ValueError, match="doesn't lie"):
        sources.source_html(source("text"), span, "en")


def test_a_document_that_was_not_read_is_listed_with_its_reason() -> None:
    failed = DocumentRow("b.pdf", None, None, None, None, None, 0, "failed", "encrypted",
                         "It is locked: save it without a password.", "")  # fmt: skip
    markup = tables.documents_html([failed], "en")
    assert "b.pdf" in markup
    assert "not read It is locked: save it without a password." in plain(markup)
    assert "documents: 1 · not read: 1" in plain(markup)


def test_a_documents_title_opens_it() -> None:
    row = DocumentRow(
        "a b&c/ё?.txt", "T", "report", "ru", "2020-05", 2, 3, "indexed", None, None, ""
    )
    markup = tables.documents_html([row], "en")
    assert 'href="?document=a%20b%26c/%D1%91%3F.txt"' in markup
    assert plain(markup).endswith("Ta b&c/ё?.txtreportRussianMay 202023indexed")


def test_a_source_links_to_what_says_the_same():
    others = [
        Related("lv/a b.txt", "Bāka", "lv", "translation", 0.6),
        Related("<b>.txt", "<b>", "en", "duplicate", 0.9),
    ]
    markup = sources.source_html(source("text"), None, "en", related=others)
    assert 'In another language <i>·</i> <a href="?document=lv/a%20b.txt"' in markup
    assert ">Bāka</a> (Latvian)" in markup
    assert 'Nearly the same text <i>·</i> <a href="?document=%3Cb%3E.txt"' in markup
    assert "<b>" not in markup


@pytest.mark.parametrize("reason", REASONS)
def test_why_a_file_isnt_read_is_said_in_the_pages_language(reason: str) -> None:
    exact = "The file has more than 50 MB."
    row = DocumentRow("a.pdf", None, None, None, None, None, 0, "failed", reason, exact, "")
    assert f">{exact}</span>" in tables.documents_html([row], "en")
    said = {
        language: tables.documents_html([row], language) for language in ("lv", "az", "tr", "ru")
    }
    for language, markup in said.items():
        assert say(f"unread_{reason}", language) in html.unescape(markup)
        # What its reader said exactly is there for who looks closer.
        assert f'title="{exact}"' in markup
        assert ("(50 MB)" in markup) == (reason in ("limit", "timeout", "memory"))


def test_a_file_that_is_misnamed_or_of_no_kind_says_which_in_other_languages_too() -> None:
    for reason, exact in (
        ("type_mismatch", "The file is named .pdf but is a Word file: name it .docx."),
        ("unsupported", "Files ending in .pdf can't be read; these can: .csv .txt."),
    ):
        row = DocumentRow("a.pdf", None, None, None, None, None, 0, "failed", reason, exact, "")
        assert "(.pdf)" in tables.documents_html([row], "lv")
