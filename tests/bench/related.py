"""How many near-duplicates and translations are linked, and what else is?

    python -m tests.bench.related DATA [--articles 15] [--paragraphs 25] [--languages en,lv,…]

Translations: articles of ntrex and paragraphs of belebele in several languages, together with the
sample library, two of whose events are told by two documents in two languages that are no
translations. Those that the limits in index/related.py were chosen on are left out.
Near-duplicates: copies of those texts that are changed by chance, in a library of all of them.
"""

import argparse
import dataclasses
import gzip
import json
import random
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any
from unittest.mock import patch

from index import build as building
from index import related
from index.encoder import open_encoder
from index.generation import open_current
from index.library import Library
from tests.bench.life import SAMPLE, _noise

# Every third article and every fifth paragraph, beginning with the first, was looked at before.
SETS = {"ntrex": 3, "belebele": 5}
WORDS = ("harbour", "minister", "yesterday", "blue", "seven", "līgums", "парк", "elma", "however")


def main() -> None:
    """Print precision and recall for translations, and for each way of changing a copy."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=15)
    parser.add_argument("--paragraphs", type=int, default=25)
    parser.add_argument("--languages", default="en,lv,az,tr,ru")
    options = parser.parse_args()
    languages = options.languages.split(",")
    texts = {}
    for name, count in (("ntrex", options.articles), ("belebele", options.paragraphs)):
        texts |= parallel(options.data / name / "contexts.jsonl.gz", name, count, languages)
    copies(texts)
    translations(texts)


def parallel(path: Path, name: str, count: int, languages: list[str]) -> dict[str, str]:
    """Return texts that are there in all languages: "ntrex/lv/id.txt" → text."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["lang"] in languages and row.get("complete", True):
                found[row["parallel_id"]][row["lang"]] = row["text"]
    whole = [key for key, each in found.items() if len(each) == len(languages)]
    chosen = [key for place, key in enumerate(whole) if place % SETS[name]][:count]
    return {
        f"{name}/{language}/{key}.txt": text
        for key in chosen
        for language, text in found[key].items()
    }


def translations(texts: dict[str, str]) -> None:
    """Link for real, and count the pairs of one text in two languages that are linked."""
    true = pairs_of(texts, lambda name: (name.split("/")[0], name.split("/")[2]))
    with tempfile.TemporaryDirectory(prefix="folio-bench-") as folder:
        library = write(Path(folder), texts)
        shutil.copytree(SAMPLE, library.documents / "sample")
        found = linked(library, "translation")
    for name in SETS:
        ours = {pair for pair in true if pair[0].startswith(name)}
        print(f"{name}: {len(ours & found)} of {len(ours)} translations linked")
    print(f"linked in all {len(found)}, wrong {len(found - true)}: {sorted(found - true)}")


def copies(texts: dict[str, str]) -> None:
    """Link texts with changed copies of themselves, and count."""
    chance = random.Random(1)  # noqa: S311  (a benchmark's)
    changed = {
        f"{way}/{name}": change(text, chance)
        for place, (name, text) in enumerate(sorted(texts.items()))
        for way, change in [list(WAYS.items())[place % len(WAYS)]]
    }
    encoder = open_encoder()
    noise = dataclasses.replace(encoder, _run=_noise(encoder.dimension))
    with tempfile.TemporaryDirectory(prefix="folio-bench-") as folder:
        library = write(Path(folder), {f"as-it-was/{name}": text for name, text in texts.items()})
        write(Path(folder), changed)
        with patch.object(building, "open_encoder", lambda *_, **__: noise):
            found = linked(library, "duplicate")
    true = {(f"as-it-was/{name.split('/', 1)[1]}", name) for name in changed}
    true = {(min(pair), max(pair)) for pair in true}
    for way in WAYS:
        ours = {pair for pair in true if any(name.startswith(f"{way}/") for name in pair)}
        print(f"{way}: {len(ours & found)} of {len(ours)} copies linked")
    print(f"linked in all {len(found)}, wrong {len(found - true)}: {sorted(found - true)[:5]}")


def replaced(share: float) -> Callable[[str, random.Random], str]:
    """Return what puts another word in the place of this share of the words."""

    def change(text: str, chance: random.Random) -> str:
        words = text.split(" ")
        return " ".join(chance.choice(WORDS) if chance.random() < share else w for w in words)

    return change


def framed(text: str, _: random.Random) -> str:
    """Return a text with a line before and after it, as a printed web page has."""
    return (
        f"Home | News | Contact us today\n\n{text}\n\nAll rights reserved. Printed on 3 May 2024."
    )


def shortened(text: str, _: random.Random) -> str:
    """Return a text without its last quarter."""
    return text[: len(text) * 3 // 4]


def respelt(text: str, _: random.Random) -> str:
    """Return a text in capitals with other white space."""
    return text.upper().replace(" ", "  ")


WAYS: dict[str, Callable[[str, random.Random], str]] = {
    "one word of fifty": replaced(0.02),
    "one word of twenty": replaced(0.05),
    "one word of ten": replaced(0.1),
    "framed": framed,
    "without its last quarter": shortened,
    "in capitals": respelt,
}


def write(folder: Path, texts: dict[str, str]) -> Library:
    """Write texts under a library's documents/."""
    library = Library.create(folder)
    for name, text in texts.items():
        path = library.documents / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return library


def linked(library: Library, relation: str) -> set[tuple[str, str]]:
    """Index a library, and return the pairs that are linked, the smaller path first."""
    spent: list[float] = []

    def timed(*values: Any) -> None:
        started = time.process_time()
        link(*values)
        spent.append(time.process_time() - started)

    link = related.link
    with patch.object(related, "link", timed):
        report = building.build(library)
    print(
        f"{len(report.added)} documents, {report.passages} passages; linking {spent[0]:.1f} CPU-s"
    )
    return {
        (min(row.document, other.document), max(row.document, other.document))
        for row in open_current(library.index).store.documents()
        for other in row.related
        if other.relation == relation
    }


def pairs_of(names: dict[str, str], key: Callable[[str], Any]) -> set[tuple[str, str]]:
    """Return the pairs of names that have one key, the smaller first."""
    groups = Counter(map(key, names))
    return {
        (one, two)
        for group in groups
        for one, two in combinations(sorted(name for name in names if key(name) == group), 2)
    }


if __name__ == "__main__":
    main()
