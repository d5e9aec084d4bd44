"""What does `folio index` cost when little or nothing has changed?

    python -m tests.bench.life [--files 1000] [--passages 10000]

CPU seconds of this process and its workers, on a library of synthetic texts: sentences of the
sample library, shuffled and numbered. The library is built once with vectors made of noise, since
only their number matters; what is measured afterwards embeds for real.
"""

import argparse
import dataclasses
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

import numpy as np

from documents import read, sentences
from index import build as building
from index.encoder import Batches, Encoder, open_encoder
from index.library import Library

SAMPLE = Path(__file__).parents[2] / "documents" / "sample" / "documents"
PASSAGE_SENTENCES = 5


def main() -> None:
    """Print what a first build, no change, one more document and one less cost."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--passages", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="folio-bench-") as folder:
        library = library_of(Path(folder), options.files, options.passages)
        with noisy_vectors():
            print(f"first build: {_measured(lambda: building.build(library))}")
        size = sum(path.stat().st_size for path in library.index.rglob("*") if path.is_file())
        print(f"index: {size / 1e6:.0f} MB")
        print(f"nothing to do: {_measured(lambda: building.build(library))}")
        new = library.documents / "new.txt"
        new.write_text((library.documents / "0.txt").read_text() + "\nIt is one more.")
        _embedding_s.clear()
        with patch.object(building, "open_encoder", _timed_encoder):
            print(f"one more document: {_measured(lambda: building.build(library))}")
        print(f"    of which the model: {sum(_embedding_s):.2f} CPU-s")
        new.unlink()
        print(f"one document less: {_measured(lambda: building.build(library))}")


def library_of(folder: Path, files: int, passages: int) -> Library:
    """Write texts that give about `passages` passages in all."""
    said = []
    for path in sorted(SAMPLE.rglob("*.txt")):
        text = read(path.read_bytes(), path.name).text
        said += [text[span.start : span.end] for span in sentences(text)]
    chance = random.Random(1)  # noqa: S311  (a benchmark's)
    library = Library.create(folder)
    for number in range(files):
        parts = [
            " ".join(f"{chance.choice(said)[:-1]} {chance.randrange(10**6)}." for _ in range(9))
            for _ in range(max(1, passages // files))
        ]
        (library.documents / f"{number}.txt").write_text("\n\n".join(parts), encoding="utf-8")
    return library


@contextmanager
def noisy_vectors() -> Iterator[None]:
    """Embed nothing meanwhile: what is built gets vectors made of noise."""
    encoder = open_encoder()
    noise = dataclasses.replace(encoder, _run=_noise(encoder.dimension))
    with patch.object(building, "open_encoder", lambda *_, **__: noise):
        yield


def _noise(dimension: int) -> Callable[..., Batches]:
    chance = np.random.default_rng(1)

    def run(texts: list[str]) -> Batches:
        rows = chance.standard_normal((len(texts), dimension), dtype=np.float32)
        yield list(range(len(texts))), rows / np.linalg.norm(rows, axis=1, keepdims=True)

    return run


_embedding_s: list[float] = []


def _timed_encoder(name: str, threads: int) -> Encoder:
    """Open an encoder that notes the CPU time that opening and embedding take."""
    started = time.process_time()
    encoder = open_encoder(name, threads)
    _embedding_s.append(time.process_time() - started)

    def run(texts: Sequence[str]) -> Batches:
        started = time.process_time()
        batches = list(encoder._run(texts))
        _embedding_s.append(time.process_time() - started)
        yield from batches

    return dataclasses.replace(encoder, _run=run)


def _measured(work: Callable[[], building.Report]) -> str:
    before, started = _cpu_s(), time.monotonic()
    report = work()
    spent, elapsed_s = _cpu_s() - before, time.monotonic() - started
    counts = f"{report.unchanged} files unchanged, {report.passages} passages"
    return f"{spent:.2f} CPU-s, {elapsed_s:.2f} s ({counts})"


def _cpu_s() -> float:
    """Return the CPU time of this process and of the workers that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    main()
