"""How well does it find and quote, on public questions whose answers are known?

    python -m tests.bench.quality DATA [--questions 150] [--only xquad]

DATA holds a folder a set, each with contexts.jsonl.gz and questions.jsonl.gz. A library is made of
a set's paragraphs, a file each, and kept in the cache between runs; then `folio eval`'s measures
are taken. "answerable" here means that the paragraph is in the library.
"""

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from index.build import build
from index.encoder import cache_folder
from index.library import Library
from qa.assistant import Assistant
from qa.cli.terminal import progress
from qa.evaluation import Question, measure, table

SEED = 20261122
XQUAD_LIBRARY = ("en", "tr", "ru", "ro", "de")
XQUAD_QUESTIONS = ("en", "tr", "ru")
BELEBELE_LIBRARIES = ("lv", "az", "tr", "ru")


def read(data: Path, name: str, part: str) -> list[dict[str, Any]]:
    """Return the rows of DATA/name/part.jsonl.gz."""
    with gzip.open(data / name / f"{part}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def file_name(context_id: str) -> str:
    """Return the file that holds a paragraph: "en:00.07" → "en_00_07.txt"."""
    return re.sub(r"\W+", "_", context_id) + ".txt"


def library_of(name: str, contexts: list[dict[str, Any]]) -> Library:
    """Return a library with a file for each paragraph, indexed."""
    library = Library.create(cache_folder() / "bench" / name)
    for context in contexts:
        path = library.documents / file_name(context["context_id"])
        if not path.exists():
            path.write_text(context["text"], encoding="utf-8")
    build(library, progress())
    return library


def xquad(data: Path, count: int) -> Iterator[tuple[str, Library, list[Question]]]:
    """Yield paragraphs of five languages in one library, asked in three of them."""
    contexts = [row for row in read(data, "xquad", "contexts") if row["lang"] in XQUAD_LIBRARY]
    library = library_of("xquad", contexts)
    questions = read(data, "xquad", "questions")
    for language in XQUAD_QUESTIONS:
        rows = [row for row in questions if row["lang"] == language]
        yield (
            f"xquad, 5 languages, asked in {language}",
            library,
            [_question(row, row["context_id"], row["answers"]) for row in _some(rows, count)],
        )


def belebele(data: Path, count: int) -> Iterator[tuple[str, Library, list[Question]]]:
    """Yield whole passages of one language, asked in English."""
    contexts = [row for row in read(data, "belebele", "contexts") if row.get("complete")]
    questions = [row for row in read(data, "belebele", "questions") if row["lang"] == "en"]
    for language in BELEBELE_LIBRARIES:
        own = [row for row in contexts if row["lang"] == language]
        library = library_of(f"belebele-{language}", own)
        known = {row["context_id"] for row in own}
        rows = [row for row in questions if f"{language}:{row['parallel_id']}" in known]
        yield (
            f"belebele in {language}, asked in en",
            library,
            [_question(row, f"{language}:{row['parallel_id']}", []) for row in _some(rows, count)],
        )


SETS = {"xquad": xquad, "belebele": belebele}


def _some(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    return random.Random(SEED).sample(rows, min(count, len(rows)))  # noqa: S311


def _question(row: dict[str, Any], context_id: str, answers: list[dict[str, Any]]) -> Question:
    return Question(
        id=row["id"],
        question=row["question"],
        language=row["lang"],
        kind=None,
        answerable=True,
        documents=frozenset([file_name(context_id)]),
        answers=tuple(answer["text"] for answer in answers),
    )


def main() -> None:
    """Print a table a set."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=150, help="of each set at most")
    parser.add_argument("--only", choices=list(SETS))
    arguments = parser.parse_args()
    for name, make in SETS.items():
        if arguments.only in (None, name):
            for title, library, questions in make(arguments.data, arguments.questions):
                report = measure(Assistant.open(library), questions, progress())
                print(f"{title}: {len(questions)} questions")
                print(table({**report, "languages": {}, "kinds": {}}), flush=True)


if __name__ == "__main__":
    main()
