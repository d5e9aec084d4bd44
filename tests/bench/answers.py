"""How long does a person wait for an answer out of a large library?

    python -m tests.bench.answers [--passages 10000]

The sample library's questions, asked of the sample library and of synthetic texts beside it: its
sentences, shuffled and numbered. Their vectors are noise, since what is measured is the time: as
many passages are searched and read as ever. Prints seconds and CPU seconds a question, once
everything is warm.
"""

import argparse
import json
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from index import build as building
from qa import sample as sampling
from qa.assistant import Assistant
from tests.bench.life import library_of, noisy_vectors

WARMING = 5


def main() -> None:
    """Print the median and the 95th percentile."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--passages", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="folio-bench-") as scratch:
        sample = Path(scratch, "sample")
        sampling.write(sample)
        library = library_of(Path(scratch, "library"), options.passages // 10, options.passages)
        shutil.copytree(sample / "documents", library.documents / "sample")
        with noisy_vectors():
            print(f"{building.build(library).passages} passages")
        lines = (sample / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in lines]
        assistant = Assistant.open(library)
        for question in questions[:WARMING]:
            assistant.ask(question)
        elapsed_s, spent_s = zip(*(_timed(assistant, each) for each in questions), strict=True)
    for name, values in (("seconds", elapsed_s), ("CPU seconds", spent_s)):
        most = statistics.quantiles(values, n=20)[-1]
        print(f"{name}: median {statistics.median(values):.2f}, p95 {most:.2f}")


def _timed(assistant: Assistant, question: str) -> tuple[float, float]:
    started, spent = time.monotonic(), time.process_time()
    assistant.ask(question)
    return time.monotonic() - started, time.process_time() - spent


if __name__ == "__main__":
    main()
