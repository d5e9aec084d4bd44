"""A document's text as HTML, with the characters that a citation names marked."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final
from urllib.parse import urlencode

from documents import Span
from documents.page_images import Place
from index.rows import PassageRow, Related
from qa.citations import Source
from qa.markup import date_facts, document_href, escaped, kind_name, line, passage_href
from qa.strings import language_name, readable_date, say

# A long text is laid out in parts, so that the browser draws only those in sight.
_PART_CHARS: Final = 3000
_RELATIONS: Final = {"translation": "in_another_language", "duplicate": "nearly_the_same"}


def source_html(
    source: Source,
    span: Span | None,
    language: str,
    place: Place | None = None,
    related: Sequence[Related] = (),
) -> str:
    """Return a document with its whole text, `span` of it marked.

    Args:
        place: where the span stands on its page, for a document that can be shown as pages.
        related: documents that say the same.

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
    drawn = _page_html(source, span, place, page or 1, language) if place else ""
    return (
        f'<div class="source-head"><h2 dir="auto">{escaped(passage.title)}</h2>{line(facts)}'
        f'<p class="path">{escaped(passage.document)}</p>'
        f"{_tools(source, span, page, bool(place), language)}{_related(related, language)}"
        f"{_since(source, language)}{_recognised(place, language)}</div>"
        f"{drawn}"
        f'<div class="source-text verbatim" lang="{escaped(passage.language)}" dir="auto"'
        f' tabindex="0">{body}</div>'
    )


def _recognised(place: Place | None, language: str) -> str:
    """Return a word of caution where the page's text was recognised in a picture."""
    if place is None or not place.recognised:
        return ""
    return f'<p class="since" role="note">{escaped(say("recognised_page", language))}</p>'


def _related(related: Sequence[Related], language: str) -> str:
    """Return links to the documents that say the same, a line for each way of doing so."""
    lines = []
    for relation, key in _RELATIONS.items():
        links = []
        for each in related:
            if each.relation == relation:
                href = escaped(document_href(each.document))
                spoken = escaped(language_name(each.language, language))
                links.append(f'<a href="{href}" dir="auto">{escaped(each.title)}</a> ({spoken})')
        if links:
            lines.append(line([_said(key, language), *links]))
    return "".join(lines)


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


def _tools(
    source: Source, span: Span | None, page: int | None, has_pages: bool, language: str
) -> str:
    passage = source.passage
    tools = []
    if has_pages:
        tools.append(f'<button type="button" class="view">{_said("as_text", language)}</button>')
    if span:
        href = escaped(passage_href(passage.key, *span))
        said = escaped(reference(passage, page, language))
        tools.append(
            f'<button type="button" class="copy" data-reference="{said}" data-href="{href}">'
            f"{_said('copy_quote', language)}</button>"
        )
    else:
        href = escaped(document_href(passage.document))
    tools.append(
        f'<button type="button" class="copy-link" data-href="{href}">'
        f"{_said('copy_link', language)}</button>"
    )
    original = escaped("/folio/original?" + urlencode({"document": passage.document}))
    tools.append(f'<a href="{original}" download>{_said("download", language)}</a>')
    return f'<p class="tools">{"".join(tools)}</p>'


def reference(passage: PassageRow, page: int | None, language: str) -> str:
    """Return a source in one line of plain text, as it is written under a quotation."""
    facts = [passage.title]
    if passage.date:
        facts.append(readable_date(passage.date, language))
    if page:
        facts.append(say("page", language, page=page))
    return ", ".join([*facts, passage.document])


def _page_html(source: Source, span: Span | None, place: Place, page: int, language: str) -> str:
    """Return a page as an image with boxes on the words, and the way to its neighbours."""
    document = source.passage.document
    boxes = "".join(
        f'<i class="box" style="left:{box.left:.4%};top:{box.top:.4%};'
        f'width:{box.width:.4%};height:{box.height:.4%}"></i>'
        for box in place.boxes
    )
    # Where the words weren't found for sure, the text is what is shown first.
    sure = "true" if place.boxes or span is None else "false"
    # A browser keeps the picture by its address: another file has another one.
    query = {"document": document, "revision": place.revision, "page": ""}
    address = escaped("/folio/page.png?" + urlencode(query))
    label = escaped(say("page_of", language, page=page, pages=place.pages))
    return (
        f'<div class="source-page" data-page="{page}" data-pages="{place.pages}"'
        f' data-address="{address}" data-sure="{sure}" tabindex="0">'
        f'<div class="sheet" style="aspect-ratio:{1 / place.ratio:.4f}">'
        f'<img src="{address}{page}" alt="{label}">{boxes}</div>'
        f'<p class="turn-page"><button type="button" class="previous">'
        f'{_said("previous_page", language)}</button><span class="page-number">{label}</span>'
        f'<button type="button" class="next">{_said("next_page", language)}</button></p></div>'
    )


def _said(key: str, language: str) -> str:
    return escaped(say(key, language))


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
