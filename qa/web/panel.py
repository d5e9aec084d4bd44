"""What the source panel shows: a document at the place that a link names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from index.errors import FolioError
from qa import sources
from qa.strings import choose_language

if TYPE_CHECKING:
    from qa.assistant import Assistant
    from qa.web.originals import Originals


def panel_html(assistant: "Assistant", originals: "Originals", wanted: Mapping[str, str]) -> str:
    """Return a source as HTML; what is asked for comes from a link that anybody can write.

    Args:
        wanted: a link's query: passage, start and end, or document; lang.
    """
    language = choose_language(wanted.get("lang"))
    try:
        if wanted.get("passage"):
            start, end = (int(wanted[name]) if wanted.get(name) else None for name in _ENDS)
            found = assistant.source(wanted["passage"], start, end)
        else:
            found = assistant.source_of(wanted.get("document", ""))
        if found is None:
            return sources.gone_html(language)
        place = originals.place(found, found.marked)
        related = assistant.searcher().generation.store.related(found.passage.document)
        return sources.source_html(found, found.marked, language, place, related)
    except (ValueError, FolioError):
        return sources.gone_html(language)


_ENDS: Final = ("start", "end")
