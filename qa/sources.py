"""A document's text as HTML, with the characters that a citation names marked."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from documents import Span
from qa.citations import Source
from qa.markup import date_facts, document_href, escaped, kind_name, line
from qa.strings import language_name, readable_date, say

# A long text is laid out in parts, so that the browser draws only those in sight.
_PART_CHARS: Final = 3000


def source_html(source: Source, span: Span | None, language: str) -> str:
    """Return a document with its whole text, `span` of it marked.

    Raises:
        ValueError: the span doesn't lie in the text.
    """
    passage, text = source.passage, source.text
    if span and not 0 <= span.start < span.end <= len(text):
        raise ValueError(f"{span} doesn't lie in the {len(text)} characters of {passage.document}")
    facts = [*date_facts(passage.date, language), kind_name(passage.kind, language)]
    facts.append(escaped(language_name(passage.language, language)))
    page = passage.page_at(span.start) if span else None
    if page:
        facts.append(escaped(say("marked_page", language, page=page)))
    body = "".join(_text_parts(text, span or Span(0, 0), passage.page_starts, language))
    return (
        f'<div class="source-head"><h2 dir="auto">{escaped(passage.title)}</h2>{line(facts)}'
        f'<p class="path">{escaped(passage.document)}</p>{_since(source, language)}</div>'
        f'<div class="source-text verbatim" lang="{escaped(passage.language)}" dir="auto"'
        f' tabindex="0">{body}</div>'
    )


def _since(source: Source, language: str) -> str:
    """Return what has become of what the link cites since it was cited; nothing where all is well.

    Where its words aren't there any more they are quoted: the text below then says others.
    """
    if source.state == "current" or source.said is None:
        return ""
    if source.state == "moved":
        return f'<p class="since" role="note">{escaped(say("moved", language))}</p>'
    date = readable_date(source.went or "", language)
    key = "changed" if source.state == "changed" else "removed"
    notes = [escaped(say(key, language, date=date))]
    notes.append(escaped(say("most_alike" if source.now else "as_it_was", language)))
    if source.state == "changed" and not source.now:
        href = escaped(document_href(source.passage.document))
        notes.append(f'<a href="{href}">{escaped(say("open_now", language))}</a>')
    said = source.said
    return (
        f'<div class="since" role="note"><p>{" ".join(notes)}</p>'
        f'<p>{escaped(say("cited", language))}</p><blockquote class="verbatim"'
        f' lang="{escaped(said.language)}" dir="auto">{escaped(said.quote)}</blockquote></div>'
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
