"""What people say of a document, in a file beside it: `report.pdf.meta.toml` for `report.pdf`.

It goes before everything that was found by rule. A mistake in it never costs the document: what
can't be understood is noted on the document, and the rest holds.
"""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import regex

from documents.document import Document
from documents.metadata import KINDS

SUFFIX: Final = ".meta.toml"
ORIGIN: Final = "sidecar"

_MAX_BYTES: Final = 64 * 1024
_MAX_CHARS: Final = 500
_ISO_DATE: Final = regex.compile(r"(?:1[5-9]|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-\d\d)?)?")


def describes(name: str) -> str | None:
    """Return the name of the file that a sidecar describes; None where `name` is no sidecar.

    >>> describes("2019/report.pdf.meta.toml")
    '2019/report.pdf'
    """
    return name[: -len(SUFFIX)] if name.endswith(SUFFIX) else None


def applied(document: Document, said: bytes) -> Document:
    """Return the document with what its sidecar says; mistakes are among its notes."""
    try:
        if len(said) > _MAX_BYTES:
            raise ValueError(f"it has more than {_MAX_BYTES >> 10} KB")
        values = tomllib.loads(said.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return replace(document, notes=(*document.notes, f"The sidecar can't be read: {error}."))
    facts: dict[str, Any] = {}
    notes = []
    for key, value in values.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, n=1, cutoff=0.0)[0]
            notes.append(f"The sidecar has an unknown key “{key[:40]}”; did you mean “{near}”?")
            continue
        expected, accept = _KEYS[key]
        accepted = accept(value)
        if accepted is None:
            notes.append(f"The sidecar's {key} is {str(value)[:40]!r}; expected {expected}.")
        else:
            facts[key] = accepted
    return replace(
        document,
        **facts,
        origins={**document.origins, **dict.fromkeys(facts, ORIGIN)},
        notes=(*document.notes, *notes),
    )


def said_in(data: bytes) -> dict[str, str]:
    """Return what a sidecar says, as far as it can be understood."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    accepted = {key: _KEYS[key][1](value) for key, value in values.items() if key in _KEYS}
    return {key: value for key, value in accepted.items() if value is not None}


def rewritten(data: bytes, values: Mapping[str, str]) -> bytes:
    """Return a sidecar that says something else; its comments and other keys stay.

    Args:
        data: the sidecar as it is, empty where there is none.
        values: by key; an empty one is taken out.

    Raises:
        ValueError: the sidecar can't be read, or a key or a value isn't one; says what is expected.
    """
    import tomlkit

    written = tomlkit.parse(data.decode("utf-8-sig"))
    for key, value in values.items():
        if key not in _KEYS:
            raise ValueError(f"{key!r} isn't one of {', '.join(_KEYS)}")
        expected, accept = _KEYS[key]
        if not value.strip():
            written.pop(key, None)
            continue
        accepted = accept(value.strip())
        if accepted is None or not accepted.isprintable():
            raise ValueError(f"{key} is {value[:40]!r}; expected {expected}")
        written[key] = accepted
    return tomlkit.dumps(written).encode()


def _line(value: object) -> str | None:
    said = " ".join(value.split()) if isinstance(value, str) else ""
    return said if 0 < len(said) <= _MAX_CHARS else None


def _date(value: object) -> str | None:
    said = value.isoformat()[:10] if isinstance(value, date) else str(value)
    if not _ISO_DATE.fullmatch(said):
        return None
    try:
        date.fromisoformat(said + "-01" * ((10 - len(said)) // 3))
    except ValueError:
        return None
    return said


def _language(value: object) -> str | None:
    return value if isinstance(value, str) and regex.fullmatch(r"[a-z]{2,3}", value) else None


def _kind(value: object) -> str | None:
    return value if isinstance(value, str) and value in KINDS else None


_DATE_EXPECTED: Final = "a date like 2019-05-13, 2019-05 or 2019"
_KEYS: Final[dict[str, tuple[str, Callable[[object], str | None]]]] = {
    "title": ("a line of text", _line),
    "author": ("a line of text", _line),
    "language": ("a code of two letters, like lv", _language),
    "date": (_DATE_EXPECTED, _date),
    "signed": (_DATE_EXPECTED, _date),
    "kind": (f"one of {', '.join(KINDS)}", _kind),
}
