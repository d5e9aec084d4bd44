"""Papers of partnerships made by rule, in the five languages, with questions on them.

Latvian and Azerbaijani have no question answering data, and what others have isn't about memoranda,
meetings and projects. `papers.toml` says in each language how some forty kinds of facts are told
and asked for; here they are put together: a paper of several facts, a question on one of them in
the same or another language, and papers that look right and don't answer: the same without that
fact, and one that tells it of others.
"""

import random
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("en", "lv", "az", "tr", "ru")
# What the forms of a word are, in their order.
CASES: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "city": {"lv": ("", "gen", "loc"), "az": ("", "loc"), "tr": ("", "loc"), "ru": ("", "loc")},
    "house": {"lv": ("", "gen", "acc"), "ru": ("", "gen", "ins")},
    "kind": dict.fromkeys(LANGUAGES, ("", "gen", "acc", "loc")),
    "noun": {"lv": ("", "gen", "acc")},
    "event": dict.fromkeys(LANGUAGES, ("", "gen", "loc", "acc")),
    "room": {"lv": ("", "gen")},
    "project": dict.fromkeys(LANGUAGES, ("", "gen", "acc", "loc")),
}
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "lv": "janvār februār mart aprīl maij jūnij jūlij august septembr oktobr novembr decembr",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}
# Azerbaijani's ending of an ordinal goes with the last digit that is said.
_DIGITS: Final = "1ci 2ci 3cü 4cü 5ci 6cı 7ci 8ci 9cu"
_TENS: Final = "1cu 2ci 3cu 4cı 5ci 6cı 7ci 8ci 9cı"
# By language, as in LANGUAGES.
_CURRENCY: Final = (
    ("EUR", "eiro", "avro", "avro", "евро"),
    ("AZN", "manatu", "manat", "manat", "манатов"),
    ("USD", "ASV dolāru", "ABŞ dolları", "ABD doları", "долларов США"),
)
# Numbers whose word is one for every gender.
_WORDS: Final = {
    11: "eleven, vienpadsmit, on bir, on bir, одиннадцать",
    12: "twelve, divpadsmit, on iki, on iki, двенадцать",
    15: "fifteen, piecpadsmit, on beş, on beş, пятнадцать",
    20: "twenty, divdesmit, iyirmi, yirmi, двадцать",
    30: "thirty, trīsdesmit, otuz, otuz, тридцать",
    40: "forty, četrdesmit, qırx, kırk, сорок",
    50: "fifty, piecdesmit, əlli, elli, пятьдесят",
    60: "sixty, sešdesmit, altmış, altmış, шестьдесят",
}
_WORDED: Final = 0.4
# Of these a paper may tell two: of other people, other sums.
_TWICE: Final = {"pays", "took_part", "applied", "exchange", "space", "duty", "spent", "staff"}
_TOLD: Final = (2, 6)
_SAME_LANGUAGE: Final = 0.3
_ASKED: Final = {"en": 3.0, "lv": 4.0, "az": 4.0, "tr": 3.0, "ru": 3.0}
_FILLED: Final = 0.5
_ALONE: Final = 0.2
_PLACE: Final = re.compile(r"\{(\w+)")
_NAMED: Final = re.compile(r"\{(?:a|b|city|project)\b")

