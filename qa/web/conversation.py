"""A conversation on the page: questions in line, answers as HTML, and what a browser kept."""

import asyncio
import json
import traceback
from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from index.within import Within
from qa import rendering
from qa.answer import Answer
from qa.assistant import MAX_QUESTION_CHARS, Assistant
from qa.recall import recalled_all
from qa.strings import say
from qa.web.access import Person
from qa.web.allowance import Allowance, TooMany
from qa.web.desks import Desks
from qa.web.line import Line
from qa.web.talk import Talk, Turn

_AT_ONCE: Final = 2
_WAITING: Final = 64
_MOST_TURNS: Final = 100


class Conversations:
    """One line for all, and how much each person may ask. Belongs to one event loop."""

    def __init__(self, desks: Desks) -> None:
        self._desks = desks
        self.line: Final = Line(_AT_ONCE, _WAITING)
        self._allowance = Allowance()

    def of(self, person: Person) -> "Conversation":
        """Return what a person's questions are asked through."""
        assistant = self._desks.of(person).assistant
        return Conversation(assistant, self.line, self._allowance, person)


class Conversation:
    """What the page's events do with a person's talk."""

    def __init__(
        self,
        assistant: Assistant,
        line: Line | None = None,
        allowance: Allowance | None = None,
        person: Person | None = None,
    ) -> None:
        """Take what is shared with others; alone where it isn't given.

        Args:
            person: who asks; None for somebody on this machine.
        """
        self._assistant = assistant
        self._line = line or Line(_AT_ONCE, _WAITING)
        self._allowance = allowance or Allowance()
        self._person = person

    def begin(
        self, question: str, talk: Talk, alone: bool, language: str, sent: str
    ) -> Turn | None:
        """Put a question on the page; None where there is none, or it is being answered.

        Args:
            alone: whether it is meant as it is typed, whatever was said before.
            sent: JSON of the page: the limits, and the conversation as its browser kept it.
        """
        question = " ".join(question.split())
        if not question:
            return None
        self._recall_forgotten(talk, language, sent)
        return talk.begin(question, alone, language)

    async def answer(self, turn: Turn, talk: Talk, language: str, sent: str) -> AsyncIterator[str]:
        """Yield the conversation as HTML: waiting, reading, answered.

        Nothing more once another conversation is in its place.
        """
        try:
            with self._allowance.asking(self._person):
                async for shown in self._in_line(turn, talk, language, sent):
                    yield shown
        except TooMany:
            _settle(turn, rendering.failure_html(turn.question, say("asked_too_much", language)))
            yield talk.html(language)

    async def _in_line(
        self, turn: Turn, talk: Talk, language: str, sent: str
    ) -> AsyncIterator[str]:
        ticket = self._line.join()
        try:
            while before := ticket.before():
                turn.html = rendering.pending_html(turn.question, language, before)
                yield talk.html(language)
                await ticket.moved()
                if turn not in talk.turns:
                    return
            turn.html = rendering.pending_html(turn.question, language)
            yield talk.html(language)
            if turn not in talk.turns:
                return
            within = _within(_asked(sent))
            await asyncio.to_thread(self._answer, turn, talk.before(turn), language, within)
        finally:
            ticket.leave()
        if turn in talk.turns:
            yield talk.html(language)

    def _answer(
        self, turn: Turn, before: Sequence[str | Answer], language: str, within: Within
    ) -> None:
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
            answer = self._assistant.ask(question, before, within)
            _settle(turn, rendering.answer_html(answer, language), answer)
        except Exception:  # the page goes on, the terminal says why
            traceback.print_exc()
            failed = rendering.failure_html(question, say("failed", language), "folio doctor")
            _settle(turn, failed)

    def recall(self, talk: Talk, language: str, sent: str) -> str:
        """Put the conversation that the page sends in place of the session's; return its HTML."""
        talk.turns.clear()
        self._recall(talk, language, _asked(sent))
        return talk.html(language)

    def turn_topic(self, talk: Talk, language: str, sent: str) -> str:
        """Have the next question begin a topic of its own; return the conversation's HTML."""
        self._recall_forgotten(talk, language, sent)
        talk.new_topic = True
        return talk.html(language)

    def _recall_forgotten(self, talk: Talk, language: str, sent: str) -> None:
        # The server was started anew while the page was open, or has forgotten a page that was
        # cut off from it for long.
        if not talk.turns:
            self._recall(talk, language, _asked(sent))

    def _recall(self, talk: Talk, language: str, asked: dict[str, Any]) -> None:
        kept = asked.get("turns")
        for found in recalled_all(self._assistant, kept[-_MOST_TURNS:] if kept else []):
            html = rendering.answer_html(found.answer, language, found.gone, found.whole)
            talk.turns.append(Turn(found.answer.question, html, found.answer))

    def stop(self, talk: Talk, language: str) -> tuple[str, str]:
        """Take back what isn't answered yet; return the conversation, and the last such question.

        What is being read is read to its end, and nobody sees it.
        """
        questions = [turn.question for turn in talk.turns if turn.pending]
        talk.turns[:] = [turn for turn in talk.turns if not turn.pending]
        return talk.html(language), questions[-1] if questions else ""


def _settle(turn: Turn, html: str, answer: Answer | None = None) -> None:
    turn.html, turn.answer, turn.pending = html, answer, False


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
