"""The smallest pieces of HTML: escaped text, addresses, and the quiet line of facts.

Everything that isn't markup of ours goes through `escaped`, so that taking the tags out of what is
rendered and undoing the escapes gives the documents' characters exactly. Elements of the class
"verbatim" hold nothing but such characters: the page copies from them without touching them.
"""

import html
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from urllib.parse import quote as url_quote
from urllib.parse import urlencode

from qa.strings import STRINGS, readable_date, say


def escaped(text: object) -> str:
    """Return text as HTML that shows exactly these characters, in an element or an attribute.

    >>> escaped('<b title="&amp;">')
    '&lt;b title=&quot;&amp;amp;&quot;&gt;'
    """
    # A browser reads a bare carriage return as a line feed.
    return html.escape(str(text), quote=True).replace("\r", "&#13;")


@cache
def style_html(name: str) -> str:
    """Return one of the page's styles to stand in the page itself: it can't fail to come."""
    style = files("qa").joinpath("assets", f"{name}.css").read_text(encoding="utf-8")
    return f"<style>{style}</style>"


def passage_href(passage: str, start: int, end: int) -> str:
    """Return a citation's address, relative to the page."""
    return "?" + urlencode({"passage": passage, "start": start, "end": end})


def document_href(document: str) -> str:
    """Return a document's address, relative to the page."""
    return "?document=" + url_quote(document)


def date_facts(date: str | None, language: str) -> list[str]:
    """Return a date as people write it, as HTML; nothing where there is none."""
    if not date:
        return []
    return [f'<time datetime="{escaped(date)}">{escaped(readable_date(date, language))}</time>']


def line(facts: Iterable[str], path: str = "") -> str:
    """Return one quiet line of facts, which are HTML already.

    Args:
        path: what is added on paper.
    """
    data = f' data-path="{escaped(path)}"' if path else ""
    return f'<p class="line"{data}>{" <i>·</i> ".join(facts)}</p>'


def count(documents: int, language: str) -> str:
    """Return how many documents there are, in words."""
    return say("count_documents", language, count=documents)


def kind_name(kind: str, language: str) -> str:
    """Return a kind of document in the page's language, as HTML."""
    return escaped(say(kind, language) if kind in STRINGS else kind)
