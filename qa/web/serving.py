"""Taking a port, serving an app there, and stopping when told: uvicorn's one home."""

import asyncio
import errno
import ipaddress
import logging
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from index.errors import FolioError
from qa.web.guard import Asgi
from qa.web.wordless import errors_without_words


class ServeError(FolioError):
    """The server can't be started as asked."""


@contextmanager
def stopping_at_once(scratch: str) -> Iterator[None]:
    """Make a signal that comes while the server starts a clean end.

    An exception would unwind through libraries that are just being loaded, which abort then.
    """

    def stop(*_: object) -> None:
        shutil.rmtree(scratch, ignore_errors=True)
        os._exit(0)

    before = {name: signal.signal(name, stop) for name in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def is_loopback(host: str) -> bool:
    """Return whether an address can only be reached from this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Take the port at once, so that a taken one is told before the model is loaded."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except socket.gaierror as error:
        raise ServeError(f"--host {host} is no address of this machine") from error
    listening = socket.socket(family, kind, protocol)
    if os.name == "posix":
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(place)
        listening.listen(128)
    except OSError as error:
        listening.close()
        if error.errno == errno.EADDRINUSE:
            raise ServeError(
                f"port {port} is taken by another program: choose another, --port {port + 1}"
                if port < 65535
                else f"port {port} is taken by another program: choose another with --port"
            ) from error
        raise ServeError(f"can't listen at {host}, --port {port}: {error.strerror}") from error
    return listening


def url_of(host: str, port: int) -> str:
    """Return the address that a browser opens."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def run(app: Asgi, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until a signal says to stop.

    Args:
        ready: called once, as soon as the page can be opened.
    """
    import uvicorn

    config = uvicorn.Config(
        app,
        log_level="error",
        # Its own set-up would close the log's file, and print errors with what they quote.
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=2,
        server_header=False,
        # What a proxy says is believed in qa.web.proxy, of those that the settings name.
        proxy_headers=False,
    )
    server = uvicorn.Server(config)
    logging.getLogger("uvicorn.error").addFilter(_not_cut_off)

    def announce() -> None:
        while not server.started:
            if server.should_exit:
                return
            time.sleep(0.02)
        ready()

    threading.Thread(target=announce, daemon=True).start()
    # The server takes the signals while it runs, ends, and hands them on to these.
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: None)
    with errors_without_words():
        server.run(sockets=[listening])


def _not_cut_off(record: logging.LogRecord) -> bool:
    """Pass over connections that are still open when the server stops: that is no error."""
    return not (record.exc_info and record.exc_info[0] is asyncio.CancelledError)
