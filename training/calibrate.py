"""Fit qa/calibration.json: how sure the best reading is, and when to abstain.

    python -m training.calibrate --data DATA --work WORK [--per 100]

Held-out questions are asked of libraries made of their sets, each twice: with the paragraph that
answers in the library, and with it (and its translations) passed over. A question counts as
answered where one of the quotes holds the answer; where the paragraph is there but no quote holds
it, it counts as unanswered too. squad_dev's adversarial questions count as unanswered, and so do
questions with a name or a number exchanged for another's, whose paragraph is there. Latvian and
Azerbaijani are asked of news, by tests/bench/news_questions.jsonl; and the papers of six made-up
partnerships (tests/bench/papers) what they say and what they don't, each alone and all
together. The weights are a logistic regression's; what is printed is measured by five-fold
cross-validation, in which a partnership is wholly in one fold.
"""

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from documents import Span
from index.build import build
from index.library import Library
from index.search import Searcher
from qa.close_reading import default_reader
from qa.confidence import FEATURES, features
from qa.evaluation import auroc, mean
from qa.evidence import gather
from qa.mentions import names
from qa.quoting import choose
from qa.reading import Reader, Reading
from tests.bench import partnerships
from tests.bench.news import QUESTIONS, answering_lines, overlap, plain
from training.corpus import Context, Corpus, Question, read_corpus

SEED = 7
SOURCES = ("xquad", "belebele", "squad_dev", "thquad", "tydiqa_ru", "ntrex")
NEWS_LANGUAGES = ("lv", "az")
XQUAD_LANGUAGES = ("en", "tr", "ru", "ro", "de")
BELEBELE_LANGUAGES = ("lv", "az", "tr", "ru", "lt", "et", "en")
PRECISION = 0.615
FOLDS = 5
QUOTES = 3
BINS = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A question asked of a library.

    Attributes:
        task: the library, for the table.
        there: whether the paragraph that answers is in the library.
        right: whether one of the quotes holds the answer.
        group: what is held out together.
    """

    task: str
    values: list[float]
    there: bool
    right: bool
    group: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the paragraph that answers it, and the answers' exact words.

    Attributes:
        context: None where none answers.
        answers: empty where they aren't known.
        also: other paragraphs that answer.
        group: what its cases are held out with; "" where that is the question alone.
    """

    question: Question
    context: Context | None
    answers: tuple[str, ...] = ()
    also: tuple[Context, ...] = ()
    group: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """Paragraphs for a library, and questions for it."""

    name: str
    library: str
    contexts: list[Context]
    asked: list[Asked]


def tasks(corpus: Corpus, per: int) -> Iterator[Task]:
    """Yield the libraries with their held-out questions, at most `per` of each kind."""
    chance = random.Random(SEED)  # noqa: S311

    def some(asked: list[Asked]) -> list[Asked]:
        return chance.sample(asked, min(per, len(asked)))

    def own(source: str) -> list[Asked]:
        return [_asked(corpus, each) for each in corpus.of(source, dev=True)]

    xquad = corpus.contexts_of("xquad")
    mixed = [each for each in xquad if each.language in XQUAD_LANGUAGES]
    everything = own("xquad")
    for language in XQUAD_LANGUAGES:
        asked = [each for each in everything if each.question.language == language]
        yield Task(f"xquad {language}", "xquad", mixed, some(asked))
        misses = [other for each in asked if (other := near_miss(corpus, each, asked, chance))]
        yield Task(f"xquad {language} near misses", "xquad", mixed, some(misses))
    wording: dict[str, list[Question]] = defaultdict(list)
    for each in everything:
        wording[each.question.parallel].append(each.question)
    for language in ("en", "tr", "ru"):
        alone = [each for each in xquad if each.language == language]
        across = [
            replace(each, question=other)
            for each in everything
            if each.question.language == language
            for other in wording[each.question.parallel]
            if other.language in XQUAD_LANGUAGES and other.language != language
        ]
        yield Task(f"xquad other→{language}", f"xquad-{language}", alone, some(across))
    belebele = corpus.contexts_of("belebele")
    places = {(each.parallel, each.language): each for each in belebele}
    english = [each for each in own("belebele") if each.question.language == "en"]
    for language in BELEBELE_LANGUAGES:
        alone = [each for each in belebele if each.language == language]
        # Where an answer is known it is in English.
        asked = [
            replace(
                each,
                context=places[each.context.parallel, language],
                answers=each.answers if language == "en" else (),
            )
            for each in english
            if each.context and (each.context.parallel, language) in places
        ]
        yield Task(f"belebele en→{language}", f"belebele-{language}", alone, some(asked))
    for source in ("squad_dev", "thquad", "tydiqa_ru"):
        asked = own(source)
        answered = some([each for each in asked if each.context])
        near = some([each for each in asked if not each.context])
        yield Task(source, source, corpus.contexts_of(source), answered + near)
    news = _news(corpus)
    for language in NEWS_LANGUAGES:
        # A line is a paragraph: what is read as wrapped would be joined.
        articles = [
            replace(each, text=each.text.replace("\n", "\n\n"))
            for each in corpus.contexts_of("ntrex")
            if each.language == language
        ]
        asked = [each for each in news if each.context and each.context.language == language]
        same = [each for each in asked if each.question.language == language]
        across = [each for each in asked if each.question.language != language]
        misses = [other for each in same if (other := near_miss(corpus, each, same, chance))]
        kinds = (("", same), (" near misses", misses), (" from en", across))
        for kind, chosen in kinds:
            yield Task(f"news {language}{kind}", f"ntrex-{language}", articles, some(chosen))

    papers = {name: _papers(name) for name in partnerships.names()}
    for name, written in papers.items():
        yield Task(
            f"partnership {name}",
            f"partnership-{name}",
            list(written.values()),
            _about(name, written),
        )
    together = [context for written in papers.values() for context in written.values()]
    asked = [each for name, written in papers.items() for each in _about(name, written)]
    yield Task("partnerships together", "partnerships", together, asked)


