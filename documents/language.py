"""Which language a text or a question is in. The one home of lingua.

Leaves out texts in several languages: the commonest one is named.
"""

from functools import cache
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from lingua import LanguageDetector

UNKNOWN: Final = "und"

_CODES: Final = ("en", "lv", "az", "tr", "ru", "lt", "et", "de", "fr", "pl", "fi", "sv", "uk", "kk")
_SAMPLE_CHARS: Final = 3000
_LETTERS: Final = regex.compile(r"\p{L}")


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, "und" where it doesn't tell.

    Works on a question as on a whole document, of which it looks at the first lines of prose.
    """
    sample = _sample(text)
    if not _LETTERS.search(sample):
        return UNKNOWN
    language = _detector().detect_language_of(sample)
    return UNKNOWN if language is None else language.iso_code_639_1.name.lower()


def _sample(text: str) -> str:
    """Return up to 3,000 characters of lines that are mostly letters."""
    lines: list[str] = []
    size = 0
    for line in text[: 20 * _SAMPLE_CHARS].splitlines():
        if len(_LETTERS.findall(line)) * 2 < len(line):
            continue
        lines.append(line[: _SAMPLE_CHARS - size])
        size += len(lines[-1])
        if size >= _SAMPLE_CHARS:
            break
    return "\n".join(lines) or text[:_SAMPLE_CHARS]


@cache
def _detector() -> "LanguageDetector":
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    codes = [getattr(IsoCode639_1, code.upper()) for code in _CODES]
    return LanguageDetectorBuilder.from_iso_codes_639_1(*codes).build()
