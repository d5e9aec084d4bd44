import pytest

from qa.reading import is_heading


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Sadarbības līgums par viedo sensoru", True),
        ("3. Pieņemšana", True),
        ("Nələr öyrədiləcək", True),
        ("Kurul üç ayda bir toplanır.", False),
        ("Budget: 240,000", False),
        ("Inta Žagare, director", False),
        ("Kalibrs | 14", False),
        ("„Kurš to vada?”", False),
        ("a very long line without an end " * 4, False),
    ],
)
def test_a_heading_is_told_from_what_says_something(text, heading):
    title = "Sadarbības līgums par viedo sensoru laboratorijas iekārtošanu"
    assert is_heading(text, title) == heading
