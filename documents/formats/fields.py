"""What was filled into a PDF's form, as "Name: value". Its library is pypdf, opened in pdf.py."""

from typing import Any, Final

_DEEPEST: Final = 8
_MOST: Final = 2_000
_UNSEEN: Final = 1 << 1 | 1 << 5  # of an annotation: hidden, not viewed
_PASSWORD: Final = 1 << 13
_BUTTON: Final = 1 << 16  # one that does something and holds nothing


def filled(reader: Any, number: int, named: set[str]) -> list[str]:
    """Return the fields of a page, counted from 0, that have a value.

    Args:
        reader: pypdf's.
        named: fields that were told before, to which this page's are added: a choice of several
            buttons is one field.
    """
    try:
        page = reader.pages[number]
        widgets = [each.get_object() for each in page.get("/Annots", None) or []]
        told = [_told(widget, named) for widget in widgets[:_MOST]]
    except MemoryError:
        raise
    except Exception:  # a damaged form costs itself only
        return []
    return [line for line in told if line]


def _told(widget: Any, named: set[str]) -> str:
    if widget.get("/Subtype") != "/Widget" or int(widget.get("/F", 0)) & _UNSEEN:
        return ""
    # What a field doesn't say itself, the field that it belongs to says.
    facts: dict[str, Any] = {}
    names: list[str] = []
    field = widget
    for _ in range(_DEEPEST):
        for key in ("/V", "/TU", "/FT", "/Ff"):
            if key in field:
                facts.setdefault(key, field[key])
        if "/T" in field:
            names.append(str(field["/T"]))
        if "/Parent" not in field:
            break
        field = field["/Parent"]
    name = ".".join(reversed(names))
    value = _value(facts)
    if not value or not name or name in named:
        return ""
    named.add(name)
    label = " ".join(str(facts.get("/TU") or name).split()).rstrip(":")
    return f"{label[:1].upper()}{label[1:]}: {value}"


def _value(facts: dict[str, Any]) -> str:
    flags = int(facts.get("/Ff", 0))
    kind, value = facts.get("/FT"), facts.get("/V")
    if kind == "/Btn":
        pushed = flags & _BUTTON or value in (None, "/Off")
        return "" if pushed else str(value).removeprefix("/")
    if kind not in ("/Tx", "/Ch") or value is None or flags & _PASSWORD:
        return ""
    parts = value if isinstance(value, list) else [value]
    return ", ".join(" ".join(str(part).split()) for part in parts if isinstance(part, str))
