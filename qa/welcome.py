"""What stands around the answers: the page's head, and what is there before the first question."""

from qa.markup import count, escaped, style_html
from qa.strings import LANGUAGES, say


def masthead_html(language: str, keep: str = "", account: str = "") -> str:
    """Return the page's head: the name, and the languages that the page can be in.

    Args:
        keep: what a link to another language has in its query besides.
        account: HTML of who is logged in.
    """
    current = {language: ' aria-current="true"'}
    links = "".join(
        f'<a href="?lang={code}{escaped(keep)}" lang="{code}" hreflang="{code}"'
        f"{current.get(code, '')}>{escaped(name)}</a>"
        for code, name in LANGUAGES.items()
    )
    return (
        f'<header class="masthead"><h1>Folio</h1><p>{escaped(say("tagline", language))}</p>'
        f'<nav aria-label="{escaped(say("interface_language", language))}">{links}</nav>'
        f"{account}</header>"
    )


def account_html(name: str, language: str, may_leave: bool) -> str:
    """Return who is logged in, with the way out; nothing where nobody logs in.

    Args:
        may_leave: whether the login is Folio's own, and not the proxy's.
    """
    if not name:
        return ""
    leave = f'<button type="submit">{escaped(say("log_out", language))}</button>'
    return (
        f'<form class="account" method="post" action="/folio/logout">'
        f"<span>{escaped(name)}</span>{leave if may_leave else ''}</form>"
    )


def welcome_html(documents: int, language: str) -> str:
    """Return what stands where no question has been asked yet.

    The page's scripts put in questions that the library answers, and the first steps.

    Args:
        documents: how many the library has.
    """
    welcome = escaped(say("welcome", language, documents=count(documents, language)))
    return (
        f'<section class="welcome"><p>{welcome}</p><div class="tour"></div>'
        f'<div class="suggestions"></div><p class="keys">{escaped(say("keys", language))}</p>'
        "</section>"
    )


def offline_page(language: str) -> str:
    """Return a whole page, without anything beside it, for where Folio can't be reached."""
    said = escaped(say("unreachable", language))
    again = escaped(say("try_again", language))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>Folio</title>'
        f'<meta name="viewport" content="width=device-width">{style_html("offline")}</head>'
        f'<body><main><h1>Folio</h1><p>{said}</p><p><a href="">{again}</a></p></main></body></html>'
    )


def empty_library_html(language: str) -> str:
    """Return what to do with a library that has no documents."""
    return f'<section class="welcome empty"><p>{escaped(say("empty_here", language))}</p></section>'
