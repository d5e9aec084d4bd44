import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from documents import Document, DocumentError, read, sentences
from documents.formats import LOADERS, load
from documents.limits import Limits, holding

FILES = Path(__file__).parent / "files"


def reason_of(data: bytes, name: str) -> str:
    with pytest.raises(DocumentError) as caught:
        read(data, name)
    assert str(caught.value).endswith(".")
    return caught.value.reason


# --- which format ---------------------------------------------------------------------------------

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b"", "a.pdf", "empty"),
        (b"   \n\n ", "a.txt", "no_text"),
        (b"-- ** --", "a.txt", "no_text"),
        (PNG, "a.pdf", "type_mismatch"),
        (PNG, "a.txt", "type_mismatch"),
        (b"%PDF-1.7 x", "a.txt", "type_mismatch"),
        (b"just words", "a.pdf", "type_mismatch"),
        (b"just words", "a.docx", "type_mismatch"),
        (b"just words", "a.html", "type_mismatch"),
        (b"PK\x03\x04", "a.md", "type_mismatch"),
        (b"words", "a.xyz", "unsupported"),
        (b"words", "README", "unsupported"),
        (OLE, "a.doc", "unsupported"),
        (OLE, "a.docx", "unsupported"),
        (b"PK\x03\x04 broken", "a.docx", "corrupt"),
        (b"%PDF-1.7 broken", "a.pdf", "corrupt"),
        (bytes(range(256)), "a.txt", "binary"),
        (b"<html><body><script>x()</script></body></html>", "a.html", "no_text"),
    ],
)
def test_a_file_that_cant_be_read_says_why(data: bytes, name: str, reason: str) -> None:
    assert reason_of(data, name) == reason


def test_an_old_word_file_says_what_to_do() -> None:
    with pytest.raises(DocumentError, match=r"save it as \.docx"):
        read(OLE, "a.doc")


def test_a_suffix_may_be_in_capitals() -> None:
    assert read("Līgums.".encode(), "A.TXT").text == "Līgums."


@pytest.mark.parametrize("suffix", LOADERS)
def test_every_loader_gives_a_document_error_for_rubbish(suffix: str) -> None:
    for junk in (b"\0\1\2" * 50, b"%PDF-" + b"\xff" * 90, b"PK\x03\x04" + b"\xff" * 90):
        with pytest.raises(DocumentError):
            load(junk, suffix)


# --- Markdown -------------------------------------------------------------------------------------

MARKDOWN = """---
title: "Hakatons Ventspilī"
date: 2023-10-09
---
# Cits virsraksts

Pirmā **rindkopa** ar [saiti](https://example.org) un `kodu`,
kas turpinās &amp; beidzas.

- viens
- divi
  1. iekšā

| Uzdevums | Termiņš |
|---|---|
| Līgums | 1. jūnijs |

```
kods = 1
```
<b>treknais</b> teksts <script>alert(1)</script>
"""


def test_markdown_loses_its_markup_and_keeps_its_structure() -> None:
    document = read(MARKDOWN.encode(), "a.md")
    assert document.title == "Hakatons Ventspilī"
    assert document.date == "2023-10-09"
    assert document.text.split("\n\n")[:2] == [
        "Cits virsraksts",
        "Pirmā rindkopa ar saiti un kodu, kas turpinās & beidzas.",
    ]
    assert "- viens\n- divi\n1. iekšā" in document.text
    assert "Uzdevums: Līgums; Termiņš: 1. jūnijs" in document.text
    assert "kods = 1" in document.text
    assert "<" not in document.text.replace("<3", "")
    assert "title:" not in document.text


def test_the_first_heading_names_a_markdown_file() -> None:
    assert read(b"# One\n\ntext\n\n# Two", "a.md").title == "One"


# --- HTML -----------------------------------------------------------------------------------------

ARTICLE = "".join(
    f"<p>Ventspils parks un Baku aģentūra parakstīja līgumu par sadarbību, {n}. reizi šogad.</p>"
    for n in range(1, 8)
)
PAGE = f"""<!DOCTYPE html><html lang="lv"><head><meta charset="utf-8"><title>Parks | Ziņas</title>
<meta property="article:published_time" content="2022-05-13T10:00:00+03:00">
<script>var evil = "never shown";</script><style>p {{ color: red }}</style></head><body>
<nav><ul><li><a href="/">Sākums navigācijā</a></li></ul></nav>
<article><h1>Ventspils un Baku paraksta līgumu</h1>{ARTICLE}
<p style="display:none">slēpts teksts</p><p hidden>arī slēpts</p>
<table><tr><th>Uzdevums</th><th>Termiņš</th></tr><tr><td>Atlase</td><td>1. jūnijs</td></tr></table>
</article><footer>Autortiesības 2022</footer></body></html>"""


