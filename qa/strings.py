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

_ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "unsupported": {
        "en": "The documents don’t say.",
        "lv": "Dokumentos par to nekas nav teikts.",
        "az": "Sənədlərdə bu barədə heç nə deyilmir.",
        "tr": "Belgelerde bununla ilgili bir şey yok.",
        "ru": "В документах об этом не сказано.",
    },
    "missing": {
        "en": "No passage mentions {words}.",
        "lv": "Nevienā fragmentā nav minēts: {words}.",
        "az": "Heç bir parçada qeyd olunmayıb: {words}.",
        "tr": "Hiçbir bölümde geçmiyor: {words}.",
        "ru": "Ни в одном фрагменте не упоминается: {words}.",
    },
    "tagline": {
        "en": "Answers in the documents’ own words",
        "lv": "Atbildes ar pašu dokumentu vārdiem",
        "az": "Cavablar sənədlərin öz sözləri ilə",
        "tr": "Belgelerin kendi sözleriyle yanıtlar",
        "ru": "Ответы словами самих документов",
    },
    "ask_tab": {"en": "Ask", "lv": "Jautāt", "az": "Sual", "tr": "Sor", "ru": "Вопрос"},
    "documents_tab": {
        "en": "Documents",
        "lv": "Dokumenti",
        "az": "Sənədlər",
        "tr": "Belgeler",
        "ru": "Документы",
    },
    "question": {
        "en": "Your question",
        "lv": "Jūsu jautājums",
        "az": "Sualınız",
        "tr": "Sorunuz",
        "ru": "Ваш вопрос",
    },
    "placeholder": {
        "en": "What would you like to know?",
        "lv": "Ko vēlaties uzzināt?",
        "az": "Nəyi bilmək istəyirsiniz?",
        "tr": "Neyi öğrenmek istersiniz?",
        "ru": "Что вы хотите узнать?",
    },
    "ask": {"en": "Ask", "lv": "Jautāt", "az": "Soruş", "tr": "Sor", "ru": "Спросить"},
    "answers": {
        "en": "Answers",
        "lv": "Atbildes",
        "az": "Cavablar",
        "tr": "Yanıtlar",
        "ru": "Ответы",
    },
    "welcome": {
        "en": "Ask in your own language. Folio answers with sentences quoted from the library "
        "({documents}), and each one opens where it stands in its source. Where the documents "
        "don’t say, Folio says so.",
        "lv": "Jautājiet savā valodā. Folio atbild ar teikumiem, kas citēti no bibliotēkas "
        "({documents}), un katrs no tiem atveras savā vietā avotā. Ja dokumentos par to nekas nav "
        "teikts, Folio tā arī saka.",
        "az": "Öz dilinizdə soruşun. Folio kitabxanadan ({documents}) sitat gətirilmiş cümlələrlə "
        "cavab verir və hər biri mənbədə öz yerində açılır. Sənədlərdə cavab yoxdursa, Folio bunu "
        "deyir.",
        "tr": "Kendi dilinizde sorun. Folio, kitaplıktan ({documents}) alıntılanan cümlelerle "
        "yanıt verir ve her biri kaynağındaki yerinde açılır. Belgeler bir şey söylemiyorsa Folio "
        "bunu belirtir.",
        "ru": "Спрашивайте на своём языке. Folio отвечает предложениями, процитированными из "
        "библиотеки ({documents}), и каждое открывается на своём месте в источнике. Если в "
        "документах об этом не сказано, Folio так и говорит.",
    },
    "try": {
        "en": "Try asking",
        "lv": "Pamēģiniet pajautāt",
        "az": "Soruşmağa çalışın",
        "tr": "Şunu sormayı deneyin",
        "ru": "Попробуйте спросить",
    },
    "empty_library": {
        "en": "The library has no documents yet. Put files into {folder}, then run",
        "lv": "Bibliotēkā vēl nav dokumentu. Ielieciet failus mapē {folder} un tad izpildiet",
        "az": "Kitabxanada hələ sənəd yoxdur. Faylları {folder} qovluğuna qoyun, sonra icra edin",
        "tr": "Kitaplıkta henüz belge yok. Dosyaları {folder} klasörüne koyun, sonra çalıştırın",
        "ru": "В библиотеке пока нет документов. Положите файлы в папку {folder} и выполните",
    },
    "reading": {
        "en": "Reading the documents",
        "lv": "Lasa dokumentus",
        "az": "Sənədlər oxunur",
        "tr": "Belgeler okunuyor",
        "ru": "Читаю документы",
    },
    "no_answer": {
        "en": "No answer",
        "lv": "Nav atbildes",
        "az": "Cavab yoxdur",
        "tr": "Yanıt yok",
        "ru": "Ответа нет",
    },
    "nearest": {
        "en": "Nearest passages, not an answer",
        "lv": "Tuvākie fragmenti, kas nav atbilde",
        "az": "Ən yaxın parçalar; cavab deyil",
        "tr": "En yakın bölümler; yanıt değildir",
        "ru": "Ближайшие фрагменты, но не ответ",
    },
    "understood": {
        "en": "Understood as: {question}",
        "lv": "Saprasts kā: {question}",
        "az": "Belə başa düşüldü: {question}",
        "tr": "Şöyle anlaşıldı: {question}",
        "ru": "Понято так: {question}",
    },
    "as_typed": {
        "en": "Ask it as typed",
        "lv": "Jautāt tā, kā uzrakstīts",
        "az": "Yazıldığı kimi soruş",
        "tr": "Yazıldığı gibi sor",
        "ru": "Спросить как написано",
    },
    "new_topic": {
        "en": "New topic",
        "lv": "Jauns temats",
        "az": "Yeni mövzu",
        "tr": "Yeni konu",
        "ru": "Новая тема",
    },
    "other_language": {
        "en": "{language}, unlike your question",
        "lv": "{language}, jautājums ir citā valodā",
        "az": "{language}, sualınızın dilində deyil",
        "tr": "{language}, sorunuzun dilinde değil",
        "ru": "{language}, не на языке вопроса",
    },
    "sources_differ": {
        "en": "Sources differ: compare the quotes and their dates.",
        "lv": "Avoti atšķiras: salīdziniet citātus un to datumus.",
        "az": "Mənbələr fərqlidir: sitatları və tarixlərini müqayisə edin.",
        "tr": "Kaynaklar farklı: alıntıları ve tarihlerini karşılaştırın.",
        "ru": "Источники расходятся: сравните цитаты и их даты.",
    },
    "also_in": {
        "en": "Also in",
        "lv": "Arī šeit",
        "az": "Burada da",
        "tr": "Şurada da",
        "ru": "Также здесь",
    },
    "page": {
        "en": "page {page}",
        "lv": "{page}. lpp.",
        "az": "səhifə {page}",
        "tr": "sayfa {page}",
        "ru": "стр. {page}",
    },
    "open_quote": {
        "en": "Quote {number}: open its place in {title}",
        "lv": "{number}. citāts: atvērt vietu avotā {title}",
        "az": "Sitat {number}: mənbədə yerini açmaq, {title}",
        "tr": "Alıntı {number}: kaynaktaki yerini aç, {title}",
        "ru": "Цитата {number}: открыть место в источнике {title}",
    },
    "source": {"en": "Source", "lv": "Avots", "az": "Mənbə", "tr": "Kaynak", "ru": "Источник"},
    "close": {"en": "Close", "lv": "Aizvērt", "az": "Bağla", "tr": "Kapat", "ru": "Закрыть"},
    "hint": {
        "en": "A quote’s number opens its source here.",
        "lv": "Citāta numurs šeit atver tā avotu.",
        "az": "Sitatın nömrəsi onun mənbəyini burada açır.",
        "tr": "Alıntının numarası kaynağını burada açar.",
        "ru": "Номер цитаты открывает здесь её источник.",
    },
    "marked_page": {
        "en": "marked on page {page}",
        "lv": "iezīmēts {page}. lpp.",
        "az": "səhifə {page}, işarələnib",
        "tr": "sayfa {page} üzerinde işaretli",
        "ru": "отмечено на стр. {page}",
    },
    "gone": {
        "en": "This passage isn’t in the library any more, or the link is damaged.",
        "lv": "Šī fragmenta bibliotēkā vairs nav, vai arī saite ir bojāta.",
        "az": "Bu parça artıq kitabxanada yoxdur və ya keçid zədələnib.",
        "tr": "Bu bölüm artık kitaplıkta değil ya da bağlantı bozuk.",
        "ru": "Этого фрагмента больше нет в библиотеке, или ссылка повреждена.",
    },
    "moved": {
        "en": "The document has changed since it was cited. Its words stand here now.",
        "lv": "Dokuments kopš citēšanas ir mainījies. Tagad šie vārdi ir šeit.",
        "az": "Sənəd sitat gətiriləndən sonra dəyişib. Bu sözlər indi buradadır.",
        "tr": "Belge alıntılandıktan sonra değişti. Bu sözler şimdi burada.",
        "ru": "Документ с тех пор изменился. Теперь эти слова стоят здесь.",
    },
    "changed": {
        "en": "The document has changed: {date}.",
        "lv": "Dokuments ir mainījies: {date}.",
        "az": "Sənəd dəyişib: {date}.",
        "tr": "Belge değişti: {date}.",
        "ru": "Документ изменён: {date}.",
    },
    "removed": {
        "en": "The document is no longer in the library: {date}.",
        "lv": "Dokumenta bibliotēkā vairs nav: {date}.",
        "az": "Sənəd artıq kitabxanada deyil: {date}.",
        "tr": "Belge artık kitaplıkta değil: {date}.",
        "ru": "Документа больше нет в библиотеке: {date}.",
    },
    "most_alike": {
        "en": "What is most like the cited words is marked.",
        "lv": "Iezīmēts citētajiem vārdiem līdzīgākais.",
        "az": "Sitata ən çox bənzəyən yer işarələnib.",
        "tr": "Alıntıya en çok benzeyen yer işaretli.",
        "ru": "Отмечено место, наиболее похожее на цитату.",
    },
    "as_it_was": {
        "en": "The text is shown as it was.",
        "lv": "Teksts parādīts tāds, kāds tas bija.",
        "az": "Mətn əvvəlki halında göstərilir.",
        "tr": "Metin eski hâliyle gösteriliyor.",
        "ru": "Текст показан таким, каким он был.",
    },
    "open_now": {
        "en": "Open it as it is now",
        "lv": "Atvērt pašreizējo",
        "az": "İndiki halını aç",
        "tr": "Şimdiki hâlini aç",
        "ru": "Открыть нынешний",
    },
    "cited": {
        "en": "It said:",
        "lv": "Tur bija teikts:",
        "az": "Orada deyilirdi:",
        "tr": "Orada şöyle deniyordu:",
        "ru": "Там было сказано:",
    },
    "unreachable": {
        "en": "Folio doesn’t answer. Is it still running?",
        "lv": "Folio neatbild. Vai tas vēl darbojas?",
        "az": "Folio cavab vermir. Hələ işləyirmi?",
        "tr": "Folio yanıt vermiyor. Hâlâ çalışıyor mu?",
        "ru": "Folio не отвечает. Он ещё запущен?",
    },
    "failed": {
        "en": "Folio couldn’t answer this. Ask again; if it happens again, run",
        "lv": "Folio nevarēja uz to atbildēt. Jautājiet vēlreiz; ja tas atkārtojas, izpildiet",
        "az": "Folio buna cavab verə bilmədi. Yenidən soruşun; təkrarlanarsa, icra edin",
        "tr": "Folio bunu yanıtlayamadı. Yeniden sorun; yine olursa çalıştırın",
        "ru": "Folio не смог ответить. Спросите ещё раз; если повторится, выполните",
    },
    "too_long": {
        "en": "The question has {count} characters; {limit} are the most.",
        "lv": "Jautājumā ir {count} rakstzīmes; lielākais skaits ir {limit}.",
        "az": "Sualda {count} simvol var; ən çoxu {limit}.",
        "tr": "Soruda {count} karakter var; en çok {limit} olabilir.",
        "ru": "В вопросе {count} знаков; допустимо не больше {limit}.",
    },
    "title": {
        "en": "Title",
        "lv": "Nosaukums",
        "az": "Başlıq",
        "tr": "Başlık",
        "ru": "Название",
    },
    "kind": {"en": "Kind", "lv": "Veids", "az": "Növ", "tr": "Tür", "ru": "Вид"},
    "language": {"en": "Language", "lv": "Valoda", "az": "Dil", "tr": "Dil", "ru": "Язык"},
    "date": {"en": "Date", "lv": "Datums", "az": "Tarix", "tr": "Tarih", "ru": "Дата"},
    "pages": {"en": "Pages", "lv": "Lappuses", "az": "Səhifə", "tr": "Sayfa", "ru": "Страницы"},
    "passages": {
        "en": "Passages",
        "lv": "Fragmenti",
        "az": "Parçalar",
        "tr": "Bölümler",
        "ru": "Фрагменты",
    },
    "state": {"en": "State", "lv": "Stāvoklis", "az": "Vəziyyət", "tr": "Durum", "ru": "Состояние"},
    "indexed": {
        "en": "indexed",
        "lv": "indeksēts",
        "az": "indekslənib",
        "tr": "dizinlendi",
        "ru": "в указателе",
    },
    "unread": {
        "en": "not read",
        "lv": "nav nolasīts",
        "az": "oxunmayıb",
        "tr": "okunamadı",
        "ru": "не прочитан",
    },
    "count_documents": {
        "en": "documents: {count}",
        "lv": "dokumenti: {count}",
        "az": "sənədlər: {count}",
        "tr": "belgeler: {count}",
        "ru": "документы: {count}",
    },
    "count_failed": {
        "en": "not read: {count}",
        "lv": "nav nolasīti: {count}",
        "az": "oxunmayıb: {count}",
        "tr": "okunamadı: {count}",
        "ru": "не прочитаны: {count}",
    },
    "article": {
        "en": "article",
        "lv": "raksts",
        "az": "məqalə",
        "tr": "makale",
        "ru": "статья",
    },
    "agreement": {
        "en": "agreement",
        "lv": "līgums",
        "az": "müqavilə",
        "tr": "sözleşme",
        "ru": "договор",
    },
    "memorandum": {
        "en": "memorandum",
        "lv": "memorands",
        "az": "memorandum",
        "tr": "mutabakat zaptı",
        "ru": "меморандум",
    },
    "minutes": {
        "en": "minutes",
        "lv": "protokols",
        "az": "protokol",
        "tr": "tutanak",
        "ru": "протокол",
    },
    "report": {"en": "report", "lv": "pārskats", "az": "hesabat", "tr": "rapor", "ru": "отчёт"},
    "other": {"en": "other", "lv": "cits", "az": "digər", "tr": "diğer", "ru": "другое"},
    "interface_language": {
        "en": "Language of the page",
        "lv": "Lapas valoda",
        "az": "Səhifənin dili",
        "tr": "Sayfanın dili",
        "ru": "Язык страницы",
    },
}

# What only the page says is a table beside this module.
_PAGE: Final = tomllib.loads(files("qa").joinpath("page.toml").read_text(encoding="utf-8"))
STRINGS: Final[Mapping[str, Mapping[str, str]]] = {**_ANSWERS, **_PAGE}

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
    return {key: say_raw(key, language) for key in STRINGS}


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
