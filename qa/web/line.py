"""A line for what only a few can have at once: who waits knows how many are before them."""

import asyncio
from typing import Final


class LineFull(Exception):
    """So many wait already that another one had better come later."""


class Line:
    """Lets a few in at once, in the order they came. Belongs to one event loop."""

    def __init__(self, at_once: int, longest: int) -> None:
        self.at_once: Final = at_once
        self._longest: Final = longest
        self._tickets: list[Ticket] = []

    def join(self) -> "Ticket":
        """Take the last place. Leave it when done, whatever happens.

        Raises:
            LineFull: the line is as long as it may get.
        """
        if len(self._tickets) >= self._longest:
            raise LineFull
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
