"""A target behind a URL; the only importer of requests."""

from __future__ import annotations

from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.response import BaseHTTPResponse

from conformance.adapters.exchange import Exchange, TooLargeError, pools
from conformance.adapters.signing import signed
from conformance.adapters.trouble import detail_of, trouble_of
from conformance.errors import SettingsError
from conformance.target import Credentials, Reply, Tampering, Target
from specs import Request, Response

BODY_CAP = 16 * 1024 * 1024
_OVERHEAD = 4 * 1024 * 1024
_CHUNK = 256 * 1024
_DEFAULT_HEADERS = {"User-Agent": "job-api-conformance", "Accept-Encoding": "identity", "Connection": "keep-alive"}
_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE", "TRACE"})
_BODIED = frozenset({"POST", "PUT", "PATCH"})


class _Adapter(HTTPAdapter):
    """Sends to one place, and makes no more of an answer than is used: no cookies, no encoding, no history."""

    def request_url(self, request: requests.PreparedRequest, proxies: object) -> str:
        del request, proxies  # the connection puts the exact target in its place
        return "/"

    def build_response(self, req: requests.PreparedRequest, resp: BaseHTTPResponse) -> requests.Response:
        answer = requests.Response()
        answer.status_code, answer.raw, answer.request = resp.status, resp, req
        return answer


class HttpConnection:
    """Sends requests over one kept-alive connection.

    Redirects are never followed, proxies and netrc of the environment are not asked, cookies are not sent back. An
    answer is read up to a cap, also once it is decompressed, and up to a deadline that no dripping can put off.

    A kept connection may be closed by the other side at any time, which is nobody's fault: a request that changes
    nothing when it is sent twice is sent again on a new one. Others are told as dropped, since they may have happened;
    once a target was seen closing a connection so, they are only ever sent on new ones.

    Raises:
        SettingsError: the target's URL is none that requests can be sent to.
    """

    def __init__(self, target: Target, *, stale_seconds: int = 900) -> None:
        self._base = _checked(target.url)
        self._credentials: Credentials = target.credentials
        self._stale = stale_seconds
        self._seconds = target.timeouts.request
        self._verify = target.ca_file or True
        self._exchange = Exchange(cap=BODY_CAP + _OVERHEAD)
        self._adapter = _Adapter(max_retries=0, pool_connections=1, pool_maxsize=1)
        self._adapter.poolmanager.pool_classes_by_scheme = pools(self._exchange)
        self._prefix = urlsplit(self._base).path

    def send(self, request: Request, /, *, tampering: Tampering | None = None) -> Reply:
        """Sign and send a request; see :class:`conformance.target.Connection`. Raises CredentialsError without keys."""
        try:
            credentials = self._credentials.current()
            outgoing = signed(request, self._base, credentials, tampering=tampering, stale_seconds=self._stale)
            line = self._prefix + outgoing.target
        except ValueError as error:
            return Reply(sent=request, trouble="unsendable", detail=detail_of(error))
        repeatable = outgoing.method in _REPEATABLE
        if self._exchange.leaves and not repeatable:
            self._adapter.close()
        reply = self._attempt(outgoing, line)
        if reply.trouble in {"dropped", "garbage"} and not self._exchange.opened and not self._exchange.headed:
            self._exchange.leaves = True
            if repeatable:
                self._adapter.close()
                reply = self._attempt(outgoing, line)
        return reply

    def _attempt(self, outgoing: Request, line: str) -> Reply:
        self._exchange.begin(line, self._seconds)
        try:
            return Reply(sent=outgoing, response=self._answer(outgoing))
        except Exception as error:  # noqa: BLE001 - a hostile answer may break anything in the libraries that read it
            trouble, detail = trouble_of(error, self._exchange), detail_of(error)
            if trouble == "timeout":
                detail = f"no complete answer within {self._seconds} s; {self._exchange.received} bytes came"
            return Reply(sent=outgoing, trouble=trouble, detail=detail)

    def _answer(self, outgoing: Request) -> Response:
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url = outgoing.method, self._base
        headers: CaseInsensitiveDict[str | bytes] = CaseInsensitiveDict(_DEFAULT_HEADERS)
        headers.update({name: _sendable(value) for name, value in outgoing.headers.items()})
        prepared.headers = headers  # type: ignore[assignment]
        if outgoing.body or outgoing.method in _BODIED:
            prepared.body = outgoing.body
            headers.setdefault("Content-Length", str(len(outgoing.body)))
        raw = self._adapter.send(prepared, stream=True, timeout=self._seconds, verify=self._verify).raw
        try:
            body = _read(raw)
        except BaseException:
            raw.close()
            raise
        received = {name.lower(): raw.headers[name] for name in raw.headers}
        return Response(status=raw.status, headers=received, body=body)

    def close(self) -> None:
        """Close the connection."""
        self._adapter.close()


def _read(raw: BaseHTTPResponse) -> bytes:
    """The decoded body; raises TooLargeError when it is longer than the cap."""
    parts: list[bytes] = []
    size = 0
    for part in raw.stream(_CHUNK, decode_content=True):
        parts.append(part)
        size += len(part)
        if size > BODY_CAP:
            raise TooLargeError(f"the body is longer than {BODY_CAP} bytes")
    return b"".join(parts)


def _sendable(value: str) -> str | bytes:
    """A header's value as it is sent: text beyond ASCII goes out as UTF-8."""
    return value if value.isascii() else value.encode("utf-8", "surrogatepass")


def _checked(url: str) -> str:
    """The URL without a slash at its end; raises SettingsError where it is not one of a target."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise SettingsError(f"expected the URL of a target but url={url!r} is none: {error}") from error
    if not usable:
        raise SettingsError(f"expected a URL such as http://localhost:8080 but got {url!r}; give scheme and host")
    if parts.username is not None or parts.query or parts.fragment:
        raise SettingsError(
            f"expected a URL of scheme, host, port and path only but the one at host {parts.hostname} has a user, "
            "a query or a fragment; leave these out"
        )
    return url.rstrip("/")
