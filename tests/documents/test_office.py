"""OpenDocument, RTF, PowerPoint, Excel and CSV; every file is made here."""

import csv
import zipfile
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest

from documents import DocumentError, read

ROWS = [
    ["Valsts", "Gads", "Budžets"],
    ["Latvija", 2018, 12500],
    ["Azərbaycan", 2019, 98765.5],
    ["Türkiye", 2021, 7],
]
LINES = [
    "Valsts: Latvija; Gads: 2018; Budžets: 12500",
    "Valsts: Azərbaycan; Gads: 2019; Budžets: 98765.5",
    "Valsts: Türkiye; Gads: 2021; Budžets: 7",
]


def reason_of(data: bytes, name: str) -> str:
    with pytest.raises(DocumentError) as caught:
        read(data, name)
    return caught.value.reason


def packed(members: dict[str, str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


# --- CSV ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1257"])
def test_a_table_of_text_is_read_row_by_row(separator: str, encoding: str) -> None:
    out = StringIO()
    rows = [["Pilsēta", "Iedzīvotāju skaits", "Piezīme"],
            ["Rēzekne", 27_000, "Ķīmija, ķieģeļi"], ["Liepāja", 66_000, 'Osta "Karosta"'],
            ["Ventspils", 33_000, "Augstās tehnoloģijas; šūnas"]]  # fmt: skip
    csv.writer(out, delimiter=separator).writerows(rows)
    text = read(out.getvalue().encode(encoding), "a.csv").text
    assert text.split("\n") == [
        "Pilsēta: Rēzekne; Iedzīvotāju skaits: 27000; Piezīme: Ķīmija, ķieģeļi",
        'Pilsēta: Liepāja; Iedzīvotāju skaits: 66000; Piezīme: Osta "Karosta"',
        "Pilsēta: Ventspils; Iedzīvotāju skaits: 33000; Piezīme: Augstās tehnoloģijas; šūnas",
    ]


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ("Partner,Year\nRiga,2018\nTula,2019\n", "partners 2019"),
        ("1,2\n3,4\n", "partners 2019"),
        ("Our partners,\nPartner,Year\nRiga,2018\n", "Our partners"),
    ],
)
def test_a_table_is_called_by_its_heading_or_its_files_name_and_never_by_a_row(
    rows: str, title: str
) -> None:
    assert read(rows.encode(), "2019/partners_2019.csv").title == title
    book = openpyxl.Workbook()
    for row in csv.reader(rows.splitlines()):
        book.active.append([cell or None for cell in row])
    out = BytesIO()
    book.save(out)
    assert read(out.getvalue(), "2019/partners_2019.xlsx").title == title
    book.active.title = "Partners by year"
    book.save(out := BytesIO())
    assert read(out.getvalue(), "a.xlsx").title == "Partners by year"


def test_a_table_with_a_name_that_says_nothing_keeps_it() -> None:
    assert read(b"Partner,Year\nRiga,2018\n", "0.csv").title == "0"


def test_excels_line_that_names_the_separator_is_no_row() -> None:
    assert read(b"sep=;\nName;Year\nRiga;2018\n", "a.csv").text == "Name: Riga; Year: 2018"


def test_a_table_without_names_keeps_its_first_row() -> None:
    assert read(b"1,2,3\n4,5,6\nseven,8,9\n", "a.csv").text == "1 | 2 | 3\n4 | 5 | 6\nseven | 8 | 9"


def test_a_line_break_in_a_cell_doesnt_break_the_row() -> None:
    assert read(b'Name,Note\nRiga,"one\ntwo"\n', "a.csv").text == "Name: Riga; Note: one two"


def test_rows_of_one_length_arent_joined_into_a_paragraph() -> None:
    rows = "".join(
        f"Partner {n:03},University of Town {n:03},agreement {n:03}\n" for n in range(30)
    )
    text = read(("Partner,Organisation,Document\n" + rows).encode(), "a.csv").text
    assert len(text.split("\n")) == 30


