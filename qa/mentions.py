"""What a question names, and whether a document has it: names and numbers, in any script.

By rule, for questions: quoted names, runs of capitalised words, words in capitals, numbers. Leaves
out names in documents, where whole sentences are in capitals and a model does better.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

from documents import Span
from index import lexical
from index.search import Hit
from qa.words import empty_words, lowered

_QUOTED: Final = r"[“„«\"](?P<quoted>[^“”„«»\"]{2,60})[”“»\"]"
_WORD: Final = r"\p{Lu}[\p{L}\p{M}\p{N}]*"
# "Department of International Projects", "Hazar–Karadeniz Teknopark Forumu", "Turku Science Park".
_RUN: Final = rf"(?P<run>{_WORD}(?:(?:[ \-–]| of (?:the )?){_WORD})*)"
_NUMBER: Final = r"(?P<number>(?<![\p{L}\p{N}])\p{N}+(?![\p{L}\p{N}]))"
_NAME: Final = regex.compile(rf"{_QUOTED}|(?<![\p{{L}}\p{{M}}]){_RUN}|{_NUMBER}")
_CAPITALS: Final = regex.compile(r"\p{Lu}.*\p{Lu}|\p{Lu}.*\p{N}")
# An ending that is set apart from its name: GOSB'un, ICESCO-nun.
_ENDING: Final = regex.compile(r"['’\-]\p{Ll}+")
_WORD_OF: Final = regex.compile(r"[\p{L}\p{M}]{3,}")
_CAPITAL_WORD: Final = regex.compile(r"\p{Lu}[\p{L}\p{M}]{2,}")
_DIGITS: Final = regex.compile(r"\p{N}+")
# What an agreement is amended by, and that it is, in the languages of the papers; and words that
# say so beside one for the agreement: "изменение климата" amends nothing.
_AMENDMENT: Final = regex.compile(
    r"(?i)\b(?:amend|addend|supplementary (?:agreement|protocol)"
    r"|grozīj|papildu vienošan|papildlīgum"
    r"|əlavə (?:saziş|müqavilə|protokol|razılaşma)"
    r"|zeyilname|ek (?:protokol|anlaşma|sözleşme)"
    r"|дополнительн\w+ (?:соглашени|протокол)|допсоглашени)"
)
_CHANGE: Final = regex.compile(
    r"(?i)\b(?:papildinājum|dəyişikli|değişikli|изменени|дополнени|поправ)"
)
_AGREEMENT: Final = regex.compile(
    r"(?i)\b(?:līgum|vienošan|memorand|saziş|müqavilə|protokol|anlaşma|sözleşme|mutabakat"
    r"|соглашени|договор|меморандум|протокол)"
)
# Folded beginnings of ordinals, from the second on: the first is often no number.
_ORDINALS: Final = {
    2: "second otra otro otras otru otraj ikinci vtoroi vtorog vtorom vtoraya vtoruyu",
    3: "third tresa treso tresaj ucuncu tretii treteg tretem tretya tretyu",
    4: "fourth ceturta ceturto ceturtaj dorduncu chetvert",
    5: "fifth piekta piekto piektaj besinci pyatyi pyatog pyatom pyataya pyatuyu pyatoi",
    6: "sixth sesta sesto sestaj altinci shesto shestaya shestuyu",
    7: "seventh septita septito yeddinci yedinci sedmo sedmaya sedmuyu",
    8: "eighth astota astoto sekkizinci sekizinci vosmo vosmaya vosmuyu",
    9: "ninth devita devito doqquzuncu dokuzuncu devyato devyataya devyatuyu",
    10: "tenth desmita desmito onuncu desyato desyataya desyatuyu",
}
_ORDINAL: Final = {form: str(value) for value, forms in _ORDINALS.items() for form in forms.split()}
_ORDINAL_SIZES: Final = sorted({len(form) for form in _ORDINAL}, reverse=True)
# How one sound is written in the languages' alphabets, folded: Şuşa and Shusha, Xəzər and Khazar.
_SOUNDS: Final = (
    ("shch", "s"), ("dzh", "c"), ("kh", "h"), ("sh", "s"), ("zh", "z"), ("ch", "c"), ("ts", "c"),
    ("gh", "g"), ("ph", "f"), ("x", "h"), ("q", "k"), ("w", "v"),
)  # fmt: skip
_VOWELS: Final = regex.compile(r"[aeiouyj]")
_DOUBLED: Final = regex.compile(r"(.)\1+")
_LEAST_SOUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Held:
    """The names and numbers of a document, as far as its passages were found.

    Attributes:
        language: of the document.
        terms: beginnings of its words.
        sounds: of its words with a capital.
        numbers: in digits, ordinals too.
    """

    language: str
    terms: frozenset[str]
    sounds: frozenset[str]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Missing:
    """Which shares of a question's names and numbers a document lacks, 0 to 1.

    Attributes:
        names: that others have which were found in its language or the question's; 0 where there
            are none.
        numbers: years and ordinals too.
        amendment: whether an amendment is asked about that others are, by their titles, and this
            isn't: it may well be what was amended.
    """

    names: float
    numbers: float
    amendment: bool = False


NOTHING_MISSING: Final = Missing(0.0, 0.0)


def names(question: str) -> list[str]:
    """Return the names in a question, in order, as they are written there.

    The first word of a question has a capital anyway: alone, it is a name only where it is all
    capitals, or an ending is set apart from it. Of one that is all in capitals, only what is quoted
    and numbers are told.

    >>> names("When did GOSB Teknopark'ın partner “Xəzər Start” join ICESCO in 2023?")
    ['GOSB Teknopark', 'Xəzər Start', 'ICESCO', '2023']
    """
    return list(dict.fromkeys(name for name, _ in placed(question)))


def placed(question: str) -> list[tuple[str, Span]]:
    """Return the names in a question with their places, quotation marks and endings included."""
    found = []
    words = map(lowered, _WORD_OF.findall(question))
    shouted = question.isupper() and not empty_words().isdisjoint(words)
    for match in _NAME.finditer(question):
        if shouted and match["run"]:
            continue
        name, start = match["quoted"] or match["number"], match.start()
        if match["run"]:
            name = _without_empty_words(match["run"])
            start = match.end() - len(name)
            if start == 0 and not _is_name(name, question[match.end() :]):
                continue
        if name:
            ending = _ENDING.match(question, match.end())
            found.append((name, Span(start, ending.end() if ending else match.end())))
    return found


def _without_empty_words(run: str) -> str:
    """Return a run without the empty words that it begins with: "Does GOSB" → "GOSB"."""
    words = run.split(" ")
    while words and lowered(words[0]) in empty_words():
        words.pop(0)
    return " ".join(words)


def _is_name(run: str, after: str) -> bool:
    return " " in run or bool(_CAPITALS.search(run)) or bool(_ENDING.match(after))


def missing_of(question: str, language: str, hits: Sequence[Hit]) -> dict[str, Missing]:
    """Return what each document that was found lacks of what the question names.

    A document in another language may have a name translated. So a word is missed there only where
    another document in that language has it.
    """
    held = _held(hits)
    words = [word for name in names(question) for word in _WORD_OF.findall(name)]
    numbers = _numbers(question)
    holders = {
        word: {path for path, each in held.items() if _has(each, word)}
        for word in dict.fromkeys(words)
    }
    languages = {word: {held[path].language for path in paths} for word, paths in holders.items()}
    amended = _amends(question)
    amendments = {hit.passage.document for hit in hits if amended and _amends(hit.passage.title)}
    missing = {}
    for path, each in held.items():
        asked = [
            word
            for word in holders
            if holders[word] and (each.language == language or each.language in languages[word])
        ]
        lacking = sum(path not in holders[word] for word in asked)
        missing[path] = Missing(
            names=lacking / len(asked) if asked else 0.0,
            numbers=len(numbers - each.numbers) / len(numbers) if numbers else 0.0,
            amendment=bool(amendments) and path not in amendments,
        )
    return missing


def _amends(text: str) -> bool:
    return bool(_AMENDMENT.search(text) or (_CHANGE.search(text) and _AGREEMENT.search(text)))


def _held(hits: Sequence[Hit]) -> Mapping[str, Held]:
    texts: dict[str, list[str]] = {}
    for hit in hits:
        passage = hit.passage
        known = texts.setdefault(passage.document, [passage.title, passage.date or ""])
        known.append(passage.text)
    languages = {hit.passage.document: hit.passage.language for hit in hits}
    return {path: _held_in(languages[path], "\n".join(parts)) for path, parts in texts.items()}


@lru_cache(maxsize=512)
def _held_in(language: str, text: str) -> Held:
    capitals = frozenset(_CAPITAL_WORD.findall(text))
    return Held(
        language,
        frozenset(lexical.terms(text)),
        frozenset(_sounds(word) for word in capitals),
        frozenset(_numbers(text)),
    )


def _has(held: Held, word: str) -> bool:
    if not held.terms.isdisjoint(lexical.terms(word)):
        return True
    sounds = _sounds(word)
    return len(sounds) >= _LEAST_SOUNDS and any(
        len(other) >= _LEAST_SOUNDS and (sounds.startswith(other) or other.startswith(sounds))
        for other in held.sounds
    )


@lru_cache(maxsize=20_000)
def _sounds(word: str) -> str:
    """Return a name's consonants by their sound: Məmmədzadə and Mammadzade → mdzd."""
    folded = lexical.fold(word)
    for spelled, sound in _SOUNDS:
        folded = folded.replace(spelled, sound)
    sounds: str = _DOUBLED.sub(r"\1", _VOWELS.sub("", folded))
    return sounds


def _numbers(text: str) -> set[str]:
    """Return the numbers of a text in digits, without leading zeros, ordinals in words too."""
    found = {match[0].lstrip("0") or "0" for match in _DIGITS.finditer(text)}
    for word in _WORD_OF.findall(text):
        folded = lexical.fold(word)
        value = next((_ORDINAL[folded[:n]] for n in _ORDINAL_SIZES if folded[:n] in _ORDINAL), None)
        if value:
            found.add(value)
    return found
