"""Archives and letters: every document in them is accounted for."""

import zipfile
from email.message import EmailMessage
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest

from documents import DocumentError, Outcome, containers, read, read_all
from documents.formats import Member
from documents.limits import Limits, holding, limits
from documents.worker import ReaderPool

TEXT = "Ventspils parks parakstīja līgumu ar aģentūru."


def zipped(members: dict[str, bytes | str]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out.getvalue()


def letter(**attachments: bytes) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Inta Žagare <inta@example.org>"
    message["To"] = "rasim@example.org"
    message["Subject"] = "Par sadarbību"
    message["Date"] = "Fri, 13 May 2022 10:00:00 +0300"
    message.set_content("Labdien!\n\nLīgums ir parakstīts.\n")
    for name, data in attachments.items():
        message.add_attachment(
            data, maintype="application", subtype="octet-stream", filename=name.replace("__", ".")
        )
    return message


def told(outcomes: list[Outcome]) -> dict[str, str]:
    """Return each document's text, or the reason why there is none."""
    assert len({outcome.name for outcome in outcomes}) == len(outcomes) > 0
    return {
        outcome.name: result.reason if isinstance(result, DocumentError) else result.text
        for outcome in outcomes
        for result in (outcome.result,)
    }


# --- ZIP ------------------------------------------------------------------------------------------


def test_an_archives_documents_are_documents_under_its_name() -> None:
    data = zipped(
        {
            "2019/līgums.txt": TEXT,
            "a.docx": b"no",
            "photo.png": b"\x89PNG\r\n\x1a\n",
            "2019/": b"",
            ".hidden": b"x",
            "__MACOSX/._a.txt": b"x",
        }
    )
    outcomes = read_all(data, "in/box.zip")
    assert told(outcomes) == {
        "in/box.zip/2019/līgums.txt": TEXT,
        "in/box.zip/a.docx": "type_mismatch",
        "in/box.zip/photo.png": "unsupported",
    }
    assert outcomes[0].sha256 == sha256(TEXT.encode()).hexdigest()
    assert outcomes[0].result == read(TEXT.encode(), "in/box.zip/2019/līgums.txt")


@pytest.mark.parametrize("data", [zipped({}), zipped({"folder/": b"", ".DS_Store": b"x"})])
def test_an_archive_without_files_is_empty(data: bytes) -> None:
    assert told(read_all(data, "box.zip")) == {"box.zip": "empty"}


def test_an_archive_in_an_archive_is_opened_to_a_depth() -> None:
    data, name = TEXT.encode(), "a.txt"
    for depth in range(containers.MAX_DEPTH):
        data, name = zipped({name: data}), f"{depth}.zip"
    assert told(read_all(data, "box.zip")) == {"box.zip/1.zip/0.zip/a.txt": TEXT}
    deeper = zipped({"2.zip": data, "b.txt": TEXT})
    assert told(read_all(deeper, "box.zip")) == {
        "box.zip/2.zip/1.zip/0.zip": "limit",
        "box.zip/b.txt": TEXT,
    }


def test_a_packed_file_is_found_by_its_bytes_however_deep() -> None:
    inner = zipped({"b.txt": TEXT, "c.txt": "other"})
    mail = letter(box__zip=inner).as_bytes()
    data = zipped({"mail.eml": mail, "a.txt": "first"})
    with ReaderPool() as pool:
        for content in (b"first", mail, inner, TEXT.encode(), b"other"):
            assert containers.packed(data, "x.zip", sha256(content).hexdigest(), pool) == content
        assert containers.packed(data, "x.zip", sha256(b"none").hexdigest(), pool) is None
        assert containers.packed(data, "x.txt", sha256(b"first").hexdigest(), pool) is None


@pytest.mark.parametrize(
    "name", ["../a.txt", "/etc/a.txt", "b/../../a.txt", "C:\\a.txt", "..\\a.txt"]
)
def test_a_name_that_leads_out_is_unsafe_and_harms_nothing_else(name: str) -> None:
    outcomes = told(read_all(zipped({name: TEXT, "good.txt": TEXT}), "box.zip"))
    assert outcomes.pop("box.zip/good.txt") == TEXT
    [(shown, reason)] = outcomes.items()
    assert reason == "unsafe_path"
    assert ".." not in shown.split("/")
    assert shown.startswith("box.zip/")


def test_a_link_in_an_archive_is_unsafe() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        packed.writestr(link, "/etc/passwd")
    assert told(read_all(out.getvalue(), "box.zip")) == {"box.zip/link.txt": "unsafe_path"}


def test_a_locked_member_costs_itself_only() -> None:
    data = bytearray(zipped({"locked.txt": TEXT, "open.txt": TEXT}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    assert told(read_all(bytes(data), "box.zip")) == {
        "box.zip/locked.txt": "encrypted",
        "box.zip/open.txt": TEXT,
    }


def test_a_damaged_member_costs_itself_only() -> None:
    data = bytearray(zipped({"a.txt": TEXT * 9, "b.txt": TEXT}))
    data[60] ^= 0xFF
    assert told(read_all(bytes(data), "box.zip")) == {
        "box.zip/a.txt": "corrupt",
        "box.zip/b.txt": TEXT,
    }


def test_a_bomb_is_refused_as_a_whole() -> None:
    zeros = b"\0" * (45 << 20)
    bomb = zipped({f"{number}.txt": zeros for number in range(3)})
    assert len(bomb) < 1_000_000
    assert told(read_all(bomb, "box.zip")) == {"box.zip": "limit"}


def test_one_large_member_costs_itself_only() -> None:
    data = zipped({"large.txt": b"\0" * (limits().file_bytes + 1), "small.txt": TEXT})
    assert told(read_all(data, "box.zip")) == {
        "box.zip/large.txt": "limit", "box.zip/small.txt": TEXT,
    }  # fmt: skip


def test_bombs_packed_together_share_their_room() -> None:
    bomb = zipped({f"{number}.txt": b"\0" * (45 << 20) for number in range(3)})
    outcomes = told(read_all(zipped({f"{n}.zip": bomb for n in range(20)}), "box.zip"))
    assert set(outcomes.values()) == {"limit"}
    assert len(outcomes) == 20


def test_too_many_members_are_refused() -> None:
    data = zipped({f"{number}.txt": TEXT for number in range(3)})
    with holding(Limits(unpacked_files=2)):
        assert told(read_all(data, "box.zip")) == {"box.zip": "limit"}
    with holding(Limits(unpacked_files=3)):
        assert len(told(read_all(data, "box.zip"))) == 3


def test_members_of_one_name_are_two_documents() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "First words.")
        with pytest.warns(UserWarning, match="Duplicate"):
            packed.writestr("a.txt", "Second words.")
    outcomes = told(read_all(out.getvalue(), "box.zip"))
    assert list(outcomes) == ["box.zip/a.txt", "box.zip/a (2).txt"]


def test_names_of_old_programs_are_read() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("xxxxxxx xxxxxx.txt", TEXT)
    data = out.getvalue().replace(b"xxxxxxx xxxxxx", "Договор аренды".encode("cp866"))
    assert told(read_all(data, "box.zip")) == {"box.zip/Договор аренды.txt": TEXT}


def test_an_office_file_named_zip_is_a_mismatch() -> None:
    data = zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})
    assert told(read_all(data, "box.zip")) == {"box.zip": "type_mismatch"}
    assert told(read_all(zipped({"word/a.txt": TEXT}), "box.zip")) == {"box.zip/word/a.txt": TEXT}