# --- Excel ----------------------------------------------------------------------------------------


def workbook(**sheets: list[list[Any]]) -> Any:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def saved(file: Any) -> bytes:
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def test_a_workbook_is_read_row_by_row_with_its_header() -> None:
    book = workbook(Partneri=[["Sadarbības partneri"], [], *ROWS], Sheet2=[["x", "y"], [1, 2]])
    book.properties.title = "Partneru saraksts"
    document = read(saved(book), "a.xlsx")
    assert document.title == "Partneru saraksts"
    assert document.text.split("\n\n")[0].split("\n") == ["Partneri", "Sadarbības partneri", *LINES]
    assert document.text.split("\n\n")[1] == "x: 1; y: 2"


def test_dates_shares_and_truths_are_written_as_people_see_them() -> None:
    book = workbook(Sheet=[["Day", "Share", "Done", "Nothing"], [date(2018, 11, 6), 0.25, True]])
    book["Sheet"]["B2"].number_format = "0%"
    assert read(saved(book), "a.xlsx").text == "Day: 2018-11-06; Share: 25%; Done: TRUE"


def test_hidden_sheets_rows_and_columns_go() -> None:
    book = workbook(Open=ROWS, Secret=[["slepeni", "vārdi"]])
    book["Secret"].sheet_state = "hidden"
    book["Open"].row_dimensions[3].hidden = True
    book["Open"].column_dimensions["C"].hidden = True
    assert read(saved(book), "a.xlsx").text.split("\n") == [
        "Open", "Valsts: Latvija; Gads: 2018", "Valsts: Türkiye; Gads: 2021",
    ]  # fmt: skip


def test_a_cell_at_the_far_end_costs_nothing() -> None:
    book = workbook(Sheet=[["Name", "Year"], ["Riga", 2018]])
    book["Sheet"]["XFD1048576"] = "far"
    assert read(saved(book), "a.xlsx").text.split("\n")[0] == "Name: Riga; Year: 2018"


def test_a_formula_is_read_by_its_value_or_not_at_all() -> None:
    book = workbook(Sheet=[["Name", "Sum"], ["Riga", "=1+1"]])
    assert "=" not in read(saved(book), "a.xlsx").text


# --- PowerPoint -----------------------------------------------------------------------------------


def presentation() -> Any:
    import pptx
    from pptx.util import Inches

    file = pptx.Presentation()
    first = file.slides.add_slide(file.slide_layouts[1])
    first.shapes.title.text = "Inovāciju aģentūra"
    first.placeholders[1].text = "Dibināta 2018. gadā.\nVada Inta Žagare."
    first.notes_slide.notes_text_frame.text = "Pastāstīt par Baku."
    second = file.slides.add_slide(file.slide_layouts[6])
    lower = second.shapes.add_textbox(Inches(1), Inches(5), Inches(3), Inches(1))
    lower.text_frame.text = "apakšā"
    upper = second.shapes.add_textbox(Inches(1), Inches(1), Inches(3), Inches(1))
    upper.text_frame.text = "augšā"
    table = second.shapes.add_table(4, 3, Inches(1), Inches(2), Inches(5), Inches(2)).table
    for row, cells in enumerate(ROWS):
        for column, cell in enumerate(cells):
            table.cell(row, column).text = str(cell)
    hidden = file.slides.add_slide(file.slide_layouts[1])
    hidden.shapes.title.text = "slēpts slaids"
    hidden._element.set("show", "0")
    return file


def test_a_presentation_is_read_slide_by_slide() -> None:
    document = read(saved(presentation()), "a.pptx")
    first, second = document.page_starts[:2]
    assert document.text[first:second].split("\n") == [
        "Inovāciju aģentūra", "", "Dibināta 2018. gadā.", "Vada Inta Žagare.", "",
        "Pastāstīt par Baku.", "", "",
    ]  # fmt: skip
    assert document.text[second:].split("\n") == ["augšā", "", *LINES, "", "apakšā"]
    assert "slēpts" not in document.text
    assert document.page_at(len(document.text) - 1) == 2


