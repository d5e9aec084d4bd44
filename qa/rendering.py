"""Answers, sources and tables as HTML. Pure functions: they know of no server and no framework.

Everything that isn't markup of ours goes through `escaped`, so that taking the tags out of what is
rendered and undoing the escapes gives the documents' characters exactly. Elements of the class
"verbatim" hold nothing but such characters: the page copies from them without touching them.
"""

import html
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final
from urllib.parse import quote as url_quote
from urllib.parse import urlencode

from documents import Span
from index.store import DocumentRow
from qa.answer import Answer, Quote
from qa.assistant import Source
from qa.strings import LANGUAGES, STRINGS, language_name, readable_date, say

# A long text is laid out in parts, so that the browser draws only those in sight.
_PART_CHARS: Final = 3000


def escaped(text: object) -> str:
    """Return text as HTML that shows exactly these characters, in an element or an attribute.

    >>> escaped('<b title="&amp;">')
    '&lt;b title=&quot;&amp;amp;&quot;&gt;'
    """
    # A browser reads a bare carriage return as a line feed.
    return html.escape(str(text), quote=True).replace("\r", "&#13;")


def passage_href(passage: str, start: int, end: int) -> str:
    """Return a citation's address, relative to the page."""
    return "?" + urlencode({"passage": passage, "start": start, "end": end})


def document_href(document: str) -> str:
    """Return a document's address, relative to the page."""
    return "?document=" + url_quote(document)


def masthead_html(language: str) -> str:
    """Return the page's head: the name, and the languages that the page can be in."""
    current = {language: ' aria-current="true"'}
    links = "".join(
        f'<a href="?lang={code}" lang="{code}" hreflang="{code}"{current.get(code, "")}>'
        f"{escaped(name)}</a>"
        for code, name in LANGUAGES.items()
    )
    return (
        f'<header class="masthead"><h1>Folio</h1><p>{escaped(say("tagline", language))}</p>'
        f'<nav aria-label="{escaped(say("interface_language", language))}">{links}</nav></header>'
    )


def welcome_html(documents: int, examples: Sequence[str], language: str) -> str:
    """Return what stands where no question has been asked yet.

    Args:
        documents: how many the library has.
        examples: questions that it answers.
    """
    links = "".join(
        f'<li><a href="?{urlencode({"q": example})}" data-question dir="auto">'
        f"{escaped(example)}</a></li>"
        for example in examples
    )
    tried = f"<h2>{escaped(say('try', language))}</h2><ul>{links}</ul>" if examples else ""
    welcome = escaped(say("welcome", language, documents=_count(documents, language)))
    return f'<section class="welcome"><p>{welcome}</p>{tried}</section>'


def empty_library_html(folder: object, command: str, language: str) -> str:
    """Return what to do with a library that has no documents."""
    text = escaped(say("empty_library", language, folder=folder))
    return f'<section class="welcome"><p>{text} <code>{escaped(command)}</code></p></section>'


def answer_html(answer: Answer, language: str) -> str:
    """Return a question with its quotes, or with why there is no answer."""
    if answer.status == "answered":
        return _turn(answer.question, _quotes(answer.quotes, answer.language, language))
    nearest = ""
    if answer.nearest:
        nearest = (
            f'<section class="nearest"><h3>{escaped(say("nearest", language))}</h3>'
            f"{_quotes(answer.nearest, answer.language, language)}</section>"
        )
    return _turn(
        answer.question,
        f'<div class="abstention" role="note"><h3>{escaped(say("no_answer", language))}</h3>'
        f'<p dir="auto">{escaped(answer.reason or "")}</p></div>{nearest}',
    )


def pending_html(question: str, language: str) -> str:
    """Return a question whose answer is being looked for."""
    return _turn(
        question, f'<p class="pending" role="status">{escaped(say("reading", language))}</p>'
    )


def failure_html(question: str, message: str, command: str = "") -> str:
    """Return a question that couldn't be answered, with what to do."""
    repair = f" <code>{escaped(command)}</code>" if command else ""
    return _turn(
        question, f'<p class="failure" role="alert" dir="auto">{escaped(message)}{repair}</p>'
    )


def _turn(question: str, body: str) -> str:
    return f'<article class="turn"><h2 dir="auto">{escaped(question)}</h2>{body}</article>'


def _quotes(quotes: Sequence[Quote], asked_in: str, language: str) -> str:
    items = "".join(
        quote_html(number, quote, asked_in, language) for number, quote in enumerate(quotes, 1)
    )
    return f'<ol class="quotes">{items}</ol>'


def quote_html(number: int, quote: Quote, asked_in: str, language: str) -> str:
    """Return one quote: its number, which opens the source; its text; and where it is from.

    Args:
        asked_in: the question's language.
        language: the page's.
    """
    label = escaped(say("open_quote", language, number=number, title=quote.title))
    href = escaped(passage_href(quote.passage, quote.start, quote.end))
    facts = [f"<cite>{escaped(quote.title)}</cite>", *_date(quote.date, language)]
    if quote.page:
        facts.append(escaped(say("page", language, page=quote.page)))
    facts.append(_badge(quote.language, asked_in, language))
    return (
        f'<li class="quote"><a class="number" href="{href}" aria-label="{label}">{number}</a>'
        f'<blockquote class="verbatim" lang="{escaped(quote.language)}" dir="auto">'
        f"{_quote_text(quote)}</blockquote>{_line(facts)}</li>"
    )


