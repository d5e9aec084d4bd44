"""Which sentence answers, by the trained reader.

It reads each passage under its title, and says whether it answers and where. Then the sentences
that come out best are read again, each by itself under the title: among much else that is like it
an answer is found less surely than alone. What the two readings say is added: of a sentence, for
its score; of its words, for the span.
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

# How many sentences are read again.
READ_ALONE: Final = 8
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
        return _read_alone(query.text, mixed, by_passage, model, weights)

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
        + weights.relevance * relevance
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


def bounded(value: float) -> float:
    """Return what the model says, as far as it counts."""
    return min(max(value, -_BOUND), _BOUND)


def _read_alone(
    question: str,
    readings: Sequence[Reading],
    supports: Mapping[int, Support],
    model: SpanModel,
    weights: Weights,
) -> list[Reading]:
    """Read the best ones again, each alone; the others count as the worst of them.

    Args:
        readings: best first.
        supports: what was said of their passages, by passage id.
    """
    best, others = readings[:READ_ALONE], readings[READ_ALONE:]
    alone = model.score_titled(question, [(each.hit.passage.title, each.text) for each in best])
    read = [
        _with(each, supports[each.hit.passage.id], support)
        for each, support in zip(best, alone, strict=True)
    ]
    worst = min((each.alone for each in read), default=0.0)
    read += [replace(each, alone=worst) for each in others]
    weighed = [replace(each, score=each.score + weights.alone * each.alone) for each in read]
    return sorted(weighed, key=lambda reading: -reading.score)


def _with(reading: Reading, support: Support, alone: Support) -> Reading:
    """Return a reading with what was said of its sentence alone."""
    offset = reading.hit.passage.start
    joined = support.joined(alone, reading.sentence.start - offset).best()
    return replace(
        reading,
        span=Span(joined[0].start + offset, joined[0].end + offset) if joined else reading.span,
        alone=bounded(alone.relevance),
    )
