"""What the reader is taught with: an endless, seeded stream of groups.

A group is a question with one or more passages, at most one of which answers. Each kind of group
teaches one thing; `SHARES` says how often each comes.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from qa.span_model import head
from training import cloze, lookalikes, pairing, papers
from training.corpus import Context, Corpus, Place, Question, by_parallel
from training.mining import Vectors, of_source, query_vectors

SOURCES: Final = (
    "xquad",
    "squad_dev",
    "squad_train_part",
    "squad2_bt_en",
    "squad2_mt_fi",
    "squad_it_test",
    "thquad",
    "tydiqa_en",
    "tydiqa_ru",
    "tydiqa_fi",
    "tydiqa_ar",
    "arcd",
    "drcd",
    "norquad",
    "swequad",
    "piaf",
    "qed_dev",
    "selqa",
    "belebele",
    "ntrex",
)
# Each set and the one that is its machine translation, or the other way round.
TRANSLATED: Final = (("squad2_mt_fi", "squad2_bt_en"), ("squad_it_test", "squad_dev"))
MINED: Final = ("xquad", "squad_train_part", "thquad", "belebele", *sum(TRANSLATED, ()))
SHARES: Final = {
    "span": 42,
    "unanswerable": 8,
    "same_language": 14,
    "cross_language": 14,
    "translated": 23,
    "relevance": 14,
    "translation": 4,
    "cloze": 7,
    "papers": 18,
    "lookalikes": 48,
}
# How often a question of each of these sets comes, within "span".
_SPAN_SETS: Final = {
    "squad_dev": 16,
    "squad_train_part": 15,
    "squad2_bt_en": 24,
    "squad2_mt_fi": 6,
    "squad_it_test": 5,
    "thquad": 18,
    "tydiqa_en": 5,
    "tydiqa_ru": 4,
    "tydiqa_fi": 2,
    "tydiqa_ar": 2,
    "arcd": 1,
    "drcd": 2,
    "norquad": 4,
    "swequad": 2,
    "piaf": 4,
    "qed_dev": 1,
    "selqa": 1,
}
_LANGUAGES: Final = defaultdict(
    lambda: 1.0, {"en": 3.0, "lv": 3.0, "az": 3.0, "tr": 3.0, "ru": 3.0, "et": 1.5, "lt": 1.5}
)
_HARD: Final = 8
# How many passages of its language belebele's right one must beat at once.
_RIVALS: Final = 3
# How often a question without an answer comes with the passage in another language.
_ABROAD: Final = 0.4
_SPAN_NEGATIVE: Final = 0.25
_NAMED: Final = 0.35
# How often a group's passages stand under their titles.
_HEADED: Final = 0.7
_ASKED: Final = {"lv": 4.0, "az": 5.0, "tr": 3.0, "ru": 2.0, "en": 2.0, "lt": 1.0, "et": 1.0}
# Shorter lines of the news are headings and captions.
_LINE: Final = 40
# Longer ones leave no room in a window for what is told.
_FILLER: Final = 160
# Of papers that look alike: how often none answers, and how often the question's language is read.
_NONE: Final = 0.4
_OWN: Final = 0.35


@dataclass(frozen=True, slots=True)
class Window:
    """A passage to be read with the question.

    Attributes:
        answers: places that answer; empty where there are none, None where it isn't known which.
        whole: the answer is somewhere inside the place, not the place itself.
        relevant: whether the passage answers.
        title: of the article that it is from; "" where there is none.
    """

    text: str
    answers: tuple[Place, ...] | None
    whole: bool
    relevant: bool
    title: str = ""

    def headed(self) -> "Window":
        """Return it as a library's passages are read: under the title."""
        above = head(self.title, self.text)
        answers = self.answers and tuple(
            (start + len(above), end + len(above)) for start, end in self.answers
        )
        return replace(self, text=above + self.text, answers=answers)


@dataclass(frozen=True, slots=True)
class Group:
    """A question with its windows; the one that answers, if any, is the first."""

    question: str
    windows: tuple[Window, ...]


