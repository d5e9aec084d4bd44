"""Bytes → text, for files that don't say how they are encoded.

Unicode first; then the legacy encodings of the languages our readers write (Latvian, Lithuanian,
Estonian, Turkish, Azerbaijani, Russian, Ukrainian, Polish and Western ones), chosen by how much
the result looks like one of those languages. General detectors read Latvian as Central European,
because they don't weigh languages. Anything else is left to charset-normalizer.
"""

import codecs
import math
from functools import cache
from typing import Final

import regex

from documents.errors import DocumentError

# Letters outside ASCII, commonest first: a letter's weight falls with its rank.
_LETTERS: Final = {
    "lv": "āīēšūņļčžķģ",
    "lt": "ėųįšąūžčę",
    "et": "äõüöšž",
    "tr": "ıüşğçöİ",
    "az": "ıüşğçöİ",
    "de": "üäöß",
    "fr": "éèàêçôîûùâëïœ",
    "es": "óíáéñúü¿¡",
    "pt": "ãçáéíóõêâúôà",
    "it": "àèùòéì",
    "sv": "äåö",
    "da": "åøæ",
    "pl": "łęążśóćńź",
    "cs": "íáéřěýčšžůúťďň",
    "ro": "ăîţâş",
    "ru": "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
    "uk": "оаинівтерслкудмпязьгйчбхїшжєюцщґф",
}

# Frequent words, spelt in ASCII: they tell the language where accents alone could be of several.
_WORDS: Final = {
    "lv": "un ir no par ar kas uz pie gada tika tas bija to vai",
    "lt": "ir yra su kad buvo kaip tai apie nuo bei",
    "et": "ja on ei see kui mis oli aga ning kes",
    "tr": "ve bir bu ile da de olan olarak daha sonra imza",
    "az": "bir bu ilk olan olub isə ki da edib ilin",
    "de": "der die das und ist nicht mit den von ein eine wurde",
    "fr": "le la les des et est que un une dans pour du sur a de",
    "es": "el la los las y es que un una del por con de en",
    "pt": "o os as e que um uma do da com para de em",
    "it": "il lo gli che un una di del della per con sono",
    "sv": "och att det som en ett den av i inte var",
    "da": "og at det som en et den af i ikke var",
    "pl": "i w na z do nie jest na od oraz",
    "cs": "a v na se je do od byl pro",
    "ro": "si de la in cu este care pe din un o",
}

_CYRILLIC_WORDS: Final = {
    "ru": "и в не на что с по как это для был года",
    "uk": "і в не на що з та як це для був року",
}

# Which languages were written in which encoding. Of two that give the same text the first wins.
_LANGUAGES: Final = {
    "cp1252": ("de", "fr", "es", "pt", "it", "sv", "da", "et"),
    "cp1257": ("lv", "lt", "et"),
    "cp1254": ("tr", "az"),
    "cp1251": ("ru", "uk"),
    "koi8-r": ("ru",),
    "koi8-u": ("uk",),
    "cp866": ("ru", "uk"),
    "iso8859-13": ("lv", "lt", "et"),
    "iso8859-4": ("lv", "lt", "et"),
    "iso8859-9": ("tr", "az"),
    "iso8859-5": ("ru", "uk"),
    "cp1250": ("pl", "cs", "ro"),
    "iso8859-2": ("pl", "cs", "ro"),
}

# Encodings that were little used must be likelier by this much.
_RARE: Final = {"iso8859-4": 2.5, "iso8859-13": 0.5, "iso8859-2": 0.5, "iso8859-5": 0.5}

_PUNCTUATION: Final = frozenset("„“”‘’‚«»–—…•·°§№€©®™\u00a0\u00ad‹›×²³½")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_UNLIKELY: Final = -7.0  # log weight of a character that the language doesn't use
_SAMPLE_BYTES: Final = 8_192
_CONTROLS: Final = regex.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]")
_NON_ASCII: Final = regex.compile(r"[^\x00-\x7f]")
_WORD: Final = regex.compile(r"\p{L}+")
# What no language writes: a capital after a small letter, two alphabets in a word, a control.
_ODD: Final = regex.compile(
    r"\p{Ll}(?=\p{Lu})|[A-Za-z](?=\p{Cyrillic})|\p{Cyrillic}(?=[A-Za-z])|[\x80-\x9f]"
)


