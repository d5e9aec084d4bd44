"""Measure a packed reader on the held-out halves, and fit how it is mixed with the encoder.

`python -m training.measure --data ../shared/data --work WORK --weights reader.npz --per 60`

Four things: where the answer is found in the right paragraph; how well paragraphs that answer are
told from those that don't, and papers from those that look alike; and, among the encoder's first
passages of a library, which passage and which sentence come first: by the encoder alone, and with
the reader.

Libraries have all paragraphs of a set in the languages that are named, belebele's as far as they
are whole; only questions of held-out paragraphs are asked.
"""

import argparse
import json
import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from documents.sentences import sentences
from index import lexical
from index.encoder import prepare
from index.rows import PassageRow, SentenceRow
from index.search import LEXICAL, Hit, Query
from qa.answer_types import expected
from qa.close_reading import READ_CLOSELY, bounded, counted, evidence, make_reader
from qa.evaluation import auroc, f1
from qa.evidence import FOUND, FOUND_PER_LANGUAGE, of_the_kind, to_read_of
from qa.span_model import SpanModel, Support, prepare_reader
from qa.units import units_asked
from qa.weights import WEIGHTS
from training import lookalikes
from training.corpus import Context, Corpus, Question, by_parallel, read_corpus
from training.mining import Vectors, embed, query_vectors
from training.papers import LANGUAGES

SOURCES: Final = ("xquad", "squad_dev", "belebele")
_XQUAD: Final = ("en", "tr", "ru", "ro", "de")
_SPANS: Final = (
    ("en", "en"), ("tr", "tr"), ("ru", "ru"), ("ro", "ro"), ("de", "de"),
    ("en", "tr"), ("en", "ru"), ("en", "de"), ("tr", "en"), ("ru", "en"), ("de", "en"),
)  # fmt: skip
NAMES: Final = (
    "sentence cosine", "passage cosine", "passage share", "sentence share", "same language",
    "relevance", "margin", "mass", "close",
)  # fmt: skip
# How a sentence is scored where no reader reads: qa/reading.py.
ENCODER: Final = np.array([1, 1, LEXICAL, *[0] * 6], np.float32)
# The same with the reader as it ships, without what qa/evidence.py adds.
_READ: Final = ("relevance", "margin", "mass", "close")
SHIPPED: Final = np.array(
    [1, 1, LEXICAL, 0, 0, *(getattr(WEIGHTS, name) for name in _READ)], np.float32
)
_FEW: Final = 20
_COMMON: Final = 0.1


@dataclass(frozen=True)
class Asked:
    """A question put to a library: a row a sentence of the passages read.

    Attributes:
        task: what is measured.
        features: (sentences, features) what search found, and what `evidence` says; see NAMES.
        passages: the passage of each row, a number from 0 in the encoder's order.
        right: rows that hold the answer; all of the right passage's where the place isn't known.
        found: rows of the right passage.
        located: whether the place is known.
    """

    task: str
    features: npt.NDArray[np.float32]
    passages: npt.NDArray[np.int64]
    right: npt.NDArray[np.bool_]
    found: npt.NDArray[np.bool_]
    located: bool


class Shelf:
    """Contexts with their vectors and words, as a library would have them."""

    def __init__(self, contexts: list[Context], work: Path) -> None:
        self.contexts = contexts
        self.work = work
        self.vectors = embed([each.text for each in contexts], "document", work)
        self.spans = [sentences(each.text) for each in contexts]
        texts = [
            each.text[span.start : span.end]
            for each, spans in zip(contexts, self.spans, strict=True)
            for span in spans
        ]
        self._sentences = embed(texts, "document", work)
        self._first = np.cumsum([0, *map(len, self.spans)])
        self._terms = [set(lexical.terms(each.text)) for each in contexts]

    def sentence_vectors(self, place: int) -> Vectors:
        """Return (sentences, dimension) of one context."""
        return self._sentences[self._first[place] : self._first[place + 1]]

    def opened(self, place: int) -> tuple[Hit, list[SentenceRow]]:
        """Return one context as a library that has nothing else would find it."""
        context = self.contexts[place]
        passage = PassageRow(
            0, "", context.name, "", context.language, None, "", (), 0, len(context.text),
            context.text,
        )  # fmt: skip
        sentences = [
            SentenceRow(0, span.start, span.end, context.text[span.start : span.end], vector)
            for span, vector in zip(self.spans[place], self.sentence_vectors(place), strict=True)
        ]
        return Hit(passage, 0.0, 0.0, 0.0), sentences

    def first(
        self, question: str, vector: Vectors, places: Sequence[int]
    ) -> tuple[Query, list[tuple[int, float, float]]]:
        """Return the passages to be read of a library of `places`: place, cosine, lexical share."""
        asked = set(lexical.terms(question))
        holding = Counter(term for place in places for term in asked & self._terms[place])
        common = max(_FEW, _COMMON * len(places))
        weights = {
            term: lexical.idf(len(places), holding[term])
            for term in sorted(asked)
            if holding[term] <= common
        }
        query = Query(question, vector, weights)
        total = sum(weights.values()) or 1.0
        cosines = self.vectors[list(places)] @ vector
        scored = []
        for place, cosine in zip(places, cosines, strict=True):
            share = sum(weights.get(term, 0.0) for term in asked & self._terms[place]) / total
            scored.append((place, float(cosine), share))
        scored.sort(key=lambda each: -(each[1] + LEXICAL * each[2]))
        seen: Counter[str] = Counter()
        found = []
        for rank, each in enumerate(scored):
            language = self.contexts[each[0]].language
            seen[language] += 1
            if rank < FOUND or seen[language] <= FOUND_PER_LANGUAGE:
                found.append(each)
        found.sort(
            key=lambda each: (
                -(
                    each[1]
                    + LEXICAL * each[2]
                    + float((self.sentence_vectors(each[0]) @ vector).max(initial=0.0))
                )
            )
        )
        languages = [self.contexts[place].language for place, _, _ in found]
        return query, [found[rank] for rank in to_read_of(languages)]


