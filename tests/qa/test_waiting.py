"""Twenty who ask at once are all answered, and who waits is told how many are before."""

import asyncio
import re
import time
from concurrent.futures import ThreadPoolExecutor

from qa.answer import Answer
from qa.web.conversation import Conversation
from qa.web.talk import Talk

PEOPLE = 20


class Slow:
    """What is asked of an assistant here; each answer takes its time."""

    def __init__(self):
        self.asking = self.most = 0

    def ask(self, question, before, within):
        self.asking += 1
        self.most = max(self.most, self.asking)
        time.sleep(0.02)
        self.asking -= 1
        return Answer(question, "en", "abstained", 0.1, (), "It isn't said.", (), 1, 20)


async def one(conversation, number):
    talk = Talk()
    turn = conversation.begin(f"Question {number}?", talk, False, "en", "")
    shown = [html async for html in conversation.answer(turn, talk, "en", "")]
    before = re.findall(r"Questions before yours: (\d+)", "".join(shown))
    return [int(count) for count in before], shown[-1]


def test_twenty_who_ask_at_once_are_all_answered_and_told_their_place():
    assistant = Slow()
    conversation = Conversation(assistant)

    async def story():
        return await asyncio.gather(*(one(conversation, number) for number in range(PEOPLE)))

    # A thread of its own: the browser tests leave a loop running in the first one.
    with ThreadPoolExecutor(1) as thread:
        told = thread.submit(lambda: asyncio.run(story())).result()
    for number, (before, last) in enumerate(told):
        assert f"Question {number}?" in last
        assert "It isn&#x27;t said." in last
        # Two are answered at once; the others see the line before them shorten, one by one.
        assert before == sorted(before, reverse=True)
        assert before[:1] == ([number - 1] if number > 1 else [])
    assert assistant.most == 2
