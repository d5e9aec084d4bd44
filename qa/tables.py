"""The table of documents as HTML."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from index.additions import Added
from index.rows import DocumentRow
from qa.markup import count, date_facts, document_href, escaped, kind_name
from qa.strings import DEFAULT, STRINGS, language_name, readable_date, say

_NUMBER: Final = re.compile(r"\d[\d.]*(?: MB| s)?\b")
# What of the exact words is a value, by reason.
_VALUES: Final = {
    "limit": _NUMBER,
    "timeout": _NUMBER,
    "memory": _NUMBER,
    "type_mismatch": re.compile(r"(?<=named )\.\w+"),
    "unsupported": re.compile(r"(?<=ending in )\.\w+"),
}
_COLUMNS: Final = ("title", "kind", "language", "date", "pages", "passages", "state", "added")


def documents_html(
    rows: Sequence[DocumentRow], language: str, added: Mapping[str, Added] | None = None
) -> str:
    """Return the table of documents: what each is, and which couldn't be read and why.

    Args:
        added: who put each file there and when, by its path.
    """
    known = added or {}
    head = "".join(
        f'<th scope="col" class="{name}">{escaped(say(name, language))}</th>' for name in _COLUMNS
    )
    body = "".join(
        _document_row(row, known.get(row.file) or known.get(row.document), language) for row in rows
    )
    counts = count(len(rows), language)
    failed = sum(row.state == "failed" for row in rows)
    if failed:
        counts += " · " + say("count_failed", language, count=failed)
    return (
        f'<div class="documents"><p class="line">{escaped(counts)}</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _document_row(row: DocumentRow, added: Added | None, language: str) -> str:
    path = f'<span class="path">{escaped(row.document)}</span>'
    # What is packed in a file comes and goes with it.
    data = f'data-document="{escaped(row.document)}"' + _facts(row)
    if row.state == "failed":
        exact = escaped(row.message or "")
        why = f'<span title="{exact}">{escaped(_why(row, language))}</span>'
        state = f"<b>{escaped(say('unread', language))}</b> {why}"
        return (
            f'<tr class="failed" {data}><th scope="row">{path}</th>'
            f'<td class="reason" colspan="{len(_COLUMNS) - 2}" dir="auto">{state}</td>'
            f'<td class="added">{_added(added, language)}</td></tr>'
        )
    href = escaped(document_href(row.document))
    cells = (
        ("kind", kind_name(row.kind or "other", language)),
        ("language", escaped(language_name(row.language or "und", language))),
        ("date", "".join(date_facts(row.date, language))),
        ("pages", escaped(row.pages or "")),
        ("passages", escaped(row.passages)),
        ("state", escaped(say("indexed", language))),
        ("added", _added(added, language)),
    )
    return (
        f'<tr {data}><th scope="row">'
        f'<a href="{href}" dir="auto">{escaped(row.title)}</a>{path}</th>'
        + "".join(
            f'<td class="{name}" data-label="{escaped(say(name, language))}">{cell}</td>'
            for name, cell in cells
        )
        + "</tr>"
    )


def _why(row: DocumentRow, language: str) -> str:
    """Return why a file isn't read: its reader's own words, which are English, or the reason's."""
    key, exact = f"unread_{row.reason}", row.message or ""
    if language == DEFAULT or key not in STRINGS:
        return exact
    pattern = _VALUES.get(row.reason or "")
    values = dict.fromkeys(pattern.findall(exact)) if pattern else {}
    return say(key, language) + (f" ({', '.join(values)})" if values else "")


def _facts(row: DocumentRow) -> str:
    """Return what the form that edits a document shows as found, as attributes."""
    if row.file and row.file != row.document:
        return " data-packed"
    facts = {name: getattr(row, name) for name in ("title", "author", "kind", "language", "date",
                                                   "signed")}  # fmt: skip
    return "".join(f' data-{name}="{escaped(value)}"' for name, value in facts.items() if value)


def _added(added: Added | None, language: str) -> str:
    if added is None:
        return ""
    by = f" {escaped(added.by)}" if added.by else ""
    return f'<time datetime="{escaped(added.at)}">' + (
        f"{escaped(readable_date(added.at[:10], language))}</time>{by}"
    )
