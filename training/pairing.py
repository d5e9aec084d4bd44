"""Which paragraphs, questions and answering sentences of two sets say the same in two languages.

Machine-translated copies of squad keep no names that would tell. The encoder does: without what all
texts of a language share, a translation is nearest to its original, and its original to it.
"""

from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from documents.sentences import sentences
from training.corpus import Context, Corpus, Place, Question
from training.mining import Vectors, embed

# Under the first, one pair in seventy and more is of two articles; the second was set by eye.
_SAME_CONTEXT: Final = 0.6
_SAME_QUESTION: Final = 0.75
# By how much a sentence must be nearer to question and option than the second.
_LEAD: Final = 0.01


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with the translation of its paragraph.

    Attributes:
        answers: places in the translation; None where the question's own translation isn't known.
    """

    question: Question
    context: Context
    answers: tuple[Place, ...] | None


def pairs(corpus: Corpus, left: str, right: str, work: Path) -> list[Pair]:
    """Return the questions of `left` with their paragraphs in `right`; none that is held out."""
    contexts = paired_contexts(corpus.contexts_of(left), corpus.contexts_of(right), work)
    asked = [each for each in corpus.questions if each.source == left]
    others = [each for each in corpus.questions if each.source == right]
    same = paired_questions(asked, others, contexts, work)
    found = []
    for each in asked:
        if each.context not in contexts or corpus.contexts[each.context].dev:
            continue
        context = corpus.contexts[contexts[each.context]]
        if context.dev:
            continue
        other = same.get(each.name)
        known = other is not None and other.answerable and each.answerable
        found.append(Pair(each, context, other.answers if known and other else None))
    return found


def without_held_out(corpus: Corpus, source: str, work: Path) -> Corpus:
    """Hold the translations of xquad's held-out paragraphs out too."""
    english = [each for each in corpus.contexts_of("xquad") if each.language == "en"]
    copies = paired_contexts(english, corpus.contexts_of(source), work)
    held = {copies[each.name] for each in english if each.dev and each.name in copies}
    contexts = {
        name: replace(each, dev=True) if name in held else each
        for name, each in corpus.contexts.items()
    }
    return Corpus(contexts, corpus.questions)


def paired_contexts(left: list[Context], right: list[Context], work: Path) -> dict[str, str]:
    """Return the name in `right` of each context of `left` that has its translation there."""
    found = _mutual(
        embed([each.text for each in left], "document", work),
        embed([each.text for each in right], "document", work),
        _SAME_CONTEXT,
    )
    return {left[a].name: right[b].name for a, b in found}


def paired_questions(
    left: list[Question], right: list[Question], contexts: dict[str, str], work: Path
) -> dict[str, Question]:
    """Return the translation in `right` of questions of `left`, within paired contexts, by name."""
    ours = dict(zip((each.name for each in left), _centred(_queries(left, work)), strict=True))
    theirs = dict(zip((each.name for each in right), _centred(_queries(right, work)), strict=True))
    asked: dict[str, list[Question]] = defaultdict(list)
    for each in right:
        asked[each.context].append(each)
    groups: dict[str, list[Question]] = defaultdict(list)
    for each in left:
        groups[each.context].append(each)
    found = {}
    for context, questions in groups.items():
        others = asked.get(contexts.get(context, ""), [])
        if not others:
            continue
        cosines = (
            np.array([ours[each.name] for each in questions])
            @ np.array([theirs[each.name] for each in others]).T
        )
        for place, each in enumerate(questions):
            best = int(cosines[place].argmax())
            if cosines[place, best] >= _SAME_QUESTION and cosines[:, best].argmax() == place:
                found[each.name] = others[best]
    return found


class AnswerSentences:
    """Which sentence of a belebele passage answers, guessed in English and carried over.

    The set has the right option of each question but no place in the text. The English sentence
    nearest to question and option, if it leads the second clearly, answers; a translation with as
    many sentences has it at the same number.
    """

    def __init__(self, corpus: Corpus, questions: list[Question], work: Path) -> None:
        english = {
            each.parallel: each for each in corpus.contexts_of("belebele") if each.language == "en"
        }
        asked = [each for each in questions if each.language == "en"]
        pieces = {
            name: [each.text[span.start : span.end] for span in sentences(each.text)]
            for name, each in english.items()
        }
        names = [name for name, texts in pieces.items() for _ in texts]
        vectors = embed([text for texts in pieces.values() for text in texts], "document", work)
        queries = embed([f"{each.text} {each.option}" for each in asked], "query", work)
        rows: dict[str, list[Vectors]] = defaultdict(list)
        for name, vector in zip(names, vectors, strict=True):
            rows[name].append(vector)
        self._numbers: dict[str, tuple[int, int]] = {}
        for question, query in zip(asked, queries, strict=True):
            matrix = np.array(rows[corpus.contexts[question.context].parallel])
            scores = matrix @ query
            order = np.argsort(-scores)
            if len(order) == 1 or scores[order[0]] - scores[order[1]] > _LEAD:
                self._numbers[question.parallel] = int(order[0]), len(order)

    def place(self, question: Question, context: Context) -> tuple[Place, ...] | None:
        """Return the answering sentence's place in a translation, None where it isn't known."""
        if question.parallel not in self._numbers:
            return None
        number, count = self._numbers[question.parallel]
        spans = sentences(context.text)
        if len(spans) != count:
            return None
        return ((spans[number].start, spans[number].end),)


def _queries(questions: list[Question], work: Path) -> Vectors:
    return embed([each.text for each in questions], "query", work)


def _centred(vectors: Vectors) -> Vectors:
    """Return unit vectors without their mean, which is mostly the language."""
    moved = vectors - vectors.mean(0)
    return moved / np.linalg.norm(moved, axis=1, keepdims=True)


def _mutual(left: Vectors, right: Vectors, least: float) -> list[tuple[int, int]]:
    cosines = _centred(left) @ _centred(right).T
    forth, back = cosines.argmax(1), cosines.argmax(0)
    return [(a, int(b)) for a, b in enumerate(forth) if back[b] == a and cosines[a, b] >= least]
