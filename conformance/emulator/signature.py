"""Verification of signed requests: AWS Signature Version 4 in headers, and NAVER Cloud's signature v2.

Sources: AWS General Reference, "Signing AWS API requests" (canonical request, string to sign, signing key);
NAVER Cloud "Ncloud API" overview, "AUTHPARAMS" (message of the v2 signature and its clock tolerance).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from werkzeug import Request

TOLERANCE_SECONDS = 300
"""Both services refuse a request whose time differs by more than five minutes from theirs."""

_CREDENTIAL = re.compile(r"(?P<key>[^/\s]+)/(?P<day>[0-9]{8})/(?P<region>[^/]*)/(?P<service>[^/]*)/aws4_request")
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<credential>[^,\s]+)\s*,\s*"
    r"SignedHeaders=(?P<names>[^,\s]+)\s*,\s*Signature=(?P<signature>[0-9a-f]{64})\s*"
)
_TIME = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_SPACES = re.compile(r" +")


class SignatureFault(Enum):
    """What is wrong with the signature of a request."""

    MISSING = "missing"
    MALFORMED = "malformed"
    UNKNOWN_KEY = "unknown-key"
    WRONG_SCOPE = "wrong-scope"
    WRONG_SIGNATURE = "wrong-signature"
    STALE = "stale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The pair of keys a request may be signed with, and for SigV4 the scope it must be signed for."""

    access_key: str
    secret_key: str
    region: str = "us-east-1"
    service: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """The parts of a request that a signature covers, as they were sent."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case; repeated fields joined by a comma."""
    body: bytes = b""

    @classmethod
    def of(cls, request: Request) -> SignedRequest:
        """Take the parts out of a request that came through the emulator's server."""
        path, _, query = request.environ["RAW_URI"].partition("?")
        headers = {
            key[5:].replace("_", "-").lower(): value for key, value in request.environ.items() if key[:5] == "HTTP_"
        }
        headers["content-type"] = request.environ.get("CONTENT_TYPE", "")
        headers["content-length"] = request.environ.get("CONTENT_LENGTH", "")
        return cls(method=request.method, path=path, query=query, headers=headers, body=request.get_data())


def sigv4_fault(request: SignedRequest, *, keys: Keys, now: datetime) -> SignatureFault | None:
    """Return what is wrong with the SigV4 signature of ``request``; None when it is right.

    Signatures in the query (presigned URLs) count as missing: none of the emulated APIs documents them.
    """
    try:
        _verify_sigv4(request, keys, now)
    except _FaultError as error:
        return error.fault
    return None


