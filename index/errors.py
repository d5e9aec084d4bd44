"""What can go wrong with a library.

FolioError               the root: one line for people, exit status 1
├── LibraryError         no such library, a bad setting, a bad argument
├── ModelError           the encoder can't be had, or isn't the one the index was built with
├── IndexCorrupt         a generation isn't what was committed
│   └── IndexForeign     it has a format that this Folio doesn't read
├── RecordsError         records.sqlite is damaged, or can't be read or written
├── BackupError          a backup isn't whole, or there is no room for it
└── IndexBusy            another process is writing; exit status 75
"""


class FolioError(Exception):
    """A known error: its text says what was found, what was expected and what to do."""

    exit_status = 1


class LibraryError(FolioError):
    """The library, a setting or an argument isn't usable."""


class ModelError(FolioError):
    """The encoder can't be had, or isn't the one that the index was built with."""


class IndexCorrupt(FolioError):
    """A file of a generation isn't what was committed."""


class IndexForeign(IndexCorrupt):
    """A generation has a format that this Folio doesn't read."""


class IndexBusy(FolioError):
    """Another process is writing this index."""

    exit_status = 75


class RecordsError(FolioError):
    """records.sqlite is damaged, or can't be read or written."""


class BackupError(FolioError):
    """A backup isn't whole, or can't be written there."""
