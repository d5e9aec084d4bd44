"""What of a Word file is text: what a reader sees of it, once."""

from io import BytesIO
from typing import Any

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from documents import read

NAMES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def opened(*paragraphs: str) -> Any:
    file: Any = docx.Document()
    for inside in paragraphs:
        element = parse_xml(f"<w:p {NAMES}>{inside}</w:p>")
        file.element.body.insert(len(file.element.body) - 1, element)
    return file


def text_of(file: Any) -> str:
    out = BytesIO()
    file.save(out)
    return read(out.getvalue(), "a.docx").text


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_follow_the_text_and_their_separators_dont(kind: str) -> None:
    file = opened(run("Līgums ir spēkā.") + f'<w:r><w:{kind}Reference w:id="2"/></w:r>')
    notes = (
        f'<w:{kind}s {NAMES}><w:{kind} w:type="separator" w:id="0"><w:p>{run("----")}</w:p>'
        f'</w:{kind}><w:{kind} w:id="2"><w:p>{run("Piezīme par spēku.")}</w:p></w:{kind}>'
        f"</w:{kind}s>"
    )
    part = Part(
        PackURI(f"/word/{kind}s.xml"),
        getattr(CONTENT_TYPE, f"WML_{kind.upper()}S"),
        notes.encode(),
        file.part.package,
    )
    file.part.relate_to(part, getattr(RELATIONSHIP_TYPE, f"{kind.upper()}S"))
    assert text_of(file) == "Līgums ir spēkā.\n\nPiezīme par spēku."


def test_a_text_box_is_read_once() -> None:
    inside = f"<w:txbxContent><w:p>{run('Teksts rāmī.')}</w:p></w:txbxContent>"
    box = (
        f"<w:r><mc:AlternateContent><mc:Choice Requires='wps'><wps:txbx>{inside}</wps:txbx>"
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict>"
        "</mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert text_of(opened(run("Pirms rāmja.") + box)) == "Pirms rāmja.\n\nTeksts rāmī."


def test_what_was_moved_is_read_where_it_is_now() -> None:
    file = opened(
        f"<w:moveFrom>{run('Pārvietots.')}</w:moveFrom>{run('Pirmais.')}",
        f"{run('Otrais. ')}<w:moveTo>{run('Pārvietots.')}</w:moveTo>",
    )
    assert text_of(file) == "Pirmais.\n\nOtrais. Pārvietots."


def test_hidden_text_and_fields_codes_are_out_and_their_results_in() -> None:
    file = opened(
        run("Redzams")
        + run(" slēpts", "<w:vanish/>")
        + run(" nav slēpts", '<w:vanish w:val="0"/>')
        + "<w:r><w:instrText> PAGE \\* MERGEFORMAT </w:instrText></w:r>"
        + f"<w:hyperlink>{run(' saite.')}</w:hyperlink>"
    )
    assert text_of(file) == "Redzams nav slēpts saite."


def test_text_that_a_style_hides_is_out() -> None:
    file = opened(run("Redzams."), "<w:pPr><w:pStyle w:val='Slepts'/></w:pPr>" + run("Slēpts."))
    file.element.body[1].insert(
        0,
        parse_xml(
            f"<w:r {NAMES}><w:rPr><w:rStyle w:val='Zime'/></w:rPr><w:t>Arī slēpts.</w:t></w:r>"
        ),
    )
    for kind, name in (("paragraph", "Slepts"), ("character", "Zime")):
        style = f"<w:style {NAMES} w:type='{kind}' w:styleId='{name}'><w:name w:val='{name}'/>"
        file.styles.element.append(parse_xml(style + "<w:rPr><w:vanish/></w:rPr></w:style>"))
    assert text_of(file) == "Redzams."


def test_headers_and_footers_are_read_once_and_page_numbers_arent() -> None:
    file = opened(run("Līguma teksts."))
    first = file.sections[0]
    first.header.paragraphs[0].text = "Līgums Nr. 14/2022"
    first.footer.paragraphs[0].text = "Ventspils 2022"
    second = file.add_section()
    second.header.is_linked_to_previous = False
    second.header.paragraphs[0].text = "Līgums Nr. 14/2022"
    number = second.header.add_paragraph("Lapa ")
    field = f"<w:fldSimple {NAMES} w:instr=' PAGE '>{run('7')}</w:fldSimple>"
    number._p.append(parse_xml(field))
    text = text_of(file)
    assert text.split("\n\n")[0] == "Līguma teksts."
    assert sorted(text.split("\n\n")[1:]) == ["Līgums Nr. 14/2022", "Ventspils 2022"]