# --- letters --------------------------------------------------------------------------------------


def test_a_letter_is_a_document_and_so_are_its_attachments() -> None:
    outcomes = read_all(bytes(letter(līgums__txt=TEXT.encode(), foto__png=b"x")), "mail.eml")
    assert told(outcomes) == {
        "mail.eml": "Par sadarbību\n\nFrom: Inta Žagare <inta@example.org>\nTo: rasim@example.org\n"
        "Date: 2022-05-13\nAttachments: līgums.txt, foto.png\n\nLabdien!\n\nLīgums ir parakstīts.",
        "mail.eml/līgums.txt": TEXT,
        "mail.eml/foto.png": "unsupported",
    }
    document = outcomes[0].result
    assert not isinstance(document, DocumentError)
    assert (document.title, document.date) == ("Par sadarbību", "2022-05-13")
    assert document.author == "Inta Žagare <inta@example.org>"


def test_a_letter_of_html_is_read_without_its_markup() -> None:
    message = letter()
    message.set_content("<html><body><p>Sveiki!</p><p>Termiņš ir jūnijs.</p></body></html>", "html")
    text = told(read_all(bytes(message), "mail.eml"))["mail.eml"]
    assert text.endswith("Sveiki!\n\nTermiņš ir jūnijs.")


def test_pictures_that_a_letter_shows_are_no_attachments() -> None:
    message = letter()
    message.add_alternative('<html><body><img src="cid:1"></body></html>', subtype="html")
    message.get_payload()[1].add_related(b"x", "image", "png", cid="<1>")
    assert list(told(read_all(bytes(message), "mail.eml"))) == ["mail.eml"]


