"""Questions to begin with, which the library really answers."""

import json
from typing import TYPE_CHECKING, Final

from index.errors import FolioError

if TYPE_CHECKING:
    from qa.assistant import Assistant

_EXAMPLES: Final = 3
_EXAMPLE_TRIES: Final = 12


def invitation(assistant: "Assistant") -> str:
    """Return one line to begin with: a question that has an answer, or what there is to ask of."""
    if questions := examples(assistant, "en", limit=1):
        return f"Try asking: {questions[0]}"
    titles = [row.title for row in assistant.documents() if row.title]
    if titles:
        return f"Ask about what is in the library, for instance “{titles[0]}”"
    return f"The library is empty: put files into {assistant.library.documents}, run `folio index`"


def examples(assistant: "Assistant", language: str, limit: int = _EXAMPLES) -> list[str]:
    """Return questions of the library's own questions.jsonl that it has just answered rightly.

    Only the sample library has such a file; elsewhere there are no examples.
    """
    path = assistant.library.folder / "questions.jsonl"
    found: list[str] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines if line.strip()]
        asked = [q for q in asked if q["answerable"] and q["language"] == language]
        for question in asked[:_EXAMPLE_TRIES]:
            answer = assistant.ask(question["question"])
            if answer.quotes and question["sentence"] in answer.quotes[0].quote:
                found.append(question["question"])
            if len(found) == limit:
                break
    except (OSError, ValueError, KeyError, TypeError, FolioError):
        pass  # an example less; a library that can't be asked says so when it is asked
    return found
