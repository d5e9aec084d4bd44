"""RTF → text. The one home of striprtf, which knows the character sets.

What striprtf doesn't tell is settled in the source before: hidden and deleted text goes, footnotes
follow the text, text boxes and fields' results stay, and a table's cells are marked.
"""

from collections.abc import Callable, Iterator
from typing import Final

import regex

from documents.errors import DocumentError
from documents.formats.raw import Raw
from documents.formats.tables import lines

_TOKEN: Final = regex.compile(
    r"(?P<open>\{)|(?P<close>\})|\\(?P<word>[a-zA-Z]{1,32})(?P<value>-?\d{1,10})? ?"
    r"|\\'[0-9a-fA-F]{2}|\\[^a-zA-Z]|[\r\n]+|[^\\{}\r\n]+|\\",
    regex.S,
)
_RAW: Final = regex.compile(r"[\x80-\xff]")  # bytes that should have been escaped
_CELL, _ROW = "\ue000", "\ue001"
_MARKS: Final = {"cell": _CELL, "nestcell": _CELL, "row": _ROW, "nestrow": _ROW}
_HIDING: Final = frozenset({"v", "deleted", "fldinst"})
_NOTES: Final = frozenset({"footnote", "endnote"})
_EDGES: Final = frozenset({"header", "headerf", "headerl", "headerr",
                           "footer", "footerf", "footerl", "footerr"})  # fmt: skip
_DEEPEST: Final = 1_000
_TITLE: Final = regex.compile(r"\{\\info\b.*?\{\\title ([^{}]*)\}", regex.S)
_AUTHOR: Final = regex.compile(r"\{\\info\b.*?\{\\author ([^{}]*)\}", regex.S)
_MADE: Final = regex.compile(r"\\(?:revtim|creatim)\\yr(\d{4})\\mo(\d{1,2})\\dy(\d{1,2})")


def load(data: bytes) -> Raw:
    """Return the text of an RTF file as it reads with all changes accepted.

    Raises:
        DocumentError: corrupt.
    """
    source = data.decode("latin-1")
    body, notes, edges = _settled(source)
    text = _text(source, body)
    after = [_text(source, note) for note in notes]
    seen = {" ".join(text.split())}
    for edge in edges:
        said = _text(source, edge)
        words = " ".join(said.split())
        if words not in seen and any(letter.isalpha() for letter in words):
            seen.add(words)
            after.append(said)
    made = _MADE.search(source)
    return Raw(
        ["\n\n".join([_with_tables(text), *(note.strip() for note in after if note.strip())])],
        title=_fact(source, _TITLE),
        author=_fact(source, _AUTHOR),
        date=f"{made[1]}-{int(made[2]):02}-{int(made[3]):02}" if made else None,
    )


def _text(source: str, part: str) -> str:
    """Return the text of a part of the source; fonts and character set are put before it."""
    from striprtf.striprtf import rtf_to_text as convert

    rtf_to_text: Callable[..., str] = convert

    try:
        whole = part if part.startswith("{\\rtf") else _head(source) + part + "}"
        return _paired(rtf_to_text(whole, errors="replace"))
    except (ValueError, LookupError, IndexError, OverflowError, TypeError) as error:
        raise DocumentError(
            "corrupt", f"The file is damaged ({type(error).__name__}: {error})."
        ) from error


def _paired(text: str) -> str:
    """Return the text with UTF-16 pairs, in which RTF spells an emoji, as one character each."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _head(source: str) -> str:
    """Return the beginning up to the end of the table of fonts."""
    fonts = source.find("{\\fonttbl")
    if fonts < 0:
        start = regex.match(r"\{\\rtf\d?(?:\\[a-z]+-?\d* ?)*", source)
        return start[0] + " " if start else "{\\rtf1 "
    depth = 0
    for brace in regex.finditer(r"[{}]", source[fonts:]):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return source[: fonts + brace.end()]
    return "{\\rtf1 "


def _fact(source: str, pattern: "regex.Pattern[str]") -> str | None:
    found = pattern.search(source[:20_000])
    return _text(source, found[1]).strip() or None if found else None


def _settled(source: str) -> tuple[str, list[str], list[str]]:
    """Return the source without what isn't shown, and notes and page edges taken out of it."""
    kept: list[str] = []
    apart: dict[str, list[list[str]]] = {"note": [], "edge": []}
    # For each open group: whether its text is hidden, and where what it says goes.
    groups: list[tuple[bool, list[str]]] = []
    hidden, out = False, kept
    for token, word, value, kind in _tokens(source):
        if kind == "open":
            if len(groups) >= _DEEPEST:
                raise DocumentError("corrupt", "The file is nested too deeply to be read.")
            groups.append((hidden, out))
            out.append("{")
            continue
        if kind == "close":
            out.append("}")
            if groups:
                hidden, out = groups.pop()
            continue
        if word in _HIDING:
            hidden = value != "0"
        elif word == "plain":
            hidden = False
        elif word in _NOTES or word in _EDGES:
            while out and out.pop() != "{":
                continue
            out = ["{"]
            apart["note" if word in _NOTES else "edge"].append(out)
        elif word in ("shptxt", "ftnalt", "chftn"):
            out.append("\\par " if word == "shptxt" else "")
        elif word in _MARKS and not hidden:
            out.append(f"\\u{ord(_MARKS[word])}?" + ("\\par " if _MARKS[word] == _ROW else ""))
        elif not (hidden and _shows(token, word)):
            out.append(_RAW.sub(lambda byte: f"\\'{ord(byte[0]):02x}", token))
    notes, edges = (["".join(part) for part in apart[name]] for name in ("note", "edge"))
    return "".join(kept), notes, edges


def _shows(token: str, word: str | None) -> bool:
    """Tell whether a token puts something on the page."""
    if word is None:
        return not token.startswith("\\*")
    return word in ("u", "line", "par", "tab", "emdash", "endash", "bullet", "lquote", "rquote",
                    "ldblquote", "rdblquote")  # fmt: skip


def _tokens(source: str) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """Yield (token, control word, its value, open or close); binary data are left out."""
    at = 0
    while at < len(source):
        found = _TOKEN.match(source, at)
        if found is None:  # pragma: no cover - the pattern takes anything
            return
        at = found.end()
        if found["word"] == "bin" and found["value"]:
            at += max(0, int(found["value"]))
            continue
        yield found[0], found["word"], found["value"], found.lastgroup


def _with_tables(text: str) -> str:
    """Return the text with rows as lines, each value behind its column's name."""
    if _ROW not in text:
        return text.replace(_CELL, " | ")
    parts: list[str] = []
    rows: list[list[str]] = []
    for piece in text.split(_ROW):
        before, cells = _cells(piece)
        if before.strip() and rows:
            parts += ["\n".join(lines(rows)), before]
            rows = []
        elif before.strip():
            parts.append(before)
        if cells:
            rows.append(cells)
    if rows:
        parts.append("\n".join(lines(rows)))
    return "\n\n".join(parts)


def _cells(piece: str) -> tuple[str, list[str]]:
    """Divide what ends in a row into the text before the row and the row's cells."""
    if _CELL not in piece:
        return piece, []
    first, *others = piece.split(_CELL)
    before, _, cell = first.rpartition("\n")
    return before, [cell, *others[:-1]]