def decode(data: bytes) -> str:
    """Return the text of `data`, without a byte order mark.

    Raises:
        DocumentError: "binary" where the bytes are no text in any encoding that was tried.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            try:
                return data.decode(name)
            except UnicodeDecodeError:
                # A stray byte after a mark that says what the rest is.
                return data.decode(name, errors="replace")
    if data.count(0) * 50 > len(data):
        return _utf16_without_mark(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        text = _damaged_utf8(data) or _legacy(data, error)
    if _share_of_controls(text) > 0.02:
        raise _binary()
    return text


def _binary() -> DocumentError:
    return DocumentError("binary", "The file holds no text that can be read; save it as text.")


def _share_of_controls(text: str) -> float:
    sample = text[:_SAMPLE_BYTES]
    return len(_CONTROLS.findall(sample)) / max(1, len(sample))


def _utf16_without_mark(data: bytes) -> str:
    """Decode UTF-16 of either order where nearly all of it is what people write."""
    usual = regex.compile(r"[\p{Latin}\p{Cyrillic}\p{Greek}\p{Arabic}\p{Nd}\p{P}\p{S}\s]")
    for name in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        sample = text[:4096]
        ascii_share = sum(character < "\x80" for character in sample) / max(1, len(sample))
        if ascii_share > 0.1 and len(usual.findall(sample)) > 0.97 * len(sample):
            return text
    raise _binary()


def _damaged_utf8(data: bytes) -> str | None:
    """Return UTF-8 with a few bytes broken, those as U+FFFD; None where it isn't UTF-8."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    whole = len(_NON_ASCII.findall(text)) - broken
    return text if whole >= 8 and broken * 4 <= whole else None


def _legacy(data: bytes, cause: UnicodeDecodeError) -> str:
    sample = _telling(data)
    best_name, best_score, letters = "", -math.inf, 1
    for name, languages in _LANGUAGES.items():
        try:
            text = sample.decode(name)
        except UnicodeDecodeError:
            continue
        found = max(likeness(text, language) for language in languages) - _RARE.get(name, 0.0)
        if found > best_score:
            best_name, best_score = name, found
            letters = len(_NON_ASCII.findall(text))
    if best_name and best_score / letters > -4.5:
        return data.decode(best_name, errors="replace")
    from charset_normalizer import from_bytes

    guess = from_bytes(sample).best()
    if guess is None:
        raise _binary() from cause
    return data.decode(guess.encoding, errors="replace")


def _telling(data: bytes) -> bytes:
    """Return lines that aren't ASCII, about 8,192 bytes of them."""
    lines: list[bytes] = []
    left = _SAMPLE_BYTES
    for line in data.splitlines():
        if left <= 0:
            break
        if not line.isascii():
            lines.append(line[:_SAMPLE_BYTES])
            left -= len(lines[-1])
    return b"\n".join(lines)


def likeness(text: str, language: str) -> float:
    """Return how much `text` looks like `language`: a log weight, higher is likelier.

    It sums the weights of the characters outside ASCII, adds a bonus for each frequent word and
    takes one away for what no language writes. Comparable between decodings of the
    same bytes only.
    """
    weights = _weights(language)
    score = sum(weights.get(character, _UNLIKELY) for character in _NON_ASCII.findall(text))
    words = _words(language)
    score += 2.0 * sum(word in words for word in _WORD.findall(text.lower()))
    return score - 4.0 * len(_ODD.findall(text))


@cache
def _weights(language: str) -> dict[str, float]:
    letters = _LETTERS[language]
    total = sum(1 / (rank + 2) for rank in range(len(letters)))
    weights = {mark: math.log(0.03) for mark in _PUNCTUATION}
    for rank, letter in enumerate(letters):
        weight = math.log(1 / (rank + 2) / total)
        weights[letter] = weight
        if len(letter.upper()) == 1:
            weights.setdefault(letter.upper(), weight - 2.0)
    return weights


@cache
def _words(language: str) -> frozenset[str]:
    return frozenset((_WORDS.get(language) or _CYRILLIC_WORDS[language]).split())
