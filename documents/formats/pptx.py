"""PPTX → text slide by slide. The one home of python-pptx.

A slide is a page: its title, its shapes from the top down, tables by row, then the speaker's notes.
Slides that are hidden, slide numbers and dates in the corner are left out; so are charts.
"""

from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from documents.errors import DocumentError
from documents.formats import package, tables
from documents.formats.raw import Raw

_SLIDE_NAMES: Final = frozenset({"SLIDE_NUMBER", "DATE", "FOOTER", "HEADER"})


def load(data: bytes) -> Raw:
    """Return the text of a presentation's slides.

    Raises:
        DocumentError: corrupt, limit, dtd_forbidden, encrypted or type_mismatch.
    """
    package.check(data, ".pptx")
    import pptx

    try:
        presentation = pptx.Presentation(BytesIO(data))
        pages = ["\n\n".join(_slide(slide)) for slide in presentation.slides]
        properties = presentation.core_properties
        made = properties.modified or properties.created
        return Raw(
            pages,
            paged=True,
            wrapped=False,
            title=(properties.title or "").strip() or None,
            author=(properties.author or "").strip() or None,
            date=made.date().isoformat() if made else None,
        )
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # python-pptx raises many types on damaged files
        raise package.corrupt(error) from error


def _slide(slide: Any) -> Iterator[str]:
    if slide.element.get("show") == "0":
        return
    title = slide.shapes.title
    if title is not None:
        yield _paragraphs(title)
    for shape in _shapes(slide.shapes):
        if title is None or shape.shape_id != title.shape_id:
            yield from _said(shape)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        yield slide.notes_slide.notes_text_frame.text


def _shapes(shapes: Any) -> Iterator[Any]:
    """Yield shapes from the top down, those of a group together."""
    for shape in sorted(shapes, key=lambda each: (each.top or 0, each.left or 0)):
        hidden = shape.element.xpath("./*/p:cNvPr[@hidden='1' or @hidden='true']")
        if hidden:
            continue
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _said(shape: Any) -> Iterator[str]:
    if shape.is_placeholder and shape.placeholder_format.type.name in _SLIDE_NAMES:
        return
    if getattr(shape, "has_table", False):
        table = shape.table
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        yield "\n".join(tables.lines(rows, header=True if table.first_row else None))
    elif shape.has_text_frame:
        yield _paragraphs(shape)


def _paragraphs(shape: Any) -> str:
    return "\n".join(part.text.replace("\v", "\n") for part in shape.text_frame.paragraphs)
