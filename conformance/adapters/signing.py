"""Signatures of requests, right and deliberately wrong ones; the only importer of botocore's signers."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as AwsCredentials

from conformance.target import Credentials, Tampering
from specs import Request

Signer = Callable[[Request, str, Credentials, int], Mapping[str, str]]


def signed(
    request: Request, base_url: str, credentials: Credentials, *, tampering: Tampering | None, stale_seconds: int
) -> Request:
    """The request as it is to be sent: with the headers of its signature, right or tampered with.

    Args:
        request: what is to be signed.
        base_url: scheme, authority and path prefix of the target; the prefix is signed as part of the path.
        credentials: scheme and keys.
        tampering: what to do wrong on purpose; None signs correctly.
        stale_seconds: how old the documents let a signature be; a stale one is three times as old.

    Raises:
        ValueError: the request holds text that cannot be encoded.
    """
    if credentials.scheme == "none" or tampering == "unsigned":
        return request
    if tampering == "unknown-key":
        credentials = replace(credentials, access_key="AKIDNOBODYHASTHISKEY", secret_key="nobody")  # noqa: S106 - nobody's
    elif tampering == "wrong-signature":
        credentials = replace(credentials, secret_key=f"{credentials.secret_key}x")
    age = 3 * stale_seconds if tampering == "stale" else 0
    sign: Signer = _ncloud if credentials.scheme == "ncloud" else _sigv4
    headers = {**request.headers, **sign(request, base_url, credentials, age)}
    if tampering == "tampered-query":
        return replace(request, headers=headers, query=(*request.query, ("tampered", "1")))
    if tampering == "tampered-body":
        return replace(request, headers=headers, body=request.body + b" ")
    return replace(request, headers=headers)


def ncloud_signature(method: str, target: str, *, timestamp: str, access_key: str, secret_key: str) -> str:
    """NAVER Cloud's signature v2 over method, path with query as sent, time in milliseconds, and access key."""
    message = f"{method} {target}\n{timestamp}\n{access_key}".encode()
    return base64.b64encode(hmac.digest(secret_key.encode(), message, hashlib.sha256)).decode("ascii")


def _ncloud(request: Request, base_url: str, credentials: Credentials, age: int) -> Mapping[str, str]:
    timestamp = str(int((time.time() - age) * 1000))
    signature = ncloud_signature(
        request.method, urlsplit(base_url).path + request.target, timestamp=timestamp,
        access_key=credentials.access_key, secret_key=credentials.secret_key,
    )  # fmt: skip
    return {
        "x-ncp-apigw-timestamp": timestamp,
        "x-ncp-iam-access-key": credentials.access_key,
        "x-ncp-apigw-signature-v2": signature,
    }


def _sigv4(request: Request, base_url: str, credentials: Credentials, age: int) -> Mapping[str, str]:
    return sigv4_headers(request, base_url, credentials, at=dt.datetime.now(dt.UTC) - dt.timedelta(seconds=age))


def sigv4_headers(request: Request, base_url: str, credentials: Credentials, *, at: dt.datetime) -> dict[str, str]:
    """All headers of a request signed by SigV4 at a time, those it had among them."""
    signing = AWSRequest(
        method=request.method, url=base_url + request.target, data=request.body, headers=dict(request.headers)
    )
    signing.context["payload_signing_enabled"] = True
    signing.context["timestamp"] = at.strftime("%Y%m%dT%H%M%SZ")
    _signer(credentials).add_auth(signing)
    return dict(signing.headers.items())


@functools.lru_cache(maxsize=16)
def _signing_key(secret_key: str, *scope: str) -> bytes:
    """The key of a day, region and service: the same for every request of that day."""
    key = f"AWS4{secret_key}".encode()
    for part in (*scope, "aws4_request"):
        key = hmac.digest(key, part.encode(), hashlib.sha256)
    return key


class _Swift:
    """botocore's signer at the time given in the context, without working out twice what stays the same."""

    def add_auth(self: Any, request: AWSRequest) -> None:
        self._modify_request_before_signing(request)
        to_sign = self.string_to_sign(request, self.canonical_request(request))
        self._inject_signature_to_request(request, self.signature(to_sign, request))

    def headers_to_sign(self, request: AWSRequest) -> Any:
        """Once a request: they are the same in the canonical request and in the header of the signature."""
        known = request.context.get("headers_to_sign")
        if known is None:
            known = request.context["headers_to_sign"] = super().headers_to_sign(request)  # type: ignore[misc]
        return known

    def signature(self: Any, string_to_sign: str, request: AWSRequest) -> str:
        key = _signing_key(
            self.credentials.secret_key, request.context["timestamp"][:8], self._region_name, self._service_name
        )
        return hmac.digest(key, string_to_sign.encode(), hashlib.sha256).hex()


class _SwiftSigV4(_Swift, SigV4Auth):
    """SigV4 as most services take it."""


class _SwiftS3SigV4(_Swift, S3SigV4Auth):
    """SigV4 as S3 takes it: the path as it is, and the digest of the body in a header."""


@functools.lru_cache(maxsize=16)
def _signer(credentials: Credentials) -> SigV4Auth:
    kind = _SwiftS3SigV4 if credentials.service == "s3" else _SwiftSigV4
    keys = AwsCredentials(credentials.access_key, credentials.secret_key, credentials.session_token or None)
    return cast("SigV4Auth", kind(keys, credentials.service, credentials.region))
