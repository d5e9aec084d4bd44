"""PDFs that tests draw by hand, so that a test says what is on the page."""

from io import BytesIO
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

SEEN = "BT /F 12 Tf 72 700 Td (The agreement was signed in Riga on 12 May 2022.) Tj ET\n"


def name_of(word: str) -> NameObject:
    return NameObject(f"/{word}")


def paper(*contents: str, fields: list[dict[str, Any]] | None = None) -> bytes:
    """Return a PDF with a page for each content: Helvetica is /F, a grey picture is /I."""
    writer = PdfWriter()
    font = writer._add_object(
        DictionaryObject(
            {
                name_of("Type"): name_of("Font"),
                name_of("Subtype"): name_of("Type1"),
                name_of("BaseFont"): name_of("Helvetica"),
                name_of("Encoding"): name_of("WinAnsiEncoding"),
            }
        )
    )
    picture = DecodedStreamObject()
    picture.set_data(b"\x80")
    for key, value in (("Type", "XObject"), ("Subtype", "Image"), ("ColorSpace", "DeviceGray")):
        picture[name_of(key)] = name_of(value)
    for key, number in (("Width", 1), ("Height", 1), ("BitsPerComponent", 8)):
        picture[name_of(key)] = NumberObject(number)
    drawn = writer._add_object(picture)
    for content in contents:
        page = writer.add_blank_page(595, 842)
        stream = DecodedStreamObject()
        stream.set_data(content.encode("cp1252"))
        page[name_of("Contents")] = writer._add_object(stream)
        page[name_of("Resources")] = DictionaryObject(
            {
                name_of("Font"): DictionaryObject({name_of("F"): font}),
                name_of("XObject"): DictionaryObject({name_of("I"): drawn}),
            }
        )
    widgets = [writer._add_object(_widget(facts)) for facts in fields or ()]
    if widgets:
        writer.pages[0][name_of("Annots")] = ArrayObject(widgets)
        writer.root_object[name_of("AcroForm")] = DictionaryObject(
            {name_of("Fields"): ArrayObject(widgets)}
        )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _widget(facts: dict[str, Any]) -> DictionaryObject:
    """Return a field; a text that begins with "/" is a name."""
    widget = DictionaryObject({name_of("Subtype"): name_of("Widget")})
    widget[name_of("Rect")] = ArrayObject([FloatObject(side) for side in (72, 600, 300, 620)])
    for key, value in facts.items():
        if isinstance(value, int):
            widget[name_of(key)] = NumberObject(value)
        elif value.startswith("/"):
            widget[name_of(key)] = NameObject(value)
        else:
            widget[name_of(key)] = TextStringObject(value)
    return widget
