"""Markdown → plain text: markup goes, structure stays as lines.

Tables become rows with their columns' names, lists one item a line, code stays. HTML inside is
shown without its tags. The front matter gives title and date and is left out.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from documents.encodings import decode
from documents.formats import tables
from documents.formats.raw import Raw

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = regex.compile(
    r"\A---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", regex.S
)
_FIELD = regex.compile(r"^(title|date)[ \t]*:[ \t]*[\"']?(.*?)[\"']?[ \t]*\r?$", regex.M | regex.I)
_ISO_DATE = regex.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_TAG = regex.compile(r"<!--.*?-->|</?[a-zA-Z][^>]*>", regex.S)


def load(data: bytes) -> Raw:
    """Return the text of a .md file, the first heading as a hint of its title."""
    from markdown_it import MarkdownIt

    text = decode(data)
    fields: dict[str, str] = {}
    front = _FRONT_MATTER.match(text)
    if front:
        fields = {name.lower(): value for name, value in _FIELD.findall(front[1])}
        text = text[front.end() :]
    tokens = MarkdownIt("commonmark", {"maxNesting": 60}).enable("table").parse(text)
    date = _ISO_DATE.match(fields.get("date", ""))
    return Raw(
        ["".join(_lines(tokens)).strip("\n")],
        title=fields.get("title") or _first_heading(tokens),
        date=date[0] if date else None,
        date_is_sure=True,
    )


def _first_heading(tokens: "list[Token]") -> str | None:
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            return _inline(following)
    return None


def _lines(tokens: "list[Token]") -> Iterator[str]:
    cells: list[str] = []
    rows: list[list[str]] = []
    in_cell = False
    depth = 0
    for token in tokens:
        kind = token.type
        if kind in ("th_open", "td_open"):
            in_cell = True
        elif kind in ("th_close", "td_close"):
            in_cell = False
        elif kind == "tr_close":
            rows.append(cells)
            cells = []
        elif kind in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif kind in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
            if depth == 0:
                yield "\n"
        elif kind == "list_item_open":
            yield f"{token.info}{token.markup} " if token.info else "- "
        elif kind == "table_close":
            yield "\n".join([*tables.lines(rows, header=True), "", ""])
            rows = []
        elif kind == "inline":
            content = _inline(token)
            if in_cell:
                cells.append(content)
            else:
                yield content + ("\n" if depth else "\n\n")
        elif kind in ("fence", "code_block"):
            yield token.content + "\n"
        elif kind == "html_block":
            yield _TAG.sub("", token.content).strip() + "\n\n"


def _inline(token: "Token") -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
    return "".join(parts)
