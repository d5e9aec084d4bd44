"""What Folio says itself, in five languages; the documents speak for themselves.

One table for all of it, so that a test can find what has no translation. A key that a language
doesn't have falls back to English.
"""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Final

LANGUAGES: Final = {
    "en": "English",
    "lv": "Latviešu",
    "az": "Azərbaycanca",
    "tr": "Türkçe",
    "ru": "Русский",
}
DEFAULT: Final = "en"


def _table(name: str) -> Mapping[str, Mapping[str, str]]:
    return tomllib.loads(files("qa").joinpath(f"{name}.toml").read_text(encoding="utf-8"))


# What answers and refusals say, and what only the page says; the page's scripts have it too.
_OF_PAGE: Final = {**_table("answers"), **_table("page")}
STRINGS: Final[Mapping[str, Mapping[str, str]]] = {**_OF_PAGE, **_table("findings")}

# The languages that a document can be found to be in, named in those of the page.
LANGUAGE_NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {"en": "English", "lv": "angļu", "az": "ingilis", "tr": "İngilizce", "ru": "английский"},
    "lv": {"en": "Latvian", "lv": "latviešu", "az": "latış", "tr": "Letonca", "ru": "латышский"},
    "lt": {"en": "Lithuanian", "lv": "lietuviešu", "az": "litva", "tr": "Litvanca",
           "ru": "литовский"},
    "et": {"en": "Estonian", "lv": "igauņu", "az": "eston", "tr": "Estonca", "ru": "эстонский"},
    "fi": {"en": "Finnish", "lv": "somu", "az": "fin", "tr": "Fince", "ru": "финский"},
    "sv": {"en": "Swedish", "lv": "zviedru", "az": "isveç", "tr": "İsveççe", "ru": "шведский"},
    "de": {"en": "German", "lv": "vācu", "az": "alman", "tr": "Almanca", "ru": "немецкий"},
    "fr": {"en": "French", "lv": "franču", "az": "fransız", "tr": "Fransızca", "ru": "французский"},
    "pl": {"en": "Polish", "lv": "poļu", "az": "polyak", "tr": "Lehçe", "ru": "польский"},
    "az": {"en": "Azerbaijani", "lv": "azerbaidžāņu", "az": "Azərbaycan", "tr": "Azerice",
           "ru": "азербайджанский"},
    "tr": {"en": "Turkish", "lv": "turku", "az": "türk", "tr": "Türkçe", "ru": "турецкий"},
    "ru": {"en": "Russian", "lv": "krievu", "az": "rus", "tr": "Rusça", "ru": "русский"},
    "uk": {"en": "Ukrainian", "lv": "ukraiņu", "az": "Ukrayna", "tr": "Ukraynaca",
           "ru": "украинский"},
    "kk": {"en": "Kazakh", "lv": "kazahu", "az": "qazax", "tr": "Kazakça", "ru": "казахский"},
    "und": {"en": "unknown language", "lv": "nezināma valoda", "az": "naməlum dil",
            "tr": "bilinmeyen dil", "ru": "неизвестный язык"},
}  # fmt: skip

_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris "
    "novembris decembris",
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "ru": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
}
_RUSSIAN_GENITIVE: Final = (
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"
)
_DAY: Final = {"lv": "{year}. gada {day}. {month}", "ru": "{day} {month} {year} г."}
_MONTH: Final = {"lv": "{year}. gada {month}", "ru": "{month} {year} г."}
_YEAR: Final = {"lv": "{year}. gads", "ru": "{year} г."}


def say(key: str, language: str, /, **values: object) -> str:
    """Return a string in the page's language, or else in English."""
    return say_raw(key, language).format(**values)


def page_words(language: str) -> dict[str, str]:
    """Return what the page's scripts say, in the page's language."""
    return {key: say_raw(key, language) for key in _OF_PAGE}


def say_raw(key: str, language: str) -> str:
    """Return a string with its {fields} still open."""
    said = STRINGS[key]
    return said.get(language, said[DEFAULT])


def refusal(language: str, missing: Sequence[str]) -> str:
    """Return why there is no answer, in the question's language or else in English.

    Args:
        missing: names and numbers of the question that no passage has.
    """
    said = say("unsupported", language)
    if missing:
        words = ", ".join(f"“{word}”" for word in missing)
        said += " " + say("missing", language, words=words)
    return said


def language_name(code: str, language: str) -> str:
    """Return a language's name in the page's language; its code where there is no name.

    >>> language_name("lv", "en")
    'Latvian'
    """
    names = LANGUAGE_NAMES.get(code, {})
    return names.get(language) or names.get(DEFAULT) or code


def readable_date(date: str, language: str) -> str:
    """Return an ISO date, cut to its precision, as people write it.

    >>> readable_date("2017-10-18", "en"), readable_date("2017-10", "lv")
    ('18 October 2017', '2017. gada oktobris')
    """
    parts = date.split("-")
    year = parts[0]
    if len(parts) == 1:
        return _YEAR.get(language, "{year}").format(year=year)
    month = _MONTHS.get(language, _MONTHS[DEFAULT]).split()[int(parts[1]) - 1]
    if len(parts) == 2:
        return _MONTH.get(language, "{month} {year}").format(year=year, month=month)
    if language == "ru":
        month = _RUSSIAN_GENITIVE.split()[int(parts[1]) - 1]
    pattern = _DAY.get(language, "{day} {month} {year}")
    return pattern.format(year=year, month=month, day=int(parts[2]))


def choose_language(*wishes: str | None) -> str:
    """Return the first language wished for that the page has, else English.

    Args:
        wishes: codes, or Accept-Language headers, the strongest wish first.

    >>> choose_language(None, "de, lv;q=0.8, en;q=0.5")
    'lv'
    """
    for wish in wishes:
        for code in _ranked(wish or ""):
            if code in LANGUAGES:
                return code
    return DEFAULT


def _ranked(header: str) -> list[str]:
    """Return an Accept-Language header's languages without their regions, best first."""
    ranked = []
    for part in header[:1000].split(","):
        name, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if weight > 0:
            ranked.append((-weight, name.split("-")[0].strip().lower()))
    return [name for _, name in sorted(ranked, key=lambda item: item[0])]
