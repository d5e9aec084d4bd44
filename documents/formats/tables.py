"""A table's rows → lines that can be quoted alone: each value behind its column's name.

"Country: Latvia; Year: 2018" where the table has a header, "Latvia | 2018" where it has none.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import regex

_NAME_CHARS: Final = 60
_NUMBER: Final = regex.compile(r"[\d\s.,:/%()+–—€$£₼₺₽-]*\d[\d\s.,:/%()+–—€$£₼₺₽-]*")


def lines(rows: Sequence[Sequence[str]], header: bool | None = None) -> list[str]:
    """Return a line for each row that says something.

    Args:
        rows: cells by row; the rows may differ in length.
        header: whether the first row of two cells or more has the columns' names; None where the
            format doesn't tell, and only a table that plainly has one is taken to.
    """
    filled = [cells for row in rows if any(cells := [" ".join(cell.split()) for cell in row])]
    first = next((at for at, row in enumerate(filled) if _count(row) > 1), len(filled))
    # What stands alone above the columns is their heading.
    said = [_alone(row) for row in filled[:first]]
    body = filled[first:]
    if header is None:
        header = _has_header(body)
    if not header or len(body) < 2:
        return said + [
            " | ".join(row).strip(" |") if _count(row) > 1 else _alone(row) for row in body
        ]
    names = [name.rstrip(" :") for name in body[0]]
    return said + [_named(names, row) for row in body[1:] if row != body[0]]


def has_heading(rows: Iterable[Sequence[str]]) -> bool:
    """Tell whether what stands above the columns is their heading: a first row of one cell."""
    counts = (_count([cell.strip() for cell in row]) for row in rows)
    return next(filter(None, counts), 0) == 1


def names_columns(row: Sequence[str]) -> bool:
    """Tell whether cells can be columns' names: several, short, different, and no numbers."""
    names = [cell for cell in row if cell]
    return (
        len(names) > 1
        and len(set(names)) == len(names)
        and all(len(name) <= _NAME_CHARS and not _NUMBER.fullmatch(name) for name in names)
    )


def _has_header(body: Sequence[Sequence[str]]) -> bool:
    if len(body) < 2 or not names_columns(body[0]) or _count(body[0]) < max(map(_count, body)):
        return False
    if len(body) > 2 and len(body[0]) > 2:
        return True
    # Of two columns the first is often the names of what the second says, unless numbers follow.
    numbers = [[bool(_NUMBER.fullmatch(cell)) for cell in row] for row in body[1:]]
    return any(all(column) for column in zip(*numbers, strict=False))


def _named(names: Sequence[str], row: Sequence[str]) -> str:
    if _count(row) == 1:
        alone = next(at for at, cell in enumerate(row) if cell)
        if alone == 0:
            return row[0]  # a heading between rows
    padded = [*names, *[""] * (len(row) - len(names))]
    return "; ".join(
        f"{name}: {cell}" if name else cell for name, cell in zip(padded, row, strict=False) if cell
    )


def _count(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def _alone(row: Sequence[str]) -> str:
    return next(cell for cell in row if cell)
