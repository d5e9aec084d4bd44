"""ODT → text. lxml reads content.xml, styles.xml and meta.xml; we walk them.

Tracked deletions, hidden text and comments are left out, footnotes follow the text, and what page
headers and footers say follows once.
"""

from collections.abc import Iterator
from typing import Any, Final

from documents.errors import DocumentError
from documents.formats import package, tables
from documents.formats.raw import Raw

_NAMES: Final = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TEXT: Final = _NAMES % "text"
_TABLE: Final = _NAMES % "table"
_STYLE: Final = _NAMES % "style"
_OFFICE: Final = _NAMES % "office"
_DRAW: Final = _NAMES % "drawing"
_META: Final = _NAMES % "meta"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_PARAGRAPHS: Final = frozenset({f"{_TEXT}p", f"{_TEXT}h"})
_GONE: Final = frozenset(
    {
        f"{_TEXT}tracked-changes", f"{_OFFICE}annotation", f"{_OFFICE}annotation-end",
        f"{_TEXT}sequence-decls", f"{_TEXT}page-number", f"{_TEXT}page-count",
        f"{_TEXT}hidden-text", f"{_TEXT}hidden-paragraph", f"{_OFFICE}forms",
        f"{_TEXT}table-of-content", f"{_TEXT}alphabetical-index",
    }
)  # fmt: skip
_PARTS: Final = ("mimetype", "content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml")
_MAX_SPACES: Final = 100


def load(data: bytes) -> Raw:
    """Return the text of an .odt file as it reads with all changes accepted.

    Raises:
        DocumentError: corrupt, limit, dtd_forbidden, encrypted or type_mismatch.
    """
    package.check(data, ".odt")
    with package.opened(data) as archive:
        held = set(archive.namelist())
        parts = {name: archive.read(name) for name in _PARTS if name in held}
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise package.locked()
    if b"opendocument.text" not in parts.get("mimetype", b"opendocument.text"):
        raise DocumentError("type_mismatch", "The file is an OpenDocument file, but no text.")
    content = package.parsed(parts["content.xml"])
    walker = _Walker(_hidden_styles(content))
    body = content.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise DocumentError("type_mismatch", "The file is an OpenDocument file, but no text.")
    blocks = list(walker.blocks(body))
    blocks += walker.notes
    if "styles.xml" in parts:
        blocks += _page_edges(package.parsed(parts["styles.xml"]), blocks)
    meta = package.parsed(parts["meta.xml"]) if "meta.xml" in parts else None
    return Raw(
        ["\n\n".join(block for block in blocks if block.strip())],
        title=_fact(meta, f"{_DC}title"),
        author=_fact(meta, f"{_META}initial-creator") or _fact(meta, f"{_DC}creator"),
        date=(_fact(meta, f"{_DC}date") or _fact(meta, f"{_META}creation-date") or "")[:10] or None,
    )


def _fact(meta: Any, tag: str) -> str | None:
    found = None if meta is None else next(meta.iter(tag), None)
    return (found.text or "").strip() or None if found is not None else None


def _hidden_styles(root: Any) -> frozenset[str]:
    """Return the names of the styles whose text isn't shown."""
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for facts in style.iter(f"{_STYLE}text-properties")
        if facts.get(f"{_TEXT}display") == "none"
    }
    return frozenset(hidden)


def _page_edges(styles: Any, said: list[str]) -> Iterator[str]:
    walker = _Walker(_hidden_styles(styles))
    seen = {" ".join(block.split()) for block in said}
    for name in ("header", "header-first", "footer", "footer-first"):
        for edge in styles.iter(f"{_STYLE}{name}"):
            for block in walker.blocks(edge):
                words = " ".join(block.split())
                if words not in seen and any(letter.isalpha() for letter in words):
                    seen.add(words)
                    yield block


class _Walker:
    """Walks a body; notes found on the way are kept for its end."""

    def __init__(self, hidden: frozenset[str]) -> None:
        self._hidden = hidden
        self.notes: list[str] = []

    def blocks(self, container: Any) -> Iterator[str]:
        """Yield the text of each paragraph, list and table."""
        for element in container:
            tag = element.tag
            if tag in _GONE or not isinstance(tag, str) or self._is_hidden(element):
                continue
            if tag in _PARAGRAPHS:
                boxes: list[Any] = []
                yield "".join(self._inline(element, boxes))
                for box in boxes:
                    yield from self.blocks(box)
            elif tag == f"{_TEXT}list":
                yield "\n".join(block for block in self.blocks_of_list(element) if block)
            elif tag == f"{_TABLE}table":
                yield "\n".join(self._rows(element))
            else:
                yield from self.blocks(element)

    def blocks_of_list(self, element: Any) -> Iterator[str]:
        """Yield a line for each item of a list."""
        for item in element:
            if isinstance(item.tag, str):
                yield from self.blocks(item)

    def _is_hidden(self, element: Any) -> bool:
        return (
            element.get(f"{_TEXT}style-name") in self._hidden
            or element.get(f"{_TEXT}display") == "none"
        )

    def _rows(self, table: Any) -> list[str]:
        rows, header = [], False
        for row in table.iter(f"{_TABLE}table-row"):
            if next(row.iterancestors(f"{_TABLE}table")) is not table:
                continue
            header = header or row.getparent().tag == f"{_TABLE}table-header-rows"
            cells = []
            for cell in row:
                if cell.tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                    cells.append(" ".join(self.blocks(cell)))
            rows.append(cells)
        return tables.lines(rows, header=header or None)

    def _inline(self, element: Any, boxes: list[Any]) -> Iterator[str]:
        """Yield the text inside a paragraph; put text boxes found there into `boxes`."""
        yield element.text or ""
        for child in element:
            tag = child.tag
            if isinstance(tag, str) and tag not in _GONE and not self._is_hidden(child):
                if tag == f"{_TEXT}s":
                    count = child.get(f"{_TEXT}c", "1")
                    yield " " * min(int(count) if count.isdigit() else 1, _MAX_SPACES)
                elif tag == f"{_TEXT}tab":
                    yield "\t"
                elif tag == f"{_TEXT}line-break":
                    yield "\n"
                elif tag == f"{_TEXT}note":
                    note = child.find(f"{_TEXT}note-body")
                    self.notes += [] if note is None else [" ".join(self.blocks(note))]
                elif tag == f"{_DRAW}text-box":
                    boxes.append(child)
                else:
                    yield from self._inline(child, boxes)
            yield child.tail or ""
