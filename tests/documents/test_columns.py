"""Two columns are read one after the other, whatever order they are drawn in; tables row by row."""

import pytest

from documents import read
from tests.documents.papers import paper

LEFT = (
    "The harbour of the town was opened in the", "spring of that year and had four piers for",
    "ships from the north. Its council met every", "month to speak of tariffs and of the depth",
    "of the water at the outer quay. In the end it", "was agreed that the northern pier should be",
    "made longer by forty metres before winter,", "and that the cost be shared by both ports.",
)  # fmt: skip
RIGHT = (
    "Schools in the region have taught the craft", "of building boats for more than a century.",
    "Each pupil makes a model in the first class", "and helps with a real boat in the third one.",
    "The museum keeps the best of these models", "and shows them each summer to its visitors,",
    "who may vote for the one that they like most", "among those that were made in the last year.",
)  # fmt: skip


def drawn(*rows: tuple[float, float, str]) -> str:
    return "".join(f"BT /F 10 Tf {x} {y} Td ({text}) Tj ET\n" for x, y, text in rows)


def across(left: tuple[str, ...], right: tuple[str, ...], top: float = 700) -> str:
    pairs = zip(left, right, strict=True)
    rows = [
        row
        for number, (one, other) in enumerate(pairs)
        for row in ((50, top - 14 * number, one), (310, top - 14 * number, other))
    ]
    return drawn(*rows)


@pytest.mark.parametrize("heading", [True, False])
def test_columns_that_are_drawn_line_by_line_are_read_one_after_the_other(heading: bool) -> None:
    over = drawn((120, 760, "Harbours and schools of the northern coast in our time today"))
    document = read(paper((over if heading else "") + across(LEFT, RIGHT)), "a.pdf")
    text = " ".join(document.text.split())
    assert " ".join(LEFT) in text
    assert " ".join(RIGHT) in text
    assert text.index(LEFT[-1]) < text.index(RIGHT[0])
    assert text.startswith("Harbours" if heading else "The harbour")


def test_a_heading_between_ends_both_columns() -> None:
    between = drawn(
        (60, 560, "What follows was written many years after the harbour was built here")
    )
    below = across(tuple(line[::1] for line in RIGHT), LEFT, 530)
    text = " ".join(read(paper(across(LEFT, RIGHT) + between + below), "a.pdf").text.split())
    assert text.index(RIGHT[-1]) < text.index("What follows")
    assert text.index("What follows") < text.rindex(RIGHT[0]) < text.rindex(LEFT[0])


def test_a_table_of_two_columns_is_read_row_by_row() -> None:
    names = (
        "Name of the port",
        "Country",
        "Depth",
        "Piers",
        "Opened",
        "Head",
        "Ships a year",
        "Cranes",
    )
    values = ("Liepaja", "Latvia", "12 m", "4", "1890", "A. Berzins", "1 400", "17")
    text = read(paper(across(names, values)), "a.pdf").text
    assert text.index("Liepaja") < text.index("Country") < text.index("Latvia")


def test_columns_that_are_drawn_one_after_the_other_stay() -> None:
    rows = [(50, 700 - 14 * n, line) for n, line in enumerate(LEFT)]
    rows += [(310, 700 - 14 * n, line) for n, line in enumerate(RIGHT)]
    text = " ".join(read(paper(drawn(*rows)), "a.pdf").text.split())
    assert f"{' '.join(LEFT)} {' '.join(RIGHT)}" in text
