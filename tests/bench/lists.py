"""How many members of a list do the quotes hold together?

    python -m tests.bench.lists SAMPLE_LIBRARY

Asks questions about the sample library whose answer is a list, and prints which share of the
members is in the quotes of the right documents; a member may be written in several ways.
"""

import argparse
import json
from pathlib import Path
from typing import Any, Final

from index.lexical import fold
from qa.answer import Answer
from qa.assistant import Assistant

QUESTIONS: Final = Path(__file__).with_name("list_questions.jsonl")


def recall(answer: Answer, question: dict[str, Any]) -> float:
    """Return which share of a question's members is in the answer's quotes, 0 to 1."""
    quotes = answer.quotes or answer.nearest
    texts = [fold(quote.quote) for quote in quotes if quote.document in question["documents"]]
    members = question["members"]
    found = sum(any(fold(form) in text for form in forms for text in texts) for forms in members)
    return found / len(members)


def main() -> None:
    """Print a line a question, then the mean."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", type=Path)
    arguments = parser.parse_args()
    assistant = Assistant.open(arguments.library)
    questions = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    recalls, quotes = [], []
    for question in questions:
        answer = assistant.ask(question["question"])
        recalls.append(recall(answer, question))
        quotes.append(len(answer.quotes))
        print(f"{question['id']} {recalls[-1]:.2f} {quotes[-1]} quotes  {question['question']}")
    count = len(questions)
    print(f"{count} questions: member recall {sum(recalls) / count:.3f}, {sum(quotes)} quotes")


if __name__ == "__main__":
    main()