def test_a_page_gives_its_article_title_and_date() -> None:
    document = read(PAGE.encode(), "a.html")
    assert document.title == "Ventspils un Baku paraksta līgumu"
    assert document.date == "2022-05-13"
    assert document.language == "lv"
    assert document.text.count("parakstīja līgumu") == 7
    assert "Uzdevums: Atlase; Termiņš: 1. jūnijs" in document.text


@pytest.mark.parametrize(
    "hidden", ["never shown", "color: red", "slēpts", "Sākums navigācijā", "<"]
)
def test_what_a_browser_doesnt_show_isnt_text(hidden: str) -> None:
    assert hidden not in read(PAGE.encode(), "a.html").text


def test_menus_in_the_body_and_closed_dialogs_are_no_text() -> None:
    links = "".join(f"<li><a href='/{n}'>Izvēlne {n}</a></li>" for n in range(5))
    menus = f"<div class='menu'><ul>{links}</ul></div><div role='navigation'><ul>{links}</ul></div>"
    body = f"{menus}<article><h1>Līgums</h1>{ARTICLE}</article><dialog>Slēgts logs</dialog>"
    text = read(f"<html><body>{body}</body></html>".encode(), "a.html").text
    assert text.count("parakstīja līgumu") == 7
    assert "Izvēlne" not in text
    assert "Slēgts" not in text


def test_a_form_that_holds_the_page_is_read_and_a_small_one_isnt() -> None:
    search = "<form><label>Meklēt šeit</label><input><select><option>Ķīpsala</select></form>"
    script = f"<script>{'var x;' * 500}</script>"
    hidden = f"<div hidden>{'Slēpts. ' * 500}</div>"
    page = f"<form id='aspnetForm'>Izvēlne{hidden}<h1>Līgums</h1>{ARTICLE}</form>{script}"
    text = read(f"<html><body>{page}<p>Kājene</p></body></html>".encode(), "a.html").text
    assert text.count("parakstīja līgumu") == 7
    text = read(
        f"<html><body>{search}<h1>Līgums</h1>{ARTICLE}</body></html>".encode(), "a.html"
    ).text
    assert text.count("parakstīja līgumu") == 7
    assert "Meklēt" not in text


@pytest.mark.parametrize(
    ("said", "date"),
    [
        ('<script type="application/ld+json">{"datePublished": "2021-03-04T10:00Z",}</script>'
         '<time datetime="2024-01-01">', "2021-03-04"),
        ('<meta itemprop="datePublished" content="2020-02"><time datetime="2024">', "2020-02"),
        ('<time datetime="2019-02-03T08:00">3. feb.</time>', "2019-02-03"),
    ],
)  # fmt: skip
def test_a_page_says_when_it_was_published(said: str, date: str) -> None:
    page = f"<html><body><h1>Līgums</h1>{said}{ARTICLE}</body></html>"
    assert read(page.encode(), "a.html").date == date


@pytest.mark.parametrize(
    "declared", ["utf-8", "iso-8859-1", "windows-1257", "windows-1251", "bogus"]
)
@pytest.mark.parametrize("written", ["utf-8", "cp1257"])
def test_a_wrong_charset_isnt_believed(declared: str, written: str) -> None:
    data = PAGE.replace('charset="utf-8"', f'charset="{declared}"').encode(written)
    if (declared, written) == ("windows-1251", "cp1257"):
        pytest.skip("one 8-bit encoding that claims to be another decodes without an error")
    assert "Ventspils parks un Baku aģentūra parakstīja" in read(data, "a.html").text


def test_a_page_with_little_text_gives_all_of_it() -> None:
    text = read(
        b"<html><body><div>Kas? <b>Viss</b>.</div><div>Otrs</div></body></html>", "a.htm"
    ).text
    assert text.split() == ["Kas?", "Viss.", "Otrs"]


# --- PDF ------------------------------------------------------------------------------------------


def test_a_pdf_gives_whole_sentences_over_its_pages() -> None:
    document = read((FILES / "paged.pdf").read_bytes(), "paged.pdf")
    assert document.title == "Sadarbības pārskats"
    assert document.language == "lv"
    assert len(document.page_starts) == 4
    assert "pārskats 2023" not in document.text
    assert "2 / 4" not in document.text
    found = [document.text[start:end] for start, end in sentences(document.text)]
    assert sum(sentence.startswith("Līgums paredz") for sentence in found) == 24
    assert all(sentence.endswith(".") for sentence in found[1:])
    assert document.page_at(0) == 1
    assert document.page_at(len(document.text)) == 4


@pytest.mark.parametrize(
    ("name", "reason"), [("picture.pdf", "no_text"), ("password.pdf", "encrypted")]
)
def test_a_pdf_that_cant_be_read_says_why(name: str, reason: str) -> None:
    assert reason_of((FILES / name).read_bytes(), name) == reason


