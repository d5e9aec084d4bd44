"""A request to stop ends what runs, soon and safely."""

import signal
import socket
import subprocess
import time

import pytest

from index.generation import verify_current
from tests.serving import environment, folio_command, serving

STOPPED_S = 20


@pytest.mark.slow
def test_a_server_with_open_connections_stops_within_twenty_seconds(small_library, tmp_path):
    with serving(small_library.folder, tmp_path) as served:
        address = ("127.0.0.1", served.port)
        with (
            socket.create_connection(address) as silent,
            socket.create_connection(address) as open_,
        ):
            silent.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")  # and never the end of it
            open_.sendall(b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert open_.recv(100).startswith(b"HTTP/1.1 200")
            started = time.monotonic()
            served.process.send_signal(signal.SIGTERM)
            assert served.process.wait(STOPPED_S) == 0
            print(f"stopped after {time.monotonic() - started:.1f} s")
        assert "Traceback" not in served.errors.read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_build_that_is_told_to_stop_leaves_what_was_committed(host, library):
    before = verify_current(library.index)[0].number
    (library.documents / "more.txt").write_text(
        "\n\n".join(f"Lighthouse {n}." for n in range(3000))
    )
    with subprocess.Popen(
        [*folio_command(), "index", "--library", str(library.folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        text=True,
    ) as process:
        while process.poll() is None and not list(library.index.glob("building-*")):
            time.sleep(0.01)
        process.terminate()
        _, errors = process.communicate(timeout=STOPPED_S)
    assert process.returncode != 0
    assert "Traceback" not in errors
    assert verify_current(library.index)[0].number == before
    assert host.run(library).said("committed")
    assert not list(library.index.glob("building-*"))
