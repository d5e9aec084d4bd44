"""How often a login may fail, by account and by address."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

_FREE: Final = 5
_LONGEST_S: Final = 15 * 60
_FORGOTTEN_S: Final = 4 * 3600
_MOST: Final = 50_000


@dataclass
class _Failures:
    """What failed under one key: how often for each account, and when last."""

    by_account: Counter[str] = field(default_factory=Counter)
    last: float = 0.0


class Throttle:
    """Counts failures; not safe to be called from several threads at once.

    After five failures the next try has to wait a second, and twice as long after each further
    one, up to a quarter of an hour. A login that succeeds forgives its own account's failures,
    not those of others that came from the same address.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failures: dict[str, _Failures] = {}

    def wait_s(self, account: str, address: str) -> float:
        """Return how long a try has to wait; 0 where it may be made."""
        return max(self._wait_s(key) for key in _keys(account, address))

    def failed(self, account: str, address: str) -> None:
        """Count a failure."""
        if len(self._failures) >= _MOST:
            self._forget()
        for key in _keys(account, address):
            found = self._failures.setdefault(key, _Failures())
            found.by_account[account] += 1
            found.last = self._clock()

    def succeeded(self, account: str, address: str) -> None:
        """Forgive an account's failures."""
        for key in _keys(account, address):
            if key in self._failures:
                del self._failures[key].by_account[account]

    def _wait_s(self, key: str) -> float:
        found = self._failures.get(key)
        if found is None:
            return 0.0
        since = self._clock() - found.last
        if since > _FORGOTTEN_S:
            del self._failures[key]
            return 0.0
        count = found.by_account.total()
        if count < _FREE:
            return 0.0
        # Beyond 2**10 the longest is reached anyway.
        return max(0.0, min(_LONGEST_S, 1 << min(count - _FREE, 10)) - since)

    def _forget(self) -> None:
        """Forget the half that failed longest ago."""
        oldest = sorted(self._failures, key=lambda key: self._failures[key].last)
        for key in oldest[: _MOST // 2]:
            del self._failures[key]


def _keys(account: str, address: str) -> Sequence[str]:
    return f"account {account}", f"address {address}"
