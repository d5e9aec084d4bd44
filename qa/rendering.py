"""Answers as HTML: a question with its quotes, or with why there is no answer.

Pure functions, as all that renders here: they know of no server and no framework.
"""

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from qa.answer import Answer, Quote
from qa.markup import date_facts, escaped, line, passage_href
from qa.strings import language_name, say


def answer_html(answer: Answer, language: str, gone: int = 0, whole: bool = True) -> str:
    """Return a question with its quotes, or with why there is no answer.

    Args:
        gone: how many quotes it had that the library doesn't have any more.
        whole: whether it is all that was kept of it; else the browser keeps what it has.
    """
    lost = (
        f'<p class="gone">{escaped(say("quotes_gone", language, count=gone))}</p>' if gone else ""
    )
    understood = _understood(answer, language)
    if answer.status == "answered":
        sides = answer.quotes[:2] if answer.sources_differ else ()
        others = answer.quotes[len(sides) :]
        quotes = _quotes(others, answer.language, language, len(sides) + 1) if others else ""
        body = understood + _sides(sides, answer.language, language) + quotes + lost
        return _turn(answer.question, body, answer, whole)
    nearest = ""
    if answer.nearest:
        nearest = (
            f'<section class="nearest"><h3>{escaped(say("nearest", language))}</h3>'
            f"{_quotes(answer.nearest, answer.language, language)}</section>"
        )
    return _turn(
        answer.question,
        f"{understood}"
        f'<div class="abstention" role="note"><h3>{escaped(say("no_answer", language))}</h3>'
        f'<p dir="auto">{escaped(answer.reason or "")}</p></div>{nearest}{lost}',
        answer,
        whole,
    )


def _understood(answer: Answer, language: str) -> str:
    """Return what a follow-up was taken to mean, and a way to have it asked as it was typed."""
    if not answer.understood:
        return ""
    said = escaped(say("understood", language, question=answer.understood))
    link = (
        f'<a href="?{urlencode({"q": answer.question})}" data-question data-alone>'
        f"{escaped(say('as_typed', language))}</a>"
    )
    return f'<p class="understood" dir="auto">{said} {link}</p>'


def topic_html(language: str) -> str:
    """Return the line between a topic and the one before it."""
    return f'<p class="topic" role="separator">{escaped(say("new_topic", language))}</p>'


def pending_html(question: str, language: str, before: int = 0) -> str:
    """Return a question whose answer is being looked for.

    Args:
        before: how many questions of others have to be answered before.
    """
    said = say("in_line", language, count=before) if before else say("reading", language)
    return _turn(question, f'<p class="pending" role="status">{escaped(said)}</p>')


def failure_html(question: str, message: str, command: str = "") -> str:
    """Return a question that couldn't be answered, with what to do."""
    repair = f" <code>{escaped(command)}</code>" if command else ""
    return _turn(
        question, f'<p class="failure" role="alert" dir="auto">{escaped(message)}{repair}</p>'
    )


def _turn(question: str, body: str, answer: Answer | None = None, whole: bool = True) -> str:
    # The page keeps an answer in the browser, and exports it, as `folio ask --json` prints it.
    kept = escaped(json.dumps(answer.to_json(follows=True), ensure_ascii=False)) if answer else ""
    data = f' data-kept="{kept}"' if answer else ""
    # What is gone, or closed to who asks, isn't sent again, not even to the browser that sent it.
    data += "" if whole else " data-part"
    return f'<article class="turn"{data}><h2 dir="auto">{escaped(question)}</h2>{body}</article>'


def _sides(quotes: Sequence[Quote], asked_in: str, language: str) -> str:
    """Return the quotes that differ, to be set side by side."""
    if not quotes:
        return ""
    return (
        f'<section class="sides"><h3>{escaped(say("sources_differ", language))}</h3>'
        f"{_quotes(quotes, asked_in, language)}</section>"
    )


def _quotes(quotes: Sequence[Quote], asked_in: str, language: str, first: int = 1) -> str:
    items = "".join(
        quote_html(number, quote, asked_in, language) for number, quote in enumerate(quotes, first)
    )
    start = f' start="{first}"' if first > 1 else ""
    return f'<ol class="quotes"{start}>{items}</ol>'


def quote_html(number: int, quote: Quote, asked_in: str, language: str) -> str:
    """Return one quote: its number, which opens the source; its text; and where it is from.

    Args:
        asked_in: the question's language.
        language: the page's.
    """
    label = escaped(say("open_quote", language, number=number, title=quote.title))
    href = escaped(passage_href(quote.passage, quote.start, quote.end))
    facts = [f"<cite>{escaped(quote.title)}</cite>", *date_facts(quote.date, language)]
    if quote.page:
        facts.append(escaped(say("page", language, page=quote.page)))
    facts.append(_badge(quote.language, asked_in, language))
    return (
        f'<li class="quote"><a class="number" href="{href}" aria-label="{label}">{number}</a>'
        f'<blockquote class="verbatim" lang="{escaped(quote.language)}" dir="auto">'
        f"{_quote_text(quote)}</blockquote>{line(facts, _path(quote, language))}"
        f"{_versions(quote, language)}</li>"
    )


def _path(quote: Quote, language: str) -> str:
    """Return where a quote stands, exactly: what only paper needs, which can't be clicked."""
    return f"{quote.document}, {say('characters', language, start=quote.start, end=quote.end)}"


def _versions(quote: Quote, language: str) -> str:
    """Return links to the other documents that say the same."""
    if not quote.versions:
        return ""
    paths = "; ".join(_path(version, language) for version in quote.versions)
    links = [
        f'<a href="{escaped(passage_href(version.passage, version.start, version.end))}"'
        f' dir="auto">{escaped(version.title)}</a>'
        f" ({escaped(language_name(version.language, language))})"
        for version in quote.versions
    ]
    return line([escaped(say("also_in", language)), *links], paths)


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
