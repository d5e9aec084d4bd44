"""Fit what counts for a sentence: `python -m training.weigh --data DATA --work WORK --per 24`.

Asks training/calibrate.py's questions, of public sets and of the papers of made-up partnerships, of
their libraries as the product does, and looks for the weights of qa/weights.py that rank the right
sentence and the right document first. Prints them, with what comes first by those that ship and by
these: fitted to all, and by five folds to questions that were held out, a partnership being wholly
in one.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from qa.close_reading import counted, make_reader
from qa.evidence import FURTHER, gather
from qa.span_model import SpanModel
from qa.weights import WEIGHTS, Weights
from training.calibrate import (
    FOLDS,
    SOURCES,
    Task,
    answers,
    file_of,
    folds_of,
    searcher_of,
    tasks,
)
from training.corpus import read_corpus

FITTED: Final = (
    "relevance",
    "margin",
    "mass",
    "close",
    "same_language",
    "of_the_kind",
    "lacks_names",
    "lacks_numbers",
)
_STEPS: Final = (0.0, 0.5, 0.8, 1.25, 2.0)
_SMALLEST: Final = 0.002
_ROUNDS: Final = 6
_BY: Final = ("document first", "sentence first", "among three")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Ranked:
    """A question's sentences.

    Attributes:
        group: what is held out together.
        plain: (sentences,) the scores without any of the weights.
        values: (sentences, weights) what FITTED weigh.
        documents: (sentences,) numbers of their documents from 0.
        several: (documents,) whether more than one passage of it was read.
        right: (sentences,) whether each answers.
        found: (sentences,) whether each is of a document that answers.
    """

    task: str
    group: str
    plain: Floats
    values: Floats
    documents: npt.NDArray[np.int64]
    several: npt.NDArray[np.bool_]
    right: npt.NDArray[np.bool_]
    found: npt.NDArray[np.bool_]

    @property
    def ours(self) -> bool:
        """Whether it is about the papers of partnerships."""
        return self.task.startswith("partnership")


def ranked(task: Task, work: Path, model: SpanModel) -> list[Ranked]:
    """Ask a task's questions that have an answer."""
    # Which sentences are read again depends on the weights.
    alone = replace(WEIGHTS, document=0.0)
    weighed = np.array([getattr(alone, name) for name in FITTED])
    reader, searcher = make_reader(model, alone), searcher_of(task, work)
    found = []
    for asked in task.asked:
        if asked.context is None:
            continue
        evidence = gather(searcher, reader, asked.question.text, weights=alone)
        paths = [each.hit.passage.document for each in evidence.readings]
        numbers = {path: number for number, path in enumerate(dict.fromkeys(paths))}
        passages: dict[str, set[int]] = defaultdict(set)
        for each in evidence.readings:
            passages[each.hit.passage.document].add(each.hit.passage.id)
        answering = set(map(file_of, (asked.context, *asked.also)))
        rows = [
            (
                counted(each.relevance),
                each.margin,
                each.mass,
                each.close,
                float(each.hit.passage.language == evidence.language),
                float(each.fits),
                -evidence.missing[each.hit.passage.document].names,
                -evidence.missing[each.hit.passage.document].numbers,
            )
            for each in evidence.readings
        ]
        found.append(
            Ranked(
                task.name,
                asked.group or asked.question.name,
                np.array([each.score for each in evidence.readings]) - np.array(rows) @ weighed,
                np.array(rows),
                np.array([numbers[path] for path in paths]),
                np.array([len(passages[path]) > 1 for path in numbers]),
                np.array([answers(each, each.sentence, asked) for each in evidence.readings]),
                np.array([path in answering for path in paths]),
            )
        )
    return [each for each in found if len(each.plain)]


def scores(each: Ranked, weights: Weights) -> Floats:
    """Return the sentences' scores, as qa/evidence.py has them."""
    own = each.plain + each.values @ np.array([getattr(weights, name) for name in FITTED])
    further = [
        np.sort(own[each.documents == number])[::-1][1 : 1 + FURTHER] if several else own[:0]
        for number, several in enumerate(each.several)
    ]
    means = [part.mean() for part in further if part.size]
    average = np.mean(means) if means else 0.0
    behind = np.array([part.mean() if part.size else average for part in further])
    return own - weights.document * (max(means, default=0.0) - behind)[each.documents]


