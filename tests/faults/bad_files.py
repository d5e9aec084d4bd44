"""Bad and evil files with what has to become of each; the same bytes at every run.

An expectation is "indexed" or a reason; a container's is that of its only document.
"""

import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

FILES = Path(__file__).parents[1] / "documents" / "files"
WORDS = {
    "lv": "Ķīļi un šūnas: līguma parakstīšana Ventspilī ņemta vērā žurnālā, ģeogrāfija un ēka ir.",
    "tr": "İmzalanan sözleşme ve görüşme için ülkenin başkentinde bir çağrı yapıldı, şimdi ışık.",
    "ru": "Стороны подписали меморандум о сотрудничестве в городе и не изменили условия договора.",
}
CODE_PAGES = {
    "lv": ("cp1257", "iso8859-13"),
    "tr": ("cp1254", "iso8859-9"),
    "ru": ("cp1251", "koi8-r", "cp866", "iso8859-5"),
}
MAGIC = {
    "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff\xe0", "elf": b"\x7fELF\x02",
    "gif": b"GIF89a", "gzip": b"\x1f\x8b\x08", "exe": b"MZ\x90\x00",
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
}  # fmt: skip
DOCTYPE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">{}]><x>&a;</x>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
EXTERNAL = '<!ENTITY e SYSTEM "file:///etc/passwd">'

Case = tuple[str, bytes, str]


def cases() -> list[Case]:
    """Return name, bytes and expectation of each file."""
    return [*_texts(), *_misnamed(), *_office(), *_pages(), *_pdfs(), *_packed()]


