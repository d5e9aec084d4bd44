"""Make the sample library's PDF, Word and legacy-encoded files from the texts in sample_sources/.

    python tools/make_sample.py

A source's name is its target's name and one suffix that says how it is made:
`x.pdf.md` gives x.pdf, `x.docx.md` gives x.docx, `x.cp1257.txt` gives x.txt in that encoding.
The other files of documents/sample/documents/ (UTF-8 text, Markdown, HTML) are their own source.

A `.md` source opens with `key: value` lines (title, date, language, header, footer, hyphenate),
then has paragraphs between blank lines: `# ` and `## ` start headings, `- ` an item of a list,
`| ` a row of a table whose first row is its head.

Running it twice gives the same bytes: dates and ids are fixed, fonts are embedded as subsets.
Other versions of fpdf2, python-docx or the fonts may give other bytes with the same text.
Needs fpdf2, python-docx and the DejaVu fonts (Debian: fonts-dejavu-core).
"""

import argparse
import io
import re
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from docx import Document as WordDocument
from docx.shared import Pt
from fpdf import FPDF

SOURCES = Path(__file__).parent / "sample_sources"
TARGET = Path(__file__).parent.parent / "documents" / "sample" / "documents"
FONTS = Path("/usr/share/fonts/truetype/dejavu")
AUTHOR = "Folio sample library"
LATVIAN_VOWELS = "aāeēiīuūo"


@dataclass(frozen=True)
class Source:
    """A source text: its `key: value` lines, and its blocks as (kind, text), in order.

    Kinds are heading1, heading2, item, table and paragraph; a table's text keeps its lines.
    """

    settings: dict[str, str]
    blocks: list[tuple[str, str]]

    @property
    def date(self) -> datetime:
        """Noon of the document's day: what its properties say, whenever the file is made."""
        return datetime.fromisoformat(self.settings["date"]).replace(hour=12, tzinfo=UTC)


def read_source(path: Path) -> Source:
    """Read a `.md` source. "title: A\\n\\n# B\\n\\nC" -> title A; heading1 B, paragraph C."""
    head, _, body = path.read_text("utf-8").partition("\n\n")
    settings = dict(line.split(": ", 1) for line in head.splitlines())
    marks = {"# ": "heading1", "## ": "heading2", "- ": "item"}
    blocks = []
    for block in re.split(r"\n\n+|\n(?=- )", body.strip()):
        if block.startswith("|"):
            blocks.append(("table", block))
            continue
        mark = re.match(r"(?:##?|-) ", block)
        kind = marks[mark[0]] if mark else "paragraph"
        blocks.append((kind, block[mark.end() :] if mark else block))
    return Source(settings, blocks)


