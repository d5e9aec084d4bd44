"""DOCX → text. The one home of python-docx, which opens the file; the body is walked here.

python-docx's own `paragraphs` leaves out tables, tracked insertions and content controls, and
keeps hidden text. Headers and footers stand once at the end, where they can't be taken for the
title. Comments and pictures are left out.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from documents.errors import DocumentError
from documents.formats import package, tables
from documents.formats.raw import Raw

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_GONE: Final = frozenset(
    {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", f"{_MC}Fallback"}
)
_HIDING: Final = ("vanish", "webHidden")
_PROPERTIES: Final = frozenset({f"{_W}rPr", f"{_W}pPr"})
_BREAKS: Final = {
    f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-",
    f"{_W}softHyphen": "",
}  # fmt: skip


def load(data: bytes) -> Raw:
    """Return the text of a .docx as it reads with all changes accepted.

    Raises:
        DocumentError: corrupt, limit, dtd_forbidden, encrypted, type_mismatch or no_text.
    """
    package.check(data, ".docx")
    import docx

    try:
        document = docx.Document(BytesIO(data))
        _drop_hidden_by_style(document)
        lines = list(_blocks(document.element.body))
        lines += _footnotes(document)
        lines += _headers_and_footers(document)
        properties = document.core_properties
        title = (properties.title or "").strip() or None
        author = (properties.author or "").strip() or None
        made = properties.modified or properties.created
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise package.corrupt(error) from error
    text = "\n\n".join(line for line in lines if line.strip())
    if not text.strip():
        raise DocumentError("no_text", "The file holds no text.")
    return Raw([text], title=title, author=author, date=made.date().isoformat() if made else None)


def _blocks(container: Any) -> Iterator[str]:
    """Yield the text of each paragraph and table of a body, cell, note or text box."""
    for element in container:
        if element.tag == f"{_W}p":
            boxes: list[Any] = []
            yield "".join(_runs(element, boxes))
            for box in boxes:
                yield from _blocks(box)
        elif element.tag == f"{_W}tbl":
            yield "\n".join(tables.lines(list(_rows(element))))
        elif element.tag in _GONE or element.tag == f"{_W}sectPr":
            continue
        elif isinstance(element.tag, str):  # content controls, insertions, custom XML
            yield from _blocks(element)


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.iter(f"{_W}tr"):
        if next(row.iterancestors(f"{_W}tbl")) is not table:
            continue
        if row.find(f"{_W}trPr/{_W}del") is not None:
            continue
        cells = []
        for cell in row.iter(f"{_W}tc"):
            if next(cell.iterancestors(f"{_W}tr")) is row:
                cells.append(" ".join(" ".join(_blocks(cell)).split()))
        yield cells


def _runs(element: Any, boxes: list[Any]) -> Iterator[str]:
    """Yield the text inside a paragraph, and put text boxes found there into `boxes`."""
    for child in element:
        tag = child.tag
        if tag in _GONE or not isinstance(tag, str):
            continue
        if tag == f"{_W}t" or tag == f"{_M}t":
            yield child.text or ""
        elif tag in _BREAKS:
            yield _BREAKS[tag]
        elif tag == f"{_W}txbxContent":
            boxes.append(child)
        elif tag in _PROPERTIES or (tag == f"{_W}r" and _is_hidden(child)):
            continue
        else:
            yield from _runs(child, boxes)


def _is_hidden(element: Any) -> bool:
    """Tell whether a run, or a style, says of itself that it is hidden."""
    return any(_says(element, name) for name in _HIDING)


def _says(element: Any, name: str) -> bool | None:
    """Return what is said of a mark; None where nothing is."""
    mark = element.find(f"{_W}rPr/{_W}{name}")
    return None if mark is None else mark.get(f"{_W}val") not in ("0", "false", "off")


def _drop_hidden_by_style(document: Any) -> None:
    """Take runs out of the body that are hidden by their style, or by their paragraph's."""
    styles = {
        style.get(f"{_W}styleId"): style for style in document.styles.element.iter(f"{_W}style")
    }
    hidden = {name for name in styles if _hides(name, styles)}
    if not hidden:
        return
    for run in list(document.element.body.iter(f"{_W}r")):
        own = run.find(f"{_W}rPr/{_W}rStyle")
        around = next(run.iterancestors(f"{_W}p"), None)
        its = around.find(f"{_W}pPr/{_W}pStyle") if around is not None else None
        named = {mark.get(f"{_W}val") for mark in (own, its) if mark is not None}
        if named & hidden and all(_says(run, name) is not False for name in _HIDING):
            run.getparent().remove(run)


def _hides(name: str, styles: dict[str, Any]) -> bool:
    """Tell whether a style, or what it is based on, hides; the nearest that says so decides."""
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        said = [found for mark in _HIDING if (found := _says(styles[name], mark)) is not None]
        if said:
            return any(said)
        based = styles[name].find(f"{_W}basedOn")
        name = based.get(f"{_W}val") if based is not None else ""
    return False


def _headers_and_footers(document: Any) -> list[str]:
    """Return each line of theirs once; those that count pages say nothing."""
    lines: dict[str, None] = {}
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if relation.is_external or kind not in ("header", "footer"):
            continue
        root = package.parsed(relation.target_part.blob)
        for paragraph in list(root.iter(f"{_W}p")):
            if _counts_pages(paragraph):
                paragraph.getparent().remove(paragraph)
        lines |= dict.fromkeys(" ".join(line.split()) for line in _blocks(root))
    return list(lines)


def _counts_pages(paragraph: Any) -> bool:
    codes = [code.text or "" for code in paragraph.iter(f"{_W}instrText")]
    codes += [field.get(f"{_W}instr") or "" for field in paragraph.iter(f"{_W}fldSimple")]
    return any(code.strip().upper().startswith(("PAGE", "NUMPAGES")) for code in codes)


def _footnotes(document: Any) -> list[str]:
    notes: list[str] = []
    for relation in document.part.rels.values():
        kind = relation.reltype.rsplit("/", 1)[-1]
        if relation.is_external or kind not in ("footnotes", "endnotes"):
            continue
        for note in package.parsed(relation.target_part.blob):
            if note.get(f"{_W}type") in (None, "normal"):
                notes += [" ".join(_blocks(note)).strip()]
    return notes
