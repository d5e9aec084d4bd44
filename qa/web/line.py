"""A line for what only a few can have at once: who waits knows how many are before them."""

import asyncio
import time
from collections.abc import Callable
from itertools import count
from typing import Final

# Who hasn't come by then won't come any more.
_ON_THE_WAY_S: Final = 10.0


class Line:
    """Lets a few in at once, in the order they came, and some wait. Belongs to one event loop."""

    def __init__(
        self, at_once: int, waiting: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.at_once: Final = at_once
        self._most: Final = at_once + waiting
        self._clock = clock
        self._tickets: list[Ticket] = []
        self._numbers = count()
        self._expected: dict[int, float] = {}

    def expect(self) -> int | None:
        """Keep a place for who is on the way; None where as many wait as may.

        Returns:
            A number, to be told to `came` by who comes, or doesn't after all.
        """
        now = self._clock()
        for number, since in list(self._expected.items()):
            if since <= now - _ON_THE_WAY_S:
                del self._expected[number]
        if len(self._tickets) + len(self._expected) >= self._most:
            return None
        number = next(self._numbers)
        self._expected[number] = now
        return number

    def came(self, number: int) -> None:
        """Keep no place any longer for whom `expect` gave this number."""
        self._expected.pop(number, None)

    def join(self) -> "Ticket":
        """Take the last place. Leave it when done, whatever happens."""
        ticket = Ticket(self)
        self._tickets.append(ticket)
        return ticket

    def place(self, ticket: "Ticket") -> int:
        """Return how many have to go before a ticket's turn comes; 0 and less is its turn."""
        return self._tickets.index(ticket) - self.at_once + 1

    def leave(self, ticket: "Ticket") -> None:
        """Give a place up, and tell those behind."""
        self._tickets.remove(ticket)
        for waiting in self._tickets:
            waiting.tell()


class Ticket:
    """A place in a line."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._moved = asyncio.Event()

    def before(self) -> int:
        """Return how many have to leave before it is this one's turn; 0 where it is."""
        return max(0, self._line.place(self))

    async def moved(self) -> None:
        """Wait until somebody has left."""
        await self._moved.wait()
        self._moved.clear()

    def tell(self) -> None:
        """Wake who waits for this ticket."""
        self._moved.set()

    def leave(self) -> None:
        """Give the place up."""
        self._line.leave(self)
