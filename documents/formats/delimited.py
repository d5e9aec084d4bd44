"""CSV → a line a row. The separator is found by what divides the lines alike."""

import csv
from collections.abc import Iterator
from itertools import islice
from typing import Final

from documents.encodings import decode
from documents.errors import DocumentError
from documents.formats.raw import Raw
from documents.formats.tables import has_heading, lines, names_columns

_SEPARATORS: Final = ",;\t|"
_SAMPLE_ROWS: Final = 50


def load(data: bytes) -> Raw:
    """Return a table's rows, each value behind its column's name.

    Raises:
        DocumentError: binary, corrupt.
    """
    text = decode(data)
    first, _, rest = text.partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and len(said) == len("sep=;"):  # Excel's own way of saying it
        separator, text = said[-1], rest
    else:
        separator = _separator(text)
    try:
        rows = list(_rows(text, separator))
    except csv.Error as error:
        raise DocumentError("corrupt", f"The table can't be read ({error}).") from error
    named = next((names_columns(row) for row in rows if sum(map(bool, row)) > 1), False)
    text = "\n".join(lines(rows, header=named))
    return Raw([text], wrapped=False, kind="other", untitled=not has_heading(rows))


def _separator(text: str) -> str:
    """Return the separator that gives the most columns in rows of one length."""

    def evidence(separator: str) -> tuple[float, int]:
        try:
            widths = [len(row) for row in islice(_rows(text, separator), _SAMPLE_ROWS) if row]
        except csv.Error:
            return 0.0, 0
        usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (widths.count(usual) / len(widths) if usual > 1 else 0.0), usual

    return max(_SEPARATORS, key=evidence)


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    yield from csv.reader(
        text.splitlines(keepends=True), delimiter=separator, skipinitialspace=True
    )
