"""The store of source data: whatever its endpoint does is one kind of error, and is not waited for twice."""

from __future__ import annotations

import time

import pytest

from conformance.adapters.objects import ObjectStore
from conformance.errors import SourceStoreError
from conformance.target import SourceStore
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
        b"PUT /conformance HTTP/1.1",
        b"PUT /conformance/conformance-suite/a/b.csv HTTP/1.1",
        b"DELETE /conformance/conformance-suite/a/b.csv HTTP/1.1",
    ]


def test_the_bucket_is_made_in_its_region():
    with Hostile(OK) as server:
        store = store_at(server.url, region="eu-west-1")
        store.put("a", b"")
        store.close()
    assert b"<LocationConstraint>eu-west-1</LocationConstraint>" in server.requests[0]


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
        return b.message(DENIED, "403 Forbidden") if b"PUT /conformance HTTP" in request else b.message(b"")

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
