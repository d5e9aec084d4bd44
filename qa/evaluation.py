"""Measure: does the right document come first, does a quote hold the answer, does it know when not?

A question is a JSON line: {"id", "language", "question", "answerable", "document", "also",
"answers": [{"text"}], "kind"}. `document` and `also` are the paths that answer; `answers` are their
exact words. Everything but "question" and "answerable" may be missing.
"""

import json
import math
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import regex

from index.errors import LibraryError
from index.search import Hit
from qa.answer import Answer, Quote, verify
from qa.assistant import Assistant, checked
from qa.risk import COVERAGES, Case, risk_report

RECALL_AT: Final = (1, 3, 5, 10)
_WORD: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A question with what is expected.

    Attributes:
        documents: paths that answer; empty where none is known or none does.
        answers: exact words, any of which is right; empty where they aren't known.
        kind: a name for a group of questions, None where it has none.
    """

    id: Any
    question: str
    language: str
    kind: str | None
    answerable: bool
    documents: frozenset[str]
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened with a question. Where a measure doesn't apply it is None.

    Attributes:
        rank: of the first right document among the hits, from 0; None where it isn't there.
        first_hit, any_hit: whether the first quote, or any, holds the answer. An abstention's
            nearest passages count here: this measures finding, `abstained` measures refusal.
    """

    question: Question
    answer: Answer
    rank: int | None
    first_hit: bool | None
    any_hit: bool | None
    span_f1: float | None
    span_exact: bool | None


def read_questions(path: Path) -> list[Question]:
    """Read questions from JSON lines.

    Raises:
        LibraryError: a line isn't a question.
    """
    questions = []
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            # Editors on Windows put a mark before the first line.
            questions.append(_question(json.loads(line.decode("utf-8-sig"))))
        except LibraryError as error:
            raise LibraryError(f"{path}, line {number}: {error}") from error
        except UnicodeDecodeError as error:
            raise LibraryError(
                f"{path}, line {number}: it isn't UTF-8: save the file in that encoding"
            ) from error
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise LibraryError(
                f'{path}, line {number}: not a question with "question" and "answerable"'
            ) from error
    return questions


