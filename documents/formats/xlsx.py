"""XLSX → a line a row. The one home of openpyxl.

Values as they were last calculated. Hidden sheets, rows and columns are left out, and so are
charts, comments and pictures. Rows are taken from openpyxl's parser, since its worksheets fill the
gaps: one cell at the far end would be a thousand million.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, Final

from documents.errors import DocumentError
from documents.formats import package, tables
from documents.formats.raw import Raw

_MAX_COLUMNS: Final = 1_000
_MAX_CELLS: Final = 2_000_000
_SHEET_WORDS: Final = ("sheet", "лист", "sayfa", "lapa", "vərəq", "tabelle")


def load(data: bytes) -> Raw:
    """Return the rows of a workbook's sheets, each value behind its column's name.

    Raises:
        DocumentError: corrupt, limit, dtd_forbidden, encrypted or type_mismatch.
    """
    package.check(data, ".xlsx")
    import openpyxl

    try:
        book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True)
        sheets: list[str] = []
        untitled = False
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                continue
            heading, rows = _heading(sheet.title), _cells(book, sheet)
            if rows and not any(sheets):
                untitled = not heading and not tables.has_heading(rows)
            sheets.append("\n".join([*heading, *_lines(rows)]))
        properties = book.properties
        made = properties.modified or properties.created
        return Raw(
            ["\n\n".join(sheet for sheet in sheets if sheet)],
            wrapped=False,
            kind="other",
            title=(properties.title or "").strip() or None,
            untitled=untitled,
            author=(properties.creator or "").strip() or None,
            date=made.date().isoformat() if made else None,
        )
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # openpyxl raises many types on damaged files
        raise package.corrupt(error) from error


def _heading(title: str) -> list[str]:
    """Return a sheet's name where somebody gave it one."""
    return [] if title.lower().rstrip("0123456789 ") in _SHEET_WORDS else [title]


def _cells(book: Any, sheet: Any) -> list[list[str]]:
    return [[text for _, text in cells] for cells in _aligned(list(_rows(book, sheet)))]


def _lines(rows: list[list[str]]) -> list[str]:
    named = next((tables.names_columns(row) for row in rows if sum(map(bool, row)) > 1), False)
    return tables.lines(rows, header=named)


def _aligned(rows: list[dict[int, str]]) -> Iterator[list[tuple[int, str]]]:
    """Yield rows with a cell for each column that any row has."""
    columns = sorted({column for row in rows for column in row})
    for row in rows:
        yield [(column, row.get(column, "")) for column in columns]


def _rows(book: Any, sheet: Any) -> Iterator[dict[int, str]]:
    """Yield the rows that aren't hidden: column → text, filled cells only."""
    from openpyxl.utils import column_index_from_string
    from openpyxl.worksheet._reader import WorkSheetParser

    left = _MAX_CELLS
    with sheet._get_source() as source:
        parser = WorkSheetParser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for number, cells in parser.parse():
            if _is_hidden(parser.row_dimensions.get(str(number))):
                continue
            hidden = {
                column
                for name, facts in parser.column_dimensions.items()
                if _is_hidden(facts)
                for column in range(
                    column_index_from_string(name), min(int(facts["max"]), _MAX_COLUMNS) + 1
                )
            }
            row = {
                cell["column"]: text
                for cell in cells
                if cell["column"] not in hidden and (text := _text(book, cell))
            }
            left -= len(row)
            if left < 0:
                raise DocumentError("limit", f"The file has more than {_MAX_CELLS} filled cells.")
            yield row


def _is_hidden(facts: dict[str, str] | None) -> bool:
    return facts is not None and facts.get("hidden") in ("1", "true")


def _text(book: Any, cell: dict[str, Any]) -> str:
    value = cell["value"]
    if value is None or cell["data_type"] == "e":
        return ""
    if isinstance(value, datetime):
        midnight = value.time() == time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ", "minutes")
    if isinstance(value, date | time | timedelta):
        return str(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, _format(book, cell["style_id"]))
    return str(value)


def _number(value: float, shown_as: str) -> str:
    if shown_as.endswith("%"):
        return f"{value * 100:.6g}%"
    return f"{value:.15g}" if abs(value) < 1e15 else str(value)


def _format(book: Any, style_id: int) -> str:
    """Return a cell's number format ("0.00%"), empty where it has none of its own."""
    from openpyxl.styles.numbers import BUILTIN_FORMATS, BUILTIN_FORMATS_MAX_SIZE

    try:
        number = book._cell_styles[style_id].numFmtId
        if number < BUILTIN_FORMATS_MAX_SIZE:
            return str(BUILTIN_FORMATS.get(number, ""))
        return str(book._number_formats[number - BUILTIN_FORMATS_MAX_SIZE])
    except IndexError:
        return ""
