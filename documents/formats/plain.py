"""Plain text: decoded, nothing else."""

from documents.encodings import decode
from documents.formats.raw import Raw


def load(data: bytes) -> Raw:
    """Return the text of a .txt file."""
    return Raw([decode(data)])
