"""An explanation adds up, and blames the stage that lost what was expected."""

import pytest

from qa import confidence
from qa.assistant import Assistant
from qa.explain import STAGES, blame, explained, explanation


@pytest.fixture(scope="module")
def assistant(small_library):
    return Assistant.open(small_library)


def test_contributions_add_up_to_the_confidence(assistant):
    trace = assistant.trace("How long does the harbour agreement run?")
    values = explanation(trace, assistant.searcher())
    sure = values["confidence"]
    logit = sure["bias"] + sum(each["adds"] for each in sure["features"].values())
    assert confidence.confidence(trace.features) == pytest.approx(sure["confidence"], abs=1e-4)
    assert 1 / (1 + 2.718281828**-logit) == pytest.approx(sure["confidence"], abs=1e-3)
    assert (sure["confidence"] >= sure["threshold"]) == (values["decision"] == "answered")


def test_what_was_found_read_and_chosen_is_told_with_ranks(assistant):
    trace = assistant.trace("How long does the harbour agreement run?")
    values = explanation(trace, assistant.searcher())
    found = values["found"]
    assert [hit["rank"] for hit in found] == list(range(1, len(found) + 1))
    by_cosine = sorted(found, key=lambda hit: hit["cosine_rank"])
    cosines = [hit["cosine"] for hit in by_cosine]
    assert cosines == sorted(cosines, reverse=True)
    quotes = trace.answer.quotes or trace.answer.nearest
    first = next(reading for reading in values["read"] if reading["quote"] == 1)
    assert quotes[0].start <= first["start"] < quotes[0].end
    text = explained(values)
    assert "en.txt" in text
    assert "quote 1" in text
    assert all(name in text for name in trace.features)


def test_a_text_that_is_quoted_blames_nobody(assistant):
    trace = assistant.trace("How long does the harbour agreement run?")
    told = blame(trace, assistant.searcher(), "six years")
    stage = None if trace.answer.status == "answered" else "confidence"
    assert told["stage"] == stage


@pytest.mark.parametrize(
    ("question", "expected", "stage"),
    [
        ("How long does the harbour agreement run?", "a sentence of no document", "library"),
        ("What is the average salary of a developer in Helsinki?", "дом", "library"),
        ("Who won the 1998 World Cup in Helsinki?", "The agreement runs for six years", None),
    ],
)
def test_the_stage_that_lost_a_text_is_named(assistant, question, expected, stage):
    trace = assistant.trace(question)
    told = blame(trace, assistant.searcher(), expected)
    assert told["stage"] in (*STAGES, None)
    if stage:
        assert told["stage"] == stage
    else:
        assert told["stage"] in ("reading", "confidence")
        assert trace.answer.status == "abstained"


def test_a_passage_that_was_not_found_is_the_searchs_fault(make_library):
    from index.build import build

    texts = {
        f"{n}.txt": f"The harbour of town {n} has {n} cranes and a lighthouse." for n in range(60)
    }
    library = make_library({**texts, "far.txt": "Пироги пекут по субботам."})
    build(library)
    assistant = Assistant.open(library)
    trace = assistant.trace("How many cranes has the harbour of town 7?")
    found = {hit.passage.document for hit in trace.evidence.found}
    lost = next(name for name in texts if name not in found)
    told = blame(trace, assistant.searcher(), lost)
    assert told["stage"] == "search"
    assert lost in told["says"]


def test_a_text_across_the_border_of_two_passages_that_were_found_isnt_lost_by_search(make_library):
    from index.build import build

    lines = [f"Crane {n} of the harbour lifts {n + 20} tonnes of timber a day." for n in range(40)]
    library = make_library({"cranes.txt": " ".join(lines)})
    build(library)
    assistant = Assistant.open(library)
    searcher = assistant.searcher()
    store = searcher.generation.store
    first, second, *_ = store.passages_of("cranes.txt")
    text = store.text("cranes.txt") or ""
    across = text[first.end - 15 : second.start + 15]
    assert across not in first.text
    assert across not in second.text
    trace = assistant.trace("How many tonnes does a crane lift?")
    assert blame(trace, searcher, across)["stage"] not in ("library", "search")


def test_an_empty_library_can_be_explained(make_library):
    from index.build import build

    library = make_library({})
    build(library)
    assistant = Assistant.open(library)
    values = explanation(assistant.trace("Who signed?"), assistant.searcher(), "anything")
    assert values["found"] == values["read"] == []
    assert values["expected"]["stage"] == "library"
    assert "abstained" in explained(values)
