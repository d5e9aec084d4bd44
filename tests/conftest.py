"""What tests share: the real model, opened once, and small libraries."""

import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from index.encoder import Encoder, open_encoder
from index.library import Library

# How long an example takes says how busy the machine is.
settings.register_profile("folio", deadline=None)
settings.load_profile("folio")

NASTY = [
    "İstanbul'da ısı: IŞIK ve ışık, ŞIRNAK",
    "Azərbaycanın Şəki şəhərində “Yüksək Texnologiyalar Parkı” açıldı",
    "Ģirts Ķeniņš ņēma ļoti žilbinošu šķīvi",
    "Вёсны и ёлки; меморандум № 14-М",
    "עברית مرحبا \N{RIGHT-TO-LEFT MARK}x",
    "e\N{COMBINING ACUTE ACCENT}te\N{COMBINING CARON}",
    "</mark><script>alert(1)</script> &amp; \" ' ` $x$",
    "😀 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 ﬁn",
]

TEXTS = {
    "en.txt": (
        "The harbour agreement\n\nOn 4 March 2021 the port of Liepāja and the Caspian Harbour "
        "Agency signed an agreement in Baku. The agreement runs for six years. "
        "It pays for twelve scholarships a year.\n\n"
        "Rasim Quliyev, who heads the agency, called the scholarships the heart of the deal."
    ),
    "lv.txt": (
        "Jauna laboratorija Rēzeknē\n\nRēzeknes tehnoloģiju parks 2022. gada 7. jūnijā atvēra "
        "akustikas laboratoriju. Tās iekārtošana izmaksāja 84 tūkstošus eiro. "
        "Laboratoriju vada Inta Žagare.\n\nTelpas atrodas bijušajā dzirnavu ēkā."
    ),
    "az.txt": (
        "Gəncədə startap düşərgəsi\n\nGəncə Texnologiya Parkı 2023-cü ilin iyulunda yay düşərgəsi "
        "keçirib. Düşərgədə 57 tələbə iştirak edib. Qalib komanda Şəki şəhərindən gəlmişdi."
    ),
    "ru/ru.txt": (
        "Музей станков переехал\n\nМузей станков в Туле переехал в новое здание 9 сентября "
        "2019 года. Переезд занял одиннадцать недель. Директор музея Павел Жуков поблагодарил "
        "добровольцев."
    ),
    "tr.txt": (
        "İzmir'de rüzgâr atölyesi\n\nİzmir Teknoparkı 12 Mayıs 2020'de rüzgâr türbinleri "
        "atölyesini açtı. Atölyede otuz mühendis çalışıyor. Müdürü Ayşe Yıldırım'dır."
    ),
}


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return open_encoder()


@pytest.fixture
def make_library(tmp_path: Path) -> Callable[..., Library]:
    """Return what writes texts under a new library's documents/ and opens it."""

    def make(texts: dict[str, str] | None = None, settings: str = "") -> Library:
        folder = tmp_path / "library"
        for name, text in (TEXTS if texts is None else texts).items():
            path = folder / "documents" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        if settings:
            (folder / "folio.toml").write_text(settings, encoding="utf-8")
        return Library.create(folder)

    return make


@pytest.fixture(scope="session")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return an indexed library of five short documents in five languages; only read it."""
    from index.build import build

    folder = tmp_path_factory.mktemp("small")
    for name, text in TEXTS.items():
        path = folder / "documents" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    library = Library.open(folder)
    build(library)
    return library


@pytest.fixture
def chance() -> random.Random:
    """Return random choices; $FOLIO_SEED repeats those of a run that failed."""
    seed = int(os.environ.get("FOLIO_SEED") or time.time_ns() % 10**6)
    print(f"FOLIO_SEED={seed}")
    return random.Random(seed)  # noqa: S311  (no secret: which bit a test flips)
