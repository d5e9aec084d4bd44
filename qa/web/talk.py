"""One visitor's conversation: the turns on the page, and what the next question can follow up."""

from dataclasses import dataclass, field

from qa import rendering
from qa.answer import Answer


@dataclass(eq=False)
class Turn:
    """A question on the page; asked twice, it is two.

    Attributes:
        answer: None while it is looked for, and where it failed.
        fresh: whether it begins a topic of its own.
        pending: whether it is being answered.
    """

    question: str
    html: str
    answer: Answer | None = None
    fresh: bool = False
    pending: bool = False


@dataclass
class Talk:
    """The turns of one visitor, the earliest first."""

    turns: list[Turn] = field(default_factory=list)
    new_topic: bool = False

    def begin(self, question: str, alone: bool, language: str) -> Turn | None:
        """Put a question on the page; None where it is the one that is being answered.

        Args:
            alone: whether it is meant as it is typed, whatever was said before.
        """
        if self.turns and self.turns[-1].pending and self.turns[-1].question == question:
            return None
        pending = rendering.pending_html(question, language)
        turn = Turn(question, pending, fresh=alone or self.new_topic, pending=True)
        self.new_topic = False
        self.turns.append(turn)
        return turn

    def before(self, turn: Turn) -> list[str | Answer]:
        """Return the turns that a turn can follow up: those of its topic."""
        place = self.turns.index(turn)
        earlier: list[str | Answer] = []
        for each in reversed(self.turns[: place + 1]):
            if each is not turn:
                earlier.append(each.answer or each.question)
            if each.fresh:
                break
        return earlier[::-1]

    def html(self, language: str) -> str:
        """Return the page's turns, the last one first, with a line where a topic began."""
        parts = [rendering.topic_html(language)] if self.new_topic and self.turns else []
        for place, turn in reversed(list(enumerate(self.turns))):
            parts.append(turn.html)
            if turn.fresh and place:
                parts.append(rendering.topic_html(language))
        return "".join(parts)
