"""Two columns of prose that a PDF draws line by line, across both → one column after the other.

A table has columns too, and is read row by row: only columns whose lines are full are prose.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

_FEWEST_LINES: Final = 6  # of each column
_GAP: Final = 1.0  # of a line's height: more between two pieces of a line, and they are two
_SAME_ROW: Final = 0.5  # of a line's height
_GUTTER: Final = (0.35, 0.65)  # of the page's width: where the columns part
_FULL: Final = 0.75  # of a column's width: a line of prose
_FULL_LINES: Final = 0.6
_FEWEST_WORDS: Final = 3
_ACROSS: Final = 0.3  # of the lines: with more that cross, there are no columns
_SWITCHES: Final = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a line as it stands on the page, in its units; y goes up."""

    left: float
    bottom: float
    right: float
    top: float
    text: str

    @property
    def middle(self) -> float:
        """Return how high it stands."""
        return (self.bottom + self.top) / 2

    @property
    def height(self) -> float:
        """Return the height of its letters."""
        return self.top - self.bottom


def in_columns(
    pieces: Iterable[Piece], width: float, place_of: Callable[[str], int]
) -> list[str] | None:
    """Return a page's lines in the order of its columns; None where its text is in order.

    Args:
        pieces: what stands on the page.
        width: the page's.
        place_of: where a line begins in the text as it was read, -1 where it isn't found.
    """
    lines = _lines(pieces)
    gutter = _gutter(lines, width)
    if gutter is None:
        return None
    left = [line for line in lines if line.right <= gutter]
    right = [line for line in lines if line.left >= gutter]
    if not (_is_prose(left) and _is_prose(right) and _is_mixed(left, right, place_of)):
        return None
    ordered: list[Piece] = []
    waiting: list[Piece] = []
    for line in lines:
        if line.right <= gutter:
            ordered.append(line)
        elif line.left >= gutter:
            waiting.append(line)
        else:  # a heading over both columns ends what stands above it
            ordered += [*waiting, line]
            waiting = []
    return [line.text for line in [*ordered, *waiting]]


def _lines(pieces: Iterable[Piece]) -> list[Piece]:
    """Return pieces joined to lines, from above and from the left."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.middle):
        if rows and abs(rows[-1][0].middle - piece.middle) < _SAME_ROW * piece.height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    found: list[Piece] = []
    for row in rows:
        line: Piece | None = None
        for piece in sorted(row, key=lambda piece: piece.left):
            if line and piece.left - line.right < _GAP * piece.height:
                line = _joined(line, piece)
            else:
                found += [line] if line else []
                line = piece
        found += [line] if line else []
    return found


def _joined(line: Piece, piece: Piece) -> Piece:
    apart = " " if piece.left - line.right > 0.1 * piece.height else ""
    return Piece(
        min(line.left, piece.left),
        min(line.bottom, piece.bottom),
        max(line.right, piece.right),
        max(line.top, piece.top),
        f"{line.text}{apart}{piece.text}",
    )


def _gutter(lines: list[Piece], width: float) -> float | None:
    """Return where the fewest lines cross, in the middle of the page; None where many do."""
    if len(lines) < 2 * _FEWEST_LINES:
        return None
    first, last = (round(share * width) for share in _GUTTER)
    crossing = {at: sum(line.left < at < line.right for line in lines) for at in range(first, last)}
    if not crossing:
        return None
    fewest = min(crossing.values())
    if fewest > _ACROSS * len(lines):
        return None
    return median([at for at, count in crossing.items() if count == fewest])


def _is_prose(column: list[Piece]) -> bool:
    if len(column) < _FEWEST_LINES:
        return False
    width = max(line.right for line in column) - min(line.left for line in column)
    full = sum(line.right - line.left >= _FULL * width for line in column)
    words = median([len(line.text.split()) for line in column])
    return full >= _FULL_LINES * len(column) and words >= _FEWEST_WORDS


def _is_mixed(left: list[Piece], right: list[Piece], place_of: Callable[[str], int]) -> bool:
    """Tell whether the text as it was read goes from one column to the other and back."""
    places = [
        (place_of(line.text), is_left)
        for column, is_left in ((left, True), (right, False))
        for line in column
    ]
    sides = [side for place, side in sorted(places) if place >= 0]
    if len(sides) < 2 * _FEWEST_LINES:
        return False
    switches = sum(one != other for one, other in pairwise(sides))
    return switches >= _SWITCHES * (len(sides) - 1)