class Mixture:
    """The sets, mined and ready to be drawn from."""

    def __init__(self, corpus: Corpus, data: Path, work: Path) -> None:
        self.corpus = corpus = pairing.without_held_out(corpus, "squad_it_test", work)
        self._named = cloze.named_blanks(data)
        self._blanks: dict[str, list[cloze.Blank]] = defaultdict(list)
        for blanks in cloze.blanks_of(corpus).values():
            for each in blanks:
                self._blanks[each.context.language].append(each)
        self._versions: dict[tuple[str, str], list[Context]] = defaultdict(list)
        for each in corpus.contexts.values():
            self._versions[each.source, each.parallel].append(each)
        self._spans = {
            name: [each for each in corpus.of(name, False) if each.answerable and each.answers]
            for name in _SPAN_SETS
        }
        self._unanswerable = [
            each
            for name in ("squad_dev", "squad2_bt_en")
            for each in corpus.of(name, False)
            if not each.answerable
        ]
        self._miners = {name: of_source(corpus, name, work) for name in MINED}
        self._vectors: dict[str, Vectors] = {}
        for name in MINED:
            asked = [each for each in corpus.questions if each.source == name]
            self._vectors |= query_vectors(asked, work)
        pairs = [
            each
            for left, right in TRANSLATED
            for one, other in ((left, right), (right, left))
            for each in pairing.pairs(corpus, one, other, work)
        ]
        self._pairs = [each for each in pairs if each.question.answerable]
        self._unanswered = [each for each in pairs if not each.question.answerable]
        self._neighbours: dict[tuple[str, str], list[Context]] = defaultdict(list)
        for each in corpus.contexts.values():
            if not each.dev:
                self._neighbours[each.source, each.group].append(each)
        self._xquad = by_parallel(corpus.of("xquad", False))
        self._belebele = corpus.of("belebele", False)
        self._aligned = pairing.AnswerSentences(corpus, self._belebele, work)
        self._translations: dict[str, dict[str, Context]] = defaultdict(dict)
        for each in corpus.contexts_of("belebele", False):
            self._translations[each.parallel][each.language] = each
        self._news: dict[str, dict[str, Context]] = defaultdict(dict)
        for each in corpus.contexts_of("ntrex", False):
            self._news[each.parallel][each.language] = each
        self._lookalikes = [each for each in lookalikes.read_lookalikes() if not each.dev]
        self._near_misses = lookalikes.near_misses(self._lookalikes)
        self._fillers = {
            language: [
                line
                for article in self._news.values()
                if language in article
                for line in article[language].text.split("\n")
                if _LINE <= len(line) <= _FILLER
            ]
            for language in papers.LANGUAGES
        }

    def groups(self, seed: int) -> Iterator[Group]:
        """Yield groups for ever; the same for the same seed."""
        draw = random.Random(seed)  # noqa: S311
        kinds: dict[str, Callable[[random.Random], Group]] = {
            "span": self._span,
            "unanswerable": self._without_answer,
            "same_language": self._same_language,
            "cross_language": self._cross_language,
            "translated": self._translated,
            "relevance": self._relevance,
            "translation": self._translation,
            "cloze": self._cloze,
            "papers": self._papers,
            "lookalikes": self._alike,
        }
        while True:
            [kind] = draw.choices(list(SHARES), list(SHARES.values()))
            group = kinds[kind](draw)
            # Which of those that look alike it is, often only the title says.
            if kind == "lookalikes" or draw.random() < _HEADED:
                group = replace(group, windows=tuple(each.headed() for each in group.windows))
            yield group

    def _span(self, draw: random.Random) -> Group:
        [source] = draw.choices(list(_SPAN_SETS), list(_SPAN_SETS.values()))
        question = draw.choice(self._spans[source])
        context = self.corpus.contexts[question.context]
        windows = [_right(question, context)]
        if draw.random() < _SPAN_NEGATIVE:
            windows += [_wrong(each) for each in self._near(question, context, draw)]
        return Group(question.text, tuple(windows))

    def _near(self, question: Question, context: Context, draw: random.Random) -> list[Context]:
        """Return one passage of the same article or one that the encoder takes for the answer."""
        if context.source in self._miners and draw.random() < 0.6:
            hard = self._hard(question, context, context.language, 3)
            return [draw.choice(hard)] if hard else []
        others = [
            each for each in self._neighbours[context.source, context.group] if each != context
        ]
        return [draw.choice(others)] if others else []

    def _hard(self, question: Question, context: Context, language: str, k: int) -> list[Context]:
        miner = self._miners[context.source]
        return miner.first(self._vectors[question.name], language, context.parallel, k)

    def _without_answer(self, draw: random.Random) -> Group:
        if draw.random() < _ABROAD:
            pair = draw.choice(self._unanswered)
            return Group(pair.question.text, (_wrong(pair.context),))
        question = draw.choice(self._unanswerable)
        return Group(question.text, (_wrong(self.corpus.contexts[question.context]),))

    def _same_language(self, draw: random.Random) -> Group:
        question = self._xquad_question(draw)
        context = self.corpus.contexts[question.context]
        windows = [_right(question, context)]
        if draw.random() < 0.4:
            language = question.language if draw.random() < 0.5 else _language(draw, _XQUAD)
            hard = self._hard(question, context, language, _HARD)
            windows += [_wrong(draw.choice(hard))]
        return Group(question.text, tuple(windows))

    def _xquad_question(self, draw: random.Random) -> Question:
        versions = self._xquad[draw.choice(list(self._xquad))]
        return versions[_language(draw, tuple(versions))]

    def _cross_language(self, draw: random.Random) -> Group:
        asked = self._xquad_question(draw)
        versions = self._xquad[asked.parallel]
        language = _language(draw, tuple(each for each in versions if each != asked.language))
        read = versions[language]
        context = self.corpus.contexts[read.context]
        windows = [_right(read, context)]
        if draw.random() < 0.6:
            wrong = self._hard(asked, context, asked.language, 4)
            windows += [_wrong(draw.choice(wrong))]
            if draw.random() < 0.6:
                windows += [_wrong(draw.choice(self._hard(asked, context, language, 4)))]
        return Group(asked.text, tuple(windows))

    def _translated(self, draw: random.Random) -> Group:
        pair = draw.choice(self._pairs)
        windows = [Window(pair.context.text, pair.answers, False, True, pair.context.title)]
        own = self.corpus.contexts[pair.question.context]
        if draw.random() < 0.7:
            windows += [_wrong(draw.choice(self._hard(pair.question, own, own.language, _HARD)))]
            if draw.random() < 0.7:
                wrong = self._hard(pair.question, pair.context, pair.context.language, _HARD)
                windows += [_wrong(draw.choice(wrong))]
        return Group(pair.question.text, tuple(windows))

    def _relevance(self, draw: random.Random) -> Group:
        question = draw.choice(self._belebele)
        parallel = self.corpus.contexts[question.context].parallel
        versions = self._translations[parallel]
        language = _language(draw, tuple(versions))
        context = versions[language]
        place = self._aligned.place(question, context)
        windows = [Window(context.text, place, True, True, context.title)]
        hard = self._hard(question, context, language, _HARD)
        windows += [_wrong(each) for each in draw.sample(hard, min(_RIVALS, len(hard)))]
        if language != question.language and draw.random() < 0.6:
            wrong = self._hard(question, context, question.language, _HARD)
            windows += [_wrong(draw.choice(wrong))]
        return Group(question.text, tuple(windows))

    def _translation(self, draw: random.Random) -> Group:
        article = self._news[draw.choice(list(self._news))]
        asked = _language(draw, tuple(article))
        read = _language(draw, tuple(each for each in article if each != asked))
        lines = article[read].text.split("\n")
        place = draw.choice([number for number, line in enumerate(lines) if len(line) >= _LINE])
        start, end = _around(lines, place, draw)
        before = sum(len(line) + 1 for line in lines[start:place])
        answer = (before, before + len(lines[place]))
        title = article[read].title
        windows = [Window("\n".join(lines[start:end]), (answer,), True, True, title)]
        # Another part of the same article or of another, in the language of either.
        language = asked if draw.random() < 0.5 else read
        other = self._news[draw.choice(list(self._news))] if draw.random() < 0.3 else article
        wrong = other[language].text.split("\n")
        far = [
            number
            for number, line in enumerate(wrong)
            if len(line) >= _LINE and (other is not article or not start - 2 <= number < end + 2)
        ]
        if far:
            first, last = _around(wrong, draw.choice(far), draw)
            if other is not article or last <= place or first > place:
                text = "\n".join(wrong[first:last])
                windows.append(Window(text, (), False, False, other[language].title))
        sentence = article[asked].text.split("\n")[place]
        return Group(_cropped(sentence, draw), tuple(windows))

    def _cloze(self, draw: random.Random) -> Group:
        if draw.random() < _NAMED:
            blank = draw.choice(self._named)
            read, answer = blank.context, blank.answer
            others = self._named
        else:
            [asked] = draw.choices(list(_ASKED), list(_ASKED.values()))
            others = self._blanks[asked]
            blank = draw.choice(others)
            versions = [
                (each, place)
                for each in self._versions[blank.context.source, blank.context.parallel]
                if (place := cloze.elsewhere(blank, each.text))
            ]
            weights = [_LANGUAGES[each.language] for each, _ in versions]
            [(read, answer)] = draw.choices(versions, weights)
        windows = [Window(read.text, (answer,), False, True, read.title)]
        wrong = []
        if draw.random() < 0.5:
            # The same passage in the question's language, but for the sentence that answers.
            text = cloze.without_sentence(blank)
            wrong.append(Window(text, (), False, False, blank.context.title))
        if draw.random() < 0.4:
            wrong.append(_wrong(draw.choice(others).context))
        wrong = [each for each in wrong if each.text and each.text != read.text]
        alone = bool(wrong) and draw.random() < 0.2
        return Group(cloze.question(blank, draw), tuple(wrong[:1] if alone else windows + wrong))

    def _papers(self, draw: random.Random) -> Group:
        exercise = papers.exercise(draw, self._fillers)
        windows = []
        for each in exercise.papers:
            answers = (each.answer,) if each.answer else ()
            windows.append(Window(each.text, answers, False, bool(answers), each.title))
        return Group(exercise.question, tuple(windows))

    def _alike(self, draw: random.Random) -> Group:
        miss: Mapping[str, lookalikes.Asked] | None = None
        if draw.random() < _NONE:
            [(alike, miss)] = draw.choices(*self._near_misses)
        else:
            alike = draw.choice(self._lookalikes)
        asked = draw.choice(papers.LANGUAGES)
        others = [each for each in papers.LANGUAGES if each != asked]
        read = asked if draw.random() < _OWN else draw.choice(others)
        numbers = draw.sample(range(len(alike.papers)), len(alike.papers))

        def wrong(number: int) -> Window:
            paper = alike.papers[number][read if draw.random() < 0.6 else asked]
            return Window(paper.text, (), False, False, paper.title)

        if miss is not None:
            some = numbers[: draw.randint(1, len(numbers))]
            return Group(miss[asked].text, tuple(wrong(each) for each in some))
        right = alike.papers[numbers[0]][read]
        said = draw.choice(alike.questions[numbers[0]])
        place = lookalikes.places(right.text, said[read].answer)
        windows = [Window(right.text, place, False, True, right.title)]
        windows += [wrong(each) for each in numbers[1 : draw.randint(1, len(numbers))]]
        rest = lookalikes.without(right.text, said[read].answer)
        if rest and draw.random() < 0.4:
            windows.append(Window(rest, (), False, False, right.title))
        return Group(said[asked].text, tuple(windows))


