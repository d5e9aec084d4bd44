"""Patterns of words that may also be typed without diacritics, as phones and keyboards abroad do.

Leaves Cyrillic as it is: Russian has a keyboard of its own.
"""

from typing import Final

import regex

from index.lexical import fold

_ACCENTED: Final = r"[^\x00-\x7f\p{Cyrillic}]"
_CLASS_OR_ACCENTED: Final = regex.compile(rf"\[(?P<class>[^\]]+)\]|{_ACCENTED}")


def or_plain(pattern: str) -> str:
    r"""Return a pattern that takes each letter also without its diacritics: neçə, nece.

    A letter that is written as `\u` with its number stays what it is.

    >>> or_plain("ka[çs]")
    'ka[çsc]'
    """
    both: str = _CLASS_OR_ACCENTED.sub(_both, pattern)
    return both


def _both(match: "regex.Match[str]") -> str:
    letters = match["class"] or match[0]
    return f"[{letters}{fold(''.join(regex.findall(_ACCENTED, letters)))}]"
