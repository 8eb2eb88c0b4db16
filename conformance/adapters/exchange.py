"""One request and its answer on a connection, kept to a deadline and a size; the importer of urllib3's connections."""

from __future__ import annotations

import http.client
import io
import socket
import time
from dataclasses import dataclass
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool


class TooLargeError(Exception):
    """An answer takes more bytes on the wire than the suite reads."""


@dataclass(slots=True, kw_only=True)
class Exchange:
    """The exchange under way on a connection.

    Attributes:
        target: what stands on the request line, exactly as it was signed.
        until: when the answer must be complete, on the monotonic clock.
        cap: how many bytes are read at most.
        opened: whether the connection was opened for this very exchange.
        sent: whether any byte of the request has left.
        received: how many bytes of the answer came.
        ended: whether the other side has closed its end.
        headed: whether the head of the answer came, whole.
        leaves: whether the target was ever seen closing an idle connection without having said so.
    """

    cap: int
    target: str = "/"
    until: float = 0.0
    opened: bool = False
    sent: bool = False
    received: int = 0
    ended: bool = False
    headed: bool = False
    leaves: bool = False

    def begin(self, target: str, seconds: float) -> None:
        """Start anew."""
        self.target, self.until = target, time.monotonic() + seconds
        self.opened = self.sent = self.ended = self.headed = False
        self.received = 0

    def left(self) -> float:
        """Seconds until the deadline; raises TimeoutError when it has passed."""
        left = self.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


class _Incoming(io.RawIOBase):
    """What comes in on a socket, until the deadline of the exchange and up to its cap, however slowly it drips."""

    def __init__(self, raw: Any, sock: socket.socket, exchange: Exchange) -> None:
        self._raw = raw
        self._sock = sock
        self._exchange = exchange

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:
        exchange = self._exchange
        self._sock.settimeout(exchange.left())
        size: int | None = self._raw.readinto(buffer)
        exchange.received += size or 0
        exchange.ended = size == 0
        if exchange.received > exchange.cap:
            raise TooLargeError(f"the answer is longer than {exchange.cap} bytes")
        return size

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Answer(http.client.HTTPResponse):
    """An answer whose interim answers (1xx) are passed over, and whose head must be whole."""

    def __init__(self, exchange: Exchange, sock: socket.socket, method: str | None = None) -> None:
        super().__init__(sock, method=method)
        self._exchange = exchange
        self.fp = io.BufferedReader(_Incoming(self.fp.detach(), sock, exchange))

    def begin(self) -> None:
        super().begin()
        while 100 < self.status < 200 and self.status != http.client.SWITCHING_PROTOCOLS:
            self.headers = self.msg = None  # type: ignore[assignment]
            super().begin()
        if self._exchange.ended:  # the parser takes the end of the stream for the end of the head
            raise http.client.IncompleteRead(b"")
        self._exchange.headed = True


def pools(exchange: Exchange) -> dict[str, Any]:
    """Connection pools by scheme, whose connections keep to the exchange."""

    def respond(sock: socket.socket, method: str | None = None) -> _Answer:
        return _Answer(exchange, sock, method=method)

    class Kept:
        """What a plain and a TLS connection have in common."""

        response_class = staticmethod(respond)
        sock: Any

        @property
        def is_connected(self) -> bool:
            alive: bool = super().is_connected  # type: ignore[misc]
            exchange.leaves = exchange.leaves or (self.sock is not None and not alive)
            return alive

        def connect(self) -> None:
            super().connect()  # type: ignore[misc]
            exchange.opened = True

        def putrequest(self, method: str, url: str, *args: Any, **options: Any) -> None:
            del url  # the pool normalizes it, and what was signed must be sent as it is
            super().putrequest(method, exchange.target, *args, **options)  # type: ignore[misc]

        def send(self, data: Any) -> None:
            if self.sock is not None:
                self.sock.settimeout(exchange.left())
                exchange.sent = True
            super().send(data)  # type: ignore[misc]
            exchange.sent = True

    class Plain(Kept, HTTPConnection):  # type: ignore[misc]
        """A connection in clear."""

    class Secure(Kept, HTTPSConnection):  # type: ignore[misc]
        """A connection over TLS."""

    class PlainPool(HTTPConnectionPool):
        """Keeps plain connections."""

        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        """Keeps TLS connections."""

        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
