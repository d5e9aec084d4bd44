"""What .docx, .pptx, .xlsx and .odt have in common: a ZIP of XML parts, checked before parsing.

The sizes and names that an archive tells of itself may be lies; XML that declares entities may be
a bomb. No office program writes either.
"""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any, Final

import regex

from documents.errors import DocumentError
from documents.limits import limits

_DOCTYPE: Final = regex.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", regex.I)
_KINDS: Final = (
    ("word/", "a Word file", ".docx"),
    ("ppt/", "a PowerPoint file", ".pptx"),
    ("xl/", "an Excel file", ".xlsx"),
    ("content.xml", "an OpenDocument file", ".odt"),
)
"""What a member's name tells: its beginning, what that is, and the suffix it goes by."""

# Old OpenOffice wrote a DOCTYPE into this one, which is never parsed here.
_UNPARSED: Final = "META-INF/manifest.xml"


def check(data: bytes, suffix: str) -> None:
    """Refuse an archive that isn't what `suffix` says, or would unpack to too much.

    Raises:
        DocumentError: corrupt, limit, dtd_forbidden, encrypted or type_mismatch.
    """
    with opened(data) as archive:
        members = archive.infolist()
        most = limits()
        if len(members) > most.office_parts:
            raise DocumentError(
                "limit", f"The file has {len(members)} parts; {most.office_parts} may be."
            )
        found = kind_of(archive)
        if found is None or found[1] != suffix:
            named = f"{found[0]}: name it {found[1]}" if found else "another kind of ZIP archive"
            raise DocumentError("type_mismatch", f"The file is named {suffix} but is {named}.")
        left = most.office_mb << 20
        for member in members:
            part = content(archive, member, left)
            if part is None:
                raise DocumentError("limit", f"The file unpacks to more than {most.office_mb} MB.")
            _refuse_entities(member.filename, part)
            left -= len(part)


def kind_of(archive: zipfile.ZipFile) -> tuple[str, str] | None:
    """Return what kind of office file an archive is, with its suffix; None where it is none."""
    names = archive.namelist()
    for beginning, name, suffix in _KINDS:
        if any(member.startswith(beginning) for member in names):
            return name, suffix
    return None


@contextmanager
def opened(data: bytes) -> Iterator[zipfile.ZipFile]:
    """Open an archive; what zipfile raises inside becomes a DocumentError."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            yield archive
    except (zipfile.BadZipFile, EOFError, ValueError, NotImplementedError, zlib.error) as error:
        raise corrupt(error) from error
    except RuntimeError as error:  # zipfile's word for a member with a password
        if isinstance(error, RecursionError):
            raise
        raise locked() from error


def corrupt(error: Exception) -> DocumentError:
    """Say that a file is damaged, and how a library put it."""
    return DocumentError("corrupt", f"The file is damaged ({type(error).__name__}: {error}).")


def locked() -> DocumentError:
    """Say that a file asks for a password."""
    return DocumentError("encrypted", "The file needs a password: save it without one.")


def parsed(content: bytes) -> Any:
    """Return the root of an XML part; nothing outside of it is looked at.

    Raises:
        DocumentError: corrupt.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise corrupt(error) from error


def content(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most_bytes: int) -> bytes | None:
    """Return a member's bytes; None where there are more than that, whatever is told of them."""
    if member.file_size > most_bytes:
        return None
    with archive.open(member) as part:
        found = part.read(most_bytes + 1)
    return found if len(found) <= most_bytes else None


def _refuse_entities(name: str, found: bytes) -> None:
    is_xml = name.endswith((".xml", ".rels")) and name != _UNPARSED
    if is_xml and _has_doctype(found):
        raise DocumentError(
            "dtd_forbidden", "The file declares XML entities, which no office program does."
        )


def _has_doctype(content: bytes) -> bool:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in content[:4]:
        content = content.replace(b"\0", b"")
    return _DOCTYPE.search(content) is not None
