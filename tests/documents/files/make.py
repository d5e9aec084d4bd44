"""Writes the PDF files beside this script. Run it again only to change them.

Needs fpdf2 and the DejaVu fonts, which the tests themselves don't.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF

sys.path.insert(0, str(Path(__file__).parents[3]))
from tests.documents.papers import SCANNED

HERE = Path(__file__).parent
FONT = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")

TOWNS = ("Rīgas", "Cēsu", "Kuldīgas", "Liepājas", "Baku", "Šekas", "Gendžes", "Almati", "Gebzes")
LATVIAN = (
    "{town} un Ventspils Augsto tehnoloģiju parks un Azerbaidžānas Inovāciju aģentūra parakstīja "
    "līgumu par sadarbību. Līgums paredz kopīgu {town} sensoru laboratoriju, jaunuzņēmumu apmaiņu "
    "un mācības speciālistiem, un tas ir spēkā līdz 2025. gada 31. decembrim. Ceremonijā "
    "piedalījās pilsētas mērs, ostas pārvaldnieks un divu augstskolu rektori."
)


class Paper(FPDF):
    def header(self) -> None:
        self.set_font("Serif", "", 8)
        self.cell(0, 8, "Sadarbības pārskats 2023", new_x="LMARGIN", new_y="NEXT")

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Serif", "", 8)
        self.cell(0, 8, f"{self.page_no()} / 4", align="C")


def paged() -> None:
    """Four pages with a running header and a page number; a sentence goes over each border."""
    paper = Paper()
    paper.set_creation_date(datetime(2024, 1, 2, tzinfo=UTC))
    paper.add_font("Serif", "", FONT)
    paper.set_title("Sadarbības pārskats")
    paper.add_page()
    paper.set_font("Serif", "", 12)
    paper.multi_cell(0, 6, "Parka darbs trīs gados", new_x="LMARGIN", new_y="NEXT")
    paper.ln(4)
    for number in range(1, 25):
        town = TOWNS[number * 7 % len(TOWNS)]
        text = f"{LATVIAN.format(town=town)} Tā bija {town} vizīte numur {number}."
        paper.set_font("Serif", "", 12)
        paper.multi_cell(0, 6, text, align="L")
        paper.ln(4)
    paper.output(str(HERE / "paged.pdf"))


def scans() -> None:
    """A page in each language as a scanner gives it: black and white, a little askew."""
    from io import BytesIO

    import pypdfium2
    from PIL import Image

    paper = FPDF(format="A5")
    paper.add_font("Serif", "", FONT)
    paper.set_font("Serif", "", 12)
    for text in SCANNED.values():
        paper.add_page()
        paper.multi_cell(0, 7, text, align="L")
    drawn = pypdfium2.PdfDocument(bytes(paper.output()))
    pages = []
    for number in range(len(drawn)):
        grey = drawn[number].render(scale=200 / 72, grayscale=True).to_pil()
        turned = grey.rotate(0.4 * (number - 2), Image.Resampling.BICUBIC, fillcolor=255)
        pages.append(turned.point(lambda shade: 255 * (shade > 150)).convert("1"))
    pages[3] = pages[3].rotate(180)
    out = BytesIO()
    pages[0].save(out, "PDF", resolution=200, save_all=True, append_images=pages[1:])
    (HERE / "scans.pdf").write_bytes(out.getvalue())


def picture() -> None:
    """A page with a drawing and no text."""
    paper = FPDF()
    paper.set_creation_date(datetime(2024, 1, 2, tzinfo=UTC))
    paper.add_page()
    paper.rect(20, 20, 100, 60, style="F")
    paper.output(str(HERE / "picture.pdf"))


def locked() -> None:
    """One file that anyone may open, one that needs a password."""
    for name, password in (("copy_protected.pdf", None), ("password.pdf", "sesame")):
        paper = FPDF()
        paper.set_creation_date(datetime(2024, 1, 2, tzinfo=UTC))
        paper.set_encryption(owner_password="owner", user_password=password)
        paper.add_page()
        paper.set_font("Helvetica", "", 12)
        paper.multi_cell(0, 6, "The agreement was signed in Riga on 12 May 2022.")
        paper.output(str(HERE / name))


if __name__ == "__main__":
    if not FONT.exists():
        sys.exit(f"{FONT} is missing: install fonts-dejavu-core")
    paged()
    picture()
    scans()
    locked()
