"""What a kept answer is shown as, and what the page is told to keep of it."""

import json
from typing import Any

import pytest

from index.library import Library
from qa.assistant import Assistant
from qa.recall import recalled
from qa.rendering import answer_html

QUESTION = "For how many years does the harbour agreement run?"
GONE = {"passage": "0" * 16, "quote": "It runs for ninety years."}


@pytest.fixture(scope="module")
def assistant(small_library: Library) -> Assistant:
    return Assistant.open(small_library)


@pytest.fixture(scope="module")
def kept(assistant: Assistant) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(json.dumps(assistant.ask(QUESTION).to_json()))
    assert values["quotes"]
    return values


def shown(assistant: Assistant, kept: dict[str, Any]) -> str:
    found = recalled(assistant, kept)
    return answer_html(found.answer, "en", found.gone, found.whole)


def test_of_an_answer_with_a_quote_that_is_gone_the_browser_keeps_what_it_has(
    assistant: Assistant, kept: dict[str, Any]
) -> None:
    first = kept["quotes"][0]
    assert " data-part" not in shown(assistant, kept)
    html = shown(assistant, kept | {"quotes": [first, first | GONE]})
    assert " data-part>" in html
    assert "in the library any more: 1" in html
    assert "ninety" not in html


def test_so_it_does_where_only_another_document_that_says_the_same_is_gone(
    assistant: Assistant, kept: dict[str, Any]
) -> None:
    first = kept["quotes"][0]
    version = {key: first[key] for key in first if key != "versions"}
    assert " data-part" not in shown(assistant, kept | {"quotes": [first | {"versions": [first]}]})
    html = shown(assistant, kept | {"quotes": [first | {"versions": [version | GONE]}]})
    assert " data-part>" in html
    assert "ninety" not in html