def _papers(name: str) -> dict[str, Context]:
    """Return a partnership's papers by their paths."""
    folder = partnerships.FOLDER / name / "documents"
    return {
        path.name: Context(
            name=f"{name} {path.stem}",
            source="partnerships",
            language="",
            group=name,
            parallel=f"{name} {path.stem}",
            text=path.read_text(encoding="utf-8"),
            dev=True,
        )
        for path in sorted(folder.iterdir())
    }


def _about(name: str, papers: dict[str, Context]) -> list[Asked]:
    """Return what is asked about a partnership."""
    found = []
    for each in partnerships.questions_of(name):
        answering = [papers[path] for path in sorted(each.documents)]
        question = Question(
            name=str(each.id),
            source="partnerships",
            language=each.language,
            text=each.question,
            context=answering[0].name if answering else "",
            answers=(),
            answerable=each.answerable,
            parallel=str(each.id),
            option="",
        )
        answers = tuple(map(plain, each.answers))
        first = answering[0] if answering else None
        found.append(Asked(question, first, answers, tuple(answering[1:]), name))
    return found


def _news(corpus: Corpus) -> list[Asked]:
    """Return the questions that were written by hand over held-out news."""
    found = []
    articles = {(each.parallel, each.language): each for each in corpus.contexts_of("ntrex")}
    for line in QUESTIONS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        context = articles[row["article"], row["document_language"]]
        if context.dev:
            question = Question(
                name=row["id"],
                source="ntrex",
                language=row["language"],
                text=row["question"],
                context=context.name,
                answers=(),
                answerable=True,
                parallel=row["id"],
                option="",
            )
            answers = answering_lines(row, context.text.split("\n"))
            found.append(Asked(question, context, tuple(answers)))
    return found


def near_miss(
    corpus: Corpus, asked: Asked, others: list[Asked], chance: random.Random
) -> Asked | None:
    """Return a question with one name or number exchanged for that of another article's question.

    None where it has none. Whatever answers it is wrong.
    """
    text = asked.question.text
    own = names(text)
    if not own or asked.context is None:
        return None
    name = chance.choice(own)
    held = corpus.contexts[asked.question.context].text
    likely = [
        other
        for each in others
        if each.context and each.context.group != asked.context.group
        for other in names(each.question.text)
        if other.isdigit() == name.isdigit() and other not in held and other not in own
    ]
    if not likely:
        return None
    changed = replace(asked.question, text=text.replace(name, chance.choice(likely), 1))
    return Asked(changed, None)


def searcher_of(task: Task, work: Path) -> Searcher:
    """Return the task's library, indexed and open."""
    library = Library.create(work / "libraries" / task.library)
    for context in task.contexts:
        path = library.documents / file_of(context)
        if not path.exists():
            path.write_text(context.text, encoding="utf-8")
    build(library)
    return Searcher.open(library)


def cases(task: Task, work: Path, reader: Reader) -> Iterator[Case]:
    """Ask a task's questions, with their paragraph and without it and its translations."""
    searcher = searcher_of(task, work)
    versions: dict[str, set[str]] = defaultdict(set)
    for context in task.contexts:
        versions[context.parallel].add(file_of(context))
    for asked in task.asked:
        answering = (asked.context, *asked.also) if asked.context else ()
        hidden = {file for each in answering for file in versions[each.parallel]}
        for without in ((), hidden) if asked.context else ((),):
            evidence = gather(searcher, reader, asked.question.text, without=without)
            if evidence.readings:
                values = features(evidence)
                yield Case(
                    task=task.name,
                    values=[values[name] for name in FEATURES],
                    there=asked.context is not None and not without,
                    right=any(
                        answers(each.reading, each.place, asked)
                        for each in choose(evidence.readings, QUOTES)
                    ),
                    group=asked.group or asked.question.name,
                )


def fit(
    all_cases: list[Case], rows: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], float]:
    """Return a weight for each feature, and the bias, fitted on some of the cases."""
    values = np.array([case.values for case in all_cases])
    mean, deviation = values[rows].mean(0), values[rows].std(0) + 1e-9
    right = np.array([case.right for case in all_cases])
    model = LogisticRegression(max_iter=1000).fit(((values - mean) / deviation)[rows], right[rows])
    weights = model.coef_[0] / deviation
    return weights, float(model.intercept_[0] - (weights * mean).sum())