def _quote_text(quote: Quote) -> str:
    """Return the quote's characters, the answering span in bold where it is a proper part."""
    start, end = quote.span.start - quote.start, quote.span.end - quote.start
    before, span, after = quote.quote[:start], quote.quote[start:end], quote.quote[end:]
    if not before.strip() and not after.strip():
        return escaped(quote.quote)
    return f"{escaped(before)}<b>{escaped(span)}</b>{escaped(after)}"


def _badge(code: str, asked_in: str, language: str) -> str:
    name = language_name(code, language)
    if code == asked_in or "und" in (code, asked_in):
        return f'<span class="badge">{escaped(name)}</span>'
    said = escaped(say("other_language", language, language=name))
    return f'<span class="badge other">{said}</span>'


def _date(date: str | None, language: str) -> list[str]:
    if not date:
        return []
    return [f'<time datetime="{escaped(date)}">{escaped(readable_date(date, language))}</time>']


def _line(facts: Iterable[str]) -> str:
    """Return one quiet line of facts, which are HTML already."""
    return f'<p class="line">{" <i>·</i> ".join(facts)}</p>'


def source_html(source: Source, span: Span | None, language: str) -> str:
    """Return a document with its whole text, `span` of it marked.

    Raises:
        ValueError: the span doesn't lie in the text.
    """
    passage, text = source.passage, source.text
    if span and not 0 <= span.start < span.end <= len(text):
        raise ValueError(f"{span} doesn't lie in the {len(text)} characters of {passage.document}")
    facts = [*_date(passage.date, language), _kind(passage.kind, language)]
    facts.append(escaped(language_name(passage.language, language)))
    page = passage.page_at(span.start) if span else None
    if page:
        facts.append(escaped(say("marked_page", language, page=page)))
    body = "".join(_text_parts(text, span or Span(0, 0), passage.page_starts, language))
    return (
        f'<div class="source-head"><h2 dir="auto">{escaped(passage.title)}</h2>{_line(facts)}'
        f'<p class="path">{escaped(passage.document)}</p></div>'
        f'<div class="source-text verbatim" lang="{escaped(passage.language)}" dir="auto"'
        f' tabindex="0">{body}</div>'
    )


def gone_html(language: str) -> str:
    """Return what stands in the place of a source that can't be shown."""
    return f'<p class="failure" role="alert">{escaped(say("gone", language))}</p>'


def _text_parts(text: str, span: Span, page_starts: Sequence[int], language: str) -> Iterator[str]:
    """Yield a text as HTML, cut after line feeds and never inside the span."""
    start = 0
    while start < len(text):
        end = _after_line(text, start + _PART_CHARS)
        if span.start < end < span.end:
            end = _after_line(text, span.end)
        marked = start <= span.start < end and span.start < span.end
        cuts = (start, span.start, span.end, end) if marked else (start, end)
        pieces = [_with_pages(text, a, b, page_starts, language) for a, b in pairwise(cuts)]
        if marked:
            label, characters = pieces[1]
            pieces[1] = label, f'<mark tabindex="-1">{characters}</mark>'
        yield f'<div class="part">{"".join(label + piece for label, piece in pieces)}</div>'
        start = end


def _after_line(text: str, offset: int) -> int:
    """Return where the line that holds the character before `offset` has ended."""
    found = text.find("\n", max(0, offset - 1))
    return len(text) if found < 0 else found + 1


def _with_pages(
    text: str, start: int, end: int, page_starts: Sequence[int], language: str
) -> tuple[str, str]:
    """Return the labels of pages that begin at `start`, and the slice with those inside it.

    A label has no text of its own: the style draws it from its attribute.
    """
    head = ""
    pieces = []
    last = start
    for index in range(bisect_left(page_starts, start), bisect_left(page_starts, end)):
        label = escaped(say("page", language, page=index + 1))
        page = f'<span class="page" data-label="{label}"></span>'
        if page_starts[index] == start:
            head += page
            continue
        pieces += [escaped(text[last : page_starts[index]]), page]
        last = page_starts[index]
    return head, "".join([*pieces, escaped(text[last:end])])


def documents_html(rows: Sequence[DocumentRow], language: str) -> str:
    """Return the table of documents: what each is, and which couldn't be read and why."""
    names = ("title", "kind", "language", "date", "pages", "passages", "state")
    head = "".join(f'<th scope="col">{escaped(say(name, language))}</th>' for name in names)
    body = "".join(_document_row(row, language) for row in rows)
    counts = _count(len(rows), language)
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
            f'<tr class="failed"><th scope="row">{path}</th>'
            f'<td colspan="5"></td><td dir="auto">{state}</td></tr>'
        )
    href = escaped(document_href(row.document))
    cells = (
        ("kind", _kind(row.kind or "other", language)),
        ("language", escaped(language_name(row.language or "und", language))),
        ("date", "".join(_date(row.date, language))),
        ("pages", escaped(row.pages or "")),
        ("passages", escaped(row.passages)),
        ("state", escaped(say("indexed", language))),
    )
    return (
        f'<tr><th scope="row"><a href="{href}" dir="auto">{escaped(row.title)}</a>{path}</th>'
        + "".join(
            f'<td class="{name}" data-label="{escaped(say(name, language))}">{cell}</td>'
            for name, cell in cells
        )
        + "</tr>"
    )


def _count(documents: int, language: str) -> str:
    return say("count_documents", language, count=documents)


def _kind(kind: str, language: str) -> str:
    return escaped(say(kind, language) if kind in STRINGS else kind)
