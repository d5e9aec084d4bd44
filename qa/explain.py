"""How an answer came about, for people and for programs; and which stage lost an expected text.

Shows a qa.trace.Trace and adds nothing to it, but for looking an expected text up in the library.
"""

import math
from typing import Any, Final

import regex

from documents import Span
from index.search import Hit, Searcher
from qa import confidence
from qa.answer_types import overlap
from qa.reading import Reading
from qa.trace import Trace

SHOWN: Final = 10
# The stages, in order, that may lose a text.
STAGES: Final = ("library", "search", "choice of what to read", "reading", "confidence")


def explanation(trace: Trace, searcher: Searcher, expected: str | None = None) -> dict[str, Any]:
    """Return each stage of an answer as JSON values.

    Args:
        searcher: the one that was asked.
        expected: words that a quote should hold, or a document's path.
    """
    evidence = trace.evidence
    query, wording = evidence.query, evidence.wording
    values: dict[str, Any] = {
        "question": {
            "language": evidence.language,
            "understood": wording.searched if wording else None,
            "read_as": wording.read if wording else None,
            "weighed": trace.weighed
            and {"as_typed": round(trace.weighed[0], 4), "carried": round(trace.weighed[1], 4)},
            "words": {term: round(weight, 3) for term, weight in query.weights.items()},
            "names": evidence.names(),
        },
        "found": _found(trace),
        "read": [_reading(trace, rank) for rank in range(min(SHOWN, len(evidence.readings)))],
        "confidence": _confidence(trace),
        "decision": trace.answer.status,
        "missing": list(trace.missing),
    }
    if expected is not None:
        values["expected"] = blame(trace, searcher, expected)
    return values


def _found(trace: Trace) -> list[dict[str, Any]]:
    """Return the passages found, with their ranks among these by each kind of evidence."""
    hits = trace.evidence.found
    read = {reading.hit.passage.id for reading in trace.evidence.readings}
    dense = _ranks([hit.cosine for hit in hits])
    lexical = _ranks([hit.lexical for hit in hits])
    return [
        {
            "rank": place + 1,
            "document": hit.passage.document,
            "language": hit.passage.language,
            "start": hit.passage.start,
            "end": hit.passage.end,
            "score": round(hit.score, 4),
            "cosine": round(hit.cosine, 4),
            "cosine_rank": dense[place],
            "lexical": round(hit.lexical, 4),
            "lexical_rank": lexical[place] if hit.lexical else None,
            "read": hit.passage.id in read,
        }
        for place, hit in enumerate(hits)
    ]


def _ranks(scores: list[float]) -> list[int]:
    """Return each score's rank from 1, the highest first; equal ones share a rank."""
    return [1 + sum(other > score for other in scores) for score in scores]


def _reading(trace: Trace, rank: int) -> dict[str, Any]:
    reading = trace.evidence.readings[rank]
    return {
        "rank": rank + 1,
        "document": reading.hit.passage.document,
        "start": reading.sentence.start,
        "end": reading.sentence.end,
        "sentence": reading.text,
        "span": reading.span._asdict(),
        "score": round(reading.score, 4),
        "cosine": round(reading.cosine, 4),
        "share": round(trace.evidence.query.share(reading.text), 4),
        "relevance": round(reading.relevance, 3),
        "margin": round(reading.margin, 3),
        "close": round(reading.close, 3),
        "quote": _quoted_in(trace, reading),
    }


def _quoted_in(trace: Trace, reading: Reading) -> int | None:
    """Return the number of the chosen place that holds a sentence, from 1."""
    for number, choice in enumerate(trace.choices, 1):
        if choice.holds(reading):
            return number
    return None


def _confidence(trace: Trace) -> dict[str, Any]:
    """Return what each feature adds to the logit that confidence is made of."""
    model = confidence.calibration()
    contributions = {
        name: round(model.weights[name] * value, 4) for name, value in trace.features.items()
    }
    return {
        "confidence": trace.answer.confidence,
        "threshold": trace.threshold,
        "threshold_logit": round(math.log(trace.threshold / (1 - trace.threshold)), 4),
        "bias": round(model.bias, 4),
        "features": {
            name: {"value": round(value, 4), "adds": contributions[name]}
            for name, value in trace.features.items()
        },
    }


def blame(trace: Trace, searcher: Searcher, expected: str) -> dict[str, Any]:
    """Return which stage lost an expected text, and what is known about it there.

    Returns:
        "stage": one of STAGES, None where it is quoted; "says": the same in a sentence.
    """
    wanted = _squeezed(expected)
    places = _places(searcher, wanted)
    if not places:
        return _lost("library", f"no document has “{wanted}”")
    found = [hit for hit in trace.evidence.found if _holds(hit, places)]
    if not found:
        where = ", ".join(sorted(places)[:3])
        return _lost("search", f"it is in {where}, but none of its passages was found")
    readings = [
        (rank, reading)
        for rank, reading in enumerate(trace.evidence.readings, 1)
        if any(reading.hit.passage.id == hit.passage.id for hit in found)
    ]
    if not readings:
        rank = trace.evidence.found.index(found[0]) + 1
        return _lost("choice of what to read", f"its passage was found at rank {rank}, not read")
    shown = trace.answer.quotes or trace.answer.nearest
    quoted = [
        quote for quote in shown if wanted in _squeezed(quote.quote) or quote.document == wanted
    ]
    if not quoted:
        return _lost("reading", _outdone(trace, readings, wanted))
    if trace.answer.status == "abstained":
        return _lost(
            "confidence",
            f"it was chosen, but confidence {trace.answer.confidence:.2f} is under the threshold "
            f"{trace.threshold:.2f}",
        )
    return {"stage": None, "says": f"quote {shown.index(quoted[0]) + 1} holds it"}


