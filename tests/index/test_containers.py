"""Files that hold several documents, and sidecars, in the index."""

import zipfile
from io import BytesIO

from index.build import build, outdated
from index.generation import open_current
from tests.conftest import TEXTS


def zipped(members):
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def rows_of(library):
    return {row.document: row for row in open_current(library.index).store.documents()}


def test_an_archives_documents_come_change_and_go_with_it(make_library):
    library = make_library({"tr.txt": TEXTS["tr.txt"]})
    box = library.documents / "box.zip"
    box.write_bytes(zipped({"en.txt": TEXTS["en.txt"], "lv.txt": TEXTS["lv.txt"], "x.pdf": "no"}))
    report = build(library)
    assert report.added == ["box.zip", "tr.txt"]
    assert [(each.document, each.reason) for each in report.failed] == [
        ("box.zip/x.pdf", "type_mismatch")
    ]
    rows = rows_of(library)
    assert set(rows) == {"box.zip/en.txt", "box.zip/lv.txt", "box.zip/x.pdf", "tr.txt"}
    assert {row.file for row in rows.values()} == {"box.zip", "tr.txt"}
    assert open_current(library.index).store.text("box.zip/en.txt") == TEXTS["en.txt"]
    assert (build(library).unchanged, outdated(library)) == (2, [])

    box.write_bytes(zipped({"en.txt": TEXTS["en.txt"]}))
    assert outdated(library) == ["box.zip"]
    assert build(library).changed == ["box.zip"]
    assert set(rows_of(library)) == {"box.zip/en.txt", "tr.txt"}

    box.unlink()
    report = build(library)
    assert report.removed == ["box.zip"]
    assert set(rows_of(library)) == {"tr.txt"}
    assert report.passages == rows_of(library)["tr.txt"].passages


def test_an_archive_that_fails_is_one_failure(make_library):
    library = make_library({"tr.txt": TEXTS["tr.txt"]})
    (library.documents / "empty.zip").write_bytes(zipped({}))
    assert [(each.document, each.reason) for each in build(library).failed] == [
        ("empty.zip", "empty")
    ]
    assert build(library).unchanged == 2


def test_a_change_of_a_sidecar_is_a_change_of_its_document(make_library):
    library = make_library({"tr.txt": TEXTS["tr.txt"], "en.txt": TEXTS["en.txt"]})
    build(library)
    said = library.documents / "tr.txt.meta.toml"
    said.write_text('title = "Rüzgâr"\nkind = "report"\ntitel = "x"\n', encoding="utf-8")
    assert outdated(library) == ["tr.txt"]
    assert build(library).changed == ["tr.txt"]
    row = rows_of(library)["tr.txt"]
    assert (row.title, row.kind, row.state) == ("Rüzgâr", "report", "indexed")
    assert row.origins["title"] == "sidecar"
    assert "did you mean “title”" in row.message
    said.unlink()
    assert build(library).changed == ["tr.txt"]
    assert rows_of(library)["tr.txt"].title == "İzmir'de rüzgâr atölyesi"


def test_a_sidecar_of_nothing_is_listed_as_what_it_is(make_library):
    library = make_library({"gone.pdf.meta.toml": 'title = "x"', "tr.txt": TEXTS["tr.txt"]})
    [failure] = build(library).failed
    assert (failure.document, failure.reason) == ("gone.pdf.meta.toml", "unsupported")
    assert "tells of the file" in failure.message
