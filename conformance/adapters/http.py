"""A target behind a URL; the only importer of requests."""

from __future__ import annotations

import threading
import time
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError

from conformance.adapters.signing import signed
from conformance.target import Credentials, Reply, Tampering, Target, Trouble
from specs import Request, Response

BODY_CAP = 16 * 1024 * 1024
_CHUNK = 256 * 1024
_DEFAULT_HEADERS = {"User-Agent": "job-api-conformance", "Accept-Encoding": "identity", "Connection": "keep-alive"}


class _Watch:
    """The socket of the request under way, so that a reply without end can be cut off from another thread."""

    def __init__(self) -> None:
        self.socket: Any = None

    def cut(self) -> None:
        if self.socket is not None:
            try:
                self.socket.shutdown(2)
            except OSError:
                return


def _pools(watch: _Watch) -> dict[str, Any]:
    class Plain(HTTPConnection):
        def connect(self) -> None:
            super().connect()
            watch.socket = self.sock

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            watch.socket = self.sock

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class _Deadline:
    """One thread that cuts a connection off when its current request is overdue."""

    def __init__(self, watch: _Watch) -> None:
        self.watch = watch
        self.until: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="conformance-deadline", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(0.2):
            until = self.until
            if until is not None and time.monotonic() > until:
                self.until = None
                self.watch.cut()

    def close(self) -> None:
        self._stop.set()


class HttpConnection:
    """Sends requests over one kept-alive connection.

    Redirects are never followed, proxies and netrc of the environment are not asked, bodies are read up to a cap and a
    deadline, and compressed ones only up to the same cap.
    """

    def __init__(self, target: Target, *, stale_seconds: int = 900) -> None:
        self._base = target.url.rstrip("/")
        self._credentials: Credentials = target.credentials
        self._stale = stale_seconds
        self._seconds = target.timeouts.request
        self._watch = _Watch()
        self._adapter = HTTPAdapter(max_retries=0, pool_connections=1, pool_maxsize=1)
        self._adapter.poolmanager.pool_classes_by_scheme = _pools(self._watch)
        self._deadline = _Deadline(self._watch)
        path = urlsplit(self._base).path
        self._prefix = path if path != "/" else ""

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        """Sign and send a request; see :class:`conformance.target.Connection`."""
        outgoing = signed(request, self._base, self._credentials, tampering=tampering, stale_seconds=self._stale)
        self._deadline.until = time.monotonic() + self._seconds + 0.5
        try:
            return self._exchange(outgoing)
        except requests.exceptions.ConnectTimeout as error:
            return _failed(outgoing, "refused", error)
        except (requests.exceptions.Timeout, TimeoutError) as error:
            return _failed(outgoing, "timeout", error)
        except requests.exceptions.ConnectionError as error:
            return _failed(outgoing, self._kind(error), error)
        except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as error:
            return _failed(outgoing, "garbage", error)
        finally:
            self._deadline.until = None

    def _kind(self, error: Exception) -> Trouble:
        text = repr(error)
        if self._deadline.until is None or "timed out" in text or "Timeout" in text:
            return "timeout"
        if "NewConnectionError" in text or "NameResolution" in text or "SSLError" in text:
            return "refused"
        return "garbage" if "BadStatusLine" in text or "LineTooLong" in text else "dropped"

    def _exchange(self, outgoing: Request) -> Reply:
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url = outgoing.method, self._base + outgoing.target
        prepared.headers = CaseInsensitiveDict({**_DEFAULT_HEADERS, **outgoing.headers})
        prepared.hooks = {"response": []}
        if outgoing.body or outgoing.method in {"POST", "PUT", "PATCH"}:
            prepared.body = outgoing.body
            prepared.headers.setdefault("Content-Length", str(len(outgoing.body)))
        answer = self._adapter.send(prepared, stream=True, timeout=self._seconds, verify=True)
        body, truncated, late = self._read(answer)
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if late:
            return Reply(sent=outgoing, trouble="timeout", detail=f"the body did not end within {self._seconds} s; {len(body)} bytes came")
        if truncated:
            answer.close()
            return Reply(sent=outgoing, trouble="too-large", detail=f"the body is longer than {BODY_CAP} bytes")
        return Reply(sent=outgoing, response=Response(status=answer.status_code, headers=headers, body=body))

    def _read(self, answer: requests.Response) -> tuple[bytes, bool, bool]:
        """The body, whether it hit the cap, and whether it hit the deadline."""
        parts: list[bytes] = []
        size = 0
        until = time.monotonic() + self._seconds
        while True:
            part = answer.raw.read1(_CHUNK, decode_content=True)
            if not part:
                answer.raw.release_conn()
                return b"".join(parts), False, False
            parts.append(part)
            size += len(part)
            if size > BODY_CAP:
                return b"", True, False
            if time.monotonic() > until:
                answer.close()
                return b"".join(parts), False, True

    def close(self) -> None:
        """Close the connection."""
        self._deadline.close()
        self._adapter.close()


def _failed(sent: Request, trouble: Trouble, error: Exception) -> Reply:
    return Reply(sent=sent, trouble=trouble, detail=f"{type(error).__name__}: {error}"[:300])