def loss(asked: Sequence[Ranked], shares: Floats, weights: Weights, sharpness: float) -> float:
    """Return the mean of the negative log probabilities of right sentences and right documents."""
    total = 0.0
    for each, share in zip(asked, shares, strict=True):
        sharp = scores(each, weights) * sharpness
        probability = np.exp(sharp - sharp.max())
        probability /= probability.sum()
        for right in (each.right, each.found):
            total -= share * np.log(probability[right].sum() + 1e-6)
    return float(total)


def shares_of(asked: Sequence[Ranked]) -> Floats:
    """Return what each question counts: partnerships as much as all else, tasks there alike."""
    ours = np.array([each.ours for each in asked])
    sizes: dict[str, int] = defaultdict(int)
    for each in asked:
        sizes[each.task] += 1
    shares = np.array([1 / sizes[each.task] for each in asked])
    shares[ours] = 1.0
    for part in (ours, ~ours):
        shares[part] /= 2 * max(1e-9, shares[part].sum())
    return shares


def fit(asked: Sequence[Ranked], start: Weights = WEIGHTS) -> Weights:
    """Return weights with a lower loss than the neighbours' on a grid of factors."""
    shares = shares_of(asked)
    best, sharpness = start, 30.0
    lowest = loss(asked, shares, best, sharpness)
    for _ in range(_ROUNDS):
        before = lowest
        for name in (*FITTED, "document"):
            for step in _STEPS:
                value = max(getattr(best, name), _SMALLEST) * step
                tried = replace(best, **{name: value})
                if (found := loss(asked, shares, tried, sharpness)) < lowest - 1e-5:
                    best, lowest = tried, found
        for step in _STEPS[1:]:
            if (found := loss(asked, shares, best, sharpness * step)) < lowest - 1e-5:
                sharpness, lowest = sharpness * step, found
        if before - lowest < 1e-4:
            break
    return best


def first(each: Ranked, weights: Weights) -> tuple[bool, bool, bool]:
    """Return whether a right document and a right sentence come first, and one among three."""
    order = np.argsort(-scores(each, weights), kind="stable")
    return bool(each.found[order[0]]), bool(each.right[order[0]]), bool(each.right[order[:3]].any())


def table(asked: Sequence[Ranked], by: Sequence[Weights]) -> str:
    """Return what comes first for each task, by weights for each question."""
    rows: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    for each, weights in zip(asked, by, strict=True):
        rows[each.task].append(first(each, weights))
        kind = "partnerships" if each.ours else "public"
        rows[f"all {kind}"].append(first(each, weights))
    lines = [f"| questions | | {' | '.join(_BY)} |", "|---|---|---|---|---|"]
    for name, found in rows.items():
        said = " | ".join(f"{value:.3f}" for value in np.mean(found, axis=0))
        lines.append(f"| {name} | {len(found)} | {said} |")
    return "\n".join(lines)


def held_out(asked: Sequence[Ranked]) -> list[Weights]:
    """Return for each question weights that were fitted without it."""
    folds = folds_of([each.group for each in asked])
    by_fold = [
        fit([each for each, fold in zip(asked, folds, strict=True) if fold != held])
        for held in range(FOLDS)
    ]
    return [by_fold[fold] for fold in folds]


def main() -> None:
    """Ask, fit, and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--per", type=int, default=24, help="questions a task")
    arguments = parser.parse_args()
    corpus, model = read_corpus(arguments.data, SOURCES), SpanModel.open(threads=2)
    asked: list[Ranked] = []
    for task in tasks(corpus, arguments.per):
        asked += ranked(task, arguments.work, model)
        print(f"{task.name}: {len(asked)} questions", flush=True)
    fitted = fit(asked)
    for name, by in (
        ("as it ships", [WEIGHTS] * len(asked)),
        ("held out", held_out(asked)),
        ("fitted to all", [fitted] * len(asked)),
    ):
        print(f"\n{name}\n{table(asked, by)}", flush=True)
    print({name: round(value, 4) for name, value in asdict(fitted).items()})


if __name__ == "__main__":
    main()
