"""HTML → the main text. The one home of trafilatura.

What a browser doesn't show is taken out before anything is read; menus, headers and footers go
with trafilatura, unless it leaves so little that the whole body is the better answer.
"""

from typing import Any, Final

import regex

from documents.encodings import decode
from documents.errors import DocumentError
from documents.formats import tables
from documents.formats.raw import Raw
from documents.limits import limits


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CHARSET: Final = regex.compile(
    rb"(?i)<(?:meta|\?xml)[^>]*(?:charset|encoding)\s*=\s*[\"']?\s*([\w:-]+)"
)
_MARKUP: Final = regex.compile(
    r"(?i)<(?:!doctype html|html|head|body|p|div|h[1-6]|table|span|a|br|meta)\b"
)
_HIDDEN_STYLE: Final = regex.compile(
    r"(?i)display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt|em|%|\s*;|\s*$)"
    r"|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)"
)
_NEVER_SHOWN: Final = (
    "script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "head/title",
    "select", "button", "input", "textarea", "canvas", "audio", "video", "nav",
)  # fmt: skip
_BLOCKS: Final = _names(
    "address article aside blockquote body caption dd div dl dt fieldset figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hr li main ol p pre section table tbody tfoot thead tr ul"
)
_PARAGRAPHS: Final = _names("p h1 h2 h3 h4 h5 h6 table ul ol blockquote pre")
_DATE_NAMES: Final = (
    "article:published_time", "datepublished", "date", "dc.date", "dcterms.date", "pubdate",
    "publish-date", "dc.date.issued",
)  # fmt: skip
_LINKED_DATE: Final = regex.compile(r'"datePublished"\s*:\s*"([^"]*)"')
_ISO_DATE: Final = regex.compile(r"^\s*(\d{4}(?:-\d{2}(?:-\d{2})?)?)")
_TOO_LITTLE: Final = 0.3
_LONG_LINE: Final = 12
_FOUND_AGAIN: Final = 0.8
# Lines of trafilatura's text are paragraphs, but for list items and table rows.
_PARAGRAPH_END: Final = regex.compile(r"\n+(?!\n|- |\||[^\n]* \| )")


def load(data: bytes) -> Raw:
    """Return the main text of a page, its title and the date it was published."""
    if len(data) > limits().html_mb << 20:
        raise DocumentError("limit", f"The page is larger than {limits().html_mb} MB.")
    source = _decode(data)
    if not _MARKUP.search(source):
        raise DocumentError(
            "type_mismatch", "The file is named as HTML but has no markup: name it .txt."
        )
    tree = _parse(source)
    if tree is None:
        raise DocumentError("no_text", "The page holds no text.")
    title, date = _title(tree), _date(tree)
    _drop_hidden(tree)
    _name_columns(tree)
    text = _chosen(_body_text(tree), _main_text(tree))
    return Raw([text], title=title, date=date, date_is_sure=True)


def _decode(data: bytes) -> str:
    """Decode by what the page says, unless its bytes say otherwise."""
    declared = _CHARSET.search(data[:4096])
    if declared is None or data[:3] == b"\xef\xbb\xbf" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return decode(data)
    try:
        return data.decode("utf-8")  # bytes that are UTF-8 by chance are rarer than wrong headers
    except UnicodeDecodeError:
        pass
    name = declared[1].decode("ascii", "replace").lower()
    # Browsers read Latin-1 as its superset, and a page that claims it is often something else.
    if name in ("utf-8", "utf8", "iso-8859-1", "latin1", "us-ascii", "windows-1252", "cp1252"):
        return decode(data)
    try:
        text = data.decode(name)
    except (LookupError, UnicodeDecodeError):
        return decode(data)
    return decode(data) if regex.search(r"[\x80-\x9f]", text) else text


def _parse(source: str) -> Any:
    from lxml import etree, html

    source = regex.sub(r"^\s*<\?xml[^>]*\?>|[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff]", "", source)
    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(source, parser=parser)
    except (etree.ParserError, ValueError):
        return None


def _drop_hidden(tree: Any) -> None:
    for name in _NEVER_SHOWN:
        for element in tree.findall(f".//{name}"):
            element.drop_tree()
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.getparent() is None:
            continue
        if (
            element.get("hidden") is not None
            or element.get("aria-hidden") == "true"
            or _HIDDEN_STYLE.search(element.get("style") or "")
        ):
            element.drop_tree()
    _drop_forms(tree)


def _drop_forms(tree: Any) -> None:
    """Drop forms but one that holds most of the text: ASP.NET puts whole pages into a form."""
    half = len(_squeezed(tree.text_content())) / 2
    for form in tree.findall(".//form"):
        if len(_squeezed(form.text_content())) > half:
            form.tag = "div"  # a block, which trafilatura reads
        else:
            form.drop_tree()


