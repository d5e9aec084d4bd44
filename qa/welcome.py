"""What stands around the answers: the page's head, and what is there before the first question."""

from collections.abc import Sequence
from urllib.parse import urlencode

from qa.markup import count, escaped
from qa.strings import LANGUAGES, say


def masthead_html(language: str) -> str:
    """Return the page's head: the name, and the languages that the page can be in."""
    current = {language: ' aria-current="true"'}
    links = "".join(
        f'<a href="?lang={code}" lang="{code}" hreflang="{code}"{current.get(code, "")}>'
        f"{escaped(name)}</a>"
        for code, name in LANGUAGES.items()
    )
    return (
        f'<header class="masthead"><h1>Folio</h1><p>{escaped(say("tagline", language))}</p>'
        f'<nav aria-label="{escaped(say("interface_language", language))}">{links}</nav></header>'
    )


def welcome_html(documents: int, examples: Sequence[str], language: str) -> str:
    """Return what stands where no question has been asked yet.

    Args:
        documents: how many the library has.
        examples: questions that it answers.
    """
    links = "".join(
        f'<li><a href="?{urlencode({"q": example})}" data-question dir="auto">'
        f"{escaped(example)}</a></li>"
        for example in examples
    )
    tried = f"<h2>{escaped(say('try', language))}</h2><ul>{links}</ul>" if examples else ""
    welcome = escaped(say("welcome", language, documents=count(documents, language)))
    return f'<section class="welcome"><p>{welcome}</p>{tried}</section>'


def empty_library_html(folder: object, command: str, language: str) -> str:
    """Return what to do with a library that has no documents."""
    text = escaped(say("empty_library", language, folder=folder))
    return f'<section class="welcome"><p>{text} <code>{escaped(command)}</code></p></section>'
