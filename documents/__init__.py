"""Read: files → canonical text → passages.

One way in: `read` turns a file's bytes into a `Document`, `split` cuts its text into `Passage`s.
Nothing here knows of an index, a model or a question.
"""

from documents.document import Document, Passage, Span
from documents.errors import DocumentError

__all__ = ["Document", "DocumentError", "Passage", "Span"]
