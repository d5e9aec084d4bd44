"""Limits of a search: which documents it may find anything in.

They hold before anything is ranked, so that what is outside is as if it weren't in the library.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from index.rows import DocumentRow

# Sorts after every character of a date: a month lies in its year, a day in its month.
_LAST = "\uffff"


@dataclass(frozen=True, slots=True)
class Within:
    """What a document has to be like; an empty field allows all.

    Attributes:
        documents: paths.
        kinds: as Document has them.
        languages: ISO 639-1 codes.
        since, until: ISO dates, cut to any precision, both included; a document without a date is
            outside of both.
    """

    documents: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    since: str = ""
    until: str = ""

    def __bool__(self) -> bool:
        return any((self.documents, self.kinds, self.languages, self.since, self.until))

    def allows(self, row: DocumentRow) -> bool:
        """Return whether a document may be found."""
        return (
            (not self.documents or row.document in self.documents)
            and (not self.kinds or row.kind in self.kinds)
            and (not self.languages or row.language in self.languages)
            and self._allows_date(row.date)
        )

    def _allows_date(self, date: str | None) -> bool:
        if not (self.since or self.until):
            return True
        if not date:
            return False
        early = self.since and date + _LAST < self.since
        late = self.until and date > self.until + _LAST
        return not (early or late)

    def paths(self, rows: Sequence[DocumentRow]) -> list[str]:
        """Return the paths of those documents that may be found."""
        return [row.document for row in rows if self.allows(row)]