# --- OpenDocument ---------------------------------------------------------------------------------

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "text", "table", "style", "meta")
) + ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'  # fmt: skip


def opendocument(body: str, styles: str = "", edges: str = "", **members: str) -> bytes:
    return packed(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {SPACES}><office:automatic-styles>{styles}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "styles.xml": f"<office:document-styles {SPACES}><office:master-styles>"
            f"<style:master-page>{edges}</style:master-page></office:master-styles>"
            "</office:document-styles>",
            "meta.xml": f"<office:document-meta {SPACES} "
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><office:meta>'
            "<dc:title>Protokols Nr. 7</dc:title><dc:date>2021-03-04T10:00:00</dc:date>"
            "<meta:initial-creator>Inta Žagare</meta:initial-creator></office:meta>"
            "</office:document-meta>",
            **members,
        }
    )


def test_an_opendocument_text_is_read_as_it_is_shown() -> None:
    hidden = (
        '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    )
    document = read(
        opendocument(
            "<text:tracked-changes><text:changed-region><text:deletion><text:p>izdzēsts</text:p>"
            "</text:deletion></text:changed-region></text:tracked-changes>"
            "<text:h>Vienošanās</text:h>"
            "<text:p>Puses <text:span>paraksta</text:span><text:s text:c='2'/>līgumu"
            "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>Piezīme apakšā.</text:p></text:note-body></text:note>."
            '<text:span text:style-name="T1">slēpts</text:span>'
            "<office:annotation><text:p>komentārs</text:p></office:annotation></text:p>"
            "<text:list><text:list-item><text:p>viens</text:p></text:list-item>"
            "<text:list-item><text:p>divi</text:p></text:list-item></text:list>"
            "<text:p><draw:frame><draw:text-box><text:p>rāmī</text:p></draw:text-box></draw:frame>"
            "</text:p>",
            styles=hidden,
            edges="<style:header><text:p>Ventspils parks</text:p></style:header>"
            "<style:footer><text:p><text:page-number>1</text:page-number></text:p></style:footer>",
        ),
        "a.odt",
    )
    assert document.title == "Protokols Nr. 7"
    assert document.text.split("\n\n") == [
        "Vienošanās", "Puses paraksta līgumu.", "viens\ndivi", "rāmī", "Piezīme apakšā.",
        "Ventspils parks",
    ]  # fmt: skip


def test_an_opendocument_table_keeps_its_header() -> None:
    def row(cells: list[Any]) -> str:
        return "<table:table-row>" + "".join(
            f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells
        ) + "</table:table-row>"  # fmt: skip

    body = (
        f"<table:table><table:table-header-rows>{row(ROWS[0])}</table:table-header-rows>"
        + "".join(map(row, ROWS[1:]))
        + "</table:table>"
    )
    assert read(opendocument(body), "a.odt").text.split("\n") == LINES


def test_an_opendocument_text_with_a_password_says_so() -> None:
    manifest = "<manifest><encryption-data/></manifest>"
    data = opendocument("<text:p>x</text:p>", **{"META-INF/manifest.xml": manifest})
    assert reason_of(data, "a.odt") == "encrypted"


# --- RTF ------------------------------------------------------------------------------------------

FONTS = r"{\fonttbl{\f0\fcharset186 Times;}{\f1\fcharset204 Times;}}"


def test_rtf_is_read_as_it_is_shown() -> None:
    source = (
        r"{\rtf1\ansi\ansicpg1257\deff0" + FONTS + r"{\info{\title L\'c4\'abgums}{\author Inta}"
        r"{\creatim\yr2021\mo3\dy4}}{\header\pard Ventspils parks\par}"
        r"\pard\f0 V\'e7stule{\v sl\'e7pts}{\deleted dz\'e7sts} "
        r"{\f1\'cf\'f0\'e8\'e2\'e5\'f2} \u601?{\footnote Piez\'eeme.}.\par "
        r"{\field{\*\fldinst HYPERLINK \"http://x\"}{\fldrslt saite}}\par}"
    )
    document = read(source.encode("ascii"), "a.rtf")
    assert document.text.split("\n") == [
        "Vēstule Привет ə.", "saite", "", "Piezīme.", "", "Ventspils parks",
    ]  # fmt: skip


def test_bytes_that_should_have_been_escaped_are_read() -> None:
    source = r"{\rtf1\ansi\ansicpg1257 Ķīļi un šūnas\par}".encode("cp1257")
    assert read(source, "a.rtf").text == "Ķīļi un šūnas"


def test_an_emoji_of_an_rtf_file_is_one_character() -> None:
    emoji = r"\u-10179?\u-8704?"
    title = rf"{{\info{{\title Zi\u326?a {emoji} 2023}}}}"
    source = rf"{{\rtf1\ansi{title}\u352?\u363?na {emoji} \u601?.\par}}"
    document = read(source.encode(), "a.rtf")
    assert document.title == "Ziņa 😀 2023"
    assert document.text == "Šūna 😀 ə."


def test_half_an_emoji_of_an_rtf_file_costs_its_character_only() -> None:
    half = r"\u-10179?"
    source = rf"{{\rtf1\ansi{{\info{{\title Report {half}}}{{\author {half}Inta}}}}A {half}b.\par}}"
    document = read(source.encode(), "a.rtf")
    assert (document.title, document.author, document.text) == ("Report �", "�Inta", "A �b.")


def test_an_rtf_table_becomes_rows() -> None:
    def row(cells: list[Any]) -> str:
        escaped = "".join(
            str(cell).replace("ž", r"\u382?").replace("ə", r"\u601?").replace("ü", r"\u252?")
            + r"\cell "
            for cell in cells
        )
        return r"\trowd\cellx100\cellx200\cellx300 " + escaped + r"\row "

    source = r"{\rtf1\ansi Before.\par " + "".join(map(row, ROWS)) + r"\pard After.\par}"
    assert read(source.encode(), "a.rtf").text.split("\n") == [
        "Before.", "", *LINES, "", "After.",
    ]  # fmt: skip


# --- all of them ----------------------------------------------------------------------------------


def test_an_office_file_under_anothers_name_is_a_mismatch() -> None:
    files = {
        ".xlsx": saved(workbook(Sheet=ROWS)),
        ".pptx": saved(presentation()),
        ".odt": opendocument("<text:p>x</text:p>"),
    }
    for real, data in files.items():
        for other in {".docx", *files} - {real}:
            with pytest.raises(DocumentError, match=f"name it {real}"):
                read(data, f"a{other}")


@pytest.mark.parametrize("part", ["xl/workbook.xml", "ppt/presentation.xml", "content.xml"])
def test_entities_are_refused_everywhere(part: str) -> None:
    suffix = {"x": ".xlsx", "p": ".pptx", "c": ".odt"}[part[0]]
    data = packed({part: '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'})
    assert reason_of(data, f"a{suffix}") == "dtd_forbidden"


@pytest.mark.parametrize("suffix", [".xlsx", ".pptx"])
def test_a_password_is_told_from_an_old_file(suffix: str) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    locked = ole + "EncryptedPackage".encode("utf-16-le")
    assert (reason_of(ole, f"a{suffix}"), reason_of(locked, f"a{suffix}")) == (
        "unsupported", "encrypted",
    )  # fmt: skip


def test_a_web_page_named_as_text_is_a_mismatch() -> None:
    assert reason_of(b"<!DOCTYPE html><html><body>x</body></html>", "a.txt") == "type_mismatch"
    assert reason_of(b" <html>\n<body>x</body></html>", "a.csv") == "type_mismatch"
    assert read(b"The tag <html> begins a page.", "a.txt").text == "The tag <html> begins a page."
