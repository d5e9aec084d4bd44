"""Read: files → canonical text → passages.

One way in: `read` turns a file's bytes into a `Document` (`read_all` where it may hold several),
`split` cuts its text into `Passage`s,
`sentences` finds its sentences, `detect` its language. `documents.worker.ReaderPool` reads in a
process of its own. Nothing here knows of an index, a model or a question.
"""

from documents.containers import Outcome
from documents.document import Document, Passage, Span
from documents.errors import DocumentError
from documents.language import detect
from documents.passages import split
from documents.reading import READER_VERSION, read, read_all
from documents.sentences import sentences

__all__ = [
    "READER_VERSION",
    "Document",
    "DocumentError",
    "Outcome",
    "Passage",
    "Span",
    "detect",
    "read",
    "read_all",
    "sentences",
    "split",
]
