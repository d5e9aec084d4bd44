"""A bit of records.sqlite flips: what it gives is what was kept, or one known error."""

from collections import Counter
from hashlib import sha256

import pytest

from index import archive
from index.errors import FolioError, RecordsError
from index.generation import open_current, verify_current
from index.records import Records
from index.removed import damaged_files, put_back, removed, replace, take_out
from index.repair import repair
from qa.answer import Answer
from qa.kept import keep, kept
from tests.conftest import TEXTS

FLIPS = 400
ANSWER = Answer("Who?", "en", "abstained", 0.1, (), "Nobody says.", (), 1, 5)


@pytest.fixture
def full(library, host, tmp_path):
    """Return a library whose records hold something of everything, and its passages' keys."""
    whole = {}
    for name in ("en.txt", "lv.txt"):
        rows = open_current(library.index).store.passages_of(name)
        whole |= {row.key: (name, row.text) for row in rows}
    (tmp_path / "new.txt").write_text("Another harbour altogether.")
    replace(library, tmp_path / "new.txt", "lv.txt")
    take_out(library, "en.txt")
    assert host.run(library).said("committed")
    keep(library, ANSWER)
    return library, whole


def flipped(data, chance):
    """Flip a bit where something stands: most of a small database is empty."""
    broken = bytearray(data)
    broken[chance.choice([n for n, byte in enumerate(data) if byte])] ^= 1 << chance.randrange(8)
    return bytes(broken)


def findings(library):
    """Return what `folio doctor` goes by."""
    with Records.read(library.records) as records:
        named = [*archive.damaged_texts(records), *damaged_files(records)]
        return [*records.damage(), *named, *[str(row) for row in kept(library) if not row.answer]]


def uses(library, whole):
    """Use all that the records hold; each result is what was kept."""
    used = Counter()
    with Records.read(library.records) as records:
        for key, (_, text) in whole.items():
            found = archive.archived(records, key)
            if found:
                assert found.text[found.start : found.end] == text
                used["texts"] += 1
        for number in archive.generations(records):
            archive.state(records, number)
    for row in kept(library):
        assert row.answer == ANSWER.to_json()
        used["answers"] += 1
    for row in removed(library):
        put_back(library, row.document)
        data = (library.documents / row.document).read_bytes()
        assert sha256(data).hexdigest() == row.sha256
        used["files"] += 1
    return used


def test_flipped_bits_of_the_records_never_change_what_was_kept(full, chance, host):
    library, whole = full
    sound = library.records.read_bytes()
    documents = {path: path.read_bytes() for path in library.documents.rglob("*.txt")}
    number = verify_current(library.index)[0].number
    counts = Counter()
    for _ in range(FLIPS):
        library.records.write_bytes(flipped(sound, chance))
        outcome = "harmless"
        try:
            found = findings(library)
            if found:
                outcome = "found"
            everything = uses(library, whole)
            if everything != {"texts": len(whole), "answers": 1, "files": 2}:
                outcome = outcome if found else "unnoticed"
        except RecordsError:
            outcome = "refused"
        except FolioError:
            outcome = "unnoticed"
        counts[outcome] += 1
        # Asking doesn't need them.
        assert verify_current(library.index)[0].number == number
        for path in library.documents.rglob("*"):
            if path.is_file() and path not in documents:
                path.unlink()
        for path, data in documents.items():
            path.write_bytes(data)
        for beside in library.folder.glob("records.sqlite-*"):
            beside.unlink()
    print(dict(counts))
    assert counts["found"] + counts["refused"] > FLIPS / 4, "nothing has been proved"
    # Names and dates have no checksum of their own: a file may come back under another name.
    assert counts["unnoticed"] < FLIPS / 20
    library.records.write_bytes(sound)
    assert uses(library, whole) == {"texts": len(whole), "answers": 1, "files": 2}


@pytest.mark.parametrize("junk", [b"junk" * 1000, b"SQLite format 3\0" + b"\xff" * 5000])
def test_broken_records_stop_a_build_with_what_to_do_also_when_they_were_moved_away(
    library, host, junk
):
    library.records.write_bytes(junk)
    (library.documents / "more.txt").write_text("Lighthouse 1 is lit.")
    [(status, message)] = host.run(library).said("refused")
    assert (status, "run `folio repair`" in message) == (1, True)
    assert {row.document for row in open_current(library.index).store.documents()} == set(TEXTS)
    library.records.rename(library.folder / "records.broken")
    [(status, message)] = host.run(library).said("refused")
    assert (status, "run `folio repair`" in message) == (1, True)
    repair(library)
    assert host.run(library).said("committed")
    assert "more.txt" in {row.document for row in open_current(library.index).store.documents()}
