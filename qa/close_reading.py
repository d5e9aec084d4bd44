"""Which sentence answers, by the trained reader.

It reads each passage under its title, and says whether it answers and where. Then the sentences
that come out best are read again under the title: among much else that is like it an answer is
found less surely. By itself a sentence tells best which of its words answer; with the sentence
before it, whether it does: "The coordinator of the programme" is of no programme without. What the
readings say is added: of a sentence, for its score; of its words, for the span.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from documents import Span
from index.rows import SentenceRow
from index.search import Hit, Query
from qa.reading import Reader, Reading, read_sentences
from qa.span_model import SpanModel, Support
from qa.weights import WEIGHTS, Weights

# How many sentences are read again, for whether they answer; and how many of them for the words.
READ_CLOSELY: Final = 8
READ_ALONE: Final = 4
_BOUND: Final = 12.0


def default_reader(threads: int = 2) -> Reader:
    """Return the reader that ships, open.

    Args:
        threads: processor threads a question may use.
    """
    return make_reader(SpanModel.open(threads))


def make_reader(model: SpanModel, weights: Weights = WEIGHTS) -> Reader:
    """Return a reader that mixes what the encoder says with what the model says."""

    def read(query: Query, hits: Sequence[Hit], sentences: Sequence[SentenceRow]) -> list[Reading]:
        readings = read_sentences(query, hits, sentences)
        passages = [hit.passage for hit in hits]
        supports = model.score_titled(query.text, [(each.title, each.text) for each in passages])
        by_passage = {each.id: support for each, support in zip(passages, supports, strict=True)}
        mixed = [_supported(each, by_passage[each.hit.passage.id], weights) for each in readings]
        mixed.sort(key=lambda reading: -reading.score)
        return _read_closely(query.text, mixed, by_passage, model, weights)

    return read


def _supported(reading: Reading, support: Support, weights: Weights) -> Reading:
    offset = reading.hit.passage.start
    start, end = reading.sentence.start - offset, reading.sentence.end - offset
    best = support.best(start, end)
    relevance, margin, mass = evidence(support, start, end, best)
    span = best[0] if best else None
    inside = span is not None and start <= span.start < span.end <= end
    return replace(
        reading,
        span=Span(span.start + offset, span.end + offset) if span and inside else reading.span,
        score=reading.score
        + weights.relevance * counted(relevance)
        + weights.margin * margin
        + weights.mass * mass,
        relevance=relevance,
        margin=margin,
        mass=mass,
    )


def evidence(
    support: Support, start: int, end: int, best: tuple[Span, float] | None
) -> tuple[float, float, float]:
    """Return what the model says for these characters of a passage, as it is mixed.

    Relevance of the passage, how the best span here stands to "nowhere", and the log probability
    that the answer starts and ends here; each kept in bounds, so that none can drown the others.

    Args:
        best: what `support.best` gives for these characters.
    """
    relevance = bounded(support.relevance)
    part = support.touched(start, end)
    if best is None or part is None:
        return relevance, -_BOUND, -_BOUND
    mass = math.log(float(np.exp(support.starts[part]).sum()) + 1e-9) + math.log(
        float(np.exp(support.ends[part]).sum()) + 1e-9
    )
    margin = bounded(best[1] - support.nowhere)
    return relevance, margin, max(mass, -_BOUND)


def counted(relevance: float) -> float:
    """Return how much of "this passage answers" counts: "it doesn't" is said of most, for nothing.

    A passage in another language is doubted more than one in the question's own.
    """
    return max(relevance, 0.0)


def bounded(value: float) -> float:
    """Return what the model says, as far as it counts."""
    return min(max(value, -_BOUND), _BOUND)


def _read_closely(
    question: str,
    readings: Sequence[Reading],
    supports: Mapping[int, Support],
    model: SpanModel,
    weights: Weights,
) -> list[Reading]:
    """Read the best ones again; the others count as the worst of them.

    Args:
        readings: best first, all of their passages.
        supports: what was said of their passages, by passage id.
    """
    best, others = list(readings[:READ_CLOSELY]), readings[READ_CLOSELY:]
    texts = [(each.hit.passage.title, with_before(each, readings)) for each in best]
    texts += [(each.hit.passage.title, each.text) for each in best[:READ_ALONE]]
    said = model.score_titled(question, texts)
    close, alone = said[: len(best)], said[len(best) :]
    best[:READ_ALONE] = [
        _spanned(each, supports[each.hit.passage.id], support)
        for each, support in zip(best[:READ_ALONE], alone, strict=True)
    ]
    read = [
        replace(each, close=bounded(support.relevance))
        for each, support in zip(best, close, strict=True)
    ]
    worst = min((each.close for each in read), default=0.0)
    read += [replace(each, close=worst) for each in others]
    weighed = [replace(each, score=each.score + weights.close * each.close) for each in read]
    return sorted(weighed, key=lambda reading: -reading.score)


def with_before(reading: Reading, readings: Sequence[Reading]) -> str:
    """Return a sentence with the one before it in its passage, where there is one."""
    passage = reading.hit.passage
    before = [
        each.sentence.start
        for each in readings
        if each.hit.passage.id == passage.id and each.sentence.start < reading.sentence.start
    ]
    start = max(before, default=reading.sentence.start)
    return passage.text[start - passage.start : reading.sentence.end - passage.start]


def _spanned(reading: Reading, support: Support, alone: Support) -> Reading:
    """Return a reading with the span that its passage and its sentence alone tell together."""
    offset = reading.hit.passage.start
    joined = support.joined(alone, reading.sentence.start - offset).best()
    if not joined:
        return reading
    return replace(reading, span=Span(joined[0].start + offset, joined[0].end + offset))
