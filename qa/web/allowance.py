"""How much may be asked: so many questions a minute, and so many at once.

By the person's name where people log in. Where they don't, by the address: many may share one, so
it gets more, but never the whole line. This machine's own people aren't limited but by the line.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from qa.web.access import Person


class TooMany(Exception):
    """More is asked than is allowed."""


@dataclass(frozen=True, slots=True)
class Share:
    """How many questions somebody may ask."""

    a_minute: int
    at_once: int


OF_A_PERSON: Final = Share(30, 8)
OF_AN_ADDRESS: Final = Share(120, 32)


class Allowance:
    """Counts questions by who asks. Belongs to one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, deque[float]] = {}
        self._asking: Counter[str] = Counter()

    @contextmanager
    def asking(self, person: Person | None) -> Iterator[None]:
        """Let a person ask a question for as long as the block lasts.

        Args:
            person: None for somebody on this machine.

        Raises:
            TooMany: so many have been asked in the last minute, or are still being answered.
        """
        who, share = _counted(person) if person else ("", None)
        if share is None:
            yield
            return
        asked = self._asked_lately(who)
        if len(asked) >= share.a_minute or self._asking[who] >= share.at_once:
            raise TooMany
        asked.append(self._clock())
        self._asking[who] += 1
        try:
            yield
        finally:
            self._asking[who] -= 1

    def _asked_lately(self, who: str) -> deque[float]:
        """Return when somebody asked in the last minute, and forget all that is older."""
        since = self._clock() - 60
        for known, asked in list(self._asked.items()):
            while asked and asked[0] <= since:
                asked.popleft()
            if not asked:
                del self._asked[known]
        return self._asked.setdefault(who, deque())


def _counted(person: Person) -> tuple[str, Share | None]:
    if person.name:
        return f"person {person.name}", OF_A_PERSON
    # Nobody logs in: who may change the library sits at this machine.
    return f"address {person.address}", None if person.may_change else OF_AN_ADDRESS
