"""A conversation whose page goes elsewhere, or is forgotten, while something is under way."""

import asyncio
import json
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast

from qa.answer import Answer
from qa.assistant import Assistant
from qa.web.conversation import Conversation
from qa.web.talk import Talk


class Held:
    """What is asked of an assistant here: it answers once it may."""

    def __init__(self) -> None:
        self.began, self.may = threading.Event(), threading.Event()

    def ask(self, question: str, before: Any, within: Any) -> Answer:
        self.began.set()
        assert self.may.wait(60)
        return answer(question)


def conversation_with(held: Held) -> Conversation:
    return Conversation(cast(Assistant, held))


def answer(question: str) -> Answer:
    return Answer(question, "en", "abstained", 0.1, (), "It isn't said.", (), 1, 20)


def in_a_loop(story: Coroutine[Any, Any, Any]) -> Any:
    # In a thread of its own: the browser tests leave a loop running in the first one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(story)).result()


def sent(*questions: str) -> str:
    return json.dumps({"turns": [answer(question).to_json() for question in questions]})


def test_a_question_that_waits_is_dropped_where_another_conversation_is_opened() -> None:
    conversation = conversation_with(Held())

    async def leaves() -> tuple[list[str], str]:
        talk = Talk()
        turn = conversation.begin("Left?", talk, False, "en", "")
        assert turn
        shown = []
        async for html in conversation.answer(turn, talk, "en", ""):
            shown.append(html)
            conversation.recall(talk, "en", sent("Opened?"))
        return shown, talk.html("en")

    async def story() -> list[tuple[list[str], str]]:
        # More than are read at once: the others wait in line.
        return await asyncio.gather(*(leaves() for _ in range(5)))

    for shown, opened in in_a_loop(story()):
        assert len(shown) == 1
        assert "Opened?" in opened
        assert "Left?" not in opened


def test_a_question_that_is_being_read_is_dropped_too() -> None:
    held = Held()
    conversation, talk = conversation_with(held), Talk()

    def opens_another() -> None:
        assert held.began.wait(60)
        conversation.recall(talk, "en", "")
        held.may.set()

    async def story() -> list[str]:
        turn = conversation.begin("Left?", talk, False, "en", "")
        assert turn
        other = asyncio.create_task(asyncio.to_thread(opens_another))
        shown = [html async for html in conversation.answer(turn, talk, "en", "")]
        await other
        return shown

    shown = in_a_loop(story())
    # Nothing is drawn in place of what the other conversation shows, least of all nothing.
    assert len(shown) == 1
    assert "Left?" in shown[0]


def test_a_new_topic_on_a_page_that_was_forgotten_keeps_its_conversation() -> None:
    conversation, talk = conversation_with(Held()), Talk()
    html = conversation.turn_topic(talk, "lv", sent("First?"))
    assert "First?" in html
    assert talk.new_topic
    # What is there by now isn't recalled again.
    assert conversation.turn_topic(talk, "lv", sent("First?", "Second?")).count("<article") == 1
