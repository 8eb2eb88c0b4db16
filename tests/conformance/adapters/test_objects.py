"""The store of source data: whatever its endpoint does is one kind of error, and is not waited for twice."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from conformance.adapters.objects import ObjectStore
from conformance.errors import SourceStoreError
from conformance.target import Keys, SourceStore
from tests.conformance.hostile import behaviours as b
from tests.conformance.hostile.server import Hostile

OK = b.answering(b.message(b"", "200 OK", 'ETag: "1"'))
DENIED = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"


def store_at(url: str, *, region: str = "us-east-1") -> ObjectStore:
    return ObjectStore(SourceStore(endpoint=url), region=region, seconds=0.3)


def test_an_object_is_put_below_the_prefix_and_deleted_again():
    with Hostile(OK) as server:
        store = store_at(server.url)
        assert store.put("a/b.csv", b"x") == "s3://conformance/conformance-suite/a/b.csv"
        assert store.clean_up() == []
        assert store.clean_up() == []
        store.close()
    lines = [request.split(b"\r\n", 1)[0] for request in server.requests]
    assert lines == [
        b"HEAD /conformance HTTP/1.1",
        b"PUT /conformance/conformance-suite/a/b.csv HTTP/1.1",
        b"DELETE /conformance/conformance-suite/a/b.csv HTTP/1.1",
    ]


def without_bucket(request: bytes) -> bytes:
    return b.message(b"", "404 Not Found") if request.startswith(b"HEAD") else b.message(b"")


def test_a_bucket_that_is_missing_is_made_in_its_region():
    with Hostile(b.answering(without_bucket)) as server:
        store = store_at(server.url, region="eu-west-1")
        store.put("a", b"")
        store.put("b", b"")
        store.close()
    assert b"<LocationConstraint>eu-west-1</LocationConstraint>" in server.requests[1]
    assert [request.split(b" ", 1)[0] for request in server.requests] == [b"HEAD", b"PUT", b"PUT", b"PUT"]


def test_a_bucket_that_is_there_is_not_made_again():
    """In one region of S3 that would reset the rights of the bucket."""
    with Hostile(OK) as server:
        store = store_at(server.url)
        store.put("a", b"")
        store.close()
    assert [request.split(b" HTTP", 1)[0] for request in server.requests] == [
        b"HEAD /conformance",
        b"PUT /conformance/conformance-suite/a",
    ]


def test_keys_that_are_renewed_sign_what_comes_after():
    """The bucket is looked at once; each key is named in what it signed."""
    names = iter(["FIRST", "FIRST", "SECOND", "SECOND"])
    renewed = SourceStore(
        endpoint="", renew=lambda: Keys(access_key=next(names), secret_key="s" * 8, session_token="t")
    )
    with Hostile(OK) as server:
        store = ObjectStore(replace(renewed, endpoint=server.url), region="us-east-1", seconds=0.3)
        for key in "abcd":
            store.put(key, b"x")
        store.close()
    signed = [request.partition(b"Credential=")[2].partition(b"/")[0] for request in server.requests]
    assert signed == [b"FIRST", b"FIRST", b"FIRST", b"SECOND", b"SECOND"]
    assert all(b"x-amz-security-token: t" in request.lower() for request in server.requests)


@pytest.mark.parametrize(
    "behaviour",
    [
        b.closes_at_once,
        b.never_answers,
        b.not_http,
        b.closes_in_the_body,
        b.answering(b.message(b"no", "500 Oops")),
        b.answering(b.message(b.LAUGHS, "400 Bad Request")),
    ],
)
def test_an_endpoint_that_breaks_is_an_error_of_the_store(behaviour):
    with Hostile(behaviour) as server:
        store = store_at(server.url)
        with pytest.raises(SourceStoreError, match="expected to write source data"):
            store.put("a", b"x")
        store.close()


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:9", "nonsense", "http://", "http://no-such-host.invalid"])
def test_an_endpoint_that_is_not_there_is_an_error_of_the_store(endpoint):
    store = store_at(endpoint)
    with pytest.raises(SourceStoreError):
        store.put("a", b"x")
    store.close()


def test_an_endpoint_that_hangs_is_waited_for_once():
    with Hostile(b.never_answers) as server:
        store = store_at(server.url)
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(SourceStoreError):
                store.put("a", b"x")
        assert time.monotonic() - began < 5
        store.close()


def test_an_endpoint_that_is_gone_at_the_end_leaves_the_objects_and_is_not_fatal():
    with Hostile(OK) as server:
        store = store_at(server.url)
        for key in "abc":
            store.put(key, b"x")
        server.stop_listening()
        began = time.monotonic()
        assert store.clean_up() == [f"conformance-suite/{key}" for key in "abc"]
        assert time.monotonic() - began < 5
        store.close()


def test_a_bucket_of_somebody_else_may_still_be_written_to():
    def behave(request: bytes) -> bytes:
        return b.message(b"", "403 Forbidden") if request.startswith(b"HEAD") else b.message(b"")

    with Hostile(b.answering(behave)) as server:
        store = store_at(server.url)
        assert store.put("a", b"x").startswith("s3://")
        store.close()


def test_one_refused_object_does_not_end_the_others():
    def behave(request: bytes) -> bytes:
        return b.message(DENIED, "403 Forbidden") if b"/bad HTTP" in request else b.message(b"")

    with Hostile(b.answering(behave)) as server:
        store = store_at(server.url)
        with pytest.raises(SourceStoreError, match="AccessDenied"):
            store.put("bad", b"x")
        assert store.put("good", b"x").endswith("/good")
        store.close()


def test_proxies_of_the_environment_are_not_asked(monkeypatch):
    with Hostile(OK) as proxy, Hostile(OK) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("no_proxy", "")
        store = store_at(server.url)
        store.put("a", b"x")
        store.close()
        assert proxy.connections == 0
