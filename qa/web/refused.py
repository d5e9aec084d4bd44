"""What somebody at the page may not do, or can't, and how the page is told."""

from index.errors import FolioError
from qa.strings import DEFAULT, choose_language, say


class Refused(FolioError):
    """A refusal with a reason that is said in the page's language."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(say(key, DEFAULT, **values))
        self._key, self._values = key, values

    def said_in(self, language: str) -> str:
        """Return the reason in a language of the page."""
        return say(self._key, language, **self._values)


def reason_of(error: FolioError, lang: str = "") -> str:
    """Return why something is refused, as the page shows it.

    Args:
        lang: the page's language, as it says; other errors than `Refused` are in English.
    """
    return error.said_in(choose_language(lang)) if isinstance(error, Refused) else str(error)
