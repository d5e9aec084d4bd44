"""Papers that look alike, with questions that tell them apart, written for this project.

A line of `lookalikes/*.jsonl` is a set of three papers: of the same partners or the same subject,
with the same kinds of facts and other values, each told in five languages. A question names enough
that one of the three answers it; the other two look right and don't. Each set ends with questions
that none of its papers answers, though they sound as if one did.
"""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from documents.sentences import sentences
from training.corpus import Place, held_out
from training.papers import LANGUAGES

FOLDER: Final = Path(__file__).with_name("lookalikes")
SOURCE: Final = "lookalikes"
# Near misses that begin with a rare word come at most so much oftener.
_RARE: Final = 6.0


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in one language."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in one language.

    Attributes:
        answer: the words of the paper in this language that answer; "" where none does.
    """

    text: str
    answer: str = ""


@dataclass(frozen=True)
class Lookalikes:
    """Papers that look alike; what each maps is by language.

    Attributes:
        questions: of each paper, those that it alone answers.
        unanswerable: those that none answers.
    """

    name: str
    papers: tuple[Mapping[str, Paper], ...]
    questions: tuple[tuple[Mapping[str, Asked], ...], ...]
    unanswerable: tuple[Mapping[str, Asked], ...]

    @property
    def dev(self) -> bool:
        """Whether the set is held out."""
        return held_out(SOURCE, self.name)


# With the set that it is of.
NearMiss = tuple[Lookalikes, Mapping[str, Asked]]


def read_lookalikes(folder: Path = FOLDER) -> list[Lookalikes]:
    """Return all sets, in the order of the files' names."""
    return [
        _read(f"{path.stem} {number}", json.loads(line))
        for path in sorted(folder.glob("*.jsonl"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]


def _read(name: str, row: dict[str, Any]) -> Lookalikes:
    questions = [
        tuple(_asked(each) for each in row["questions"] if each["paper"] == number)
        for number in range(len(row["papers"]))
    ]
    return Lookalikes(
        name,
        tuple(
            {language: Paper(**each[language]) for language in LANGUAGES} for each in row["papers"]
        ),
        tuple(questions),
        tuple(_asked(each) for each in row["unanswerable"]),
    )


def _asked(row: dict[str, Any]) -> Mapping[str, Asked]:
    return {language: Asked(**row[language]) for language in LANGUAGES}


def near_misses(sets: Sequence[Lookalikes]) -> tuple[list[NearMiss], list[float]]:
    """Return the questions that none of a set answers, and how often each is to be drawn.

    By the first word in English they come as often as the questions that are answered, so that the
    word alone ("When" begins more near misses) doesn't give them away.
    """
    misses = [(alike, each) for alike in sets for each in alike.unanswerable]
    unanswered = Counter(first_word(each) for _, each in misses)
    answered = Counter(
        first_word(each) for alike in sets for asked in alike.questions for each in asked
    )
    words = [first_word(each) for _, each in misses]
    return misses, [min(_RARE, answered[word] / unanswered[word]) for word in words]


def first_word(asked: Mapping[str, Asked]) -> str:
    """Return what a question begins with in English."""
    return asked["en"].text.split()[0]


def places(text: str, answer: str) -> tuple[Place, ...]:
    """Return where an answer stands in a text, as whole words."""
    found = re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text)
    return tuple(each.span() for each in found)


def without(text: str, answer: str) -> str:
    """Return a text but for the sentences with the answer; "" where too little is left."""
    cut = places(text, answer)
    kept = [
        text[each.start : each.end]
        for each in sentences(text)
        if not any(each.start < end and start < each.end for start, end in cut)
    ]
    return " ".join(kept) if len(kept) > 1 else ""
