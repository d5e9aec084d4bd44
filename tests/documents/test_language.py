import pytest

from documents import detect

PARAGRAPHS = {
    "en": "The agency signed a memorandum of cooperation with the technology park, and both sides "
    "agreed to exchange experience and to train young specialists.",
    "lv": "Projekta mērķis ir uzlabot un veicināt biznesa atbalsta organizāciju kapacitāti, tā "
    "sniedzot ieguldījumu Baltijas jūras reģiona izaugsmē.",
    "az": "Görüşdə tərəflər innovasiya ekosisteminin inkişafı və birgə layihələrin həyata "
    "keçirilməsi barədə fikir mübadiləsi aparıblar.",
    "tr": "Görüşmede taraflar inovasyon ekosisteminin geliştirilmesi ve ortak projelerin hayata "
    "geçirilmesi konusunda görüş alışverişinde bulundu.",
    "ru": "На встрече стороны обменялись мнениями о развитии инновационной экосистемы и о "
    "совместных проектах в области высоких технологий.",
    "lt": "Projekto tikslas yra stiprinti verslo paramos organizacijų gebėjimus ir prisidėti prie "
    "Baltijos jūros regiono augimo.",
    "et": "Projekti eesmärk on tugevdada ettevõtluse tugiorganisatsioonide võimekust ja aidata "
    "kaasa Läänemere piirkonna kasvule.",
    "uk": "Під час зустрічі сторони обмінялися думками щодо розвитку інноваційної екосистеми та "
    "спільних проєктів.",
    "kk": "Кездесуде тараптар инновациялық экожүйені дамыту және бірлескен жобаларды жүзеге асыру "
    "туралы пікір алмасты.",
    "pl": "Celem projektu jest wzmocnienie potencjału organizacji wspierających biznes w regionie "
    "Morza Bałtyckiego.",
    "de": "Die Parteien vereinbarten, Erfahrungen auszutauschen und junge Fachleute auszubilden.",
    "fr": "Les parties sont convenues d'échanger leurs expériences et de former de jeunes "
    "spécialistes.",
    "fi": "Osapuolet sopivat vaihtavansa kokemuksia ja kouluttavansa nuoria asiantuntijoita.",
    "sv": "Parterna kom överens om att utbyta erfarenheter och att utbilda unga specialister.",
}

QUESTIONS = {
    "When was it signed?": "en",
    "Who signed?": "en",
    "What is ICESCO?": "en",
    "Kas parakstīja līgumu?": "lv",
    "Cik partneru piedalās projektā IRIS?": "lv",
    "Ko paredz memorands?": "lv",
    "Kim imzaladı?": "tr",
    "Sözleşme ne zaman imzalandı?": "tr",
    "Müqaviləni kim imzalayıb?": "az",
    "Memorandum nə vaxt imzalanıb?": "az",
    "Кто подписал меморандум?": "ru",
    "Когда это было?": "ru",
    "Kto podpisał umowę?": "pl",
    "Wer unterschrieb den Vertrag?": "de",
    "Хто підписав угоду?": "uk",
    "Kas pasirašė sutartį?": "lt",
}


@pytest.mark.parametrize(("language", "text"), PARAGRAPHS.items())
def test_a_paragraph_gets_its_language(language: str, text: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize(("question", "language"), QUESTIONS.items())
def test_a_short_question_gets_its_language(question: str, language: str) -> None:
    assert detect(question) == language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Muqavile ne vaxt imzalanib?", "az"),
        ("Kurs nece hefte davam edir?", "az"),
        ("nece hefte", "az"),
        ("Hansi sirketler istirak edib?", "az"),
        ("Memorandum ne vaxta qeder quvvededir?", "az"),
        ("Sozlesme ne zaman imzalandi?", "tr"),
        ("kac girisimci katildi", "tr"),
        ("Hangi sirketler katildi?", "tr"),
        ("Anlasma ne zamana kadar gecerli?", "tr"),
        ("Max Texas ne zaman geldi?", "tr"),
        ("kad tika parakstits ligums", "lv"),
        ("Which club described it?", "en"),
    ],
)
def test_a_question_typed_without_diacritics_gets_its_language(
    question: str, language: str
) -> None:
    assert detect(question) == language


@pytest.mark.parametrize("text", ["", "   ", "2017", "+371 22018690", "…", "\u200b"])
def test_a_text_without_words_is_in_no_language(text: str) -> None:
    assert detect(text) == "und"


def test_columns_of_numbers_before_the_prose_dont_matter() -> None:
    table = "\n".join(f"IT {number} | {number * 7} | 12.5 %" for number in range(300))
    assert detect(f"{table}\n{PARAGRAPHS['lv']}") == "lv"
