"""How much one person may ask: so many questions a minute, and so many at once."""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

A_MINUTE: Final = 30
AT_ONCE: Final = 8


class TooMany(Exception):
    """This person asks more than is allowed."""


class Allowance:
    """Counts questions by person. Belongs to one event loop."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, deque[float]] = {}
        self._asking: Counter[str] = Counter()

    @contextmanager
    def asking(self, name: str) -> Iterator[None]:
        """Let a person ask a question for as long as the block lasts.

        Args:
            name: "" for those who aren't told apart: the line is what limits them.

        Raises:
            TooMany: so many have been asked in the last minute, or are still being answered.
        """
        if not name:
            yield
            return
        moment = self._clock()
        asked = self._asked.setdefault(name, deque())
        while asked and asked[0] <= moment - 60:
            asked.popleft()
        if len(asked) >= A_MINUTE or self._asking[name] >= AT_ONCE:
            raise TooMany
        asked.append(moment)
        self._asking[name] += 1
        try:
            yield
        finally:
            self._asking[name] -= 1