def _name_columns(tree: Any) -> None:
    """Turn tables with a row of headings into paragraphs, a row each with its columns' names.

    Left as they are: tables in tables, which lay a page out, and cells that span several.
    """
    from lxml import etree

    for table in list(tree.iter("table")):
        rows = [list(row.iterchildren("td", "th")) for row in table.iter("tr")]
        head = rows[0] if rows else []
        plain = table.find(".//table") is None and not table.xpath(".//@colspan | .//@rowspan")
        texts = [[" ".join(cell.itertext()) for cell in row] for row in rows]
        named = plain and len(rows) > 1 and all(cell.tag == "th" for cell in head)
        if not named or not tables.names_columns([text.strip() for text in texts[0]]):
            continue
        caption = ["".join(each.itertext()) for each in table.iter("caption")]
        tail = table.tail
        table.clear()
        table.tag, table.tail = "div", tail
        for said in [*caption, *tables.lines(texts, header=True)]:
            etree.SubElement(table, "p").text = said


def _main_text(tree: Any) -> str:
    from copy import deepcopy

    import trafilatura

    found = trafilatura.extract(
        deepcopy(tree), include_tables=True, include_comments=False, include_links=False,
        include_images=False, deduplicate=False, favor_recall=True, output_format="txt",
    )  # fmt: skip
    return str(_PARAGRAPH_END.sub("\n\n", found or ""))


def _chosen(whole: str, main: str) -> str:
    """Return the lines of `whole` that trafilatura chose; it breaks lines at bold words itself.

    All of `whole` where it chose too little, its own text where its lines can't be found again.
    """
    chosen = _squeezed(main)
    if len(chosen) < _TOO_LITTLE * len(_squeezed(whole)):
        return whole
    lines = {_squeezed(line) for line in main.split("\n")}
    kept = []
    for line in whole.split("\n"):
        words = _squeezed(line)
        if not words or words in lines or (len(words) >= _LONG_LINE and words in chosen):
            kept.append(line)
    text = "\n".join(kept)
    if len(_squeezed(text)) >= _FOUND_AGAIN * len(chosen):
        return text
    return whole if len(chosen) >= _FOUND_AGAIN * len(_squeezed(whole)) else main


def _squeezed(text: str) -> str:
    return str(regex.sub(r"[^\p{L}\p{N}]+", "", text))


def _body_text(tree: Any) -> str:
    """Return all text that is shown, blocks as lines and table cells as "a | b"."""
    body = tree.find("body")
    parts: list[str] = []
    if body is not None:
        for event, element in _walk(body):
            tag = element.tag if isinstance(element.tag, str) else ""
            if event == "start":
                if tag in _BLOCKS:
                    parts.append("\n\n" if tag in _PARAGRAPHS else "\n")
                elif tag == "br":
                    parts.append("\n")
                elif tag in ("td", "th") and element.getprevious() is not None:
                    parts.append(" | ")
                if tag:
                    parts.append(_folded(element.text, tag))
            else:
                if tag in _BLOCKS:
                    parts.append("\n\n" if tag in _PARAGRAPHS else "\n")
                if element is not body:
                    parent = element.getparent()
                    parts.append(_folded(element.tail, parent.tag if parent is not None else ""))
    return "".join(parts).strip()


def _walk(body: Any) -> Any:
    from lxml import etree

    return etree.iterwalk(body, events=("start", "end"))


def _folded(text: str | None, tag: str) -> str:
    if not text:
        return ""
    return text if tag == "pre" else regex.sub(r"[ \t\r\n]+", " ", text)


def _title(tree: Any) -> str | None:
    for path in (".//meta[@property='og:title']", ".//meta[@name='twitter:title']"):
        for element in tree.findall(path):
            if (element.get("content") or "").strip():
                return str(element.get("content")).strip()
    headings = [" ".join(h.text_content().split()) for h in tree.findall(".//h1")]
    if len([h for h in headings if h]) == 1:
        return next(h for h in headings if h)
    title = tree.find(".//title")
    return " ".join(title.text_content().split()) or None if title is not None else None


def _date(tree: Any) -> str | None:
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if name.lower() in _DATE_NAMES:
            found = _ISO_DATE.match(element.get("content") or "")
            if found:
                return str(found[1])
    # Read by its one key: what is around it is often no valid JSON.
    for element in tree.findall(".//script[@type='application/ld+json']"):
        told = _LINKED_DATE.search(element.text or "")
        found = _ISO_DATE.match(told[1]) if told else None
        if found:
            return str(found[1])
    for element in tree.iter("time"):
        found = _ISO_DATE.match(element.get("datetime") or "")
        if found:
            return str(found[1])
    return None
