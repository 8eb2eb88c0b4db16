"""Signatures are those of botocore and of NAVER Cloud, and each tampering is wrong in one way only."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
from dataclasses import replace

import botocore.auth
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as AwsCredentials
from hypothesis import given
from hypothesis import strategies as st

from conformance.adapters.signing import ncloud_signature, signed, sigv4_headers
from conformance.target import Credentials
from specs import Request

NOW = dt.datetime(2026, 10, 8, 12, 34, 56, tzinfo=dt.UTC)
AWS = Credentials(scheme="sigv4", access_key="AKIDEXAMPLE", secret_key="wJalr/XUtnFEMI+K7MDENG", service="neptune-db")
NCLOUD = Credentials(scheme="ncloud", access_key="ACCESSKEY", secret_key="SECRETKEY")
HOST = "http://127.0.0.1:8080"
POST = Request(method="POST", path="/loader", body=b'{"a": 1}', headers={"Content-Type": "application/json"})


def plain(request: Request, base_url: str, credentials: Credentials) -> dict[str, str]:
    """The headers botocore itself gives a request."""
    kind = S3SigV4Auth if credentials.service == "s3" else SigV4Auth
    signer = kind(
        AwsCredentials(credentials.access_key, credentials.secret_key), credentials.service, credentials.region
    )
    asked = AWSRequest(
        method=request.method, url=base_url + request.target, data=request.body, headers=dict(request.headers)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.auth, "get_current_datetime", lambda: NOW.replace(tzinfo=None))
        signer.add_auth(asked)
    return dict(asked.headers.items())


TEXT = st.text(st.characters(codec="utf-8"), max_size=8)
HEADER = st.from_regex(r"[!-~]([ !-~]*[!-~])?", fullmatch=True)


@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]),
    path=st.sampled_from(["/", "/loader", "//a/../b//c/.", "/a%20b/%2F", "/v20180820/jobs/~x", "/a:b@c,d;e=f"]),
    query=st.lists(st.tuples(TEXT, TEXT), max_size=4).map(tuple),
    headers=st.dictionaries(st.sampled_from(["X-Amz-Account-Id", "Content-Type", "x-odd", "User-Agent"]), HEADER),
    body=st.binary(max_size=20),
    service=st.sampled_from(["s3", "omics", "neptune-db"]),
    base_url=st.sampled_from([HOST, "https://omics.example", "http://[::1]:80", "http://HOST.example:81/pre/fix%20"]),
    secret=st.sampled_from(["wJalr/XUtnFEMI+K7MDENG", "é", "x" * 100]),
)
def test_a_signature_is_botocores_own(method, path, query, headers, body, service, base_url, secret):  # noqa: PLR0917 - drawn, by name
    request = Request(method=method, path=path, query=query, headers=headers, body=body)
    credentials = replace(AWS, service=service, secret_key=secret)
    assert sigv4_headers(request, base_url, credentials, at=NOW) == plain(request, base_url, credentials)


def test_keys_of_other_days_regions_services_and_secrets_are_not_mixed_up():
    every = [
        replace(AWS, region=region, service=service, secret_key=secret)
        for region in ("us-east-1", "eu-west-1") for service in ("omics", "s3") for secret in ("one", "two")
    ]  # fmt: skip
    for _ in range(2):
        for credentials in every:
            assert sigv4_headers(POST, HOST, credentials, at=NOW) == plain(POST, HOST, credentials)
    tomorrow = sigv4_headers(POST, HOST, AWS, at=NOW + dt.timedelta(days=1))
    assert "/20261009/" in tomorrow["Authorization"]
    assert tomorrow["Authorization"] != sigv4_headers(POST, HOST, AWS, at=NOW)["Authorization"]


@pytest.mark.parametrize(
    ("method", "target", "signature"),
    [
        ("GET", "/api/v1/jobs?page=0&limit=1000", "G2ylB19MzjqxJB9rQfSwcknzRhMVTYR8TTQHX1dHa0I="),
        ("GET", "/api/v1/jobs", "EYd9Kgk7yrFJXCd/2XdxAjUql+DhiR4aNtCiCCDdeHc="),
        ("POST", "/api/v1/jobs", "f1oAt605LpVGl/A/LhpoWBGCDOXR0WAujSMcBWbTHSA="),
    ],
)
def test_the_vectors_of_naver_cloud(method, target, signature):
    found = ncloud_signature(method, target, timestamp="1700000000000", access_key="ACCESSKEY", secret_key="SECRETKEY")
    assert found == signature


def sign(request: Request, credentials: Credentials, tampering=None, *, base_url: str = HOST) -> Request:
    return signed(request, base_url, credentials, tampering=tampering, stale_seconds=900)


def test_without_a_scheme_nothing_is_added():
    assert sign(POST, Credentials()) is POST
    assert sign(POST, AWS, "unsigned") is POST
    assert sign(POST, NCLOUD, "unsigned") is POST


def test_signing_keeps_everything_else():
    found = sign(POST, AWS)
    assert (found.method, found.target, found.body) == (POST.method, POST.target, POST.body)
    assert set(found.headers) == {"Content-Type", "X-Amz-Date", "Authorization"}
    assert set(sign(POST, NCLOUD).headers) == {
        "Content-Type", "x-ncp-apigw-timestamp", "x-ncp-iam-access-key", "x-ncp-apigw-signature-v2",
    }  # fmt: skip


def sigv4_is_right(request: Request, credentials: Credentials = AWS) -> bool:
    at = dt.datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    bare = {name: value for name, value in request.headers.items() if name not in {"X-Amz-Date", "Authorization"}}
    again = sigv4_headers(replace(request, headers=bare), HOST, credentials, at=at)
    return again["Authorization"] == request.headers["Authorization"]


def sigv4_age(request: Request) -> float:
    at = dt.datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    return (dt.datetime.now(dt.UTC) - at).total_seconds()


def test_each_tampering_of_sigv4_is_wrong_in_one_way():
    assert sigv4_is_right(sign(POST, AWS))
    assert -2 < sigv4_age(sign(POST, AWS)) < 60
    stale = sign(POST, AWS, "stale")
    assert sigv4_is_right(stale)
    assert 2700 - 2 < sigv4_age(stale) < 2760
    wrong = sign(POST, AWS, "wrong-signature")
    assert "AKIDEXAMPLE" in wrong.headers["Authorization"]
    assert not sigv4_is_right(wrong)
    unknown = sign(POST, AWS, "unknown-key")
    assert "AKIDEXAMPLE" not in unknown.headers["Authorization"]
    query = sign(POST, AWS, "tampered-query")
    assert not sigv4_is_right(query)
    assert sigv4_is_right(replace(query, query=()))
    body = sign(POST, AWS, "tampered-body")
    assert not sigv4_is_right(body)
    assert sigv4_is_right(replace(body, body=POST.body))


def ncloud_is_right(request: Request, secret: str = "SECRETKEY") -> bool:
    headers = request.headers
    key, time = headers["x-ncp-iam-access-key"], headers["x-ncp-apigw-timestamp"]
    message = f"{request.method} {request.target}\n{time}\n{key}".encode()
    wanted = base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()
    return headers["x-ncp-apigw-signature-v2"] == wanted


def test_each_tampering_of_naver_cloud_is_wrong_in_one_way():
    request = replace(POST, query=(("b", "1 2"), ("a", "é")))
    assert ncloud_is_right(sign(request, NCLOUD))
    stale, fresh = (int(sign(request, NCLOUD, way).headers["x-ncp-apigw-timestamp"]) for way in ("stale", None))
    assert abs(fresh - stale - 2_700_000) < 10_000
    assert ncloud_is_right(sign(request, NCLOUD, "stale"))
    assert not ncloud_is_right(sign(request, NCLOUD, "wrong-signature"))
    assert not ncloud_is_right(sign(request, NCLOUD, "tampered-query"))
    assert sign(request, NCLOUD, "unknown-key").headers["x-ncp-iam-access-key"] != "ACCESSKEY"
    assert sign(request, NCLOUD, "tampered-body").body != request.body
