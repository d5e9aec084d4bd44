"""E-mail → its text with what the head says, and its attachments' bytes.

The head comes first, since who wrote to whom and when is half of what a letter says. Pictures that
the text shows, and signatures, are left out.
"""

from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parsedate_to_datetime
from mimetypes import guess_extension
from typing import Any, Final

import regex

from documents.encodings import decode
from documents.errors import DocumentError
from documents.formats import html
from documents.formats.archive import safe_name
from documents.formats.raw import Member, Raw, Room

_HEAD: Final = ("From", "To", "Cc")
_MUST_SAY: Final = ("From", "To", "Subject", "Date", "Received", "Message-ID", "MIME-Version")
_SIGNATURES: Final = ("application/pgp-signature", "application/pkcs7-signature",
                      "application/x-pkcs7-signature")  # fmt: skip
_LOCKED: Final = ("multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime")
_LITTLE: Final = 0.25


def load(data: bytes) -> Raw:
    """Return a letter's head and text.

    Raises:
        DocumentError: encrypted, or type_mismatch where it is no letter.
    """
    letter = _parsed(data)
    if letter.get_content_type() in _LOCKED:
        raise DocumentError("encrypted", "The message is encrypted: save it decrypted.")
    subject, date = _said(letter, "Subject"), _date(letter)
    head = [f"{name}: {said}" for name in _HEAD if (said := _said(letter, name))]
    head += [f"Date: {date}"] if date else []
    names = [name for name, _ in _attachments(letter)]
    head += [f"Attachments: {', '.join(names)}"] if names else []
    blocks = [subject, "\n".join(head), _body(letter)]
    return Raw(
        ["\n\n".join(block for block in blocks if block)],
        title=subject or None,
        author=_said(letter, "From") or None,
        date=date,
        date_is_sure=True,
        kind="other",
    )


def members(data: bytes, room: Room) -> list[Member]:
    """Return a letter's attachments; letters among them are members too.

    Raises:
        DocumentError: limit, or type_mismatch where it is no letter.
    """
    found = []
    for name, part in _attachments(_parsed(data)):
        room.take_members(1)
        content = _content(part)
        room.take_bytes(len(content))
        found.append(Member(name, content))
    return found


def _parsed(data: bytes) -> EmailMessage:
    letter = message_from_bytes(data, policy=default)
    assert isinstance(letter, EmailMessage)  # noqa: S101 - what the default policy makes
    if not any(name in letter for name in _MUST_SAY):
        raise DocumentError(
            "type_mismatch", "The file is named .eml but has no head of a message: name it .txt."
        )
    return letter


def _said(letter: Message, name: str) -> str:
    """Return what a line of the head says, decoded, on one line."""
    try:
        said = str(letter.get(name) or "")
    except Exception:  # the parser of heads raises many types on what isn't one
        said = next((str(value) for key, value in letter.raw_items() if key == name), "")
        said = str(make_header(decode_header(said)))
    if regex.search(r"[\udc80-\udcff]", said):  # bytes that nothing declares
        said = decode(said.encode("utf-8", "surrogateescape"))
    return " ".join(said.split())


def _date(letter: Message) -> str | None:
    try:
        return parsedate_to_datetime(_said(letter, "Date")).date().isoformat()
    except (ValueError, TypeError, IndexError):
        return None


def _body(letter: EmailMessage) -> str:
    """Return the text, out of HTML where the plain one says much less."""
    plain, marked = (letter.get_body((kind,)) for kind in ("plain", "html"))
    text = _text(plain) if plain is not None and not plain.is_attachment() else ""
    if marked is None or marked.is_attachment():
        return text
    try:
        shown = html.load(_text(marked).encode()).pages[0]
    except DocumentError:
        shown = ""
    return shown if len(text.strip()) < _LITTLE * len(shown) else text


def _text(part: Any) -> str:
    content = part.get_payload(decode=True) or b""
    try:
        return str(content.decode(part.get_content_charset("utf-8")))
    except (LookupError, UnicodeDecodeError, ValueError):
        return decode(content)


def _attachments(letter: EmailMessage) -> Iterator[tuple[str, Any]]:
    """Yield name and part of each attachment; names differ."""
    bodies = [letter.get_body((kind,)) for kind in ("plain", "html")]
    used: set[str] = set()
    for number, part in enumerate(_leaves(letter), start=1):
        kind = part.get_content_type()
        if any(part is body for body in bodies) and not part.is_attachment():
            continue
        shown = part.get_content_maintype() == "image" and not part.is_attachment()
        if shown or kind in _SIGNATURES:
            continue
        yield _unique(_name(part, number), used), part


def _leaves(part: Any) -> Iterator[Any]:
    if part.get_content_type() == "message/rfc822" or not part.is_multipart():
        yield part
        return
    for inner in part.iter_parts() if hasattr(part, "iter_parts") else part.get_payload():
        yield from _leaves(inner)


def _name(part: Any, number: int) -> str:
    try:
        name = str(part.get_filename() or "")
    except Exception:  # as with heads
        name = ""
    if regex.search(r"[\udc80-\udcff]", name):
        name = decode(name.encode("utf-8", "surrogateescape"))
    if name.strip():
        return safe_name(name.replace("\\", "/").rsplit("/", 1)[-1].strip())
    kind = part.get_content_type()
    suffix = ".eml" if kind == "message/rfc822" else guess_extension(kind) or ""
    return f"attachment-{number}{suffix}"


def _unique(name: str, used: set[str]) -> str:
    stem, dot, suffix = name.rpartition(".")
    number, unique = 1, name
    while unique in used:
        number += 1
        unique = f"{stem} ({number}).{suffix}" if dot else f"{name} ({number})"
    used.add(unique)
    return unique


def _content(part: Any) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        return bytes(inner[0]) if isinstance(inner, list) and inner else b""
    return part.get_payload(decode=True) or b""
