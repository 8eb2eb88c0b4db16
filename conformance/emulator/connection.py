"""One client connection: reads requests, has them answered, writes each answer in one piece."""

from __future__ import annotations

import io
import random
import socket
import socketserver
import sys
import time
import traceback
from email.utils import formatdate
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from werkzeug import Request

from conformance.emulator.body import has_body, read_body
from conformance.emulator.head import Head, MalformedRequestError, read_head, split_target
from conformance.emulator.service import refusal

if TYPE_CHECKING:
    from typing import BinaryIO

    from werkzeug import Response

    from conformance.emulator.server import Server

_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_JITTER = random.Random()  # noqa: S311 - a delay needs no secrecy
_BODILESS = frozenset({204, 304})


class Connection(socketserver.BaseRequestHandler):
    """Serves one connection until either side ends it."""

    IDLE_SECONDS = 120.0
    """How long a kept connection may be silent."""
    READ_SECONDS = 10.0
    """How long the next piece of a begun request may take."""
    LINGER_SECONDS = 1.0
    """How long unread bytes are drained before closing; closing at once would reset the client's read of the answer."""

    server: Server
    request: socket.socket

    def setup(self) -> None:
        """Make small answers leave at once."""
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._stream = cast("BinaryIO", self.request.makefile("rb", 65_536))

    def handle(self) -> None:
        """Answer requests one after the other."""
        try:
            while self._serve_one():
                pass
        except OSError:
            return  # the client is gone, or silent; there is nobody to answer

    def finish(self) -> None:
        """Give up the connection."""
        self._stream.close()

    def _serve_one(self) -> bool:
        self.request.settimeout(self.IDLE_SECONDS)
        if not cast("io.BufferedReader", self._stream).peek(1):
            return False
        self.request.settimeout(self.READ_SECONDS)
        try:
            head = read_head(self._stream)
            if head is None:
                return False
            environ = self._environ(head, self._read_body(head))
        except MalformedRequestError as error:
            self._refuse(error.status, error.message)
            return False
        except TimeoutError:
            self._refuse(408, "The request did not arrive in time")
            return False
        self._delay()
        response = self._answer(environ)
        self._send(response, persistent=head.persistent, bodiless=head.method == "HEAD")
        return head.persistent

    def _read_body(self, head: Head) -> bytes:
        if has_body(head) and any(value.lower() == "100-continue" for value in head.values("expect")):
            self.request.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return read_body(self._stream, head)

    def _environ(self, head: Head, body: bytes) -> dict[str, Any]:
        raw = head.path_and_query
        path, query = split_target(raw)
        host, port = self.server.server_address[:2]
        environ: dict[str, Any] = {
            "REQUEST_METHOD": head.method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "RAW_URI": raw,
            "REQUEST_URI": raw,
            "REMOTE_ADDR": self.client_address[0],
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        for name, value in head.fields:
            key = "HTTP_" + name.upper().replace("-", "_")
            environ[key] = f"{environ[key]},{value}" if key in environ else value
        environ["CONTENT_TYPE"] = environ.pop("HTTP_CONTENT_TYPE", "")
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ.pop("HTTP_CONTENT_LENGTH", None)
        environ["CONTENT_LENGTH"] = str(len(body))
        return environ

    def _answer(self, environ: dict[str, Any]) -> Response:
        service = self.server.service
        try:
            request = Request(environ)
            request.method = environ["REQUEST_METHOD"]  # werkzeug changes the case, but methods are case-sensitive
            return service.handle(request)
        except Exception:  # noqa: BLE001 - a fault of the emulator must be seen, and must not cost the connection
            traceback.print_exc(file=sys.stderr)
            return refusal(service, status=500, message="The emulator failed; see its error output")

    def _refuse(self, status: int, message: str) -> None:
        self._delay()
        self._send(refusal(self.server.service, status=status, message=message), persistent=False, bodiless=False)
        self._linger()

    def _delay(self) -> None:
        latency = self.server.settings.latency_seconds
        if latency > 0:
            time.sleep(_JITTER.uniform(0, latency))

    def _send(self, response: Response, *, persistent: bool, bodiless: bool) -> None:
        body = response.get_data()
        status = response.status_code
        lines = [f"HTTP/1.1 {status} {_PHRASES.get(status, 'Unknown')}", f"Date: {formatdate(usegmt=True)}"]
        lines.extend(f"{name}: {value}" for name, value in response.headers.items() if name.lower() != "content-length")
        if status not in _BODILESS:
            lines.append(f"Content-Length: {len(body)}")
        lines.append("Connection: keep-alive\r\n\r\n" if persistent else "Connection: close\r\n\r\n")
        head = "\r\n".join(lines).encode("latin-1", "replace")
        self.request.sendall(head if bodiless or status in _BODILESS else head + body)

    def _linger(self) -> None:
        deadline = time.monotonic() + self.LINGER_SECONDS
        self.request.shutdown(socket.SHUT_WR)
        while (left := deadline - time.monotonic()) > 0:
            self.request.settimeout(left)
            if not self.request.recv(1 << 20):
                return