def table_rows(text: str) -> list[list[str]]:
    """Return the cells of each row: "| a | b |" -> [["a", "b"]]."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]


def hyphenate(text: str) -> str:
    """Put soft hyphens before each consonant with a vowel after it, in long Latvian words.

    A rule of thumb, good enough for a sample: three letters stay on each side.
    """

    def soften(word: re.Match[str]) -> str:
        letters = word[0]
        cut = [
            i
            for i in range(3, len(letters) - 3)
            if letters[i] not in LATVIAN_VOWELS
            and letters[i + 1] in LATVIAN_VOWELS
            and letters[i - 1 : i + 1] not in ("dz", "dž")
        ]
        return "".join("\u00ad" * (i in cut) + letter for i, letter in enumerate(letters))

    return re.sub(r"\b[^\W\d_A-Z]{8,}\b", soften, text)


class Paper(FPDF):
    """A page with a running header and a page number, in an embedded subset of DejaVu."""

    def __init__(self, source: Source) -> None:
        super().__init__(format="A4")
        self.source = source
        self.add_font("Serif", "", FONTS / "DejaVuSerif.ttf")
        self.add_font("Serif", "B", FONTS / "DejaVuSerif-Bold.ttf")
        self.set_margins(28, 24, 28)
        self.set_auto_page_break(True, margin=30)
        self.set_title(source.settings["title"])
        self.set_author(AUTHOR)
        self.set_lang(source.settings["language"])
        self.set_creation_date(source.date)
        self.set_producer("fpdf2")

    def header(self) -> None:
        """Print the running header; fpdf2 calls this at the top of each page."""
        self.set_font("Serif", "", 8)
        self.cell(0, 5, self.source.settings["header"], align="C")
        self.ln(12)

    def footer(self) -> None:
        """Print the page number; fpdf2 calls this at the foot of each page."""
        self.set_y(-18)
        self.set_font("Serif", "", 8)
        text = self.source.settings["footer"]
        text = text.replace("{page}", str(self.page_no()))
        self.cell(0, 5, text.replace("{pages}", self.source.settings["pages"]), align="C")


def typeset(source: Source) -> Paper:
    """Set the blocks on pages. The footer prints what `source.settings["pages"]` says."""
    paper = Paper(source)
    paper.add_page()
    styles = {"heading1": ("B", 16, 9), "heading2": ("B", 12, 7)}
    soften = hyphenate if "hyphenate" in source.settings else str
    for kind, text in source.blocks:
        style, size, height = styles.get(kind, ("", 11, 6))
        paper.set_font("Serif", style, size)
        if kind == "table":
            rest = (1,) * (len(table_rows(text)[0]) - 1)
            with paper.table(line_height=7, col_widths=(3, *rest), text_align="LEFT") as table:
                for row in table_rows(text):
                    table.row(row)
        elif kind == "heading1":
            paper.multi_cell(0, height, text, align="L", new_x="LMARGIN", new_y="NEXT")
        else:
            bullet = "• " * (kind == "item")
            words = text if kind == "heading2" else soften(text)
            paper.multi_cell(0, height, bullet + words, align="L", new_x="LMARGIN", new_y="NEXT")
        paper.ln(2 if kind in styles else 3)
    return paper


def make_pdf(path: Path) -> bytes:
    """Set the source twice: the second time the footers know how many pages there are."""
    source = read_source(path)
    source.settings["pages"] = "?"
    source.settings["pages"] = str(typeset(source).page_no())
    return bytes(typeset(source).output())


def make_docx(path: Path) -> bytes:
    """Write headings, paragraphs and tables with Word's own styles, a header and a footer."""
    source = read_source(path)
    word = WordDocument()
    word.styles["Normal"].font.name = "DejaVu Serif"
    word.styles["Normal"].font.size = Pt(11)
    properties = word.core_properties
    properties.title = source.settings["title"]
    properties.author = properties.last_modified_by = AUTHOR
    properties.language = source.settings["language"]
    properties.comments = ""
    properties.created = properties.modified = source.date.replace(tzinfo=None)
    word.sections[0].header.paragraphs[0].text = source.settings["header"]
    word.sections[0].footer.paragraphs[0].text = source.settings["footer"]
    for kind, text in source.blocks:
        if kind == "table":
            rows = table_rows(text)
            table = word.add_table(len(rows), len(rows[0]), style="Table Grid")
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, content in zip(row.cells, cells, strict=True):
                    cell.text = content
        elif kind.startswith("heading"):
            word.add_heading(text, int(kind[-1]))
        else:
            word.add_paragraph(text, style="List Bullet" if kind == "item" else None)
    file = io.BytesIO()
    word.save(file)
    return without_clock(file.getvalue())


def without_clock(archive: bytes) -> bytes:
    """Return the zip archive with one fixed time stamp on every member."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            member = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return file.getvalue()


def make(path: Path) -> tuple[Path, bytes]:
    """Return where a source's document goes, below documents/, and its bytes."""
    name = path.relative_to(SOURCES)
    stem = name.with_suffix("")
    if stem.suffix == ".pdf":
        return stem, make_pdf(path)
    if stem.suffix == ".docx":
        return stem, make_docx(path)
    encoding = stem.suffix.removeprefix(".")
    return stem.with_suffix(".txt"), path.read_text("utf-8").encode(encoding)


def main() -> None:
    """Make every document that has a source and say what was written."""
    argparse.ArgumentParser(description=__doc__.partition("\n")[0]).parse_args()
    for path in sorted(p for p in SOURCES.rglob("*") if p.is_file()):
        name, content = make(path)
        target = TARGET / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        print(f"{len(content):7d}  {name}")


if __name__ == "__main__":
    main()
