"""The public question-answering sets of shared/data, read, and cut into training and dev halves.

What is parallel across languages is held out in all of them at once: a dev paragraph is never seen
in any language. What else the sets hold is described in the data's own README.
"""

import gzip
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

Place = tuple[int, int]

DEV_SHARE: Final = {"xquad": 0.2, "belebele": 0.25, "ntrex": 0.2, "lookalikes": 0.1}
_DEV_SHARE_ELSEWHERE: Final = 0.05
# Sets whose titles are English in every language, and those whose titles are numbers.
_ENGLISH_TITLES: Final = ("xquad", "belebele")
_NO_TITLES: Final = ("squad2_bt_en", "squad2_mt_fi")


@dataclass(frozen=True, slots=True)
class Context:
    """A paragraph.

    Attributes:
        parallel: the same for all translations of it; its own name where there are none.
        group: the article it is from.
        dev: held out.
        title: the article's, in the context's language; "" where it isn't known in it.
        whole: not a translation of a part of the paragraph only.
    """

    name: str
    source: str
    language: str
    group: str
    parallel: str
    text: str
    dev: bool
    title: str = ""
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """A question about a paragraph.

    Attributes:
        answers: places in the context's text; empty where there is none or none is known.
        parallel: the same for all translations of it.
        option: the right one of a multiple choice, else "".
    """

    name: str
    source: str
    language: str
    text: str
    context: str
    answers: tuple[Place, ...]
    answerable: bool
    parallel: str
    option: str


@dataclass(frozen=True)
class Corpus:
    """Contexts by name, questions in the order of the files."""

    contexts: dict[str, Context]
    questions: list[Question]

    def of(self, source: str, dev: bool) -> list[Question]:
        """Return the questions of one set and half."""
        return [
            each
            for each in self.questions
            if each.source == source and self.contexts[each.context].dev == dev
        ]

    def contexts_of(self, source: str, dev: bool | None = None) -> list[Context]:
        """Return the contexts of one set, of one half or both."""
        return [
            each
            for each in self.contexts.values()
            if each.source == source and (dev is None or each.dev == dev)
        ]


def read_corpus(data: Path, sources: tuple[str, ...]) -> Corpus:
    """Read sets by their folders' names."""
    contexts: dict[str, Context] = {}
    questions: list[Question] = []
    for source in sources:
        for row in _rows(data / source / "contexts.jsonl.gz"):
            parallel = row.get("parallel_id") or row["context_id"]
            contexts[row["context_id"]] = Context(
                name=row["context_id"],
                source=source,
                language=row["lang"],
                group=row.get("title") or parallel,
                parallel=parallel,
                text=row["text"],
                dev=held_out(source, parallel),
                title=_title(row, source),
                whole=row.get("complete", True),
            )
        for row in _rows(data / source / "questions.jsonl.gz"):
            questions.append(_question(row, source))
    _hold_out_copies(contexts)
    known = [each for each in questions if each.context in contexts]
    return Corpus(contexts, known)


def _title(row: dict[str, Any], source: str) -> str:
    title: str = row.get("title") or ""
    foreign = source in _ENGLISH_TITLES and row["lang"] != "en"
    # Names of files and titles with markup are nobody's headings.
    if foreign or source in _NO_TITLES or "<" in title:
        return ""
    return " ".join(title.replace("_", " ").split())


def _question(row: dict[str, Any], source: str) -> Question:
    options = row.get("options")
    answers = row.get("answers") or []
    return Question(
        name=row["id"],
        source=source,
        language=row["lang"],
        text=row["question"],
        context=row["context_id"],
        answers=tuple((each["start"], each["start"] + len(each["text"])) for each in answers),
        answerable=row["answerable"],
        parallel=row.get("parallel_qid") or row["id"],
        option=options[row["correct_option"]] if options else "",
    )


def _hold_out_copies(contexts: dict[str, Context]) -> None:
    """Drop other sets' copies of held-out xquad paragraphs: squad_dev has all of the English."""
    held = {each.text.strip() for each in contexts.values() if each.source == "xquad" and each.dev}
    for name, each in list(contexts.items()):
        if each.source != "xquad" and each.text.strip() in held:
            del contexts[name]


def by_parallel(questions: list[Question]) -> dict[str, dict[str, Question]]:
    """Return questions by what is the same for their translations, then by language."""
    found: dict[str, dict[str, Question]] = defaultdict(dict)
    for each in questions:
        found[each.parallel][each.language] = each
    return found


def held_out(source: str, parallel: str) -> bool:
    """Tell whether a set's paragraph is in the dev half."""
    return _drawn(parallel, DEV_SHARE.get(source, _DEV_SHARE_ELSEWHERE))


def _drawn(name: str, share: float) -> bool:
    """Tell by a hash, so that a paragraph stays in its half whatever else is read."""
    digest = hashlib.sha256(name.encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)