def folds_of(groups: Sequence[str]) -> npt.NDArray[np.int64]:
    """Return the fold of each case by its group, from 0 to FOLDS - 1."""
    names = sorted(set(groups))
    drawn = np.random.default_rng(SEED).permutation(len(names)) % FOLDS
    fold_of = dict(zip(names, drawn.tolist(), strict=True))
    return np.array([fold_of[group] for group in groups])


def held_out(all_cases: list[Case]) -> npt.NDArray[np.float64]:
    """Return each case's confidence by weights fitted without it."""
    values = np.array([case.values for case in all_cases])
    folds = folds_of([case.group for case in all_cases])
    sure = np.zeros(len(all_cases))
    for fold in range(FOLDS):
        weights, bias = fit(all_cases, folds != fold)
        sure[folds == fold] = 1 / (1 + np.exp(-(values @ weights + bias)[folds == fold]))
    return sure


def threshold_for(sure: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Return the lowest threshold at which PRECISION of what is answered is right."""
    for threshold in np.arange(0.2, 0.95, 0.01):
        answered = sure >= threshold
        if right[answered].mean() >= PRECISION:
            return round(float(threshold), 2)
    raise SystemExit(f"no threshold gives a precision of {PRECISION}")


def calibration_error(sure: npt.NDArray[np.float64], right: npt.NDArray[np.bool_]) -> float:
    """Return the expected calibration error over equal bins.

    Guo et al. 2017, "On Calibration of Modern Neural Networks".
    """
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    parts = [(bins == b) for b in range(BINS) if (bins == b).any()]
    return float(sum(p.mean() * abs(sure[p].mean() - right[p].mean()) for p in parts))


def print_tables(all_cases: list[Case], sure: npt.NDArray[np.float64], threshold: float) -> None:
    """Print the reliability curve, and a row a task."""
    right = np.array([case.right for case in all_cases])
    there = np.array([case.there for case in all_cases])
    names = np.array([case.task for case in all_cases])
    print("| confidence | questions | right |\n|---|---|---|")
    for b in range(BINS):
        part = np.minimum((sure * BINS).astype(int), BINS - 1) == b
        if part.any():
            print(f"| {b / BINS:.1f} | {part.sum()} | {right[part].mean():.2f} |")
    print("\n| questions | there | AUROC | calibration error | answered | abstained |")
    print("|---|---|---|---|---|---|")
    for name in ["all", *dict.fromkeys(names)]:
        part = np.ones(len(names), bool) if name == "all" else names == name
        held, lacking = sure[part & there], sure[part & ~there]
        print(
            f"| {name} | {there[part].sum()} of {part.sum()} "
            f"| {_said(auroc(list(held), list(lacking)))} "
            f"| {calibration_error(sure[part], right[part]):.3f} "
            f"| {_said(mean((held >= threshold).tolist()))} "
            f"| {_said(mean((lacking < threshold).tolist()))} |"
        )


def _said(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _asked(corpus: Corpus, question: Question) -> Asked:
    if not question.answerable:
        return Asked(question, None)
    context = corpus.contexts[question.context]
    return Asked(question, context, tuple(plain(context.text[a:b]) for a, b in question.answers))


def answers(reading: Reading, place: Span, asked: Asked) -> bool:
    """Tell whether a place in a reading's passage holds the answer."""
    passage = reading.hit.passage
    if asked.context is None:
        return False
    if passage.document not in map(file_of, (asked.context, *asked.also)):
        return False
    offset = passage.start
    quoted = plain(passage.text[place.start - offset : place.end - offset])
    # Of the news whole lines are known, of which a quote may be a part.
    return not asked.answers or any(overlap(quoted, answer) for answer in asked.answers)


def file_of(context: Context) -> str:
    """Return the path of a paragraph's document in its library."""
    return re.sub(r"\W+", "_", context.name) + ".txt"


def main() -> None:
    """Fit, print what was measured, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--per", type=int, default=100, help="questions a task")
    arguments = parser.parse_args()
    corpus = read_corpus(arguments.data, SOURCES)
    reader = default_reader()
    all_cases: list[Case] = []
    for task in tasks(corpus, arguments.per):
        all_cases += cases(task, arguments.work, reader)
        print(f"{task.name}: {len(all_cases)} cases", flush=True)
    kept = [asdict(case) for case in all_cases]
    (arguments.work / "cases.json").write_text(json.dumps(kept), encoding="utf-8")
    sure = held_out(all_cases)
    threshold = threshold_for(sure, np.array([case.right for case in all_cases]))
    print_tables(all_cases, sure, threshold)
    weights, bias = fit(all_cases, np.ones(len(all_cases), bool))
    rounded = {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)}
    path = Path(__file__).parents[1] / "qa" / "calibration.json"
    values = {"bias": round(bias, 4), "weights": rounded, "threshold": threshold}
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    print(f"wrote {path.name}: {len(all_cases)} cases, threshold {threshold}")


if __name__ == "__main__":
    main()