def zipped(members: dict[str, bytes | str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _texts() -> Iterator[Case]:
    for language, encodings in CODE_PAGES.items():
        for encoding in (*encodings, "utf-8", "utf-8-sig", "utf-16"):
            yield f"{language}-{encoding}.txt", WORDS[language].encode(encoding), "indexed"
    yield "zero.txt", b"", "empty"
    yield "zero.pdf", b"", "empty"
    yield "zero.zip", b"", "empty"
    yield "blank.txt", b" \n\t\n ", "no_text"
    yield "marks.md", b"--- *** ---", "no_text"
    yield "invisible.txt", "\u200b\u202e\ufeff\u00ad".encode() * 99, "no_text"
    yield "bidi.txt", f"\u202e{WORDS['lv']}\u202c \u2066x\u2069".encode(), "indexed"
    yield "tags.txt", "".join(map(chr, range(0xE0000, 0xE0080))).encode() + b" word", "indexed"
    yield "nul.txt", b"\0" * 5000, "binary"
    yield "noise.txt", bytes(range(256)) * 20, "binary"
    yield "noise.csv", bytes(range(256)) * 20, "binary"
    yield "one-line.txt", b"word " * 400_000, "indexed"
    yield "script.md", b"# Title\n<script>alert(1)</script>\n[x](javascript:alert(1))\n", "indexed"
    yield "nested.md", b"> " * 5000 + b"deep", "no_text"  # deeper than the parser goes
    yield "cells.csv", b"=cmd|' /C calc'!A0,b\n1,2\n", "indexed"
    yield "no-suffix", b"words", "unsupported"
    yield "program.py", b"import os", "unsupported"


def _misnamed() -> Iterator[Case]:
    for kind, magic in MAGIC.items():
        yield f"{kind}.txt", magic + b"\0" * 200, "type_mismatch"
        yield f"{kind}.pdf", magic + b"\0" * 200, "type_mismatch"
        if kind != "ole":
            yield f"{kind}.docx", magic + b"\0" * 200, "type_mismatch"
    for suffix in (".pdf", ".docx", ".pptx", ".xlsx", ".odt", ".rtf", ".zip", ".html", ".eml"):
        yield f"words{suffix}", b"just words", "type_mismatch"
    yield "page.txt", b"<!doctype html><html><body>x</body></html>", "type_mismatch"
    yield "old.doc", MAGIC["ole"] + b"\0" * 600, "unsupported"
    yield "old.xls", MAGIC["ole"] + b"\0" * 600, "unsupported"
    yield "old.docx", MAGIC["ole"] + b"\0" * 600, "unsupported"
    locked = MAGIC["ole"] + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    for suffix in (".docx", ".xlsx", ".pptx"):
        yield f"locked{suffix}", locked, "encrypted"


def _office() -> Iterator[Case]:
    parts = {".docx": "word/document.xml", ".pptx": "ppt/presentation.xml",
             ".xlsx": "xl/workbook.xml", ".odt": "content.xml"}  # fmt: skip
    for suffix, part in parts.items():
        for name, extra in (("entity", ""), ("laughs", LAUGHS), ("external", EXTERNAL)):
            yield f"{name}{suffix}", zipped({part: DOCTYPE.format(extra)}), "dtd_forbidden"
        yield f"bomb{suffix}", zipped({part: b"\0" * (65 << 20)}), "limit"
        yield f"members{suffix}", zipped({f"{part}{n}": b"" for n in range(2001)}), "limit"
        yield (
            f"hollow{suffix}",
            zipped({part: b"<x/>"}),
            "corrupt" if suffix != ".odt" else ("type_mismatch"),
        )
        yield f"cut{suffix}", zipped({part: b"<x/>"})[:40], "corrupt"
    yield "other.docx", zipped({"a.txt": "x"}), "type_mismatch"
    yield "open.rtf", b"{\\rtf1 " + b"{" * 5000 + b"x", "corrupt"


def _pages() -> Iterator[Case]:
    yield "scripts.html", b"<html><body><script>alert(1)</script></body></html>", "no_text"
    hidden = b"<html><body><p style='display:none'>secret</p></body></html>"
    yield "hidden.html", hidden, "no_text"
    yield "deep.html", b"<html><body>" + b"<div>" * 20_000 + b"words", "no_text"
    yield "wide.html", b"<html><body>" + b"<p>words</p>" * 20_000, "indexed"
    yield "huge.html", b"<html><body>" + b"x " * (11 << 20), "limit"
    yield "wrong.html", b"<meta charset=bogus><p>" + WORDS["lv"].encode("cp1257"), "indexed"


def _pdfs() -> Iterator[Case]:
    paged = (FILES / "paged.pdf").read_bytes()
    yield "broken.pdf", b"%PDF-1.7 broken", "corrupt"
    yield "noise.pdf", b"%PDF-1.4\n" + bytes(range(256)) * 40, "corrupt"
    yield "password.pdf", (FILES / "password.pdf").read_bytes(), "encrypted"
    yield "picture.pdf", (FILES / "picture.pdf").read_bytes(), "no_text"
    yield "junk-before.pdf", b"junk\n" * 20 + paged, "indexed"
    yield "junk-after.pdf", paged + b"\0" * 5000, "indexed"


def _packed() -> Iterator[Case]:
    yield "nothing.zip", zipped({}), "empty"
    yield "clutter.zip", zipped({"__MACOSX/a.txt": b"x", ".DS_Store": b"x"}), "empty"
    for number, name in enumerate(
        ("../a.txt", "/a.txt", "..\\a.txt", "C:\\a.txt", "a/../../b.txt")
    ):
        yield f"out-{number}.zip", zipped({name: b"words"}), "unsafe_path"
    yield "bomb.zip", zipped({f"{n}.txt": b"\0" * (45 << 20) for n in range(3)}), "limit"
    yield "large.zip", zipped({"a.txt": b"\0" * (51 << 20)}), "limit"
    yield "many.zip", zipped({f"{n}.txt": b"" for n in range(2001)}), "limit"
    deep = b"words"
    for level in range(9):
        deep = zipped({"a.txt" if level == 0 else f"{level}.zip": deep})
    yield "deep.zip", deep, "limit"
    yield "cut.zip", zipped({"a.txt": b"words"})[:30], "corrupt"
    yield "good.zip", zipped({"a.txt": b"words"}), "indexed"
    yield "locked.eml", b"From: a@b.c\r\nContent-Type: multipart/encrypted\r\n\r\nx", "encrypted"
    yield "head.eml", b"From: =?bogus?Q?=FF?=\r\nDate: never\r\n\r\nwords", "indexed"
