"""Questions made by rule, for languages that have none: a fact is taken out of a sentence.

"Komandalarla 19 mentor işləyib" → "komandalarla neçə mentor işləyib?". Numbers and years are found
by their digits, in which translations agree: so a question made in one language is answered by the
passage in another. Persons, organisations, places and times are the marked ones of ner_lv.
"""

import gzip
import json
import random
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from documents.sentences import sentences
from training.corpus import Context, Corpus, Place, held_out

# Question words by language and what is asked for.
WORDS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "en": {"number": ("how many",), "year": ("in what year", "when")},
    "lv": {
        "number": ("cik",),
        "year": ("kurā gadā", "kad"),
        "person": ("kas", "kurš"),
        "organization": ("kas", "kura organizācija", "kurš uzņēmums"),
        "GPE": ("kur", "kura vieta", "kurā valstī"),
        "location": ("kur", "kurā vietā"),
        "time": ("kad",),
        "money": ("cik daudz", "cik lielu summu"),
    },
    "az": {"number": ("neçə",), "year": ("hansı ildə", "nə vaxt", "neçənci ildə")},
    "tr": {"number": ("kaç",), "year": ("hangi yılda", "ne zaman", "kaç yılında")},
    "ru": {"number": ("сколько",), "year": ("в каком году", "когда")},
    "lt": {"number": ("kiek",), "year": ("kuriais metais", "kada")},
    "et": {"number": ("mitu",), "year": ("mis aastal", "millal")},
}
# In these a question begins with its word; the others leave it where the fact was.
_FIRST: Final = {"en", "lv", "ru", "lt", "et"}
# A year with the words that say it is one.
_YEARS: Final = {
    "en": r"(?:(?:in|since|by) )?\b(\d{4})\b",
    "lv": r"(?:kopš |līdz )?\b(\d{4})\.(?: gad\w+)",
    "az": r"\b(\d{4})(?:[-–]\w+)? il\w*",
    "tr": r"\b(\d{4})(?:['’]\w+| yılı\w*)",
    "ru": r"(?:[вс] )?\b(\d{4}) год\w*",
    "lt": r"\b(\d{4}) m(?:\.|et\w+)",
    "et": r"\b(\d{4})\. aasta\w*",
}
# Not a date's day, nor a part of a longer number.
_MONTHS: Final = (
    "jan|yan|feb|fev|mar|apr|may|maj|jun|iyun|haz|jul|iyul|jūn|jūl|tem|aug|avq|ağu|sep|sen|eyl|oct|"
    "okt|eki|nov|noy|kas|dec|dek|ara|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек"
)
_NUMBER: Final = re.compile(
    r"(?<![\w.,:/-])(?<!\d\s)(\d{1,3}(?:[ .,\u00a0\u202f]\d{3})*|\d+)"
    rf"(?=\s(?!{_MONTHS})[^\W\d_]{{3}})",
    re.IGNORECASE,
)
_DROPPED: Final = 0.1


@dataclass(frozen=True, slots=True)
class Blank:
    """A fact that can be asked for.

    Attributes:
        place: of the words that the question leaves out.
        answer: of the fact itself.
        said: the fact, as translations say it too; "" where they don't.
    """

    context: Context
    kind: str
    place: Place
    answer: Place
    said: str


def digit_blanks(context: Context) -> list[Blank]:
    """Return the numbers and years that stand in a text once."""
    found = []
    for kind, pattern in (("year", _YEARS.get(context.language)), ("number", _NUMBER)):
        if pattern is None:
            continue
        for match in re.finditer(pattern, context.text):
            said = match[1]
            year = len(said) == 4 and said.isdigit() and 1000 <= int(said) <= 2099
            if (kind == "year") == year and len(_places(context.text, said)) == 1:
                found.append(Blank(context, kind, match.span(), match.span(1), said))
    return found


def named_blanks(data: Path) -> list[Blank]:
    """Return what is marked in ner_lv's paragraphs."""
    found = []
    with gzip.open(data / "ner_lv" / "data.jsonl.gz", "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            text = row["text"]
            dev = held_out("ner_lv", row["id"])
            context = Context(row["id"], "ner_lv", "lv", row["id"], row["id"], text, dev)
            for entity in row["entities"]:
                place = (entity["start"], entity["end"])
                if entity["type"] in WORDS["lv"] and text.count(entity["text"]) == 1:
                    found.append(Blank(context, entity["type"], place, place, ""))
    return [each for each in found if not each.context.dev]


def elsewhere(blank: Blank, text: str) -> Place | None:
    """Return where a translation says the same fact; None where it doesn't, or more than once."""
    places = _places(text, blank.said) if blank.said else []
    return places[0] if len(places) == 1 else None


def question(blank: Blank, draw: random.Random) -> str:
    """Return the fact's sentence, or some of its words, with a question word for the fact."""
    context = blank.context
    start, end = _sentence(context.text, blank.place)
    before = context.text[start : blank.place[0]].split()
    after = context.text[blank.place[1] : end].split()
    word = draw.choice(WORDS[context.language][blank.kind])
    near, far = draw.randint(2, 9), draw.randint(3, 12)
    before, after = before[-near:], after[:far]
    if context.language in _FIRST and draw.random() < 0.7:
        # What is counted stays with its number: "how many mentors …".
        kept = after[:1] if blank.kind == "number" else []
        words = [word, *kept, *before, *after[len(kept) :]]
    else:
        words = [*before, word, *after]
    words = [each for each in words if each == word or draw.random() >= _DROPPED]
    said = " ".join(words).strip(" ,;:.–—-\"'”“„»«()")
    return said + ("?" if draw.random() < 0.9 else "")


def without_sentence(blank: Blank) -> str:
    """Return the text without the sentence that has the fact."""
    start, end = _sentence(blank.context.text, blank.place)
    return (blank.context.text[:start] + blank.context.text[end:]).strip()


def _sentence(text: str, place: Place) -> Place:
    for span in sentences(text):
        if span.start <= place[0] < span.end:
            return span.start, max(span.end, place[1])
    return place


def _places(text: str, said: str) -> list[Place]:
    return [m.span() for m in re.finditer(rf"(?<![\d]){re.escape(said)}(?![\d])", text)]


def blanks_of(corpus: Corpus) -> dict[tuple[str, str], list[Blank]]:
    """Return the numbers and years of the passages that are trained on, by set and passage."""
    found: dict[tuple[str, str], list[Blank]] = defaultdict(list)
    for source in ("ntrex", "belebele"):
        for context in corpus.contexts_of(source, False):
            if context.language in WORDS:
                found[source, context.parallel] += digit_blanks(context)
    return {key: blanks for key, blanks in found.items() if blanks}
