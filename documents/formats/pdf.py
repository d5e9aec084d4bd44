"""PDF → text page by page. The one home of pypdf.

Leaves out pictures, so a scan without a text layer is "no_text"; and attachments.
"""

from typing import Any, Final

import regex

from documents.errors import DocumentError
from documents.formats.raw import Raw

MAX_PAGES: Final = 5_000

_UNREADABLE: Final = regex.compile(r"[\ufffd\p{Co}\x00-\x08\x0e-\x1f]|\(cid:\d+\)")
_GARBLED_SHARE: Final = 0.2
_PDF_DATE: Final = regex.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


def load(data: bytes) -> Raw:
    """Return the text of a PDF's pages; title and date as its metadata has them.

    Raises:
        DocumentError: encrypted, limit, no_text, garbled, or corrupt.
    """
    from io import BytesIO

    from pypdf import PdfReader
    from pypdf.errors import PdfReadError

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("encrypted", "The PDF needs a password: save it without one.")
        count = len(reader.pages)
    except (DocumentError, MemoryError):
        raise
    except NotImplementedError as error:
        raise DocumentError(
            "encrypted", f"The PDF is protected in an unknown way: {error}."
        ) from error
    except (PdfReadError, Exception) as error:
        raise _corrupt(error) from error
    if count > MAX_PAGES:
        raise DocumentError("limit", f"The PDF has {count} pages; {MAX_PAGES} can be read.")
    pages = _texts(reader)
    text = "".join(pages)
    if not text.strip():
        raise DocumentError(
            "no_text", "The PDF has no text, only pictures: run text recognition on it first."
        )
    if len("".join(_UNREADABLE.findall(text))) > _GARBLED_SHARE * len("".join(text.split())):
        raise DocumentError(
            "garbled", "The PDF's fonts don't say which letters they show: export it again."
        )
    title, date = _metadata(reader)
    return Raw(pages, paged=True, title=title, date=date)


def _corrupt(error: Exception) -> DocumentError:
    return DocumentError("corrupt", f"The PDF is damaged ({type(error).__name__}: {error}).")


def _texts(reader: Any) -> list[str]:
    pages: list[str] = []
    failure: Exception | None = None
    for number in range(len(reader.pages)):
        try:
            pages.append(reader.pages[number].extract_text())
        except MemoryError:
            raise
        except Exception as error:  # a damaged page costs itself only
            failure = error
            pages.append("")
    if failure is not None and not "".join(pages).strip():
        raise _corrupt(failure) from failure
    return pages


def _metadata(reader: Any) -> tuple[str | None, str | None]:
    try:
        metadata = reader.metadata or {}
        title = str(metadata.get("/Title") or "").strip() or None
        found = _PDF_DATE.match(str(metadata.get("/CreationDate") or ""))
    except MemoryError:
        raise
    except Exception:  # metadata is a hint; without it the text tells
        return None, None
    return title, "-".join(found.groups()) if found else None
