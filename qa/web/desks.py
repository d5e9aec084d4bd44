"""What each person works with: the library as far as that person may read it."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qa.people.collections import lies_in
from qa.web.originals import Originals
from qa.web.suggestions import Suggestions

if TYPE_CHECKING:
    from documents.worker import ReaderPool
    from qa.assistant import Assistant
    from qa.web.access import Person

# Lists of closed folders that are in use at once; more are made anew when they are needed.
_MOST: Final = 32


@dataclass(frozen=True, slots=True)
class Desk:
    """A library for those who may read the same of it."""

    assistant: "Assistant"
    originals: Originals
    suggestions: Suggestions


class Desks:
    """The desks by what is hidden from them. Safe to call from several threads."""

    def __init__(self, assistant: "Assistant", pool: "ReaderPool") -> None:
        self.library: Final = assistant.library
        self._whole = assistant
        self._pool = pool
        self._desks: OrderedDict[frozenset[str], Desk] = OrderedDict()
        self._lock = threading.Lock()

    def ready(self) -> int:
        """Return the number of the generation that answers.

        Raises:
            FolioError: none does.
        """
        return self._whole.searcher().generation.manifest.number

    def of(self, person: "Person") -> Desk:
        """Return a person's desk; what is hidden from the person isn't there by any way."""
        with self._lock:
            desk = self._desks.get(person.hidden)
            if desk is None:
                desk = self._desks[person.hidden] = self._made(person.hidden)
                if len(self._desks) > _MOST:
                    self._desks.popitem(last=False)
            self._desks.move_to_end(person.hidden)
            return desk

    def _made(self, hidden: frozenset[str]) -> Desk:
        seen = self._whole
        if hidden:
            seen = seen.limited(lambda document: not lies_in(document, hidden))
        return Desk(seen, Originals(seen, self._pool), Suggestions(seen))
