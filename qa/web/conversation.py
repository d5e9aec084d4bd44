"""A conversation on the page: questions in line, answers as HTML, and what a browser kept."""

import asyncio
import json
import traceback
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from index.within import Within
from qa import rendering
from qa.answer import Answer
from qa.assistant import MAX_QUESTION_CHARS, Assistant
from qa.recall import Recalled, recalled_all
from qa.strings import say
from qa.web.line import Line, LineFull

_AT_ONCE: Final = 2
_LONGEST: Final = 64
_MOST_TURNS: Final = 100


@dataclass(slots=True)
class Turn:
    """A question with what is shown for it.

    Attributes:
        answer: None until it is answered, and where it couldn't be.
    """

    question: str
    html: str
    answer: Answer | None = None
    pending: bool = False


class Conversation:
    """What the page's events do with a session's turns, newest last. Shared by all sessions."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._line = Line(_AT_ONCE, _LONGEST)

    def is_new(self, question: str, turns: list[Turn]) -> bool:
        """Return whether there is a question, and not the one that is being answered."""
        line = _one_line(question)
        return bool(line) and not (turns and turns[-1].pending and turns[-1].question == line)

    async def ask(
        self, question: str, turns: list[Turn], language: str, sent: str
    ) -> AsyncIterator[str]:
        """Yield the conversation as HTML: waiting, reading, answered.

        Args:
            turns: the session's, to which the question is added.
            sent: JSON of the page: the limits, and the conversation as its browser kept it.
        """
        question = _one_line(question)
        asked = _asked(sent)
        if not turns:
            # The server was started anew while the page was open.
            self._recall(turns, language, asked)
        turn = Turn(question, rendering.pending_html(question, language), pending=True)
        turns.append(turn)
        try:
            ticket = self._line.join()
        except LineFull:
            _settle(turn, rendering.failure_html(question, say("busy", language)))
            yield _shown(turns)
            return
        try:
            while before := ticket.before():
                turn.html = rendering.pending_html(question, language, before)
                yield _shown(turns)
                await ticket.moved()
            turn.html = rendering.pending_html(question, language)
            yield _shown(turns)
            within = _within(asked)
            await asyncio.to_thread(self._answer, turn, language, within)
        finally:
            ticket.leave()
        yield _shown(turns)

    def _answer(self, turn: Turn, language: str, within: Within) -> None:
        question = turn.question
        if len(question) > MAX_QUESTION_CHARS:
            message = say("too_long", language, count=len(question), limit=MAX_QUESTION_CHARS)
            _settle(turn, rendering.failure_html(question, message))
            return
        try:
            if within and not within.paths(self._assistant.documents()):
                message = say("nothing_left", language)
                _settle(turn, rendering.failure_html(question, message))
                return
            answer = self._assistant.ask(question, within=within)
            _settle(turn, rendering.answer_html(answer, language), answer)
        except Exception:  # the page goes on, the terminal says why
            traceback.print_exc()
            failed = rendering.failure_html(question, say("failed", language), "folio doctor")
            _settle(turn, failed)

    def recall(self, turns: list[Turn], language: str, sent: str) -> str:
        """Put the conversation that the page sends in place of the session's; return its HTML."""
        turns.clear()
        self._recall(turns, language, _asked(sent))
        return _shown(turns)

    def _recall(self, turns: list[Turn], language: str, asked: dict[str, Any]) -> None:
        kept = asked.get("turns")
        for found in recalled_all(self._assistant, kept[-_MOST_TURNS:] if kept else []):
            turns.append(_recalled_turn(found, language))

    def stop(self, turns: list[Turn], language: str) -> tuple[str, str]:
        """Take back what isn't answered yet; return the conversation, and the last such question.

        What is being read is read to its end, and nobody sees it.
        """
        questions = [turn.question for turn in turns if turn.pending]
        turns[:] = [turn for turn in turns if not turn.pending]
        return _shown(turns), questions[-1] if questions else ""


def _recalled_turn(found: Recalled, language: str) -> Turn:
    html = rendering.answer_html(found.answer, language, found.gone)
    return Turn(found.answer.question, html, found.answer)


def _one_line(question: str) -> str:
    return " ".join(question.split())


def _settle(turn: Turn, html: str, answer: Answer | None = None) -> None:
    turn.html, turn.answer, turn.pending = html, answer, False


def _shown(turns: list[Turn]) -> str:
    """Return the turns as HTML, the newest first."""
    return "".join(turn.html for turn in reversed(turns))


def _asked(sent: str) -> dict[str, Any]:
    """Return what the page sent; nothing where it isn't what the page sends."""
    try:
        asked = json.loads(sent or "{}")
    except ValueError:
        return {}
    if not isinstance(asked, dict) or not isinstance(asked.get("turns") or [], list):
        return {}
    return asked


def _within(asked: dict[str, Any]) -> Within:
    limits = asked.get("limits")
    limits = limits if isinstance(limits, dict) else {}

    def chosen(name: str) -> frozenset[str]:
        values = limits.get(name)
        return frozenset(map(str, values)) if isinstance(values, list) else frozenset()

    return Within(
        documents=chosen("documents"),
        kinds=chosen("kinds"),
        languages=chosen("languages"),
        since=str(limits.get("since") or ""),
        until=str(limits.get("until") or ""),
    )
