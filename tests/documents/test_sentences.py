import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents import sentences
from documents.sentences import MAX_CHARS


def cut(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


WHOLE = [
    "18. un 19. oktobrī Ventspilī viesosies partneri.",
    "Projekta īstenošana uzsākta 2017. gada oktobrī un turpināsies līdz 2020. gada septembrim.",
    "Līgums Nr. 5 tika parakstīts plkst. 12.30 Ventspils ielā 3.",
    "Amendment to Cooperation Agreement No. IDDA/VATP-2022/07 was signed in Baku.",
    "Piedalās u.c. partneri, t.i. visi.",
    "J. Bērziņš un A. S. Puşkin tikās ar Dž. Smitu.",
    "Mr. X met Dr. Y at 5 p.m. in the U.S. Senate.",
    "The price of Folio Inc. shares rose by 3.5 percent, e.g. in May.",
    "In Roe v. Wade the court sat in Washington, D.C. all day.",
    "Write to tereza.lepere@vatp.lv or see https://www.vatp.lv/en/news.html for more.",
    "“Really?” he asked.",
    "“It will be organized in Baku and Seoul,” he said.",
    "И. И. Иванов и д-р Петров живут на ул. Ленина, т.е. в центре.",
    "Технопарк им. А. С. Пушкина в г. Риге открыт в 2017 г. по плану.",
    "Сумма составила 5 млн. долл. США и т.д. по списку.",
    "II. Dünya Savaşı'nda Prof. Dr. Ömer Şahin 19. yüzyılı anlattı.",
    "Atatürk Cad. No. 5 adresindeki Şirket A.Ş. Genel Müdürlüğü vb. yerler.",
    "Sənəd 6 noyabr 2018-ci ildə, saat 10.30-da imzalanıb.",
    "Wait ... what happened?",
    "Am 3. Oktober wurde über die Änderung für das 7. Mal gesprochen.",
    "1.2. The Parties shall meet twice a year.",
    "В 2017 г. Вентспилсский парк подписал меморандум.",
    "В октябре 2017г. Вентспилсский парк подписал меморандум.",
    "18 октября 2017 г. Министерство подписало меморандум.",
    "«18» октября 2017 г. Министерство подписало меморандум.",
    "К концу 2019 г. Парк вырос.",
    "В 2014–2020 гг. Парк участвовал в программе.",
    "С января по март 2017 г. Парк принимал гостей.",
    "Города, в т.ч. Вентспилс, участвуют в выставке на оз. Байкал.",
    "Московская обл. Гатчинский район, пл. Ленина, наб. Мойки.",
    "Kaya San. ve Tic. A.Ş. ile imzalandı.",
    "KAYA İNŞ. SAN. VE TİC. LTD. ŞTİ. ile imzalandı.",
    "Kaya San. Tic. Ltd. Şti. ile imzalandı.",
    "Sn. Ahmet, Prof.Dr. Ali, Yrd.Doç.Dr. Öner ve Gn. Md. Şule geldi.",
    "Yön. Krl. Bşk. Ömer ve Gnl. Müd. Işık, Yük. Müh. İnci ile geldi.",
    "Direktora p.i. Jānis un padomes v.i. Žanis parakstīja.",
    "Partneri, t.sk. Rīgas dome, Reģ. Nr. 40003, ieradās.",
    "Runāja Dr.sc.ing. Jānis, Mg.oec. Ķirsis, Dr. oec. Ņina un asoc. prof. Ģirts.",
    "Rīgā, 2017. g. 18. oktobrī parakstīts.",
    "Tədbirdə dos. Əli, f.e.d. Şahin və i.e.n. İlqar çıxış etdi.",
    "Ünvan: Bakı ş. Nəsimi r. Nizami küç. 5.",
    "Assoc. Prof. John and Maj. Gen. Jane met them.",
    "It costs approx. EUR 5, or ca. €5, under Art. IV of the treaty.",
]

SEVERAL = [
    ["Viņš ieradās 2017. gadā.", "Pēc tam viņš aizbrauca."],
    ["It was founded in 2018.", "The company grew."],
    [
        "… become companies in the future,” he said.",
        "“HTP also plans more.”",
        "“In addition, it does.”",
    ],
    ["He stopped.", "“Why?”", "Nobody knew!", "(Nobody ever does.)"],
    ["Она пришла в 2018 г.", "Он ушёл.", "«Почему?»", "— Не знаю!"],
    ["Toplantı bitti.", "Herkes gitti!", "Neden?"],
    ["Görüş başa çatdı.", "Sənəd imzalandı."],
    ["第一句。", "第二句！", "第三句？"],
    ["وقع الطرفان المذكرة.", "هل انتهى الاجتماع؟", "نعم."],
    ["पहला वाक्य।", "दूसरा वाक्य।"],
    ["He works at Folio Inc.", "The office is in Riga."],
    ["It grew.[12]", "Then it fell."],
    ["C’est fini. »", "Il partit."],
    ["Парк открыт в 2017 г.", "Парк подписал меморандум."],
    ["Он вырос к концу 2019 г.", "Компания тоже выросла."],
    ["Kurs 10 sn.", "Sonra durdu."],
    ["Ağır bir yük.", "Şule güldü."],
    ["Yol kuzey yön.", "Ömer güneye gitti."],
    ["Ofis Bakı ş.", "Bu ünvandadır."],
    ["Runāja Dr.Bērziņš.", "Žanis aizgāja."],
    ["Viņš ir direktora p.i.", "Pēc tam viņš aizgāja."],
    ["He met Prof.Smith.", "Parks grew."],
    ["See www.cdc.gov.", "Parks grew."],
    ["It runs on DOS.", "Parks use the SAN.", "The office doesn't."],
    ["He has a nervous tic.", "She said no.", "I think so."],
    ["He works at Smith Inc.", "In 2018 it grew."],
]


@pytest.mark.parametrize("text", WHOLE)
def test_a_full_stop_inside_a_sentence_doesnt_end_it(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize("parts", SEVERAL)
def test_sentences_end_where_people_end_them(parts: list[str]) -> None:
    assert cut(" ".join(parts)) == parts


def test_a_line_ends_a_sentence() -> None:
    assert cut("Virsraksts\nPirmā rindkopa.\n\n- viens\n- divi\n\nBeigas") == [
        "Virsraksts", "Pirmā rindkopa.", "- viens", "- divi", "Beigas",
    ]  # fmt: skip


def test_a_line_that_plainly_goes_on_ends_nothing() -> None:
    text = "Projekta partneri pirmajā dienā tiks iepazīstināti\nar biznesa atbalsta ekosistēmu."
    assert cut(text) == [text]


def test_a_very_long_sentence_is_cut_at_semicolons() -> None:
    clause = "the Party shall do everything that is needed for the purposes of this Agreement"
    parts = cut("; ".join([clause] * 20) + ".")
    assert all(len(part) <= MAX_CHARS for part in parts)
    assert all(part.endswith((";", ".")) for part in parts)


SCRIPTS = "aĀģşİıəЖё中ابह .!?…。！？؟।\n\n\"'”»)“1;,"


@given(st.text(alphabet=SCRIPTS, max_size=300))
@settings(max_examples=300)
def test_sentences_are_ordered_stripped_and_cover_everything_but_white_space(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert start < end
        assert not text[at:start].strip()
        assert text[start:end] == text[start:end].strip()
        assert "\n\n" not in text[start:end]
        at = end
    assert not text[at:].strip()
