"""PDF → text page by page. The one home of pypdf.

Leaves out pictures, so a scan without a text layer is "no_text"; and attachments.
"""

from typing import Any, Final
from unicodedata import normalize

import regex

from documents.errors import DocumentError
from documents.formats.raw import Raw

MAX_PAGES: Final = 5_000

# Private use, replacement and control characters, and glyphs' numbers in place of letters.
_UNREADABLE: Final = regex.compile(r"[\ufffd\p{Co}\x00-\x08\x0e-\x1f]|\(cid:\d+\)|/g\d+\b")
_GARBLED_SHARE: Final = 0.2
_TOKEN: Final = regex.compile(r"\S+")
_CASED_WORD: Final = regex.compile(
    r"\P{L}*(?:\p{Lu}?[\p{Ll}\p{M}'’-]+|[\p{Lu}\p{M}'’-]+)(?:[-–/.'’\p{L}]*)\P{L}*"
)
_VOWEL: Final = regex.compile(r"[aeiouyəıаеиоуыэюяіїєα-ωά-ώ]")
_OTHER_SCRIPT: Final = regex.compile(r"[^\p{Latin}\p{Cyrillic}\p{Greek}\p{P}\p{S}\p{N}\p{M}\s]")
_MIXABLE: Final = ("Latin", "Cyrillic", "Greek")
_SAMPLE_CHARS: Final = 20_000
_PDF_DATE: Final = regex.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


def load(data: bytes) -> Raw:
    """Return the text of a PDF's pages; title and date as its metadata has them.

    Raises:
        DocumentError: encrypted, limit, no_text, garbled, or corrupt.
    """
    from io import BytesIO

    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise DocumentError("encrypted", "The PDF needs a password: save it without one.")
        count = len(reader.pages)
    except (DocumentError, MemoryError):
        raise
    except (DependencyError, NotImplementedError) as error:
        raise DocumentError(
            "encrypted", f"The PDF is protected in a way that can't be opened ({error})."
        ) from error
    except Exception as error:  # pypdf raises many types on damaged files
        raise _corrupt(error) from error
    if count > MAX_PAGES:
        raise DocumentError("limit", f"The PDF has {count} pages; {MAX_PAGES} can be read.")
    pages = _texts(reader)
    text = "".join(pages)
    if not text.strip():
        raise DocumentError(
            "no_text", "The PDF has no text, only pictures: run text recognition on it first."
        )
    if _is_garbled(text):
        raise DocumentError(
            "garbled", "The PDF's fonts don't say which letters they show: export it again."
        )
    title, date = _metadata(reader)
    return Raw(pages, paged=True, wrapped=True, title=title, date=date)


def _is_garbled(text: str) -> bool:
    """Tell whether most of the text can't be words of any language."""
    visible = len("".join(text.split()))
    if len("".join(_UNREADABLE.findall(text))) > _GARBLED_SHARE * visible:
        return True
    words = [token for token in _TOKEN.findall(text[:_SAMPLE_CHARS]) if _has_letters(token)]
    if not words:
        return len(regex.findall(r"[\p{L}\p{N}]", text)) * 2 < visible
    return sum(_is_word(word) for word in words) * 2 < len(words)


def _has_letters(token: str) -> bool:
    return len(regex.findall(r"\p{L}", token)) >= 2


def _is_word(token: str) -> bool:
    """Tell whether a token has capitals where words have them, a vowel, and one script."""
    if _OTHER_SCRIPT.search(token):
        scripts = [regex.search(rf"\p{{{script}}}", token) for script in _MIXABLE]
        return all(found is None for found in scripts) and not regex.match(r"\p{M}", token)
    letters = normalize("NFD", token.lower())
    return _CASED_WORD.fullmatch(token) is not None and (
        len(token) <= 6 or _VOWEL.search(letters) is not None or token.isupper()
    )


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