def _outdone(trace: Trace, readings: list[tuple[int, Reading]], wanted: str) -> str:
    inside = [(rank, each) for rank, each in readings if _squeezed(each.text) in wanted]
    inside += [(rank, each) for rank, each in readings if wanted in _squeezed(each.text)]
    rank, reading = min(inside or readings, key=lambda each: each[0])
    behind = trace.evidence.readings[0].score - reading.score
    return f"its sentence was read at rank {rank}, {behind:.3f} behind the best, and not chosen"


def _lost(stage: str, says: str) -> dict[str, Any]:
    return {"stage": stage, "says": says}


def _places(searcher: Searcher, wanted: str) -> dict[str, list[Span]]:
    """Return where a text stands, by document; one that is named by it is all of that document."""
    store = searcher.generation.store
    words = regex.compile(r"\s+".join(map(regex.escape, wanted.split())))
    places = {}
    for row in store.documents():
        text = store.text(row.document) or ""
        found = [Span(*match.span()) for match in words.finditer(text)]
        if row.document == wanted:
            found = [Span(0, len(text))]
        if found:
            places[row.document] = found
    return places


def _holds(hit: Hit, places: dict[str, list[Span]]) -> bool:
    """Tell whether a passage has a text, or begins or ends inside it."""
    passage = hit.passage
    here = Span(passage.start, passage.end)
    return any(overlap(here, place) for place in places.get(passage.document, ()))


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def explained(values: dict[str, Any]) -> str:
    """Return `explanation` as text."""
    return "\n".join(
        [
            *_question_lines(values["question"]),
            "",
            "Found (rank, score, cosine and its rank, words and their rank, * read):",
            *map(_found_line, values["found"]),
            "",
            "Read (rank, score, relevance, margin, relevance read closely, quote):",
            *map(_read_line, values["read"]),
            "",
            *_confidence_lines(values),
            *_expected_lines(values.get("expected")),
        ]
    )


def _question_lines(question: dict[str, Any]) -> list[str]:
    words = ", ".join(f"{term} {weight:.2f}" for term, weight in question["words"].items())
    lines = [f"Language: {question['language']}", f"Words that count: {words or 'none'}"]
    if question["weighed"]:
        weighed = question["weighed"]
        lines.append(
            f"Perhaps a follow-up: confidence {weighed['as_typed']:.2f} as typed, "
            f"{weighed['carried']:.2f} with what it carries"
        )
    if question["understood"]:
        lines += [f"Searched as: {question['understood']}", f"Read as: {question['read_as']}"]
    return lines


def _found_line(hit: dict[str, Any]) -> str:
    lexical = f"{hit['lexical']:.3f} #{hit['lexical_rank'] or '–'}"
    return (
        f"{hit['rank']:>3}{'*' if hit['read'] else ' '} {hit['score']:.3f}  "
        f"{hit['cosine']:.3f} #{hit['cosine_rank']}  {lexical}  "
        f"{hit['document']} {hit['start']}–{hit['end']} ({hit['language']})"
    )


def _read_line(reading: dict[str, Any]) -> str:
    quote = f"quote {reading['quote']}" if reading["quote"] else "–"
    sentence = _squeezed(reading["sentence"])
    cut = sentence if len(sentence) <= 90 else sentence[:89] + "…"
    return (
        f"{reading['rank']:>3}  {reading['score']:.3f}  {reading['relevance']:+.2f}  "
        f"{reading['margin']:+.2f}  {reading['close']:+.2f}  {quote}  {reading['document']}: {cut}"
    )


def _confidence_lines(values: dict[str, Any]) -> list[str]:
    sure = values["confidence"]
    features = sorted(sure["features"].items(), key=lambda item: -abs(item[1]["adds"]))
    total = sure["bias"] + sum(each["adds"] for _, each in features)
    lines = [f"Confidence (value, what it adds to the bias {sure['bias']:+.2f}):"]
    lines += [
        f"  {name:<28} {each['value']:>7.3f} {each['adds']:>+7.2f}" for name, each in features
    ]
    lines.append(
        f"  together {total:+.2f}, that is {sure['confidence']:.2f}; "
        f"the threshold is {sure['threshold_logit']:+.2f}, that is {sure['threshold']:.2f}: "
        f"{values['decision']}"
    )
    if values["missing"]:
        lines.append(f"  no passage mentions {', '.join(values['missing'])}")
    return lines


def _expected_lines(expected: dict[str, Any] | None) -> list[str]:
    if expected is None:
        return []
    stage = f"lost by {expected['stage']}: " if expected["stage"] else ""
    return ["", f"Expected text: {stage}{expected['says']}"]
