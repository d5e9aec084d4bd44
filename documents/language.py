"""Which language a text or a question is in. The one home of lingua.

lingua weighs trigrams, which settles a paragraph; its models of other lengths take seconds to
load, so in a short text letters and frequent words that few languages share are weighed with them.
Leaves out texts in several languages: the commonest one is named.
"""

from functools import cache
from math import log
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from lingua import LanguageDetector

UNKNOWN: Final = "und"

_SAMPLE_CHARS: Final = 3000
_SHORT_CHARS: Final = 200
_WORD_WEIGHT: Final = 2.0
_LETTER_WEIGHT: Final = 3.0
_ABSENCE_WEIGHT: Final = 5.0
_PLAIN_WEIGHT: Final = 5.0
_FLOOR: Final = 1e-3  # what lingua's surest no may weigh against letters and words
_LINE_CHARS: Final = 25
_LETTERS: Final = regex.compile(r"\p{L}")
_WORD: Final = regex.compile(r"[\p{L}\p{M}]+")

# Letters that tell a language from the others here. A letter of several languages is in several.
_OWN_LETTERS: Final = {
    "lv": "āēīūģķļņčšž",
    "lt": "ąčęėįšųūž",
    "et": "äõöü",
    "fi": "äö",
    "sv": "åäö",
    "de": "äöüß",
    "fr": "àâçéèêëîïôœùû",
    "pl": "ąćęłńóśźż",
    "az": "əçğıöşü",
    "tr": "çğıöşüâî",
    "ru": "ёъыэ",
    "uk": "ґєії",
    "kk": "әғқңөұүһіыэ",
    "en": "",
}
# Letters so frequent in a language that a line without one is hardly in it.
_NEVER_ABSENT: Final = {"az": "ə", "kk": "әғқңөұү"}
# Azerbaijani without its letters is taken for Turkish, which has none of these words.
_PLAIN_AZERBAIJANI: Final = regex.compile(
    r"\b(?:hansi|nece(?:nci|de|ye|dir)?|ucun|harada|haqqinda|istirak|edib|olub|ilde|seher\p{L}*"
    r"|vaxt\p{L}*|qeder\p{L}*|\p{L}{3,}[iu]b)\b"
)
_ACCENTED: Final = frozenset("".join(_OWN_LETTERS.values()))

# Frequent words and question words.
_WORDS: Final = {
    "en": "the of and to in is was were are who what when where which how why did does do with by "
    "for from many much whom has have had that this been its it on at",
    "lv": "un ir no par ar kas kad kur kā kāpēc kāds kāda kādi kādas cik kurš kura kuri uz pie "
    "tika bija vai to ko kam starp kopā tas šis gada gadā",
    "lt": "ir yra su kad kas kada kur kaip kodėl kiek kuris kuri koks kokia kokie buvo tai apie "
    "nuo į iš ar tarp",
    "et": "ja on ei see kes mis millal kus kuidas miks kui palju milline millised oli olid aga "
    "ning mida kelle vahel",
    "fi": "ja on ei se kuka mikä milloin missä miten miksi kuinka mitä mitkä oli olivat että joka "
    "kenen välillä",
    "sv": "och att det som är en ett den av var vem vad när hur varför vilken vilket vilka med på "
    "för från inte till",
    "de": "der die das und ist war waren wer was wann wo wie warum welche welcher welches wieviel "
    "mit von den dem des ein eine einer im in für auf zu wurde wurden hat nicht",
    "fr": "le la les des du de et est était qui que quoi quand où comment pourquoi quel quelle "
    "quels quelles combien un une dans pour sur par avec au aux il a été",
    "pl": "i w na z do nie jest kto co kiedy gdzie jak dlaczego ile który która które jaki jaka "
    "jakie był była było przez od się czy to",
    "az": "və ilə bu bir üçün kim nə nədir harada hansı necə niyə neçə zaman hara kimin kimdir "
    "olan idi edib edilib imzalanıb arasında ki də da olub haqqında",
    "tr": "ve ile bu bir için kim ne nedir nerede hangi nasıl neden niçin kaç zaman nereye kimin "
    "kimdir olan olarak idi mi mı mu mü arasında de da kadar hakkında nelerdir vardır",
    "ru": "и в не на что с по как это для был была были кто когда где почему сколько какой какая "
    "какие каком который чем кем между из о от к у",
    "uk": "і в не на що з та як це для був була були хто коли де чому скільки який яка які між із "
    "про від у й до",
    "kk": "және мен бұл бір үшін кім не қашан қайда қалай неге қанша қандай болды деп туралы",
}
_CODES: Final = tuple(_WORDS)


def detect(text: str) -> str:
    """Return the ISO 639-1 code of the language of `text`, "und" where it doesn't tell.

    Works on a question as on a whole document, of which it looks at the first lines of prose.
    """
    sample = _sample(text)
    if not _LETTERS.search(sample):
        return UNKNOWN
    weights = {
        confidence.language.iso_code_639_1.name.lower(): log(max(confidence.value, _FLOOR))
        for confidence in _detector().compute_language_confidence_values(sample)
    }
    if max(weights.values()) <= log(_FLOOR):
        return UNKNOWN
    evidence = _evidence(sample.lower())
    return max(_CODES, key=lambda code: weights[code] + evidence[code])


def _evidence(sample: str) -> dict[str, float]:
    """Return log weights of what frequent words and accented letters say, by language.

    They are shares of a short text, so that their say doesn't grow with the length of a long one.
    """
    words = _WORD.findall(sample)
    accented = [letter for letter in sample if letter in _ACCENTED]
    scale = min(1.0, _SHORT_CHARS / len(sample))
    weights = {
        code: scale
        * (
            _WORD_WEIGHT * sum(word in frequent for word in words)
            - _LETTER_WEIGHT * sum(letter not in _OWN_LETTERS[code] for letter in accented)
        )
        for code, frequent in zip(_CODES, map(frequent_words, _CODES), strict=True)
    }
    plain = 0 if accented else len(_PLAIN_AZERBAIJANI.findall(sample))
    weights["az"] += scale * _PLAIN_WEIGHT * plain
    for code, letters in _NEVER_ABSENT.items():
        if not any(letter in sample for letter in letters) and not (code == "az" and plain):
            weights[code] -= min(_ABSENCE_WEIGHT, len(sample) * _ABSENCE_WEIGHT / _LINE_CHARS)
    return weights


@cache
def frequent_words(language: str) -> frozenset[str]:
    """Return frequent words and question words of a language that `detect` knows, in lower case."""
    return frozenset(_WORDS[language].split())


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
    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
    return builder.with_low_accuracy_mode().build()