def ask(
    task: str,
    question: Question,
    right: Sequence[int],
    places: Sequence[int],
    shelf: Shelf,
    model: SpanModel,
    vector: Vectors,
    answers: dict[int, tuple[tuple[int, int], ...]],
) -> Asked:
    """Put a question to a library of `places`."""
    query, best = shelf.first(question.text, vector, places)
    supports = model.score(question.text, [shelf.contexts[place].text for place, _, _ in best])
    rows, texts, numbers, holds, found = [], [], [], [], []
    for number, ((place, cosine, share), support) in enumerate(zip(best, supports, strict=True)):
        text = shelf.contexts[place].text
        before = 0
        for span, own in zip(shelf.spans[place], shelf.sentence_vectors(place), strict=True):
            held = query.share(text[span.start : span.end])
            same = shelf.contexts[place].language == question.language
            relevance, *said = evidence(support, *span, support.best(*span))
            rows.append([float(own @ vector), cosine, share, held, same, counted(relevance), *said])
            texts.append(text[before : span.end])
            before = span.start
            numbers.append(number)
            found.append(place in right)
            places_of = answers.get(place)
            holds.append(
                place in right
                and (
                    not places_of
                    or any(start < span.end and end > span.start for start, end in places_of)
                )
            )
    features = np.array(rows, np.float32)
    again = np.argsort(-(features @ SHIPPED[: features.shape[1]]), kind="stable")[:READ_CLOSELY]
    read = model.score(question.text, [texts[row] for row in again])
    close = np.array([bounded(each.relevance) for each in read], np.float32)
    # The others count as the worst of those that are read again.
    more = np.full((len(rows), 1), close.min())
    more[again, 0] = close
    return Asked(
        task,
        np.hstack([features, more]),
        np.array(numbers),
        np.array(holds),
        np.array(found),
        bool(answers),
    )


def measure_spans(corpus: Corpus, model: SpanModel, xquad: Shelf, per: int) -> dict[str, float]:
    """Return span F1 in percent with the right paragraph given, by languages.

    The span is the one that a library of this paragraph alone would answer with.
    """
    place_of = {each.name: place for place, each in enumerate(xquad.contexts)}
    versions = by_parallel(corpus.of("xquad", True))
    names = sorted(versions)
    random.Random(5).shuffle(names)  # noqa: S311
    names = names[:per]
    questions = [versions[name][language] for name in names for language in _XQUAD]
    vectors = query_vectors(questions, xquad.work)
    reader = make_reader(model)
    found = {}
    for asked, read in _SPANS:
        scores = []
        for name in names:
            question, right = versions[name][asked], versions[name][read]
            hit, sentences = xquad.opened(place_of[right.context])
            readings = reader(Query(question.text, vectors[question.name], {}), [hit], sentences)
            kind, units = expected(question.text, asked), units_asked(question.text)
            best = max(
                (of_the_kind(each, kind, units) for each in readings),
                key=lambda reading: reading.score,
            )
            text = hit.passage.text
            said = text[best.span.start : best.span.end]
            scores.append(max(f1(said, text[start:end]) for start, end in right.answers))
        found[asked if asked == read else f"{asked}>{read}"] = 100 * sum(scores) / len(scores)
    return found


