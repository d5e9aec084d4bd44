"""Words for the full-text index: folded so that spelling, endings and scripts don't part them.

A word gives its first six letters and, when it is longer, its first four: endings go in every
language alike, and a word in another case still shares its shorter stem. This did better on
Turkish, Russian, Romanian and German questions than Snowball's stems, and as well as character
4-grams with a third of their terms (docs/measurements.md). What is folded is only searched,
never quoted.
"""

import math
import unicodedata
from typing import Final

import regex

_WORD: Final = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_LONG, _SHORT = 6, 4
# Another form of a word this long has its longer stem; of a shorter one perhaps four letters only.
_VERY_LONG: Final = 9

# Letters that no Unicode decomposition takes to the letter people type in their place.
_LETTERS: Final = {
    "ə": "e", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "þ": "th",
}  # fmt: skip
# Cyrillic by sound, so that a name is found in the other script: Вентспилс → ventspils.
_CYRILLIC: Final = dict(
    zip("абвгдезиклмнопрстуфыэі", "abvgdeziklmnoprstufyei", strict=True)
) | {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya",
    "ъ": "", "ь": "",
}  # fmt: skip
# Marks that combine with a letter stand below this; they are taken away.
_MARKS_END: Final = 0x1E94B
_MARKS: Final = {c: None for c in range(0x300, _MARKS_END) if unicodedata.combining(chr(c))}
_TABLE: Final = str.maketrans(_LETTERS | _CYRILLIC) | _MARKS


def fold(text: str) -> str:
    """Return text as it is compared: case, diacritics and scripts folded.

    İstanbul, ISTANBUL, ıstanbul → istanbul; Azərbaycan → azerbaycan; Рига → riga
    """
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return parts.translate(_TABLE)


def terms(text: str) -> list[str]:
    """Return the terms of text in order: "Tehnoloģiju parks" → tehnol, tehn, parks, park."""
    found = []
    for word in _WORD.findall(fold(text)):
        found.append(word[:_LONG])
        if len(word) > _SHORT:
            found.append(word[:_SHORT])
    return found


def keys(text: str) -> list[list[str]]:
    """Return for each word, but for those of one or two letters, the terms that give it away.

    A text that has none of these has the word in no form: "Microsoft Rīgā" → [micros], [riga].
    """
    found = []
    for word in _WORD.findall(fold(text)):
        if len(word) >= _VERY_LONG:
            found.append([word[:_LONG]])
        elif len(word) > 2 or word.isdigit():
            found.append(terms(word))
    return found


def idf(passages: int, holding: int) -> float:
    """Return a term's inverse document frequency, as FTS5's bm25() has it.

    Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework"; floored above zero.
    """
    return max(1e-6, math.log((passages - holding + 0.5) / (holding + 0.5)))