def _question(values: dict[str, Any]) -> Question:
    documents = [values.get("document"), *values.get("also", ())]
    kind = values.get("kind")
    return Question(
        id=values.get("id"),
        question=checked(_text(values["question"])),
        language=_text(values.get("language") or values.get("lang") or "und"),
        kind=None if kind is None else _text(kind),
        answerable=bool(values["answerable"]),
        documents=frozenset(_text(name) for name in documents if name),
        answers=tuple(_text(answer["text"]) for answer in values.get("answers", ())),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def measure(
    assistant: Assistant,
    questions: Sequence[Question],
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> dict[str, Any]:
    """Ask every question and return the measures, over all and by language and kind.

    "risk" holds qa.risk's reports, over all and by language, of the questions that say whether
    there is an answer and, if so, its words.
    """
    outcomes = []
    started = time.monotonic()
    for place, question in enumerate(questions):
        progress("Asking", place, len(questions))
        outcomes.append(_ask(assistant, question))
    progress("Asking", len(questions), len(questions))
    elapsed_s = time.monotonic() - started
    languages = sorted({question.language for question in questions})
    kinds = sorted({question.kind for question in questions if question.kind})
    return {
        "all": summary(outcomes),
        "languages": {
            name: summary([each for each in outcomes if each.question.language == name])
            for name in languages
        },
        "kinds": {
            name: summary([each for each in outcomes if each.question.kind == name])
            for name in kinds
        },
        "risk": {
            "all": risk_report(_cases(outcomes)),
            "languages": {
                name: risk_report(
                    _cases([each for each in outcomes if each.question.language == name])
                )
                for name in languages
            },
        },
        "seconds_per_question": round(elapsed_s / max(1, len(questions)), 4),
        "generation": assistant.searcher().generation.manifest.number,
    }


def _ask(assistant: Assistant, question: Question) -> Outcome:
    trace = assistant.trace(question.question)
    answer = trace.answer
    quotes = answer.quotes or answer.nearest
    for quote in quotes:
        verify(quote, assistant.searcher().generation.store.text(quote.document))
    expected = question.answerable and bool(question.answers)
    holds = [_holds(quote, question) for quote in quotes]
    spans = [
        quote.quote[quote.span.start - quote.start : quote.span.end - quote.start]
        for quote in quotes[:1]
    ] or [""]
    return Outcome(
        question=question,
        answer=answer,
        rank=_rank(trace.evidence.ranked(), question) if question.documents else None,
        first_hit=any(holds[:1]) if expected else None,
        any_hit=any(holds) if expected else None,
        span_f1=max(f1(spans[0], right) for right in question.answers) if expected else None,
        span_exact=spans[0] in question.answers if expected else None,
    )


def _holds(quote: Quote, question: Question) -> bool:
    right_document = not question.documents or quote.document in question.documents
    return right_document and any(answer in quote.quote for answer in question.answers)


def _rank(hits: Sequence[Hit], question: Question) -> int | None:
    # Passages of one document count once: what is ranked here are documents.
    documents = list(dict.fromkeys(hit.passage.document for hit in hits))
    ranks = [rank for rank, name in enumerate(documents) if name in question.documents]
    return min(ranks, default=None)


def summary(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """Return the measures over some outcomes; None where there is nothing to measure."""
    located = [each for each in outcomes if each.question.answerable and each.question.documents]
    answerable = [each for each in outcomes if each.question.answerable]
    unanswerable = [each for each in outcomes if not each.question.answerable]
    recall = {
        f"recall@{k}": mean([each.rank is not None and each.rank < k for each in located])
        for k in RECALL_AT
    }
    return {
        "questions": len(outcomes),
        **recall,
        "mrr": mean([0.0 if each.rank is None else 1 / (each.rank + 1) for each in located]),
        "first_quote_hit": mean([each.first_hit for each in outcomes]),
        "quote_hit": mean([each.any_hit for each in outcomes]),
        "span_f1": mean([each.span_f1 for each in outcomes]),
        "span_em": mean([each.span_exact for each in outcomes]),
        "answered": mean([each.answer.status == "answered" for each in answerable]),
        "abstained": mean([each.answer.status == "abstained" for each in unanswerable]),
        "abstention_auroc": auroc(
            [each.answer.confidence for each in answerable],
            [each.answer.confidence for each in unanswerable],
        ),
    }


def _cases(outcomes: Sequence[Outcome]) -> list[Case]:
    """Return how sure each answer was, and whether a quote of it holds the right words.

    Where there is no answer every answer is wrong; where its words aren't known nothing is.
    """
    return [
        Case(each.answer.confidence, bool(each.any_hit))
        for each in outcomes
        if each.any_hit is not None or not each.question.answerable
    ]


def f1(found: str, right: str) -> float:
    """Return the harmonic mean of precision and recall over words.

    Rajpurkar et al. 2016, "SQuAD", without its removal of English articles.
    """
    ours, theirs = (Counter(_WORD.findall(text.casefold())) for text in (found, right))
    common = (ours & theirs).total()
    return 2 * common / (ours.total() + theirs.total()) if common else 0.0


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """Return the probability that a positive scores above a negative, ties counting half.

    Hanley and McNeil 1982, "The meaning and use of the area under a ROC curve".
    """
    if not positives or not negatives:
        return None
    wins = sum((p > n) + (p == n) / 2 for p in positives for n in negatives)
    return round(wins / (len(positives) * len(negatives)), 4)


def mean(values: Sequence[float | bool | None]) -> float | None:
    """Return the mean of what is known, rounded to four digits; None where nothing is."""
    known = [value for value in values if value is not None]
    return round(math.fsum(known) / len(known), 4) if known else None


def table(report: dict[str, Any]) -> str:
    """Return the measures as text tables: a row a group, a column a measure."""
    groups = {"all": report["all"], **report["languages"], **report["kinds"]}
    columns = list(report["all"])
    width = max(map(len, groups))
    lines = [" ".join([" " * width, *columns])]
    for name, values in groups.items():
        cells = ["–" if values[column] is None else values[column] for column in columns]
        padded = [f"{cell:>{len(column)}}" for cell, column in zip(cells, columns, strict=True)]
        lines.append(" ".join([name.ljust(width), *padded]))
    lines += ["", *_risk_lines(report["risk"], width), ""]
    lines.append(f"{report['seconds_per_question']} s a question")
    return "\n".join(lines)


def _risk_lines(report: dict[str, Any], width: int) -> list[str]:
    """Return two tables: wrong answers among the surest ones, and how often confidence holds."""
    groups = {"all": report["all"], **report["languages"]}
    groups = {name: values for name, values in groups.items() if values["cases"]}
    if not groups:
        return ["risk: no question says whether it has an answer"]
    columns = [f"{at:.0%}" for at in COVERAGES]
    head = "".join(f"{column:>7}" for column in [*columns, "AURC", "ECE"])
    lines = ["risk: share of wrong ones among the surest answers", " " * width + head]
    for name, values in groups.items():
        cells = [*values["risk"].values(), values["aurc"], values["ece"]]
        lines.append(name.ljust(width) + "".join(f"{cell:>7.3f}" for cell in cells))
    lines += ["", "reliability: confidence, and how many were right", "bin      cases  sure right"]
    lines += [
        f"{row['from']:.1f}–{row['to']:.1f} {row['cases']:>7} {row['confidence']:>5.2f} "
        f"{row['right']:>5.2f}"
        for row in report["all"]["bins"]
    ]
    return lines
