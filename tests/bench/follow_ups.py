"""Are follow-ups understood from the turns before, and new topics left alone?

    python -m tests.bench.follow_ups [--half tune] [--rows]

Asks follow_ups.jsonl of the sample library: {"id", "language", "kind", "history", "question",
"standalone", "right": [{"document", "sentence"}]}. Each question is asked with its history and
without; it is resolved where a quote, an abstention's nearest ones too, holds a right sentence.
What was tuned was tuned on one half, by a hash of the id; the other half is only reported.
"""

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.build import build
from index.encoder import cache_folder
from index.library import Library
from qa.answer import Answer
from qa.assistant import Assistant
from qa.cli.terminal import progress
from qa.sample import write

QUESTIONS = Path(__file__).with_name("follow_ups.jsonl")
HALVES = ("tune", "report")


@dataclass(frozen=True)
class Asked:
    """What came of one question, with its history and without.

    Attributes:
        quoted: whether a quote, or a nearest passage, holds a right sentence.
        first: whether the first one does.
        answered: whether it does in an answer.
    """

    row: dict[str, Any]
    half: str
    understood: str | None
    quoted: tuple[bool, bool]
    first: tuple[bool, bool]
    answered: tuple[bool, bool]


def read_rows() -> list[dict[str, Any]]:
    """Return the questions."""
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def half_of(row: dict[str, Any]) -> str:
    """Return the half that a question is in."""
    return HALVES[hashlib.sha256(row["id"].encode()).digest()[0] % 2]


def sample_library() -> Library:
    """Return the sample library, indexed."""
    folder = cache_folder() / "bench" / "sample"
    if not folder.exists():
        write(folder)
    library = Library.open(folder)
    build(library, progress())
    return library


def ask(assistant: Assistant, row: dict[str, Any], earlier: dict[tuple[str, ...], Answer]) -> Asked:
    """Ask one question in both ways.

    Args:
        earlier: answers to earlier questions, by themselves and what was before them; added to.
    """
    turns: list[Answer] = []
    for place, question in enumerate(row["history"], 1):
        key = tuple(row["history"][:place])
        if key not in earlier:
            earlier[key] = assistant.ask(question, turns)
        turns.append(earlier[key])
    following = assistant.ask(row["question"], turns)
    # What wasn't understood from its history was asked as it is.
    plain = assistant.ask(row["question"]) if following.understood else following
    holds = [_holding(answer, row) for answer in (following, plain)]
    return Asked(
        row=row,
        half=half_of(row),
        understood=following.understood,
        quoted=(any(holds[0]), any(holds[1])),
        first=(any(holds[0][:1]), any(holds[1][:1])),
        answered=(
            any(holds[0]) and following.status == "answered",
            any(holds[1]) and plain.status == "answered",
        ),
    )


def _holding(answer: Answer, row: dict[str, Any]) -> list[bool]:
    return [
        any(
            quote.document == right["document"]
            and right["sentence"] in " ".join(quote.quote.split())
            for right in row["right"]
        )
        for quote in answer.quotes or answer.nearest
    ]


def table(asked: Sequence[Asked]) -> Iterator[str]:
    """Yield a line a group: follow-ups with their history / without, and new topics."""
    yield (
        f"{'':<16}{'follow-ups':>11}{'in a quote':>14}{'in the first':>14}{'answered':>14}"
        f"{'seen as such':>14}{'new topics':>12}{'dragged':>9}"
    )
    languages = sorted({each.row["language"] for each in asked})
    groups = [("all", asked), *((half, _of(asked, half=half)) for half in HALVES)]
    groups += [(f"{name} report", _of(asked, "report", name)) for name in languages]
    groups += [
        (kind, [each for each in asked if each.row["kind"] == kind])
        for kind in ("pronoun", "ellipsis")
    ]
    for name, group in groups:
        follow_ups = [each for each in group if not each.row["standalone"]]
        topics = [each for each in group if each.row["standalone"]]
        if not group:
            continue
        cells = [
            _pair([each.quoted for each in follow_ups]),
            _pair([each.first for each in follow_ups]),
            _pair([each.answered for each in follow_ups]),
            _share([each.understood is not None for each in follow_ups]),
        ]
        yield (
            f"{name:<16}{len(follow_ups):>11}"
            + "".join(f"{cell:>14}" for cell in cells)
            + f"{len(topics):>12}{sum(e.understood is not None for e in topics):>9}"
        )


def _of(asked: Sequence[Asked], half: str, language: str | None = None) -> list[Asked]:
    return [
        each for each in asked if each.half == half and language in (None, each.row["language"])
    ]


def _pair(values: Sequence[tuple[bool, bool]]) -> str:
    """Return the shares with history and without."""
    return " / ".join(_share([value[place] for value in values]) for place in (0, 1))


def _share(values: Sequence[bool]) -> str:
    return f"{sum(values) / len(values):.2f}" if values else "–"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--half", choices=HALVES, help="only this one")
    parser.add_argument("--rows", action="store_true", help="print each of the half tuned on too")
    arguments = parser.parse_args()
    assistant = Assistant.open(sample_library())
    rows = [row for row in read_rows() if arguments.half in (None, half_of(row))]
    show = progress()
    asked = []
    earlier: dict[tuple[str, ...], Answer] = {}
    for place, row in enumerate(rows, 1):
        asked.append(ask(assistant, row, earlier))
        show("Asking", place, len(rows))
        if arguments.rows and asked[-1].half == "tune":
            each = asked[-1]
            print(row["id"], each.quoted, each.first, each.answered, each.understood, flush=True)
    print("\n".join(table(asked)))


if __name__ == "__main__":
    main()
