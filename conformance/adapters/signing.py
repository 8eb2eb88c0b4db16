"""Signatures of requests, right and deliberately wrong ones; the only importer of botocore's signers."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as AwsCredentials

from conformance.target import Credentials, Tampering
from specs import Request

Signer = Callable[[Request, str], Mapping[str, str]]


def signed(request: Request, base_url: str, credentials: Credentials, *, tampering: Tampering | None, stale_seconds: int) -> Request:
    """The request as it is to be sent: with the headers of its signature, right or tampered with.

    Args:
        request: what is to be signed.
        base_url: scheme and authority of the target.
        credentials: scheme and keys.
        tampering: what to do wrong on purpose; None signs correctly.
        stale_seconds: how old the documents let a signature be; a stale one is three times as old.
    """
    if credentials.scheme == "none" or tampering == "unsigned":
        return request
    if tampering == "unknown-key":
        credentials = replace(credentials, access_key="AKIDNOBODYHASTHISKEY", secret_key="nobody")
    elif tampering == "wrong-signature":
        credentials = replace(credentials, secret_key=f"{credentials.secret_key}x")
    age = 3 * stale_seconds if tampering == "stale" else 0
    sign = _ncloud if credentials.scheme == "ncloud" else _sigv4
    headers = {**request.headers, **sign(request, base_url, credentials, age)}
    if tampering == "tampered-query":
        return replace(request, headers=headers, query=(*request.query, ("tampered", "1")))
    if tampering == "tampered-body":
        return replace(request, headers=headers, body=request.body + b" ")
    return replace(request, headers=headers)


def ncloud_signature(method: str, target: str, *, timestamp: str, access_key: str, secret_key: str) -> str:
    """NAVER Cloud's signature v2 over method, path with query as sent, time in milliseconds, and access key."""
    message = f"{method} {target}\n{timestamp}\n{access_key}".encode()
    return base64.b64encode(hmac.new(secret_key.encode(), message, hashlib.sha256).digest()).decode("ascii")


def _ncloud(request: Request, base_url: str, credentials: Credentials, age: int) -> Mapping[str, str]:
    del base_url  # the host is not part of this signature
    timestamp = str(int((time.time() - age) * 1000))
    signature = ncloud_signature(
        request.method, request.target, timestamp=timestamp, access_key=credentials.access_key,
        secret_key=credentials.secret_key,
    )  # fmt: skip
    return {
        "x-ncp-apigw-timestamp": timestamp,
        "x-ncp-iam-access-key": credentials.access_key,
        "x-ncp-apigw-signature-v2": signature,
    }


def _sigv4(request: Request, base_url: str, credentials: Credentials, age: int) -> Mapping[str, str]:
    kind = _aged(S3SigV4Auth if credentials.service == "s3" else SigV4Auth, age)
    auth = kind(AwsCredentials(credentials.access_key, credentials.secret_key), credentials.service, credentials.region)
    signing = AWSRequest(method=request.method, url=base_url + request.target, data=request.body, headers=dict(request.headers))
    if credentials.service == "s3":
        signing.context["payload_signing_enabled"] = True
    auth.add_auth(signing)
    return dict(signing.headers.items())


def _aged(kind: type[SigV4Auth], age: int) -> type[SigV4Auth]:
    if not age:
        return kind

    class Aged(kind):  # type: ignore[valid-type, misc]
        """Signs as if it were a while ago."""

        def add_auth(self, request: AWSRequest) -> None:
            now = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age)
            request.context["timestamp"] = now.strftime("%Y%m%dT%H%M%SZ")
            self._modify_request_before_signing(request)
            canonical = self.canonical_request(request)
            to_sign = self.string_to_sign(request, canonical)
            self._inject_signature_to_request(request, self.signature(to_sign, request))

    return Aged
