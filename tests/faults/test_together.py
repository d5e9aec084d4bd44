"""The app, a watch and commands change one library at the same time, and nobody is disturbed."""

import json
import subprocess
import threading
import time
import urllib.request
from itertools import pairwise

import pytest

from index.generation import open_current, verify_current
from tests.conftest import TEXTS
from tests.faults.test_locks import holding
from tests.serving import environment, folio_command, serving

EACH = 2
WAIT_S = 240


def called(served, path, method="GET", data=None):
    request = urllib.request.Request(  # noqa: S310
        served.address + path, method=method, data=data, headers={"X-Folio": "1"}
    )
    with urllib.request.urlopen(request, timeout=WAIT_S) as response:  # noqa: S310
        return response.status, response.read().decode()


def started(*arguments):
    return subprocess.Popen(
        [*folio_command(), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
    )


def documents(served):
    return {path for path, _ in json.loads(called(served, "/folio/limits")[1])["documents"]}


class Asking(threading.Thread):
    """Opens a source again and again, and notes each answer's status and the generation then."""

    def __init__(self, served):
        super().__init__()
        self._served, self._ended = served, threading.Event()
        self.statuses, self.generations = set(), []

    def run(self):
        while not self._ended.wait(0.02):
            status, html = called(self._served, "/folio/source?document=en.txt")
            self.statuses.add((status, "runs for six years" in html))
            ready = json.loads(called(self._served, "/readyz")[1])
            self.generations.append(ready["generation"])

    def end(self):
        self._ended.set()
        self.join(WAIT_S)


@pytest.mark.slow
def test_uploads_additions_and_a_watch_at_once_lose_nothing_and_disturb_nobody(library, tmp_path):
    with serving(library.folder, tmp_path) as served:
        watch = started("watch", "--library", library.folder)
        assert watch.stderr.readline().startswith("Watching")
        asking = Asking(served)
        asking.start()
        adding, names = [], set(TEXTS)
        for number in range(EACH):
            file = tmp_path / f"added-{number}.txt"
            file.write_text(f"Lighthouse {number} was added.")
            adding.append(started("add", file, "--library", library.folder))
            (library.documents / f"copied-{number}.txt").write_text(f"Lighthouse {number}.")
            name = f"sent-{number}.txt"
            data = f"Lighthouse {number} was sent.".encode()
            assert called(served, f"/folio/library/file?name={name}", "PUT", data)[0] == 200
            assert called(served, "/folio/library/build", "POST")[0] == 200
            names |= {file.name, f"copied-{number}.txt", name}
        # Whoever finds another at work says so; the file is there, and the other takes it up.
        assert {process.wait(WAIT_S) for process in adding} <= {0, 75}
        assert not any("Traceback" in process.communicate()[1] for process in adding)
        deadline = time.monotonic() + WAIT_S
        while documents(served) != names and time.monotonic() < deadline:
            time.sleep(0.2)
        assert documents(served) == names
        while (job := json.loads(called(served, "/folio/library/job")[1]))["state"] == "running":
            time.sleep(0.2)
        asking.end()
        watch.terminate()
        _, errors = watch.communicate(timeout=WAIT_S)
        assert job["state"] == "done"
    assert (watch.returncode, "Traceback" in errors) == (0, False)
    assert asking.statuses == {(200, True)}
    assert all(one <= two for one, two in pairwise(asking.generations))
    print(f"{len(asking.generations)} times, generations {sorted(set(asking.generations))}")
    assert len(set(asking.generations)) > 1
    verify_current(library.index)
    assert {row.document for row in open_current(library.index).store.documents()} == names


@pytest.mark.slow
def test_an_upload_while_another_process_writes_is_indexed_when_that_is_done(library, tmp_path):
    with serving(library.folder, tmp_path) as served:
        other = holding(library)
        called(served, "/folio/library/file?name=new.txt", "PUT", b"A lighthouse was sent.")
        called(served, "/folio/library/build", "POST")
        time.sleep(1)
        assert json.loads(called(served, "/folio/library/job")[1])["state"] == "running"
        other.kill()
        other.wait()
        deadline = time.monotonic() + WAIT_S
        while "new.txt" not in documents(served) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert documents(served) == {*TEXTS, "new.txt"}
