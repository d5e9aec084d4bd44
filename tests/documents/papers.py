"""PDFs that tests draw by hand, so that a test says what is on the page."""

from io import BytesIO
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    TextStringObject,
)

# What files/scans.pdf shows, a page a language; the fourth stands on its head.
SCANNED = {
    "en": (
        "The harbour agreement\n\n"
        "On 4 March 2021 the port of Liepāja and the Caspian Harbour Agency "
        "signed an agreement in Baku. The agreement runs for six years and pays for twelve "
        "scholarships a year."
    ),
    "lv": (
        "Jauna laboratorija Rēzeknē\n\nRēzeknes tehnoloģiju parks 2022. gada 7. jūnijā atvēra "
        "akustikas laboratoriju. Tās iekārtošana izmaksāja 84 tūkstošus eiro. Laboratoriju vada "
        "Inta Žagare, un tajā strādā četri ķīmiķi."
    ),
    "az": (
        "Gəncədə startap düşərgəsi\n\nGəncə Texnologiya Parkı 2023-cü ilin iyulunda yay düşərgəsi "
        "keçirib. Düşərgədə 57 tələbə iştirak edib. Qalib komanda Şəki şəhərindən gəlmişdi və "
        "mükafatı Bakıda alıb."
    ),
    "tr": (
        "İzmir'de rüzgâr atölyesi\n\n"
        "İzmir Teknoparkı 12 Mayıs 2020'de rüzgâr türbinleri atölyesini "
        "açtı. Atölyede otuz mühendis çalışıyor. Müdürü Ayşe Yıldırım, ışığın ve ısının ölçümünü "
        "anlattı."
    ),
    "ru": (
        "Музей станков переехал\n\nМузей станков в Туле переехал в новое здание 9 сентября 2019 "
        "года. Переезд занял одиннадцать недель. Директор музея Павел Жуков поблагодарил "
        "добровольцев."
    ),
}
SEEN = "BT /F 12 Tf 72 700 Td (The agreement was signed in Riga on 12 May 2022.) Tj ET\n"


def name_of(word: str) -> NameObject:
    return NameObject(f"/{word}")


def paper(*contents: str, fields: list[dict[str, Any]] | None = None) -> bytes:
    """Return a PDF with a page for each content: Helvetica is /F, a grey picture is /I."""
    writer = PdfWriter()
    font = writer._add_object(
        DictionaryObject(
            {
                name_of("Type"): name_of("Font"),
                name_of("Subtype"): name_of("Type1"),
                name_of("BaseFont"): name_of("Helvetica"),
                name_of("Encoding"): name_of("WinAnsiEncoding"),
            }
        )
    )
    picture = DecodedStreamObject()
    picture.set_data(b"\x80")
    for key, value in (("Type", "XObject"), ("Subtype", "Image"), ("ColorSpace", "DeviceGray")):
        picture[name_of(key)] = name_of(value)
    for key, number in (("Width", 1), ("Height", 1), ("BitsPerComponent", 8)):
        picture[name_of(key)] = NumberObject(number)
    drawn = writer._add_object(picture)
    for content in contents:
        page = writer.add_blank_page(595, 842)
        stream = DecodedStreamObject()
        stream.set_data(content.encode("cp1252"))
        page[name_of("Contents")] = writer._add_object(stream)
        page[name_of("Resources")] = DictionaryObject(
            {
                name_of("Font"): DictionaryObject({name_of("F"): font}),
                name_of("XObject"): DictionaryObject({name_of("I"): drawn}),
            }
        )
    widgets = [writer._add_object(_widget(facts)) for facts in fields or ()]
    if widgets:
        writer.pages[0][name_of("Annots")] = ArrayObject(widgets)
        writer.root_object[name_of("AcroForm")] = DictionaryObject(
            {name_of("Fields"): ArrayObject(widgets)}
        )
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _widget(facts: dict[str, Any]) -> DictionaryObject:
    """Return a field; a text that begins with "/" is a name."""
    widget = DictionaryObject({name_of("Subtype"): name_of("Widget")})
    widget[name_of("Rect")] = ArrayObject([FloatObject(side) for side in (72, 600, 300, 620)])
    for key, value in facts.items():
        if isinstance(value, int):
            widget[name_of(key)] = NumberObject(value)
        elif value.startswith("/"):
            widget[name_of(key)] = NameObject(value)
        else:
            widget[name_of(key)] = TextStringObject(value)
    return widget
