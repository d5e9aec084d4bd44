"""Sentences that Folio says itself, in the user's language. All else it says is quoted."""

from collections.abc import Sequence
from typing import Final

_UNSUPPORTED: Final = {
    "en": "The documents don't say.",
    "lv": "Dokumentos par to nekas nav teikts.",
    "az": "Sənədlərdə bu barədə heç nə deyilmir.",
    "tr": "Belgelerde bununla ilgili bir şey yok.",
    "ru": "В документах об этом не сказано.",
}
_MISSING: Final = {
    "en": "No passage mentions {words}.",
    "lv": "Nevienā fragmentā nav minēts: {words}.",
    "az": "Heç bir parçada qeyd olunmayıb: {words}.",
    "tr": "Hiçbir bölümde geçmiyor: {words}.",
    "ru": "Ни в одном фрагменте не упоминается: {words}.",
}


def refusal(language: str, missing: Sequence[str]) -> str:
    """Return why there is no answer, in the question's language or else in English.

    Args:
        missing: names and numbers of the question that no passage has.
    """
    said = _UNSUPPORTED.get(language, _UNSUPPORTED["en"])
    if not missing:
        return said
    words = ", ".join(f"“{word}”" for word in missing)
    return f"{said} {_MISSING.get(language, _MISSING['en']).format(words=words)}"
