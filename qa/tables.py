"""The table of documents as HTML."""

from collections.abc import Sequence

from index.store import DocumentRow
from qa.markup import count, date_facts, document_href, escaped, kind_name
from qa.strings import language_name, say


def documents_html(rows: Sequence[DocumentRow], language: str) -> str:
    """Return the table of documents: what each is, and which couldn't be read and why."""
    names = ("title", "kind", "language", "date", "pages", "passages", "state")
    head = "".join(f'<th scope="col">{escaped(say(name, language))}</th>' for name in names)
    body = "".join(_document_row(row, language) for row in rows)
    counts = count(len(rows), language)
    failed = sum(row.state == "failed" for row in rows)
    if failed:
        counts += " · " + say("count_failed", language, count=failed)
    return (
        f'<div class="documents"><p class="line">{escaped(counts)}</p>'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _document_row(row: DocumentRow, language: str) -> str:
    path = f'<span class="path">{escaped(row.document)}</span>'
    if row.state == "failed":
        state = f"<b>{escaped(say('unread', language))}</b> {escaped(row.message or '')}"
        return (
            f'<tr class="failed" data-document="{escaped(row.document)}">'
            f'<th scope="row">{path}</th>'
            f'<td colspan="5"></td><td dir="auto">{state}</td></tr>'
        )
    href = escaped(document_href(row.document))
    cells = (
        ("kind", kind_name(row.kind or "other", language)),
        ("language", escaped(language_name(row.language or "und", language))),
        ("date", "".join(date_facts(row.date, language))),
        ("pages", escaped(row.pages or "")),
        ("passages", escaped(row.passages)),
        ("state", escaped(say("indexed", language))),
    )
    return (
        f'<tr data-document="{escaped(row.document)}"><th scope="row">'
        f'<a href="{href}" dir="auto">{escaped(row.title)}</a>{path}</th>'
        + "".join(
            f'<td class="{name}" data-label="{escaped(say(name, language))}">{cell}</td>'
            for name, cell in cells
        )
        + "</tr>"
    )
