"""Signatures made by botocore, and NAVER Cloud's published recipe, are told right from wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from conformance.emulator.signature import (
    Keys,
    SignatureFault,
    SignedRequest,
    ncloud_v2_fault,
    ncloud_v2_signature,
    sigv4_fault,
)

KEYS = Keys(access_key="AKID", secret_key="secret", region="us-east-1", service="neptune-db")
NCLOUD = Keys(access_key="ACCESSKEY", secret_key="SECRETKEY")
URLS = [
    "/loader",
    "/loader?limit=5&includeQueuedLoads=TRUE",
    "/loader/a%2Fb%20c?details=true&errors=",
    "/loader/%C3%A4?x=a%2Bb%2F%3Dc&x=%20&flag",
    "/v20180820/jobs?jobStatuses=Failed&jobStatuses=Active&nextToken=a%2Bb",
    "/a/../b/./c//d",
    "/",
]


def signed(url: str, *, keys: Keys = KEYS, method: str = "GET", body: bytes = b"", s3: bool = False) -> SignedRequest:
    request = AWSRequest(method=method, url=f"http://127.0.0.1:8182{url}", data=body)
    request.headers["Host"] = "127.0.0.1:8182"
    signer = S3SigV4Auth if s3 else SigV4Auth
    signer(Credentials(keys.access_key, keys.secret_key), keys.service, keys.region).add_auth(request)
    parts = urlsplit(url)
    headers = {name.lower(): str(value) for name, value in request.headers.items()}
    return SignedRequest(method=method, path=parts.path, query=parts.query, headers=headers, body=body)


def fault(request: SignedRequest, *, keys: Keys = KEYS, minutes: float = 0) -> SignatureFault | None:
    return sigv4_fault(request, keys=keys, now=datetime.now(UTC) + timedelta(minutes=minutes))


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("POST", b'{"source": "s3://b/k"}')])
def test_what_botocore_signs_is_accepted(url, method, body):
    assert fault(signed(url, method=method, body=body)) is None


@pytest.mark.parametrize("url", URLS)
def test_what_botocore_signs_for_s3_is_accepted(url):
    keys = replace(KEYS, service="s3")
    assert fault(signed(url, keys=keys, s3=True), keys=keys) is None


def test_a_client_that_encodes_the_query_anew_is_accepted():
    """The documented canonical query encodes names and values, whatever the request line looks like."""
    request = signed("/loader?a=x%3Ay")
    assert fault(replace(request, query="a=x:y")) is None


def test_each_fault_is_told():
    good = signed("/loader?limit=5", method="POST", body=b"{}")
    without = {name: value for name, value in good.headers.items() if name != "authorization"}
    assert fault(replace(good, headers=without)) is SignatureFault.MISSING
    assert fault(replace(good, headers={**good.headers, "authorization": "Basic x"})) is SignatureFault.MALFORMED
    assert fault(good, keys=replace(KEYS, access_key="other")) is SignatureFault.UNKNOWN_KEY
    assert fault(good, keys=replace(KEYS, service="s3")) is SignatureFault.WRONG_SCOPE
    assert fault(good, keys=replace(KEYS, region="eu-west-1")) is SignatureFault.WRONG_SCOPE
    assert fault(good, keys=replace(KEYS, secret_key="other")) is SignatureFault.WRONG_SIGNATURE


@pytest.mark.parametrize(
    "change",
    [
        {"method": "DELETE"},
        {"path": "/loader/x"},
        {"query": "limit=6"},
        {"body": b"{ }"},
    ],
)
def test_every_signed_part_counts(change):
    good = signed("/loader?limit=5", method="POST", body=b"{}")
    assert fault(replace(good, **change)) is SignatureFault.WRONG_SIGNATURE


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(4.9, None), (-4.9, None), (5.1, SignatureFault.STALE), (-5.1, SignatureFault.STALE)],
)
def test_five_minutes_are_tolerated(minutes, expected):
    assert fault(signed("/loader"), minutes=minutes) is expected


def test_a_declared_payload_digest_must_be_true():
    keys = replace(KEYS, service="s3")
    good = signed("/v20180820/jobs", keys=keys, method="POST", body=b"<a/>", s3=True)
    assert fault(replace(good, body=b"<b/>"), keys=keys) is SignatureFault.WRONG_SIGNATURE


@pytest.mark.parametrize(
    ("method", "target", "signature"),
    [
        ("GET", "/api/v1/jobs?page=0&limit=1000", "G2ylB19MzjqxJB9rQfSwcknzRhMVTYR8TTQHX1dHa0I="),
        ("GET", "/api/v1/jobs", "EYd9Kgk7yrFJXCd/2XdxAjUql+DhiR4aNtCiCCDdeHc="),
        ("POST", "/api/v1/jobs", "f1oAt605LpVGl/A/LhpoWBGCDOXR0WAujSMcBWbTHSA="),
    ],
)
def test_ncloud_signatures_match_the_vectors(method, target, signature):
    stamp = "1700000000000"
    assert (
        ncloud_v2_signature(method, target, timestamp=stamp, access_key="ACCESSKEY", secret_key="SECRETKEY")
        == signature
    )
    path, _, query = target.partition("?")
    headers = {
        "x-ncp-apigw-timestamp": stamp,
        "x-ncp-iam-access-key": "ACCESSKEY",
        "x-ncp-apigw-signature-v2": signature,
    }
    request = SignedRequest(method=method, path=path, query=query, headers=headers)
    now = datetime.fromtimestamp(1_700_000_000, UTC)
    assert ncloud_v2_fault(request, keys=NCLOUD, now=now) is None
    assert ncloud_v2_fault(request, keys=NCLOUD, now=now + timedelta(minutes=6)) is SignatureFault.STALE
    assert ncloud_v2_fault(replace(request, path="/x"), keys=NCLOUD, now=now) is SignatureFault.WRONG_SIGNATURE
    assert ncloud_v2_fault(replace(request, headers={}), keys=NCLOUD, now=now) is SignatureFault.MISSING
    odd = replace(request, headers={**headers, "x-ncp-apigw-timestamp": "soon"})
    assert ncloud_v2_fault(odd, keys=NCLOUD, now=now) is SignatureFault.MALFORMED
    assert ncloud_v2_fault(request, keys=KEYS, now=now) is SignatureFault.UNKNOWN_KEY
