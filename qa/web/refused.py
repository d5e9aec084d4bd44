"""What somebody at the page may not do, or can't, and how the page is told."""

from typing import TYPE_CHECKING

from index.errors import FolioError
from qa.strings import DEFAULT, choose_language, say

if TYPE_CHECKING:
    from fastapi.responses import JSONResponse


class Refused(FolioError):
    """A refusal with a reason that is said in the page's language."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(say(key, DEFAULT, **values))
        self._key, self._values = key, values

    def said_in(self, language: str) -> str:
        """Return the reason in a language of the page."""
        return say(self._key, language, **self._values)


def refusal(error: FolioError, lang: str = "") -> "JSONResponse":
    """Return status 409 with the reason.

    Args:
        lang: the page's language, as it says; other errors than `Refused` are in English.
    """
    from fastapi.responses import JSONResponse

    said = error.said_in(choose_language(lang)) if isinstance(error, Refused) else str(error)
    return JSONResponse({"message": said}, 409)
