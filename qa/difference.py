"""What is different between two generations, and in the answers that were kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from index.archive import Past, generations, state
from index.errors import LibraryError
from index.library import Library
from index.records import Records
from qa.answer import Answer
from qa.assistant import Assistant
from qa.kept import Kept, kept


@dataclass(frozen=True, slots=True)
class Difference:
    """How one generation's documents differ from another's: paths, sorted."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def documents_between(library: Library, old: int, new: int) -> Difference:
    """Compare two generations, committed at any time.

    Raises:
        LibraryError: the records don't know one of them.
    """
    opened = Records.read(library.records)
    if opened is None:
        raise LibraryError("this library has no history yet: run `folio index`")
    with opened as records:
        known = generations(records)
        for number in (old, new):
            if number not in known:
                span = f"{min(known)} to {max(known)}" if known else "none"
                raise LibraryError(f"generation {number} isn't known; those that are: {span}")
        return _between(state(records, old), state(records, new))


def _between(before: Mapping[str, Past], after: Mapping[str, Past]) -> Difference:
    return Difference(
        added=sorted(after.keys() - before.keys()),
        changed=sorted(
            name
            for name in after.keys() & before.keys()
            if after[name].sha256 != before[name].sha256
        ),
        removed=sorted(before.keys() - after.keys()),
    )


def last_change(library: Library) -> tuple[int, str, Difference] | None:
    """Return the last generation, when it was committed, and how it differs from the one before.

    None where the library has no history yet.
    """
    opened = Records.read(library.records)
    if opened is None:
        return None
    with opened as records:
        known = generations(records)
        if not known:
            return None
        number, *earlier = sorted(known, reverse=True)
        before = state(records, earlier[0]) if earlier else {}
        return number, known[number], _between(before, state(records, number))


def changed_answers(library: Library) -> list[tuple[Kept, Answer]]:
    """Ask the kept questions again; return those whose answer says something else now."""
    remembered = kept(library)
    if not remembered:
        return []
    assistant = Assistant.open(library)
    asked = [(each, assistant.ask(each.question)) for each in remembered]
    return [(each, answer) for each, answer in asked if _said(each.answer) != _said_by(answer)]


def _said(answer: dict[str, Any]) -> tuple[str, str | None, frozenset[str]]:
    """Return what an answer says: the best quote, and all of them, wherever they stand now."""
    quotes = [quote["quote"] for quote in answer["quotes"]]
    return answer["status"], quotes[0] if quotes else None, frozenset(quotes)


def _said_by(answer: Answer) -> tuple[str, str | None, frozenset[str]]:
    return _said(answer.to_json())
