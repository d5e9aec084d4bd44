"""Does it answer from the papers of a partnership, and know what they don't say?

    python -m tests.bench.partnerships [--only together|alone]

Six made-up partnerships of technology parks: ten papers each, two in each of five languages, and 46
questions. Half of those that are answered are asked in another language than their paper; most of
the others are near misses. All were written before Folio was asked any of them; what ranks
sentences and says how sure it is has been fitted to them since (docs/measurements.md).

Prints the measures of `folio eval`: of one library of all papers, and of a library for each
partnership.
"""

import argparse
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Final

from index.build import build
from index.library import Library
from qa.assistant import Assistant
from qa.evaluation import Question, measure, read_questions, table

FOLDER: Final = Path(__file__).with_name("papers")


def names() -> list[str]:
    """Return the partnerships' names, which are their folders'."""
    return sorted(path.name for path in FOLDER.iterdir() if path.is_dir())


def questions_of(name: str, prefix: str = "") -> list[Question]:
    """Return a partnership's questions.

    Args:
        prefix: the folder that its documents lie in.
    """
    return [
        replace(each, documents=frozenset(prefix + path for path in each.documents))
        for each in read_questions(FOLDER / name / "questions.jsonl")
    ]


def library_of(folder: Path, chosen: list[str]) -> Library:
    """Return an indexed library with a folder of documents for each partnership."""
    library = Library.create(folder)
    for name in chosen:
        shutil.copytree(FOLDER / name / "documents", library.documents / name)
    build(library)
    return library


def main() -> None:
    """Print a table a library."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", choices=["together", "alone"], help="which libraries")
    arguments = parser.parse_args()
    groups = [] if arguments.only == "alone" else [names()]
    groups += [] if arguments.only == "together" else [[name] for name in names()]
    with tempfile.TemporaryDirectory(prefix="folio-bench-") as scratch:
        for place, group in enumerate(groups):
            library = library_of(Path(scratch, str(place)), group)
            questions = [each for name in group for each in questions_of(name, f"{name}/")]
            report = measure(Assistant.open(library), questions)
            print(", ".join(group), table(report), sep="\n", end="\n\n", flush=True)


if __name__ == "__main__":
    main()
