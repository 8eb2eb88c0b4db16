"""A service that sends a signal to its client, at a moment told by requests."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    import subprocess

    from werkzeug import Request, Response


class Signalling:
    """Sends a signal to a process while it waits for the answer to one of its requests; to none while ``left`` is None."""

    def __init__(self, inner: Any, number: signal.Signals) -> None:
        self.inner = inner
        self.number = number
        self.left: int | None = None
        self.process: subprocess.Popen[str] | None = None
        self.lock = threading.Lock()

    def handle(self, request: Request) -> Response:
        with self.lock:
            if self.process is not None and self.left is not None:
                self.left -= 1
                if self.left == 0:
                    self.process.send_signal(self.number)
        return cast("Response", self.inner.handle(request))

    def close(self) -> None:
        self.inner.close()
