import pytest

from documents import DocumentError
from documents.encodings import decode

LATVIAN = (
    "Ventspils Augsto tehnoloģiju parks dalīsies pieredzē ar partneriem no Zviedrijas.",
    "Līgums stājas spēkā pēc tā parakstīšanas, un to var pagarināt, pusēm vienojoties.",
    "Ķīpsalā Šņore, žagars, čūska un ļoti liels ēģelis.",
)
TURKISH = (
    "Mutabakat zaptı İstanbul'da imzalandı; taraflar işbirliğini güçlendirecek.",
    "Görüşmede teknoloji geliştirme bölgelerinin çalışmaları değerlendirildi.",
    "Şirketin kuruluş yılı: 1998, çalışan sayısı: kırk üç.",
)
RUSSIAN = (
    "Меморандум о взаимопонимании подписан в Баку шестого ноября.",
    "Стороны договорились о сотрудничестве в области высоких технологий.",
    "Ещё одно соглашение действует до конца года.",
)
WESTERN = (
    "Die Vereinbarung wurde für fünf Jahre geschlossen, die Parteien können sie verlängern.",
    "L'accord a été signé à Genève par le ministère de l'Économie.",
    "The “Agreement” – signed in 2014 – isn’t public.",
)


@pytest.mark.parametrize("text", LATVIAN)
@pytest.mark.parametrize("encoding", ["cp1257", "iso8859-13", "iso8859-4", "utf-8"])
def test_latvian_is_read_in_each_encoding_it_was_written_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", TURKISH)
@pytest.mark.parametrize("encoding", ["cp1254", "iso8859-9", "utf-8"])
def test_turkish_is_read_in_each_encoding_it_was_written_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", RUSSIAN)
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r", "cp866", "iso8859-5", "utf-8"])
def test_russian_is_read_in_each_encoding_it_was_written_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("text", WESTERN)
def test_western_text_is_read_as_windows_writes_it(text: str) -> None:
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "text", [LATVIAN[0], TURKISH[0], RUSSIAN[0], "Şərq tərəfdaşlığı — ə, ı, İ"]
)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_a_mark_or_without(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


def test_a_few_broken_bytes_in_utf8_become_replacement_characters() -> None:
    data = (" ".join(LATVIAN * 3)).encode() + b" \xff\xfe beigas"
    assert decode(data).endswith("\ufffd\ufffd beigas")


def test_a_stray_nul_doesnt_make_a_text_binary() -> None:
    assert decode(" ".join(LATVIAN).encode() + b"\0") == " ".join(LATVIAN) + "\0"


def test_an_old_file_with_one_accented_word_in_english_is_read() -> None:
    text = "The café in Riga was where the parties met, and they signed the memorandum there."
    assert decode(text.encode("cp1252")) == text


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 20, b"\x00\x01\x02\x03" * 100, b"\x7fELF\x02\x01\x01\x00" + b"\0" * 64],
)
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(DocumentError) as caught:
        decode(data)
    assert caught.value.reason == "binary"
