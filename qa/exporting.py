"""An answer as a file: Markdown, Word, JSON; with a full reference under every quote."""

import json
import re
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

from qa.answer import Answer, Quote
from qa.markup import passage_href
from qa.strings import language_name, readable_date, say

# What Markdown could take for markup, in a quote that has to stay as it is.
_MARKS: Final = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~&=:])")
# https://www.w3.org/TR/xml/#charsets; a carriage return comes back from XML as a line feed.
_NOT_IN_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def markdown(answer: Answer, language: str, page: str) -> bytes:
    """Return an answer as Markdown.

    Args:
        language: of the page.
        page: the page's address, which citations are links to.
    """
    lines = [f"# {_plain(answer.question)}", ""]
    if answer.understood:
        lines += [_plain(say("understood", language, question=answer.understood)), ""]
    if answer.reason:
        lines += [f"**{say('no_answer', language)}.** {_plain(answer.reason)}", ""]
        if answer.nearest:
            lines += [f"## {say('nearest', language)}", ""]
    if answer.sources_differ:
        lines += [f"**{_plain(say('sources_differ', language))}**", ""]
    for number, quote in enumerate(answer.quotes or answer.nearest, 1):
        quoted = "\n".join(f"> {_plain(line)}" for line in quote.quote.split("\n"))
        lines += [quoted, "", f"{number}\\. {_linked(quote, language, page)}", ""]
        if quote.versions:
            versions = [f"- {_linked(each, language, page)}" for each in quote.versions]
            lines += [f"{_plain(say('also_in', language))}:", "", *versions, ""]
    lines += ["---", "", _plain(_colophon(answer, language)), ""]
    return "\n".join(lines).encode()


def _linked(quote: Quote, language: str, page: str) -> str:
    link = page + passage_href(quote.passage, quote.start, quote.end)
    return f"{_plain(reference(quote, language))} [¶](<{link}>)"


def docx(answer: Answer, language: str, page: str) -> bytes:
    """Return an answer as a Word document; the answering words are in bold."""
    from docx import Document

    document = Document()
    document.core_properties.title = _printable(answer.question)[:255]
    document.core_properties.author = "Folio"
    document.add_heading(_printable(answer.question), 1)
    if answer.understood:
        document.add_paragraph(_printable(say("understood", language, question=answer.understood)))
    if answer.reason:
        document.add_paragraph(f"{say('no_answer', language)}. {_printable(answer.reason)}")
        if answer.nearest:
            document.add_heading(say("nearest", language), 2)
    if answer.sources_differ:
        document.add_paragraph().add_run(say("sources_differ", language)).bold = True
    for number, quote in enumerate(answer.quotes or answer.nearest, 1):
        paragraph = document.add_paragraph(style="Quote")
        start, end = quote.span.start - quote.start, quote.span.end - quote.start
        for text, bold in (
            (quote.quote[:start], False),
            (quote.quote[start:end], True),
            (quote.quote[end:], False),
        ):
            if text:
                paragraph.add_run(_printable(text)).bold = bold or None
        link = page + passage_href(quote.passage, quote.start, quote.end)
        document.add_paragraph(f"{number}. {_printable(reference(quote, language))}\n{link}")
        for version in quote.versions:
            said = f"{say('also_in', language)}: {reference(version, language)}"
            link = page + passage_href(version.passage, version.start, version.end)
            document.add_paragraph(f"{_printable(said)}\n{link}")
    document.add_paragraph(_colophon(answer, language))
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def as_json(answer: Answer, language: str, page: str) -> bytes:
    """Return an answer as `folio ask --json` prints it."""
    values = answer.to_json(follows=answer.understood is not None)
    return json.dumps(values, ensure_ascii=False, indent=1).encode()


Exporter = Callable[[Answer, str, str], bytes]
EXPORTERS: Final[Mapping[str, tuple[Exporter, str]]] = {
    "md": (markdown, "text/markdown; charset=utf-8"),
    "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "json": (as_json, "application/json"),
}


def reference(quote: Quote, language: str) -> str:
    """Return where a quote is from, in one line of plain text."""
    facts = [quote.title]
    if quote.date:
        facts.append(readable_date(quote.date, language))
    if quote.page:
        facts.append(say("page", language, page=quote.page))
    facts.append(quote.document)
    facts.append(say("characters", language, start=quote.start, end=quote.end))
    facts.append(language_name(quote.language, language))
    return ", ".join(facts)


def file_name(answer: Answer, suffix: str) -> str:
    """Return a name for the file that says what was asked: Who, and when? → who-and-when.md"""
    words = re.sub(r"[^\w]+", "-", answer.question.lower()).strip("-")
    return f"{words[:60].rstrip('-') or 'folio'}.{suffix}"


def _colophon(answer: Answer, language: str) -> str:
    return say("asked_of", language, generation=answer.generation)


def _plain(text: str) -> str:
    return _MARKS.sub(r"\\\1", text)


def _printable(text: str) -> str:
    """Return text without the characters that XML doesn't have: controls, half pairs, U+FFFE."""
    return _NOT_IN_XML.sub("", text)
