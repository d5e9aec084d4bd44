"""Whoever changes a library's files: on the command line and in the browser, through here.

A change and its line in the audit belong together. The records are opened before anything is
changed: where nothing could be written down, nothing is done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index import additions, files, removed
from index.library import Library
from index.records import Records
from qa.people import collections
from qa.people.audit import Event, note


@dataclass(frozen=True, slots=True)
class Keeper:
    """Somebody who changes a library.

    Every method raises LibraryError where the files don't allow what is asked, and RecordsError
    where it can't be written down.

    Attributes:
        name: a user's, or who runs Folio on this machine.
        address: where from over the network; "" on this machine.
    """

    library: Library
    name: str
    address: str = ""

    @classmethod
    def here(cls, library: Library) -> Self:
        """Return who runs Folio on this machine."""
        return cls(library, removed.user())

    def add(self, file: Path, folder: str = "") -> str:
        """Copy a file into documents/ and return its path there."""
        with self._records() as records:
            document = files.put(self.library, file, folder)
            additions.note(self.library, document, self.name)
            self._note(records, "add", document)
        return document

    def add_all(self, paths: Sequence[Path], folder: str = "") -> list[str]:
        """Copy files into documents/ and return their paths there; none where one can't be put."""
        files.check(self.library, paths, folder)
        return [self.add(path, folder) for path in paths]

    def replace(self, file: Path, document: str, keep: bool = True) -> None:
        """Put a file's bytes in a document's place.

        Args:
            keep: whether what was there can be put back.
        """
        document = files.listed(document)
        with self._records() as records:
            removed.replace(self.library, file, document, keep, self.name)
            additions.note(self.library, document, self.name)
            self._note(records, "replace", document)

    def remove(self, document: str, keep: bool = True) -> None:
        """Take a document out.

        Args:
            keep: whether it can be put back.
        """
        document = files.listed(document)
        with self._records() as records:
            removed.take_out(self.library, document, keep, self.name)
            self._note(records, "remove", document)

    def restore(self, document: str) -> None:
        """Put back what was removed or replaced."""
        document = files.listed(document)
        with self._records() as records:
            removed.put_back(self.library, document, self.name)
            self._note(records, "restore", document)

    def prune(self, older_than_days: float = 0) -> list[removed.Removed]:
        """Forget removed files, and return them."""
        with self._records() as records:
            pruned = removed.prune(self.library, older_than_days)
            if pruned:
                self._note(records, "prune", f"{len(pruned)} files")
        return pruned

    def rename(self, document: str, new: str) -> str:
        """Give a document, or a folder with all that lies in it, another path, and return that.

        Collections go with their folder.
        """
        document = files.listed(document)
        with self._records() as records:
            if files.is_folder(self.library, document):
                old, name = files.folder_move(self.library, document, new)
                # Before it moves: whoever mayn't read what lies there never does.
                with collections.following(records, old, name):
                    files.move_folder(self.library, old, name)
            else:
                old, name = document, files.rename(self.library, document, new)
            additions.renamed(self.library, old, name)
            self._note(records, "rename", f"{old} → {name}")
        return name

    def describe(self, document: str, values: Mapping[str, str]) -> None:
        """Write down what is said of a document; an empty value is taken out."""
        document = files.listed(document)
        with self._records() as records:
            files.describe(self.library, document, values)
            self._note(records, "describe", document)

    def _records(self) -> Records:
        return Records.open(self.library.records)

    def _note(self, records: Records, event: Event, detail: str) -> None:
        note(records, event, self.name, self.address, detail)
