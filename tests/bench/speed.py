"""How fast is the encoder, against sentence-transformers in fp32 in the same run?

    python -m tests.bench.speed

CPU time of one thread, best of five rounds that take turns: on a busy machine only ratios and
minima mean something.
"""

import time
from collections.abc import Callable

QUESTION = "When did the Innovation Agency sign the memorandum with the technopark in Gebze?"
PASSAGE = (
    "The agreement between the park and the agency runs for three years and can be prolonged by "
    "both sides. It provides for joint seminars, an exchange of specialists and a shared "
    "laboratory, whose equipment is paid for in equal parts. "
) * 4
ROUNDS = 5
QUERIES = 20
PASSAGES = 32


def cpu_s(work: Callable[[], object]) -> float:
    """Return the CPU time that `work` takes, in seconds."""
    started = time.process_time()
    work()
    return time.process_time() - started


def main() -> None:
    """Print milliseconds a query, passages a second, and their ratios."""
    import torch
    from sentence_transformers import SentenceTransformer

    from index.encoder import open_encoder, prepared_folder

    torch.set_num_threads(1)
    encoder = open_encoder(threads=1)
    reference = SentenceTransformer(str(prepared_folder()), device="cpu", local_files_only=True)
    passages = [f"{number}. {PASSAGE}" for number in range(PASSAGES)]
    work: dict[str, Callable[[], object]] = {
        "query": lambda: [encoder.encode_query(QUESTION) for _ in range(QUERIES)],
        "query, fp32": lambda: [reference.encode_query(QUESTION) for _ in range(QUERIES)],
        "passages": lambda: list(encoder.encode_passages(passages)),
        "passages, fp32": lambda: reference.encode_document(passages, batch_size=8),
    }
    for each in work.values():
        each()
    best = {name: min(cpu_s(each) for _ in range(ROUNDS)) for name, each in work.items()}
    print(f"query: {best['query'] / QUERIES * 1000:.1f} CPU-ms")
    print(f"query, fp32: {best['query, fp32'] / QUERIES * 1000:.1f} CPU-ms")
    print(f"passages: {PASSAGES / best['passages']:.1f} a CPU-second")
    print(f"passages, fp32: {PASSAGES / best['passages, fp32']:.1f} a CPU-second")
    print(f"ratio: {best['passages, fp32'] / best['passages']:.2f}")


if __name__ == "__main__":
    main()
