import json
import re
from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document

from index.library import Library
from qa.assistant import Assistant
from qa.exporting import as_json, docx, file_name, markdown
from qa.recall import recalled, recalled_all

QUESTION = "For how many years does the harbour agreement run?"
PAGE = "http://127.0.0.1:7860/"


@pytest.fixture(scope="module")
def assistant(small_library: Library) -> Assistant:
    return Assistant.open(small_library)


@pytest.fixture(scope="module")
def kept(assistant: Assistant) -> dict[str, object]:
    answer = assistant.ask(QUESTION)
    assert answer.quotes
    values: dict[str, object] = json.loads(json.dumps(answer.to_json()))
    return values


def test_a_kept_answer_comes_back_as_it_was_given(
    assistant: Assistant, kept: dict[str, object]
) -> None:
    found = recalled(assistant, kept)
    assert found.gone == 0
    assert found.answer.to_json() == kept


def test_a_quote_that_was_tampered_with_does_not_come_back(
    assistant: Assistant, kept: dict[str, object]
) -> None:
    quotes = kept["quotes"]
    assert isinstance(quotes, list)
    for change in ({"quote": "It runs for ninety years."}, {"start": 0}, {"passage": "0" * 16}):
        found = recalled(assistant, kept | {"quotes": [quotes[0] | change]})
        assert found.gone == 1
        assert found.answer.quotes == ()


@pytest.mark.parametrize("broken", [{}, {"question": "x"}, {"quotes": 7}, {"quotes": [None]}])
def test_what_is_no_answer_is_refused_and_left_out_of_a_conversation(
    assistant: Assistant, kept: dict[str, object], broken: dict[str, object]
) -> None:
    item = broken if len(broken) < 1 or "question" in broken else kept | broken
    with pytest.raises(ValueError, match="isn't an answer"):
        recalled(assistant, item)
    assert len(recalled_all(assistant, [item, kept])) == 1


def test_markdown_holds_the_quotes_with_their_references(
    assistant: Assistant, kept: dict[str, object]
) -> None:
    answer = recalled(assistant, kept).answer
    text = markdown(answer, "en", PAGE).decode()
    plain = re.sub(r"\\(.)", r"\1", text)
    for quote in answer.quotes:
        assert "\n".join(f"> {line}" for line in quote.quote.split("\n")) in plain
        assert f"{quote.document}, characters {quote.start}–{quote.end}" in plain
        assert f"{PAGE}?passage={quote.passage}&start={quote.start}&end={quote.end}" in plain


def test_a_word_file_opens_and_holds_the_quotes_with_the_span_in_bold(
    assistant: Assistant, kept: dict[str, object]
) -> None:
    answer = recalled(assistant, kept).answer
    paragraphs = Document(BytesIO(docx(answer, "lv", PAGE))).paragraphs
    quoted = [p for p in paragraphs if p.style and p.style.name == "Quote"]
    assert [p.text for p in quoted] == [quote.quote for quote in answer.quotes]
    first = answer.quotes[0]
    bold = "".join(run.text for run in quoted[0].runs if run.bold)
    assert bold == first.quote[first.span.start - first.start : first.span.end - first.start]


def test_a_word_file_leaves_out_what_xml_does_not_have(
    assistant: Assistant, kept: dict[str, object]
) -> None:
    answer = replace(
        recalled(assistant, kept).answer, question="How\x0b long,\ufffe\uffff\ud800 😀?"
    )
    document = Document(BytesIO(docx(answer, "en", PAGE)))
    assert document.paragraphs[0].text == "How long, 😀?"
    assert document.core_properties.title == "How long, 😀?"


def test_json_is_what_the_command_line_prints(
    assistant: Assistant, kept: dict[str, object]
) -> None:
    assert json.loads(as_json(recalled(assistant, kept).answer, "en", PAGE)) == kept


def test_an_abstention_is_exported_as_one(assistant: Assistant) -> None:
    answer = assistant.ask("What is the average salary in Helsinki?")
    assert answer.status == "abstained"
    text = markdown(answer, "en", PAGE).decode()
    assert "**No answer.**" in text
    assert file_name(answer, "md") == "what-is-the-average-salary-in-helsinki.md"


def test_each_export_says_how_a_follow_up_was_understood_and_that_sources_differ(
    assistant: Assistant, kept: dict[str, object]
) -> None:
    quotes = kept["quotes"]
    assert isinstance(quotes, list)
    [other] = [row for row in assistant.documents() if row.document == "lv.txt"]
    source = assistant.source_of(other.document)
    assert source
    version = quotes[0] | {
        "passage": source.passage.key,
        "start": 0,
        "end": 31,
        "quote": source.text[:31],
        "span": {"start": 0, "end": 8},
    }
    sides = [quotes[0] | {"versions": [version]}, version]
    understood = "How long does *it* run?"
    said = kept | {"quotes": sides, "sources_differ": True, "understood": understood}
    answer = recalled(assistant, said).answer
    assert answer.quotes[0].versions[0].quote == version["quote"]
    plain = re.sub(r"\\(.)", r"\1", markdown(answer, "en", PAGE).decode())
    paragraphs = [p.text for p in Document(BytesIO(docx(answer, "en", PAGE))).paragraphs]
    for text in (plain, "\n".join(paragraphs)):
        assert f"Understood as: {understood}" in text
        assert "Sources differ: compare the quotes and their dates." in text
        assert "Also in:" in text
        assert text.count(f"{source.passage.document}, characters 0–31") == 2
    values = json.loads(as_json(answer, "en", PAGE))
    assert (values["understood"], values["sources_differ"]) == (understood, True)


def test_where_one_side_is_gone_nothing_differs_any_more(
    assistant: Assistant, kept: dict[str, object]
) -> None:
    quotes = kept["quotes"]
    assert isinstance(quotes, list)
    sides = [quotes[0], quotes[0] | {"quote": "It runs for ninety years."}]
    found = recalled(assistant, kept | {"quotes": sides, "sources_differ": True})
    assert found.gone == 1
    assert not found.answer.sources_differ
