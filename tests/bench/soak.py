"""Does a server stay whole under load? Twenty people ask without a pause, and the index changes.

    python -m tests.bench.soak [--minutes 30] [--people 20] [--every 60]

Serves the sample library; each person asks over HTTP, as the page does, question after question.
In the middle third of the time the index is built anew again and again by another process. Memory
is the server's resident set, read each --every seconds; its growth counts from the end of the first
third, when models and caches have been warmed. Prints JSON; exits with 1 where somebody got an
error, or memory grew by more than a tenth.
"""

import argparse
import json
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

from tests.bench.browser import ask_event, one_asks, questions, serving_sample
from tests.serving import Served, folio

MOST_GROWTH: Final = 0.1


def main() -> None:
    """Measure, and print what was measured."""
    wanted = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    wanted.add_argument("--minutes", type=float, default=30)
    wanted.add_argument("--people", type=int, default=20)
    wanted.add_argument("--every", type=float, default=60, help="seconds between readings")
    chosen = wanted.parse_args()
    with serving_sample() as (served, library):
        values = soaked(served, library, chosen.minutes * 60, chosen.people, chosen.every)
    print(json.dumps(values, indent=1))
    sys.exit(1 if values["errors"] or values["growth"] > MOST_GROWTH else 0)


def soaked(
    served: Served, library: Path, seconds: float, people: int, every_s: float
) -> dict[str, Any]:
    """Have people ask for so long; return what they waited and saw, and the server's memory."""
    event, asked = ask_event(served), questions(library)
    waits: list[tuple[float, float]] = []
    errors: list[str] = []
    started = time.monotonic()

    def spent() -> float:
        return time.monotonic() - started

    def asks(person: int) -> None:
        for number in range(person, 1_000_000):
            if spent() > seconds:
                return
            at = spent()
            try:
                waits.append((at, one_asks(served, event, asked[number % len(asked)])[0]))
            except (AssertionError, OSError) as error:
                errors.append(repr(error)[:200])

    builds: list[int] = []

    def builds_anew() -> None:
        time.sleep(seconds / 3)
        note = library / "documents" / "soak.txt"
        while spent() < seconds * 2 / 3:
            note.write_text(f"The soak's note has the number {len(builds)}.", encoding="utf-8")
            builds.append(folio("index", "--library", library, timeout=600).returncode)

    threads = [threading.Thread(target=asks, args=(person,)) for person in range(people)]
    threads.append(threading.Thread(target=builds_anew))
    for thread in threads:
        thread.start()
    memory = []
    while spent() < seconds:
        memory.append((round(spent()), _resident_mb(served.process.pid)))
        time.sleep(min(every_s, max(0.0, seconds - spent())))
    memory.append((round(spent()), _resident_mb(served.process.pid)))
    for thread in threads:
        thread.join()
    warm = [mb for at, mb in memory if at >= seconds / 3] or [memory[-1][1]]
    return {
        "minutes": round(seconds / 60, 1),
        "people": people,
        "answers": len(waits),
        "errors": errors[:10],
        "builds": {"whole": builds.count(0), "failed": len(builds) - builds.count(0)},
        "wait_s": _thirds(waits, seconds),
        "resident_mb": memory,
        "growth": round(warm[-1] / warm[0] - 1, 3),
    }


def _thirds(waits: list[tuple[float, float]], seconds: float) -> dict[str, Any]:
    """Return the waits before, while and after the index is built anew."""
    told = {}
    for third, name in enumerate(("before", "while_building", "after")):
        part = [wait for at, wait in waits if third <= at / seconds * 3 < third + 1]
        if len(part) > 1:
            p95 = statistics.quantiles(part, n=20)[-1]
            told[name] = {"median": round(statistics.median(part), 2), "p95": round(p95, 2)}
    return told


def _resident_mb(process: int) -> int:
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) >> 10
    raise OSError("the server has ended")


if __name__ == "__main__":
    main()