Arguments = dict[str, Any]
Marked = tuple[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Paper:
    """A made paper.

    Attributes:
        text: with its title as the first line, where a sentence needs it.
        answer: where the fact that is asked for stands; None where it isn't told.
    """

    title: str
    text: str
    answer: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Exercise:
    """A question with papers; the one that answers, if any, is the first."""

    question: str
    papers: tuple[Paper, ...]


class _Forms:
    """A word with its cases, for str.format: {word}, {word.loc}."""

    def __init__(self, forms: Mapping[str, str]) -> None:
        self._forms = forms

    def __str__(self) -> str:
        return self._forms[""]

    __format__ = object.__format__

    def __getattr__(self, case: str) -> str:
        return self._forms[case]


@dataclass(frozen=True, slots=True)
class _Fact:
    kind: str
    arguments: Arguments


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def exercise(draw: random.Random, fillers: Mapping[str, list[str]]) -> Exercise:
    """Draw a question with its papers.

    Args:
        draw: decides everything.
        fillers: by language, sentences about other things, to stand between the facts.
    """
    data = _data()
    [asked] = draw.choices(list(_ASKED), list(_ASKED.values()))
    others = [each for each in LANGUAGES if each != asked]
    read = asked if draw.random() < _SAME_LANGUAGE else draw.choice(others)
    about = draw.choice(list(data["titles"]))
    scene = _scene(draw)
    facts = _facts(draw, about, scene)
    fact = facts[0]
    template = draw.choice(data["facts"][fact.kind][asked]["ask"])
    question = _said(template, fact.arguments, asked, draw)
    # Who the question asks of must be told by the title, if by no sentence.
    by = "{a" in template and about == "project"
    right = _paper(draw, about, scene, facts, read, fillers, by)
    wrong = []
    if draw.random() < 0.6:
        language = read if draw.random() < 0.6 else asked
        wrong.append(_paper(draw, about, scene, facts[1:], language, fillers, by))
    if not wrong or draw.random() < 0.5:
        language = read if draw.random() < 0.6 else asked
        elsewhere = _elsewhere(draw, scene)
        told = [_moved(draw, each, elsewhere) for each in facts]
        # Where the question names nobody, another paper's fact would answer it.
        told = told if _NAMED.search(template) else told[1:]
        wrong.append(_paper(draw, about, elsewhere, told, language, fillers, by))
    wrong = [replace(each, answer=None) for each in wrong]
    alone = draw.random() < _ALONE
    return Exercise(question, tuple(wrong[:1] if alone else [right, *wrong]))


def _scene(draw: random.Random) -> Arguments:
    """Return what all facts of a paper share."""
    words = _data()["words"]
    cities = draw.sample(list(words["city"]), 3)
    return {
        "a": (draw.choice(list(words["house"])), cities[0]),
        "b": (draw.choice(list(words["house"])), cities[1]),
        "city": draw.choice([cities[0], cities[2]]),
        **{name: draw.choice(list(words[name])) for name in ("kind", "event", "project")},
        **_values(draw),
    }


def _elsewhere(draw: random.Random, scene: Arguments) -> Arguments:
    """Return a scene with other houses, another city and project, else much the same."""
    words = _data()["words"]
    cities = draw.sample([each for each in words["city"] if each != scene["city"]], 3)
    houses = list(words["house"])

    def other(house: tuple[str, str]) -> tuple[str, str]:
        if draw.random() < 0.5:
            return draw.choice([each for each in houses if each != house[0]]), house[1]
        return house[0], draw.choice([each for each in cities if each != house[1]])

    return {
        **scene,
        "a": other(scene["a"]),
        "b": other(scene["b"]),
        "city": cities[2],
        "project": draw.choice([each for each in words["project"] if each != scene["project"]]),
        **({} if draw.random() < 0.5 else {"event": draw.choice(list(words["event"]))}),
    }


def _values(draw: random.Random) -> Arguments:
    """Return what can be told: names of words of each kind, numbers, sums, dates, persons."""
    words, names = _data()["words"], _data()["names"]
    drawn: Arguments = {}
    for name in ("noun", "purpose", "position", "team"):
        drawn[name], drawn[f"{name}2"] = draw.sample(list(words[name]), 2)
    for name in ("topic", "duty", "tool", "room", "funder", "reason"):
        drawn[name] = draw.choice(list(words[name]))
    for name in ("n", "k"):
        drawn[name] = draw.choice([*_WORDS, *_WORDS, *range(5, 21), *_many()])
    drawn["m"] = draw.choice([*range(5, 13), 15, 18, 20])
    for name in ("sum", "sum2"):
        amount = draw.choice([draw.randint(2, 99) * 100, draw.randint(10, 990) * 1000])
        drawn[name] = amount, draw.choice(_CURRENCY[:1] * 3 + _CURRENCY)
    drawn["date"] = draw.randint(1, 28), draw.randint(0, 11), draw.randint(2009, 2029)
    drawn["year"] = draw.randint(1958, 2023)
    group = names[draw.choice(list(names))]
    pairs = [(first, last) for first in group["first"] for last in group["last"]]
    drawn["person"], drawn["other"] = draw.sample(pairs, 2)
    return drawn


@cache
def _many() -> list[int]:
    """Return numbers after which Russian has the genitive and Latvian the plural."""
    return [each for each in range(25, 400) if each % 10 in {0, 5, 6, 7, 8, 9}]


def _facts(draw: random.Random, about: str, scene: Arguments) -> list[_Fact]:
    """Return different facts for a paper; the first is the one to be asked for."""
    data = _data()
    kinds = [name for name, fact in data["facts"].items() if fact["paper"] == about]
    kinds = draw.sample(kinds + [each for each in kinds if each in _TWICE], draw.randint(*_TOLD))
    # No word counts or costs something twice in a paper.
    spare = {
        name: draw.sample(list(data["words"][name]), len(data["words"][name]))
        for name in ("noun", "purpose", "duty", "room")
    }
    facts = []
    for kind in kinds:
        own = {**scene, **_values(draw), "m": scene["m"]}
        for name in ("position", "position2", "team", "team2", "person", "other"):
            own[name] = scene[name]
        for name in sorted(_used(kind)):
            if rest := spare.get(name.rstrip("2")):
                own[name] = rest.pop()
        if about == "agreement" and draw.random() < 0.5:
            own["a"], own["b"] = own["b"], own["a"]
        facts.append(_Fact(kind, own))
    return facts


@cache
def _used(kind: str) -> frozenset[str]:
    """Return the words that a fact is told and asked for with."""
    return frozenset(_PLACE.findall(str(_data()["facts"][kind])))


def _moved(draw: random.Random, fact: _Fact, scene: Arguments) -> _Fact:
    """Return the same kind of fact, told of another scene: of the same things, other values."""
    kept = ("noun", "noun2", "purpose", "purpose2", "duty", "room", "position", "position2")
    told = {**scene, **_values(draw), **{name: fact.arguments[name] for name in kept}}
    return _Fact(fact.kind, told)


def _paper(
    draw: random.Random,
    about: str,
    scene: Arguments,
    facts: list[_Fact],
    language: str,
    fillers: Mapping[str, list[str]],
    by: bool,
) -> Paper:
    """Tell facts in a language; the answer is the first one's."""
    data = _data()
    titles = data["titles"][about][language]
    title = _said(titles[1] if by else draw.choice(titles), scene, language, draw)
    told: list[tuple[bool, Marked]] = []
    leaning = draw.random() < 0.5
    for number, fact in enumerate(facts):
        template = draw.choice(data["facts"][fact.kind][language]["say"])
        leaning = leaning or template.startswith("~")
        said = _said(template.removeprefix("~"), fact.arguments, language, draw)
        told.append((number == 0, _unmarked(said)))
    for _ in range(draw.randint(1, 2) if fillers.get(language) and draw.random() < _FILLED else 0):
        told.append((False, (draw.choice(fillers[language]), (0, 0))))
    draw.shuffle(told)
    text, answer = (title + "\n", None) if leaning else ("", None)
    for first, (said, (start, end)) in told:
        if first:
            answer = len(text) + start, len(text) + end
        text += said + ("\n" if draw.random() < 0.2 else " ")
    return Paper(title, text.rstrip(), answer)


def _said(template: str, arguments: Arguments, language: str, draw: random.Random) -> str:
    """Return a template with its words filled in, a capital first."""
    used = set(_PLACE.findall(template))
    words = {name: _word(name, arguments[name], language, draw) for name in sorted(used)}
    said = template.format_map(words)
    place = 1 if said.startswith(("[", "“", "«")) else 0
    first = "İ" if said[place] == "i" and language in {"az", "tr"} else said[place].upper()
    return said[:place] + first + said[place + 1 :]


def _unmarked(said: str) -> Marked:
    """Return a sentence without its brackets, and where what they marked stands."""
    start, end = said.index("["), said.index("]") - 1
    return said.replace("[", "").replace("]", ""), (start, end)


def _word(name: str, value: Any, language: str, draw: random.Random) -> Any:
    """Return a value in a language, with its cases where it has some."""
    words = _data()["words"]
    if name in {"a", "b"}:
        house, city = value
        forms = words["city"][city][language]
        said = [
            each.format(c=forms[0], g=forms[1] if language == "lv" else forms[0])
            for each in words["house"][house][language]
        ]
        cases = CASES["house"].get(language, ("", "gen"))
        return _Forms(dict(zip(cases, said, strict=False)))
    if name in {"person", "other"}:
        return " ".join(each.split()[language == "ru"] for each in value)
    if name in {"sum", "sum2"}:
        amount, currency = value
        figures = f"{amount:,}".replace(",", {"en": ",", "tr": "."}.get(language, " "))
        unit = currency[LANGUAGES.index(language)]
        return f"{unit} {figures}" if language == "en" else f"{figures} {unit}"
    if name == "date":
        return _Forms(_date(*value, language, draw))
    if name == "year":
        il = f"{value}-{_ending(value)} il"
        return _Forms({"": str(value), "loc": il + "də", "abl": il + "dən"})
    if name in {"n", "k", "m"}:
        if value in _WORDS and draw.random() < _WORDED:
            return _WORDS[value].split(", ")[LANGUAGES.index(language)]
        return str(value)
    kind = name.rstrip("2")
    forms = words[kind][value][language]
    return _Forms(dict(zip(CASES.get(kind, {}).get(language, ("",)), forms, strict=False)))


def _date(day: int, month: int, year: int, language: str, draw: random.Random) -> dict[str, str]:
    """Return a date; "on" it and "until" it where these are other words."""
    name = _MONTHS[language].split()[month]
    if language == "lv":
        # januāris, but marts and augusts
        end = "s" if name in {"mart", "august"} else "is"
        locative, dative = ("ā", "am") if end == "s" else ("ī", "im")
        if name in {"maij", "jūnij", "jūlij"}:
            end, locative, dative = "s", "ā", "am"
        said = f"{year}. gada {day}. {name}"
        return {"": said + end, "on": said + locative, "until": said + dative}
    if language == "az":
        said = f"{day} {name} {year}-{_ending(year)} il"
        return {"": said, "on": said + "də", "until": said + "ədək"}
    if language == "ru":
        return {"": f"{day} {name} {year} года"}
    said = f"{day} {name} {year}"
    if language == "tr":
        return {"": said, "until": said + " tarihine kadar"}
    return {"": f"{name} {day}, {year}" if draw.random() < 0.3 else said}


def _ending(year: int) -> str:
    """Return what Azerbaijani puts to a year's number."""
    tens, digit = str(year)[-2:]
    table, said = (_TENS, tens) if digit == "0" else (_DIGITS, digit)
    return {each[0]: each[1:] for each in table.split()}.get(said, "ci")
