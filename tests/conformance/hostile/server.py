"""A server made of one behaviour: threads and raw sockets, so that it can break every rule of HTTP."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Callable

    Behaviour = Callable[["Peer"], None]


class Peer:
    """One connection of a client, as a behaviour sees it; ``number`` counts the connections from 1."""

    def __init__(self, server: Hostile, connection: socket.socket, number: int) -> None:
        self.server = server
        self.number = number
        self._connection = connection
        self._buffer = b""

    def request(self) -> bytes | None:
        """The next whole request, head and body; None when the client has left."""
        while b"\r\n\r\n" not in self._buffer:
            if not self._more():
                return None
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0
        )
        while len(rest) < length:
            if not self._more():
                return None
            rest = self._buffer.partition(b"\r\n\r\n")[2]
        self._buffer = rest[length:]
        found = head + b"\r\n\r\n" + rest[:length]
        self.server.requests.append(found)
        return found

    def _more(self) -> bool:
        part = self._connection.recv(65536)
        self._buffer += part
        return bool(part)

    def send(self, data: bytes) -> None:
        """Send; OSError when the client has left."""
        self._connection.sendall(data)

    def hang(self) -> None:
        """Say nothing until the client or the test ends it."""
        while self._more():
            pass

    def drip(self, data: bytes, *, pause: float = 0.02) -> None:
        """Send a few bytes at a time."""
        for byte in data:
            if self.server.ended.wait(pause):
                return
            self.send(bytes([byte]))

    def reset(self) -> None:
        """Close so that the client gets a reset."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


class Hostile:
    """A server on a free port of this machine that treats every connection by one behaviour."""

    def __init__(self, behaviour: Behaviour, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.behaviour = behaviour
        self.requests: list[bytes] = []
        self.connections = 0
        self.ended = threading.Event()
        self._tls = tls
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family, backlog=128)
        self.port: int = self._listener.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        self.url = f"{'https' if tls else 'http'}://{name}:{self.port}"
        self._start(self._accept)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, work: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, name="hostile", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self.ended.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._open.append(connection)
            self._start(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with contextlib.suppress(OSError), connection:
            spoken = self._tls.wrap_socket(connection, server_side=True) if self._tls else connection
            with spoken:
                self.behaviour(Peer(self, spoken, number))

    def stop_listening(self) -> None:
        """Be gone: no new connections, and the open ones are cut."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        """Cut every open connection."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """End everything and wait for it."""
        self.ended.set()
        self.stop_listening()
        for thread in self._threads:
            thread.join(10)
        assert not [thread for thread in self._threads if thread.is_alive()]