def test_a_letter_in_a_letter_is_opened() -> None:
    outer = letter()
    outer.add_attachment(letter(a__txt=TEXT.encode()))
    names = list(told(read_all(bytes(outer), "mail.eml")))
    assert names[0] == "mail.eml"
    assert names[1].startswith("mail.eml/")
    assert names[2] == f"{names[1]}/a.txt"


@pytest.mark.parametrize("encoding", ["cp1257", "utf-8", "iso8859-13"])
def test_a_letters_declared_or_undeclared_encoding_is_read(encoding: str) -> None:
    body = "Ķīļi un šūnas ir žurnālā, ņemot vērā ģeogrāfiju.".encode(encoding)
    head = b"From: a@example.org\r\nSubject: =?utf-8?B?xZplc3TEqw==?=\r\n"
    for declared in (f"Content-Type: text/plain; charset={encoding}\r\n".encode(), b""):
        text = told(read_all(head + declared + b"\r\n" + body, "mail.eml"))["mail.eml"]
        assert text.endswith("Ķīļi un šūnas ir žurnālā, ņemot vērā ģeogrāfiju.")


def test_a_name_of_an_attachment_that_leads_out_doesnt() -> None:
    message = letter()
    message.add_attachment(TEXT.encode(), "text", "plain", filename="../../etc/a.txt")
    assert list(told(read_all(bytes(message), "mail.eml"))) == ["mail.eml", "mail.eml/a.txt"]


def test_an_encrypted_letter_says_so_and_a_text_is_no_letter() -> None:
    locked = b"From: a@b.c\r\nContent-Type: application/pkcs7-mime\r\n\r\nMIIB"
    assert told(read_all(locked, "a.eml")) == {"a.eml": "encrypted"}
    assert told(read_all(TEXT.encode(), "a.eml")) == {"a.eml": "type_mismatch"}


# --- in workers -----------------------------------------------------------------------------------


def test_a_pool_reads_what_is_packed_as_if_it_were_read_here(tmp_path: Path) -> None:
    data = zipped({"mail.eml": bytes(letter(a__txt=TEXT.encode())), "b.txt": TEXT, "c.pdf": b"no"})
    with ReaderPool() as pool:
        assert told(pool.read_all(data, "box.zip")) == told(read_all(data, "box.zip"))


def test_once_a_file_took_all_the_time_those_packed_with_it_arent_tried() -> None:
    class Slow:
        tried = 0

        def document(self, data: bytes, name: str) -> None:
            self.tried += 1
            raise DocumentError("timeout", "The file takes too long.")

        def members(self, data: bytes, name: str, room: object) -> list[Member]:
            return [Member(f"{number}.txt", b"x") for number in range(9)]

    slow = Slow()
    outcomes = containers.outcomes(b"x", "box.zip", slow)  # type: ignore[arg-type]
    assert (slow.tried, [each.result.reason for each in outcomes]) == (1, ["timeout"] * 9)