_XQUAD: Final = ("en", "tr", "ru", "ro", "de", "es", "el", "ar", "hi", "th", "vi", "zh")


def _right(question: Question, context: Context) -> Window:
    # Sentences of selqa are answers as a whole; a short span inside is what we want said.
    return Window(context.text, question.answers, question.source == "selqa", True, context.title)


def _wrong(context: Context) -> Window:
    return Window(context.text, (), False, False, context.title)


def _language(draw: random.Random, languages: tuple[str, ...]) -> str:
    return draw.choices(languages, [_LANGUAGES[each] for each in languages])[0]


def _around(lines: list[str], place: int, draw: random.Random, chars: int = 700) -> Place:
    """Return a run of lines with `place` in it, about as long as a passage."""
    start, end = place, place + 1
    size = len(lines[place])
    while size < chars and (start > 0 or end < len(lines)):
        if end >= len(lines) or (start > 0 and draw.random() < 0.5):
            start -= 1
            size += len(lines[start])
        else:
            size += len(lines[end])
            end += 1
    return start, end


def _cropped(sentence: str, draw: random.Random) -> str:
    """Return a run of a sentence's words, as an imperfect question for it."""
    words = sentence.split()
    keep = max(4, round(len(words) * draw.uniform(0.4, 1.0)))
    start = draw.randint(0, max(0, len(words) - keep))
    return " ".join(words[start : start + keep])