def test_a_pdf_that_is_only_protected_from_copying_is_read() -> None:
    document = read((FILES / "copy_protected.pdf").read_bytes(), "a.pdf")
    assert document.text == "The agreement was signed in Riga on 12 May 2022."


@pytest.mark.parametrize("cut", [0.3, 0.6, 0.9, 0.99])
def test_a_truncated_pdf_is_read_or_says_why(cut: float) -> None:
    data = (FILES / "paged.pdf").read_bytes()
    outcome = ""
    with suppress(DocumentError):
        outcome = read(data[: int(len(data) * cut)], "a.pdf").text
    assert outcome == "" or "Ventspils" in outcome


# --- DOCX -----------------------------------------------------------------------------------------

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(*elements: str) -> Document:
    """Read a .docx with these elements in its body."""
    return read(word_bytes(*elements), "a.docx")


def word_bytes(*elements: str) -> bytes:
    import docx as word_files
    from docx.oxml import parse_xml

    file: Any = word_files.Document()
    for element in elements:
        tag, rest = element.split(">", 1)[0], element
        body = parse_xml(rest.replace(tag.split(" ")[0], f"{tag.split(' ')[0]} {W}", 1))
        file.element.body.insert(len(file.element.body) - 1, body)
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def paragraph(inside: str) -> str:
    return f"<w:p>{inside}</w:p>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def test_tracked_insertions_stay_and_deletions_go() -> None:
    text = word(
        paragraph(
            run("Cena ir ")
            + f"<w:ins>{run('98 765')}</w:ins>"
            + "<w:del><w:r><w:delText>12 345</w:delText></w:r></w:del>"
            + run(" eiro.")
        )
    ).text
    assert text == "Cena ir 98 765 eiro."


def test_hidden_text_goes_and_content_controls_stay() -> None:
    text = word(
        paragraph(run("redzams ") + run("slēpts", "<w:vanish/>")),
        f"<w:sdt><w:sdtContent>{paragraph(run('vadīkla'))}</w:sdtContent></w:sdt>",
        paragraph(f"<w:sdt><w:sdtContent>{run('iekšā')}</w:sdtContent></w:sdt>"),
    ).text
    assert text == "redzams\n\nvadīkla\n\niekšā"


def test_a_table_becomes_rows() -> None:
    cell = "<w:tc>{}</w:tc>"
    rows = "".join(
        f"<w:tr>{cell.format(paragraph(run(a)))}{cell.format(paragraph(run(b)))}</w:tr>"
        for a, b in (("Gads", "Summa"), ("2022", "32 000"), ("2023", "41 000"))
    )
    text = "Gads: 2022; Summa: 32 000\nGads: 2023; Summa: 41 000"
    assert word(f"<w:tbl>{rows}</w:tbl>").text == text


def test_breaks_tabs_and_broken_runs_are_kept_together() -> None:
    text = word(
        paragraph(
            run("Vents")
            + run("pils")
            + "<w:r><w:tab/></w:r>"
            + run("a")
            + "<w:r><w:br/></w:r>"
            + run("b")
        )
    ).text
    assert text == "Ventspils a\nb"


def zipped(**members: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_before_it_is_parsed() -> None:
    bomb = zipped(**{"word__document.xml": b"\0" * ((Limits().office_mb << 20) + 1)})
    assert len(bomb) < 1_000_000
    assert reason_of(bomb, "a.docx") == "limit"


def test_too_many_parts_are_refused() -> None:
    members = {f"word__{n}.xml": b"" for n in range(Limits().office_parts + 1)}
    assert reason_of(zipped(**members), "a.docx") == "limit"


def test_what_an_office_file_or_a_page_may_have_is_a_setting() -> None:
    parts = zipped(**{f"word__{n}.xml": b"<x/>" for n in range(3)})
    page = b"<html><body><p>" + b"Words. " * 200_000
    for held, data, name in (
        (Limits(office_parts=2), parts, "a.docx"),
        (Limits(office_mb=1), zipped(**{"word__a.xml": b"\0" * (1 << 20) + b"\0"}), "a.docx"),
        (Limits(html_mb=1), page, "a.html"),
    ):
        with holding(held):
            assert reason_of(data, name) == "limit"
    with holding(Limits(office_parts=3)):
        assert reason_of(parts, "a.docx") == "corrupt"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    xml = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    data = zipped(**{"word__document.xml": xml.encode(encoding)})
    assert reason_of(data, "a.docx") == "dtd_forbidden"


def test_another_zip_named_docx_is_a_mismatch() -> None:
    assert reason_of(zipped(**{"xl__workbook.xml": b"<x/>"}), "a.docx") == "type_mismatch"
