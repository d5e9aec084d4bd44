"""A question about a table's row is answered by that row with its columns' names."""

from io import BytesIO

import pytest

from documents import sentences
from documents.reading import read

ROWS = [
    ["Year", "The Agency, EUR", "The Park, EUR"],
    ["2022", "32,000", "18,000"],
    ["2023", "41,000", "29,000"],
]
SAID = "Each party pays its instalment of the joint budget by the end of January."
ROW = "Year: 2023; The Agency, EUR: 41,000; The Park, EUR: 29,000"


def markdown() -> bytes:
    head, *body = [" | ".join(row) for row in ROWS]
    rules = "|".join(["---"] * 3)
    return "\n".join(["# Instalments", "", SAID, "", head, rules, *body]).encode()


def html() -> bytes:
    cells = [
        "".join(f"<{tag}>{cell}</{tag}>" for cell in row)
        for tag, row in zip(["th", "td", "td"], ROWS, strict=True)
    ]
    table = "".join(f"<tr>{row}</tr>" for row in cells)
    page = f"<h1>Instalments</h1><p>{SAID}</p><table>{table}</table>"
    return f"<html><body><article>{page}</article></body></html>".encode()


def word() -> bytes:
    import docx

    document = docx.Document()
    document.add_heading("Instalments")
    document.add_paragraph(SAID)
    table = document.add_table(rows=3, cols=3)
    for row, values in zip(table.rows, ROWS, strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    data = BytesIO()
    document.save(data)
    return data.getvalue()


FILES = {"table.md": markdown, "table.html": html, "table.docx": word}


@pytest.mark.parametrize("name", FILES)
def test_a_row_is_a_sentence_with_its_columns_names(name):
    text = read(FILES[name](), name).text
    assert ROW in [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.slow
@pytest.mark.parametrize("name", FILES)
def test_a_question_about_a_row_quotes_it(make_library, name):
    from index.build import build
    from qa.assistant import Assistant

    library = make_library({})
    library.documents.mkdir(parents=True, exist_ok=True)
    (library.documents / name).write_bytes(FILES[name]())
    build(library)
    answer = Assistant.open(library).ask("How much does the Agency pay in 2023?")
    quotes = answer.quotes or answer.nearest
    assert ROW in quotes[0].quote
