"""Does it answer a newspaper reader in Latvian and Azerbaijani?

    python -m tests.bench.news DATA [--only together|alone]

DATA/ntrex holds news articles in many languages, line by line the same. The questions are ours,
written by hand over Latvian and Azerbaijani versions; so that no article is copied here, each names
its article, the numbers of the lines that answer, and the first letters of their sha256.

Asked of a library of all articles in five languages, where any version may answer, and of libraries
in one language, that of the version asked about. A quote holds the answer where it has an answering
line, or is a part of one. "dev" articles were in no training data, in no language.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from index.library import Library
from qa.assistant import Assistant
from tests.bench.quality import file_name, library_of, read

QUESTIONS: Final = Path(__file__).with_name("news_questions.jsonl")
LANGUAGES: Final = ("lv", "az", "tr", "ru", "en")
_HASH_CHARS: Final = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a question: which of the measures it meets."""

    group: str
    document_first: bool
    first_quote: bool
    any_quote: bool
    abstained: bool


class Articles:
    """The articles' lines, by article and language."""

    def __init__(self, data: Path) -> None:
        rows = [row for row in read(data, "ntrex", "contexts") if row["lang"] in LANGUAGES]
        self._lines = {(row["parallel_id"], row["lang"]): row["text"].split("\n") for row in rows}

    def answers(self, question: dict[str, Any]) -> dict[str, list[str]]:
        """Return the answering lines by the file that holds them, in every language.

        Raises:
            ValueError: the data isn't what the questions were written over.
        """
        article = question["article"]
        answering_lines(question, self._lines[article, question["document_language"]])
        return {
            _file(article, language): [
                plain(self._lines[article, language][number]) for number in question["lines"]
            ]
            for language in LANGUAGES
        }

    def library(self, name: str, languages: Iterable[str]) -> Library:
        """Return a library of the versions in these languages, indexed."""
        chosen = set(languages)
        contexts = [
            # A line is a paragraph: what is read as wrapped would be joined.
            {"context_id": f"{language}:{article}", "text": "\n\n".join(lines)}
            for (article, language), lines in self._lines.items()
            if language in chosen
        ]
        return library_of(name, contexts)


def answering_lines(question: dict[str, Any], lines: list[str]) -> list[str]:
    """Return which lines of its article answer a question, of the version that it was written over.

    Raises:
        ValueError: the data isn't what the questions were written over.
    """
    numbers = question["lines"]
    if [_hashed(lines[number]) for number in numbers] != question["sha256"]:
        raise ValueError(f"{question['id']}: lines {numbers} of {question['article']} are others")
    return [plain(lines[number]) for number in numbers]


def ask(assistant: Assistant, question: dict[str, Any], answers: dict[str, list[str]]) -> Asked:
    """Ask one question."""
    trace = assistant.trace(question["question"])
    answer, hits = trace.answer, trace.evidence.ranked()
    holds = [
        any(overlap(plain(quote.quote), line) for line in answers.get(quote.document, ()))
        for quote in answer.quotes or answer.nearest
    ]
    about = "" if question["language"] == question["document_language"] else ">"
    half = "dev" if question["dev"] else "seen"
    return Asked(
        group=f"{question['language']}{about and about + question['document_language']} {half}",
        document_first=bool(hits) and hits[0].passage.document in answers,
        first_quote=any(holds[:1]),
        any_quote=any(holds),
        abstained=answer.status == "abstained",
    )


def table(asked: list[Asked]) -> Iterator[str]:
    """Yield a row a group of questions, and one for all."""
    yield f"{'':10} questions  document  first quote  one of three  abstained"
    for group in [*sorted({each.group for each in asked}), "all"]:
        rows = [each for each in asked if group in (each.group, "all")]
        shares = [
            sum(getattr(each, name) for each in rows) / len(rows)
            for name in ("document_first", "first_quote", "any_quote", "abstained")
        ]
        yield f"{group:10} {len(rows):9}  " + "  ".join(
            f"{share:{width}.3f}" for share, width in zip(shares, (8, 11, 12, 9), strict=True)
        )


def overlap(quote: str, line: str) -> bool:
    """Return whether a quote holds a line, or is a part of it; both `plain`."""
    return quote in line or line in quote


def plain(text: str) -> str:
    """Return a text with one space for any white space."""
    return " ".join(text.split())


def _hashed(line: str) -> str:
    return hashlib.sha256(line.encode()).hexdigest()[:_HASH_CHARS]


def _file(article: str, language: str) -> str:
    return file_name(f"{language}:{article}")


def main() -> None:
    """Print a table a library."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", choices=["together", "alone"], help="which libraries")
    arguments = parser.parse_args()
    if not (arguments.data / "ntrex").is_dir():
        sys.exit(f"SKIPPED: {arguments.data} has no folder ntrex")
    articles = Articles(arguments.data)
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    answers = {question["id"]: articles.answers(question) for question in questions}
    if arguments.only != "alone":
        assistant = Assistant.open(articles.library("news", LANGUAGES))
        asked = [ask(assistant, each, answers[each["id"]]) for each in questions]
        print("all articles in five languages:", *table(asked), sep="\n", flush=True)
    if arguments.only != "together":
        asked = []
        for language in sorted({question["document_language"] for question in questions}):
            assistant = Assistant.open(articles.library(f"news-{language}", [language]))
            about = [each for each in questions if each["document_language"] == language]
            asked += [ask(assistant, each, answers[each["id"]]) for each in about]
        print("one language only:", *table(asked), sep="\n", flush=True)


if __name__ == "__main__":
    main()
