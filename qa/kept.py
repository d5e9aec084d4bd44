"""Answers that people keep, and what they say of answers: rows of records.sqlite."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from index.errors import LibraryError, RecordsError
from index.library import Library
from index.records import Records, holds_answer, now
from index.removed import user
from qa.answer import Answer


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was when it was kept.

    Attributes:
        answer: what `Answer.to_json` gave.
        kept_at: ISO 8601.
        kept_by: the user's name on that machine.
    """

    id: int
    question: str
    language: str
    answer: dict[str, Any]
    kept_at: str
    kept_by: str


def keep(library: Library, answer: Answer) -> int:
    """Keep an answer, and return its number.

    Raises:
        RecordsError: records.sqlite can't be written.
    """
    data = _packed(answer)
    digest = sha256(data.encode()).hexdigest()
    with Records.open(library.records) as records, records.writing():
        rows = records.rows(
            "INSERT INTO answers (question, language, answer, sha256, kept_at, kept_by)"
            " VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            [answer.question, answer.language, data, digest, now(), user()],
        )
    return int(rows[0]["id"])


def kept(library: Library) -> list[Kept]:
    """Return the kept answers, oldest first.

    Raises:
        RecordsError: one of them isn't what was kept.
    """
    opened = Records.read(library.records)
    if opened is None:
        return []
    with opened as records:
        rows = records.rows("SELECT * FROM answers ORDER BY id")
    for row in rows:
        if not holds_answer(row):
            raise RecordsError(
                f"{library.records}: kept answer {row['id']} isn't what was kept: run "
                "`folio repair`"
            )
    return [
        Kept(
            id=row["id"],
            question=row["question"],
            language=row["language"],
            answer=json.loads(row["answer"]),
            kept_at=row["kept_at"],
            kept_by=row["kept_by"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody thought of an answer.

    Attributes:
        reason: "wrong_quote", "incomplete" or "should_answer"; or such a one, ": " and the
            person's own words; or these alone.
        answer: what `Answer.to_json` gave.
        given_at: ISO 8601.
    """

    id: int
    question: str
    helpful: bool
    reason: str
    answer: dict[str, Any]
    given_at: str
    given_by: str


MAX_REASON_CHARS: Final = 500


def judge(
    library: Library, answer: Answer, helpful: bool, reason: str = "", by: str | None = None
) -> None:
    """Write down what somebody thinks of an answer, with the answer.

    Args:
        by: who; the user's name on this machine where it isn't given.

    Raises:
        LibraryError: the reason is too long.
        RecordsError: records.sqlite can't be written.
    """
    reason = " ".join(reason.split())
    if len(reason) > MAX_REASON_CHARS:
        raise LibraryError(
            f"the reason has {len(reason)} characters, {MAX_REASON_CHARS} are the most"
        )
    who = user() if by is None else by
    with Records.open(library.records) as records, records.writing():
        records.rows(
            "INSERT INTO feedback (question, helpful, reason, answer, given_at, given_by)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [answer.question, int(helpful), reason, _packed(answer), now(), who],
        )


def judgements(library: Library) -> list[Judgement]:
    """Return what people thought of answers, the latest first."""
    opened = Records.read(library.records)
    if opened is None:
        return []
    with opened as records:
        rows = records.rows("SELECT * FROM feedback ORDER BY id DESC")
    return [
        Judgement(
            id=row["id"],
            question=row["question"],
            helpful=bool(row["helpful"]),
            reason=row["reason"],
            answer=json.loads(row["answer"]),
            given_at=row["given_at"],
            given_by=row["given_by"],
        )
        for row in rows
    ]


def _packed(answer: Answer) -> str:
    return json.dumps(answer.to_json(), ensure_ascii=False)
