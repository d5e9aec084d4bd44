from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FONTS = Path(__file__).parents[2] / "qa" / "assets" / "fonts"
ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "lv": "aābcčdeēfgģhiījkķlļmnņoprsštuūvzž",
    "az": "abcçdeəfgğhxıijkqlmnoöprsştuüvyz",
    "tr": "abcçdefgğhıijklmnoöprsştuüvyz",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
}
SIGNS = "0123456789İI“”„«»–—…’№€·§%"


@pytest.mark.parametrize("family", ["source-serif-4", "source-sans-3"])
def test_each_family_that_ships_has_the_letters_of_all_five_alphabets(family: str) -> None:
    have: set[int] = set()
    for path in FONTS.glob(f"{family}-*.woff2"):
        with TTFont(path) as font:
            have |= set(font.getBestCmap())
    for letters in (*ALPHABETS.values(), SIGNS):
        missing = [c for c in letters + letters.upper() if len(c) == 1 and ord(c) not in have]
        assert missing == []


def test_each_font_that_the_style_names_ships_with_its_licence() -> None:
    style = (FONTS.parent / "fonts.css").read_text()
    shipped = {path.name for path in FONTS.glob("*.woff2")}
    assert shipped
    assert all(f'url("/folio/fonts/{name}")' in style for name in shipped)
    assert style.count("url(") == len(shipped)
    assert "SIL Open Font License" in (FONTS / "LICENSE").read_text()
