"""The emulated Data Flow seen from outside: signatures, odd requests, and a real process."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace

import pytest
import requests
from werkzeug import Request
from werkzeug.test import create_environ

from conformance.emulator.ncloud import NcloudService
from tests.emulator.ncloud_client import CONDITION, EDITIONS, JOBS, NODES, Dataflow


@pytest.fixture(params=EDITIONS)
def dataflow(request) -> Dataflow:
    return Dataflow(request.param)


def signed(method, target, *, keys=("conformance", "conformance-secret"), late=0.0):
    stamp = str(int((time.time() - late) * 1000))
    key, secret = keys
    message = f"{method} {target}\n{stamp}\n{key}".encode()
    signature = base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()
    return {
        "x-ncp-apigw-timestamp": stamp,
        "x-ncp-iam-access-key": key,
        "x-ncp-apigw-signature-v2": signature,
    }


@pytest.mark.parametrize("late", [0, 280, -280])
def test_a_signed_request_passes(late):
    dataflow = Dataflow(auth=True)
    target = f"{JOBS}?name=%EC%9E%91%20b&page=0"
    assert dataflow.good("GET", target, headers=signed("GET", target, late=late))["list"] == []
    headers = signed("POST", JOBS, late=late)
    assert dataflow.good("POST", JOBS, headers=headers, json=dataflow.definition())["name"] == "job001"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        *[{k: v for k, v in signed("GET", JOBS).items() if k != absent} for absent in signed("GET", JOBS)],
        signed("POST", JOBS),
        signed("GET", f"{JOBS}?page=0"),
        signed("GET", JOBS, keys=("conformance", "wrong")),
        signed("GET", JOBS, keys=("unknown", "conformance-secret")),
        signed("GET", JOBS, late=320),
        signed("GET", JOBS, late=-4000),  # rows are signed when they are collected, which may be long before they run
        {**signed("GET", JOBS), "x-ncp-apigw-timestamp": "now"},
        {**signed("GET", JOBS), "x-ncp-apigw-timestamp": "9" * 400},
        {**signed("GET", JOBS), "x-ncp-apigw-signature-v2": "ä"},
        {**signed("GET", JOBS), "x-ncp-iam-access-key": "\x80"},
    ],
)
def test_other_requests_fail_to_authenticate(headers):
    status, body = Dataflow(auth=True).send("GET", JOBS, headers=headers)
    assert (status, body["error"]["errorCode"], body["error"]["message"]) == (401, "200", "Authentication Failed")


def test_signatures_are_not_looked_at_unless_asked_for():
    assert Dataflow().names() == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api/v1"),
        ("GET", "/api/v1/jobs/"),
        ("GET", "/api/v1/workflows"),
        ("GET", "/api/v2/jobs"),
        ("GET", "/API/V1/JOBS"),
        ("GET", "/api/v1/jobs/a/b"),
        ("GET", "//api/v1/jobs"),
        ("GET", "/api%2Fv1/jobs"),
        ("PUT", JOBS),
        ("PATCH", JOBS),
        ("DELETE", JOBS),
        ("OPTIONS", JOBS),
        ("TRACE", JOBS),
        ("QUERY", JOBS),
        ("POST", f"{JOBS}/a"),
        ("DELETE", f"{JOBS}/a/executions"),
        ("PATCH", f"{JOBS}/a/executions"),
        ("POST", f"{JOBS}/a/executions/b"),
        ("GET", f"{JOBS}/a/executions/b/cancel"),
    ],
)
def test_other_routes_are_not_found(dataflow, method, path):
    assert dataflow.refused(method, path) == (404, "300")


def test_head_is_no_operation(dataflow):
    assert dataflow.client.head(JOBS).status_code == 404


@pytest.mark.parametrize("job_id", ["verify", "%00", "%20", "a%2Fb", "%F0%9F%98%80", "x" * 5000, "..", "%2e%2e"])
def test_odd_ids_name_no_job(dataflow, job_id):
    assert dataflow.refused("GET", f"{JOBS}/{job_id}") == (404, "not-found")


@pytest.mark.parametrize("target", [f"{JOBS}?name=%FF", f"{JOBS}?name=%ED%A0%80", f"{JOBS}?%C3=1"])
def test_addresses_that_are_not_utf8_are_refused(dataflow, target):
    assert dataflow.refused("GET", target) == (400, "100")
    assert dataflow.refused("GET", JOBS, environ_overrides={"PATH_INFO": f"{JOBS}/\xff"}) == (400, "100")


MALFORMED = [
    b"{",
    b"\xff",
    b"\xef\xbb\xbf{}",
    b"{}{}",
    b"{'name': 1}",
    b'{"name": NaN}',
    b'{"name": -Infinity}',
    b'{"name": 1e999}',
    b"[" * 100_000,
    b'{"nodes":' * 5_000,
    b'{"a": ' + b"[" * 80 + b"]" * 80 + b"}",
    b'{"a": ' + b"9" * 5_000 + b"}",
    json.dumps({"name": "job001"}).encode("utf-16"),
]
NO_OBJECTS = [b"null", b"[]", b"1", b'"name"', b"true", b"9" * 4_000, b"", b" \n"]


def _writes(dataflow):
    job = f"{JOBS}/{dataflow.create()}"
    update = "PATCH" if dataflow.edition == "2026" else "PUT"
    writes = [("POST", JOBS), ("POST", f"{JOBS}/verify"), (update, job), ("PUT", f"{job}/executions")]
    return [*writes, ("POST", f"{job}/executions")]


@pytest.mark.parametrize("content", MALFORMED)
def test_malformed_bodies_are_refused(dataflow, content):
    for method, path in _writes(dataflow):
        assert dataflow.refused(method, path, data=content) == (400, "bad-request")


@pytest.mark.parametrize("content", NO_OBJECTS)
def test_bodies_that_are_no_objects_are_refused(dataflow, content):
    for method, path in _writes(dataflow):
        if dataflow.edition == "2026" and path.endswith("executions") and method == "POST" and not content.strip():
            continue  # here nothing is required
        assert dataflow.refused(method, path, data=content) == (400, "bad-parameter")


@pytest.mark.parametrize(
    "media_type", ["text/plain;charset=UTF-8", "application/x-www-form-urlencoded", "", "?/?; =", None]
)
def test_the_media_type_does_not_matter(dataflow, media_type):
    content = json.dumps(dataflow.definition()).encode()
    assert dataflow.good("POST", JOBS, data=content, content_type=media_type)["name"] == "job001"


def test_a_body_that_is_too_long_is_refused(dataflow, monkeypatch):
    monkeypatch.setattr(NcloudService, "body_maximum", 1_000)
    assert dataflow.refused("POST", JOBS, data=b" " * 1_001) == (413, "430")
    dataflow.good("POST", JOBS, data=json.dumps(dataflow.definition()).encode().ljust(1_000))


def test_bodies_of_reads_are_ignored(dataflow):
    assert dataflow.good("GET", JOBS, data=b"\xff{")["list"] == []


@pytest.mark.parametrize(("status", "code"), [(400, "100"), (408, "100"), (500, "900")])
def test_failures_before_the_service_have_the_gateways_form(dataflow, status, code):
    response = dataflow.service.refuse(status, "why")
    assert (response.status_code, response.json["error"]["errorCode"]) == (status, code)


def test_one_method_makes_a_mutant():
    class LongNames(NcloudService):
        def edition_for(self, settings):
            return replace(super().edition_for(settings), name_maximum=101)

    class OldestFirst(NcloudService):
        def in_order(self, items):
            return list(items)

    assert Dataflow(service=LongNames).create(name="a" * 101)
    dataflow = Dataflow(service=OldestFirst)
    dataflow.create(name="first")
    dataflow.create(name="second")
    assert dataflow.names() == ["first", "second"]


def test_nothing_is_left_open(dataflow):
    dataflow.service.close()
    request = Request(create_environ(JOBS))
    assert dataflow.service.handle(request).status_code == 200


def _until(deadline, read, wanted):
    while time.monotonic() < deadline:
        seen = read()
        if seen == wanted:
            return
    pytest.fail(f"still {seen!r} instead of {wanted!r}")


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_process_runs_a_job_to_its_end(start_emulator, edition):
    base = start_emulator("ncloud", edition=edition, auth=True, job_seconds=0.05)
    session = requests.Session()

    def send(method, target, body=None):
        answer = session.request(method, base + target, json=body, headers=signed(method, target), timeout=10)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    with session:
        kind = {"type": "VISUAL"} if edition == "2026" else {}
        job = send("POST", JOBS, {"name": "job001", "nodes": NODES, **kind})
        path = f"{JOBS}/{job['jobId']}/executions"
        execution = send("POST", path, {"jobCondition": CONDITION})
        target = f"{path}/{execution['jobExecutionId']}"
        _until(time.monotonic() + 10, lambda: send("GET", target)["status"], "COMPLETED")
        assert [row["name"] for row in send("GET", f"{JOBS}?name=job&page=0&limit=5")["list"]] == ["job001"]
        assert send("DELETE", f"{JOBS}/{job['jobId']}") is True
        assert session.get(base + JOBS, timeout=10).status_code == 401