def measure_answerable(corpus: Corpus, model: SpanModel, per: int) -> dict[str, float | None]:
    """Return the AUROC of answered against adversarial and against unrelated paragraphs."""
    questions = corpus.of("squad_dev", True)
    random.Random(6).shuffle(questions)  # noqa: S311
    contexts = [corpus.contexts[each.context].text for each in questions]

    def scores(chosen: list[Question], shift: int) -> list[Support]:
        found = []
        for each in chosen:
            text = corpus.contexts[each.context].text
            if shift:
                text = next(other for other in contexts[shift:] if other != text)
            found += model.score(each.text, [text])
        return found

    answered = scores([each for each in questions if each.answerable][:per], 0)
    adversarial = scores([each for each in questions if not each.answerable][:per], 0)
    unrelated = scores([each for each in questions if each.answerable][:per], 7)
    found = {}
    for name, negatives in (("adversarial", adversarial), ("unrelated", unrelated)):
        for kind, of in (("relevance", lambda each: each.relevance), ("margin", _margin)):
            found[f"{name} {kind}"] = auroc(
                [of(each) for each in answered], [of(each) for each in negatives]
            )
    return found


def measure_lookalikes(model: SpanModel) -> dict[str, float | None]:
    """Return how well held-out papers that look alike are told apart, in any two languages.

    Span F1 in the right paper; how often it is first of the three, by relevance; the AUROC of its
    margin against the others', and against that of the paper which a near miss fits best.
    """
    draw = random.Random(3)  # noqa: S311  (no secret: the same languages again)
    right, alike, missed, spans, first = [], [], [], [], []

    def read(
        asked: Mapping[str, lookalikes.Asked], told: Sequence[lookalikes.Paper]
    ) -> list[Support]:
        question = asked[draw.choice(LANGUAGES)].text
        return model.score_titled(question, [(each.title, each.text) for each in told])

    for each in lookalikes.read_lookalikes():
        if not each.dev:
            continue
        for number, questions in enumerate(each.questions):
            for asked in questions:
                language = draw.choice(LANGUAGES)
                told = [paper[language] for paper in each.papers]
                own, *rest = read(asked, [told.pop(number), *told])
                best, text = own.best(), each.papers[number][language].text
                said = text[best[0].start : best[0].end] if best else ""
                spans.append(f1(said, asked[language].answer))
                first.append(own.relevance >= max(other.relevance for other in rest))
                right.append(_margin(own))
                alike += map(_margin, rest)
        for asked in each.unanswerable:
            language = draw.choice(LANGUAGES)
            supports = read(asked, [paper[language] for paper in each.papers])
            missed.append(_margin(max(supports, key=lambda support: support.relevance)))
    return {
        "span F1": sum(spans) / len(spans),
        "first": sum(first) / len(first),
        "lookalikes": auroc(right, alike),
        "near misses": auroc(right, missed),
    }


def _margin(support: Support) -> float:
    best = support.best()
    return (best[1] if best else -50.0) - support.nowhere


def collect(corpus: Corpus, model: SpanModel, xquad: Shelf, per: int) -> list[Asked]:
    """Ask held-out questions of libraries in one and in several languages."""
    found: list[Asked] = []
    versions = by_parallel(corpus.of("xquad", True))
    names = sorted(versions)
    random.Random(7).shuffle(names)  # noqa: S311
    flat = [versions[name][language] for name in names[:per] for language in ("en", "tr", "ru")]
    vectors = query_vectors(flat, xquad.work)
    place_of = {each.name: place for place, each in enumerate(xquad.contexts)}
    everything = range(len(xquad.contexts))
    for name in names[:per]:
        for asked, read in (
            ("en", "*"),
            ("tr", "*"),
            ("ru", "*"),
            ("en", "tr"),
            ("en", "ru"),
            ("tr", "en"),
            ("ru", "en"),
        ):
            question = versions[name][asked]
            parallel = corpus.contexts[question.context].parallel
            languages = _XQUAD if read == "*" else (read,)
            answers = {
                place_of[each.context]: each.answers
                for each in versions[name].values()
                if each.language in languages
            }
            places = [
                place
                for place in everything
                if place in answers or xquad.contexts[place].parallel != parallel
            ]
            task = f"xquad {asked}>{read}"
            found.append(
                ask(
                    task,
                    question,
                    list(answers),
                    places,
                    xquad,
                    model,
                    vectors[question.name],
                    answers,
                )
            )
    found += _belebele(corpus, model, xquad.work)
    return found


