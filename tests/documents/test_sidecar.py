import zipfile
from io import BytesIO

import pytest

from documents import Document, read, read_all
from documents.metadata import KINDS
from documents.sidecar import applied

TEXT = "Ventspils parks parakstīja līgumu ar aģentūru 2019. gadā."
FOUND = read(TEXT.encode(), "a.txt")


def described(said: str) -> Document:
    return applied(FOUND, said.encode())


def test_a_sidecar_goes_before_what_was_found() -> None:
    document = described(
        'title = "Līgums"\nauthor = "Inta Žagare"\nlanguage = "lv"\ndate = 2019-05-13\n'
        'signed = "2019-05"\nkind = "agreement"\n'
    )
    assert (document.title, document.author, document.language) == ("Līgums", "Inta Žagare", "lv")
    assert (document.date, document.signed, document.kind) == ("2019-05-13", "2019-05", "agreement")
    assert set(document.origins.items()) >= {
        (key, "sidecar") for key in ("title", "author", "language", "date", "signed", "kind")
    }
    assert (document.text, document.notes) == (TEXT, ())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_said(kind: str) -> None:
    assert described(f'kind = "{kind}"').kind == kind


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ('titel = "x"', "did you mean “title”"),
        ("title = 3", "title is '3'; expected a line of text"),
        ('title = ""', "expected a line of text"),
        ('kind = "letter"', "expected one of article"),
        ('date = "13.05.2019"', "expected a date like"),
        ('date = "2019-02-30"', "expected a date like"),
        ('language = "Latvian"', "expected a code"),
        ("title = ", "can't be read"),
        ("[title]", "expected a line of text"),
        ("a = [" * 2000, "can't be read"),
        ("# " + "x" * 70_000, "more than 64 KB"),
    ],
)
def test_a_mistake_is_noted_and_costs_nothing_else(said: str, note: str) -> None:
    document = described(f'author = "Inta"\n{said}')
    assert note in " ".join(document.notes)
    assert (document.title, document.date, document.text) == (FOUND.title, FOUND.date, TEXT)
    assert document.author == ("Inta" if "can't" not in note and "64" not in note else None)


def test_a_sidecar_in_an_archive_is_no_document() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", TEXT)
        packed.writestr("b.txt", TEXT)
        packed.writestr("a.txt.meta.toml", 'title = "Sava"')
    outcomes = read_all(out.getvalue(), "box.zip", b'title = "Visu"')
    titles = {
        each.name: each.result.title for each in outcomes if isinstance(each.result, Document)
    }
    assert titles == {"box.zip/a.txt": "Sava", "box.zip/b.txt": "Visu"}
