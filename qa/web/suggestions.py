"""Questions to begin with, which the library really answers: each has just been asked."""

import json
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from index.errors import FolioError
from qa.strings import LANGUAGES, say

if TYPE_CHECKING:
    from index.rows import DocumentRow
    from qa.assistant import Assistant

_SHOWN: Final = 3
_TRIES: Final = 12
# What can be asked about a document of each kind.
_ASKED: Final = {
    "agreement": ("ask_signed", "ask_parties"),
    "memorandum": ("ask_signed", "ask_parties"),
    "minutes": ("ask_decided",),
}
_TITLE_CHARS: Final = 90


class Suggestions:
    """Questions by language, found once for each generation. Safe to call from several threads."""

    def __init__(self, assistant: "Assistant") -> None:
        self._assistant = assistant
        self._known: dict[tuple[int, str], list[str]] = {}
        self._lock = threading.Lock()

    def questions(self, language: str) -> list[str]:
        """Return questions that the current generation answers; takes as long as asking them."""
        try:
            key = (self._assistant.searcher().generation.manifest.number, language)
            # One at a time: who comes second finds them found.
            with self._lock:
                if key not in self._known:
                    self._known[key] = answered(self._assistant, language)
                return self._known[key]
        except FolioError:
            return []  # a library that can't be asked says so when it is asked


def answered(assistant: "Assistant", language: str, limit: int = _SHOWN) -> list[str]:
    """Return questions in a language that have just been answered out of the right document."""
    found: list[str] = []
    for tries, (question, document) in enumerate(_candidates(assistant, language)):
        if len(found) == limit or tries == _TRIES:
            break
        answer = assistant.ask(question)
        if answer.quotes and document in {quote.document for quote in answer.quotes}:
            found.append(question)
    return found


def _candidates(assistant: "Assistant", language: str) -> Iterator[tuple[str, str]]:
    """Yield questions with the document that answers: the library's own, then made from titles."""
    yield from _own_questions(assistant, language)
    rows = [row for row in assistant.documents() if row.kind in _ASKED and row.title]
    # Documents in the page's language first: who reads it reads them.
    for row in sorted(rows, key=lambda row: row.language != language):
        for key in _ASKED[row.kind or ""]:
            yield say(key, language, title=_short(row)), row.document


def _own_questions(assistant: "Assistant", language: str) -> Iterator[tuple[str, str]]:
    """Yield those of questions.jsonl, which a library may have and the sample library has."""
    try:
        path = assistant.library.folder / "questions.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines()
        asked = [json.loads(line) for line in lines if line.strip()]
        for item in asked:
            if item["answerable"] and item["language"] == language:
                yield str(item["question"]), str(item["document"])
    except (OSError, ValueError, KeyError, TypeError):
        return  # no examples of its own


def _short(row: "DocumentRow") -> str:
    title = row.title or ""
    return title if len(title) <= _TITLE_CHARS else title[:_TITLE_CHARS].rsplit(" ", 1)[0]


def invitation(assistant: "Assistant") -> str:
    """Return one line to begin with: a question that has an answer, or what there is to ask of."""
    if questions := answered(assistant, next(iter(LANGUAGES)), limit=1):
        return f"Try asking: {questions[0]}"
    titles = [row.title for row in assistant.documents() if row.title]
    if titles:
        return f"Ask about what is in the library, for instance “{titles[0]}”"
    return f"The library is empty: put files into {assistant.library.documents}, run `folio index`"