def _belebele(corpus: Corpus, model: SpanModel, work: Path) -> list[Asked]:
    """Ask every held-out English question whose passage is whole in all the other languages."""
    languages = ("en", "lv", "az", "tr", "ru")
    contexts = [each for each in corpus.contexts_of("belebele") if each.whole]
    shelf = Shelf([each for each in contexts if each.language in languages], work)
    everywhere = set.intersection(
        *({each.parallel for each in contexts if each.language == name} for name in languages)
    )
    questions = [
        each
        for each in corpus.of("belebele", True)
        if each.language == "en" and corpus.contexts[each.context].parallel in everywhere
    ]
    vectors = embed([each.text for each in questions], "query", work)
    found = []
    for question, vector in zip(questions, vectors, strict=True):
        parallel = corpus.contexts[question.context].parallel
        for language in languages[1:]:
            only = [n for n, each in enumerate(shelf.contexts) if each.language == language]
            right = [n for n in only if shelf.contexts[n].parallel == parallel]
            task = f"belebele en>{language}"
            found.append(ask(task, question, right, only, shelf, model, vector, {}))
            if language in ("lv", "az"):
                mixed = [
                    n
                    for n, each in enumerate(shelf.contexts)
                    if each.language in ("en", language)
                    and (each.parallel != parallel or n in right)
                ]
                task += " among en"
                found.append(ask(task, question, right, mixed, shelf, model, vector, {}))
    return found


def fit(asked: list[Asked], strength: float = 0.003) -> npt.NDArray[np.float32]:
    """Return weights of the features, the sentence's cosine being 1: a conditional logit.

    Each question whose answer is among its rows has the same weight; its loss is the logarithm of
    the probability of its right rows together (McFadden 1974). Weights are drawn to ENCODER.
    """
    import torch

    encoder = torch.from_numpy(ENCODER)
    sharpness = torch.tensor(2.3, requires_grad=True)
    more = torch.zeros(len(NAMES), requires_grad=True)
    optimizer = torch.optim.LBFGS([sharpness, more], max_iter=300, line_search_fn="strong_wolfe")
    answered = [each for each in asked if each.right.any()]
    features = [torch.from_numpy(each.features) for each in answered]
    rights = [torch.from_numpy(each.right) for each in answered]

    def closure() -> Any:
        optimizer.zero_grad()
        loss = strength * more[1:].square().sum()
        weights = encoder * sharpness.exp() + more
        for values, right in zip(features, rights, strict=True):
            scores = (values @ weights).log_softmax(0)
            loss = loss - scores[right].logsumexp(0) / len(features)
        loss.backward()
        return loss

    optimizer.step(closure)
    found = (encoder * sharpness.exp() + more).detach().numpy()
    return found / found[0]


def report(asked: list[Asked], weights: npt.NDArray[np.float32]) -> dict[str, dict[str, float]]:
    """Return by task: right passage first and read at all, right sentence first and among three."""
    tasks: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for each in asked:
        order = np.argsort(-(each.features @ weights), kind="stable")
        tasks[each.task].append(
            (
                float(each.found[order[0]]),
                float(each.found.any()),
                float(each.right[order[0]]) if each.located else np.nan,
                float(each.right[order[:3]].any()) if each.located else np.nan,
            )
        )
    names = ("passage first", "passage read", "sentence first", "sentence in three")
    return {
        task: dict(zip(names, np.mean(rows, axis=0).round(3).tolist(), strict=True))
        | {"questions": len(rows)}
        for task, rows in tasks.items()
    }


def main() -> None:
    """Read the command line and print the measures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--weights", type=Path, help="a packed reader; else the one that ships")
    parser.add_argument("--per", type=int, default=60, help="questions a task; all of belebele")
    parser.add_argument("--threads", type=int, default=2)
    values = parser.parse_args()
    encoder = prepare()
    model = SpanModel(prepare_reader(encoder, values.weights), encoder, values.threads)
    corpus = read_corpus(values.data, SOURCES)
    paragraphs = [each for each in corpus.contexts_of("xquad") if each.language in _XQUAD]
    xquad = Shelf(paragraphs, values.work)
    spans = measure_spans(corpus, model, xquad, values.per)
    print(json.dumps({"span F1": spans}), flush=True)
    print(json.dumps({"AUROC": measure_answerable(corpus, model, values.per)}), flush=True)
    print(json.dumps({"lookalikes": measure_lookalikes(model)}), flush=True)
    asked = collect(corpus, model, xquad, values.per)
    np.save(values.work / "asked.npy", np.array(asked, object), allow_pickle=True)
    weights = fit(asked)
    print(json.dumps({"weights": dict(zip(NAMES, weights.round(4).tolist(), strict=True))}))
    reports = {
        "encoder": report(asked, ENCODER),
        "as it ships": report(asked, SHIPPED),
        "with these weights": report(asked, weights),
    }
    for task in reports["encoder"]:
        print(json.dumps({task: {name: each[task] for name, each in reports.items()}}))


if __name__ == "__main__":
    main()
