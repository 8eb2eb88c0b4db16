"""An emulator in a thread of this process that counts what it is asked, whoever asks."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator

from werkzeug import Request, Response

from conformance.emulator import Service, Settings, create_service
from conformance.emulator.server import Server
from conformance.emulator.service import refusal


class Counted:
    """A service that counts its requests."""

    def __init__(self, inner: Service) -> None:
        self._inner = inner
        self._lock = threading.Lock()
        self.requests = 0

    def handle(self, request: Request) -> Response:
        with self._lock:
            self.requests += 1
        return self._inner.handle(request)

    def refuse(self, status: int, message: str) -> Response:
        with self._lock:
            self.requests += 1
        return refusal(self._inner, status=status, message=message)

    def close(self) -> None:
        self._inner.close()


@contextlib.contextmanager
def counted(settings: Settings) -> Iterator[tuple[str, Counted]]:
    """The URL of an emulator, and its counter."""
    service = Counted(create_service(settings))
    with Server(service, settings) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server.url, service
        finally:
            server.shutdown()
            thread.join()
            service.close()
