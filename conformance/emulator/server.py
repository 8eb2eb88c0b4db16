"""The emulator's process: a threaded HTTP/1.1 server around one service."""

from __future__ import annotations

import os
import signal
import socket
import socketserver
import sys
import threading
import time
from typing import TYPE_CHECKING, NoReturn

from conformance.emulator.connection import Connection
from conformance.emulator.service import create_service

if TYPE_CHECKING:
    from types import FrameType

    from conformance.emulator.service import Service
    from conformance.emulator.settings import Settings

_PARENT_CHECK_SECONDS = 0.25
_SWITCH_SECONDS = 0.000_2


class Server(socketserver.ThreadingTCPServer):
    """Listens as soon as it is made; one thread a connection."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 1_024

    def __init__(self, service: Service, settings: Settings) -> None:
        self.service = service
        self.settings = settings
        if ":" in settings.host:
            self.address_family = socket.AF_INET6
        super().__init__((settings.host, settings.port), Connection)
        # A load keeps the interpreter busy; requests that come meanwhile must not wait for its turn to end.
        sys.setswitchinterval(_SWITCH_SECONDS)

    @property
    def url(self) -> str:
        """Where the server answers."""
        host, port = self.server_address[:2]
        name = str(host)
        return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def run(settings: Settings) -> None:
    """Serve until SIGTERM, SIGINT or the death of the parent process; print one line once the port is bound.

    Must be called from the main thread, as it installs signal handlers.
    """
    parent = os.getppid()
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    service = create_service(settings)
    try:
        with Server(service, settings) as server:
            threading.Thread(target=_watch_parent, args=(parent,), name="parent-watch", daemon=True).start()
            sys.stdout.write(f"listening on {server.url}\n")
            sys.stdout.flush()
            server.serve_forever()
    finally:
        service.close()


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PARENT_CHECK_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)