class _FaultError(Exception):
    def __init__(self, fault: SignatureFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def _verify_sigv4(request: SignedRequest, keys: Keys, now: datetime) -> None:
    authorization = request.headers.get("authorization")
    if not authorization:
        raise _FaultError(SignatureFault.MISSING)
    parts = _AUTHORIZATION.fullmatch(authorization)
    credential = _CREDENTIAL.fullmatch(parts["credential"]) if parts else None
    stamp = request.headers.get("x-amz-date", "")
    if not parts or not credential or not _TIME.fullmatch(stamp):
        raise _FaultError(SignatureFault.MALFORMED)
    if credential["key"] != keys.access_key:
        raise _FaultError(SignatureFault.UNKNOWN_KEY)
    if (credential["region"], credential["service"]) != (keys.region, keys.service):
        raise _FaultError(SignatureFault.WRONG_SCOPE)
    if not _is_recent(stamp, now):
        raise _FaultError(SignatureFault.STALE)
    names = parts["names"].split(";")
    digest = _payload_digest(request)
    if "host" not in names or credential["day"] != stamp[:8] or digest is None:
        raise _FaultError(SignatureFault.WRONG_SIGNATURE)
    key = _signing_key(keys.secret_key, credential["day"], keys.region, keys.service)
    scope = f"{credential['day']}/{keys.region}/{keys.service}/aws4_request"
    for canonical in _canonical_requests(request, names, digest, doubly_encoded=keys.service != "s3"):
        message = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        expected = hmac.new(key, message.encode(), hashlib.sha256).hexdigest()
        if hmac.compare_digest(expected, parts["signature"]):
            return
    raise _FaultError(SignatureFault.WRONG_SIGNATURE)


def _is_recent(stamp: str, now: datetime) -> bool:
    try:
        sent = datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return False
    return abs((now - sent).total_seconds()) <= TOLERANCE_SECONDS


def _payload_digest(request: SignedRequest) -> str | None:
    declared = request.headers.get("x-amz-content-sha256")
    if declared == "UNSIGNED-PAYLOAD":
        return declared
    actual = hashlib.sha256(request.body).hexdigest()
    return actual if declared in {None, actual} else None


@lru_cache(maxsize=16)
def _signing_key(secret: str, day: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (day, region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return key


def _canonical_requests(
    request: SignedRequest, names: list[str], digest: str, *, doubly_encoded: bool
) -> Iterator[str]:
    # Signers differ in one point: some sign the query as sent, some encode each part anew. Where the client encoded
    # in the usual way both are the same text, so the second form is only tried when the first does not fit.
    path = quote(_without_dots(request.path), safe="/~") if doubly_encoded else request.path
    fields = "".join(f"{name}:{_SPACES.sub(' ', request.headers.get(name, '').strip())}\n" for name in names)
    for query in OrderedDict.fromkeys((_sorted_query(request.query), _recoded_query(request.query))):
        yield f"{request.method}\n{path or '/'}\n{query}\n{fields}\n{';'.join(names)}\n{digest}"


def _without_dots(path: str) -> str:
    if "//" not in path and "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == ".." and kept:
            kept.pop()
        elif segment not in {"", ".", ".."}:
            kept.append(segment)
    tail = "/" if path.endswith("/") and kept else ""
    return "/" + "/".join(kept) + tail


def _pairs(query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (pair.partition("=") for pair in query.split("&"))] if query else []


def _sorted_query(query: str) -> str:
    return "&".join(f"{name}={value}" for name, value in sorted(_pairs(query)))


def _recoded_query(query: str) -> str:
    recoded = [(_recode(name), _recode(value)) for name, value in _pairs(query) if name or value]
    return "&".join(f"{name}={value}" for name, value in sorted(recoded))


def _recode(text: str) -> str:
    return quote(unquote(text), safe="-_.~")


def ncloud_v2_signature(method: str, target: str, *, timestamp: str, access_key: str, secret_key: str) -> str:
    """Return NAVER Cloud's signature v2 of a request; ``target`` is path and query as sent."""
    message = f"{method} {target}\n{timestamp}\n{access_key}"
    return base64.b64encode(hmac.new(secret_key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def ncloud_v2_fault(request: SignedRequest, *, keys: Keys, now: datetime) -> SignatureFault | None:
    """Return what is wrong with NAVER Cloud's v2 signature of ``request``; None when it is right."""
    timestamp = request.headers.get("x-ncp-apigw-timestamp")
    access_key = request.headers.get("x-ncp-iam-access-key")
    signature = request.headers.get("x-ncp-apigw-signature-v2")
    if not timestamp or not access_key or not signature:
        return SignatureFault.MISSING
    if not re.fullmatch(r"[0-9]{1,15}", timestamp):
        return SignatureFault.MALFORMED
    if access_key != keys.access_key:
        return SignatureFault.UNKNOWN_KEY
    if abs(now.timestamp() - int(timestamp) / 1_000) > TOLERANCE_SECONDS:
        return SignatureFault.STALE
    target = f"{request.path}?{request.query}" if request.query else request.path
    expected = ncloud_v2_signature(
        request.method, target, timestamp=timestamp, access_key=access_key, secret_key=keys.secret_key
    )
    if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "surrogateescape")):
        return SignatureFault.WRONG_SIGNATURE
    return None
