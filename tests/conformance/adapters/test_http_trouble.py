"""Whatever a target does, a request ends in a reply that says what went wrong, in time and within memory."""

from __future__ import annotations

import socket
import threading
import time
import tracemalloc
from dataclasses import replace

import pytest

from conformance.adapters import http
from conformance.errors import SettingsError
from specs import Request
from tests.conformance.hostile import behaviours as b
from tests.conformance.hostile.client import GET, POST, SHORT, connected, reply_to, talking

TIMEOUTS = [
    b.never_answers,
    b.drips_its_head,
    b.drips_its_body,
    b.drips_its_chunks,
    b.interim_answers_for_ever,
]
TOO_LARGE = [
    b.body_without_end,
    b.chunks_without_end,
    b.chunk_of_negative_size,
    b.head_without_end,
    b.long_header,
    b.many_headers,
    b.gzip_bomb,
    b.gzip_bomb_in_chunks,
    b.gzip_in_gzip_bomb,
]
DROPPED = [
    b.closes_at_once,
    b.closes_after_reading,
    b.resets_after_reading,
    b.closes_in_the_head,
    b.closes_between_headers,
    b.closes_in_the_body,
    b.closes_in_a_chunk,
    b.closes_between_chunks,
]
GARBAGE = [
    b.closes_in_the_status_line,
    b.not_http,
    b.binary_noise,
    b.only_newlines,
    b.like_http_0_9,
    b.unknown_version,
    b.odd_status,
    b.negative_status,
    b.tls_alert,
    b.broken_chunk_size,
    b.contradicting_lengths,
    b.not_gzip,
    b.not_deflate,
    b.endless_encodings,
]


def _named(behaviour):
    return next(name for name, value in vars(b).items() if value is behaviour)


@pytest.mark.parametrize("request_", [GET, POST], ids=["GET", "POST"])
@pytest.mark.parametrize("behaviour", TIMEOUTS, ids=_named)
def test_what_takes_too_long_is_a_timeout(behaviour, request_):
    began = time.monotonic()
    reply = reply_to(behaviour, request_)
    assert (reply.trouble, reply.response) == ("timeout", None)
    assert time.monotonic() - began < 4 * SHORT
    assert f"within {SHORT} s" in reply.detail


def test_a_target_that_does_not_read_what_is_sent_is_a_timeout():
    began = time.monotonic()
    reply = reply_to(b.does_not_even_read, replace(POST, body=b"x" * (64 << 20)))
    assert reply.trouble == "timeout"
    assert time.monotonic() - began < 4 * SHORT


@pytest.mark.parametrize("behaviour", TOO_LARGE, ids=_named)
def test_what_is_too_long_is_cut_off_within_memory(behaviour):
    b.gigabyte_of_zeros()
    tracemalloc.start()
    try:
        reply = reply_to(behaviour, seconds=20)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (reply.trouble, reply.response) == ("too-large", None)
    assert peak < 4 * http.BODY_CAP


def test_trailers_without_end_are_cut_off():
    assert reply_to(b.trailers_without_end).trouble in {"timeout", "too-large"}


@pytest.mark.parametrize("behaviour", DROPPED, ids=_named)
def test_an_answer_that_is_not_complete_was_dropped(behaviour):
    reply = reply_to(behaviour)
    assert (reply.trouble, reply.response) == ("dropped", None)
    assert reply.detail


@pytest.mark.parametrize("behaviour", GARBAGE, ids=_named)
def test_what_is_not_http_is_garbage(behaviour):
    reply = reply_to(behaviour)
    assert (reply.trouble, reply.response) == ("garbage", None)
    assert reply.detail


def test_nothing_that_listens_is_refused():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with connected(f"http://127.0.0.1:{port}") as connection:
        reply = connection.send(GET)
    assert reply.trouble == "refused"
    assert "refused" in reply.detail


def test_a_name_that_does_not_resolve_is_refused():
    with connected("http://no-such-host.invalid") as connection:
        assert connection.send(GET).trouble == "refused"


@pytest.mark.parametrize(
    "url",
    [
        "", "localhost:8080", "ftp://localhost", "http://", "http://:80", "http://[::1", "http://localhost:99999",
        "http://user:word@localhost", "http://localhost/?a=b", "http://localhost/#a", "http://localhost:port",
    ],
)  # fmt: skip
def test_a_url_that_is_none_is_a_mistake_of_the_settings(url):
    with pytest.raises(SettingsError) as raised, connected(url):
        pass
    assert "word" not in str(raised.value)


@pytest.mark.parametrize(
    "request_",
    [
        replace(GET, headers={"X-Evil": "a\r\nX-More: b"}),
        replace(GET, headers={"X Evil\n": "a"}),
        replace(GET, path="/a b\r\n"),
        replace(GET, path="/\u00e9"),
        replace(GET, method="GE T\r\n"),
    ],
)
def test_a_request_that_http_cannot_carry_is_ours_not_the_targets(request_):
    with talking(b.answering(b.message(b"{}"))) as (server, connection):
        reply = connection.send(request_)
        assert reply.trouble == "unsendable", reply
        assert connection.send(GET).response is not None
    assert len(server.requests) == 1


def test_text_beyond_ascii_in_a_header_is_sent_as_utf_8():
    with talking(b.answering(b.message(b"{}"))) as (server, connection):
        assert connection.send(replace(GET, headers={"X-Name": "\u4e2d\u00e9\ud800"})).response is not None
    assert b"X-Name: \xe4\xb8\xad\xc3\xa9\xed\xa0\x80\r\n" in server.requests[0]


@pytest.mark.parametrize(
    "line", ["/a//b/../c/./%2f%2F%zz%", "//twice", "/?", "/loader?a=b?c&&d", "/loader#not-a-fragment", "*"]
)
def test_the_request_line_is_sent_as_it_is(line):
    with talking(b.answering(b.message(b"{}"))) as (server, connection):
        assert connection.send(Request(method="BREW", path=line)).response is not None
    assert server.requests[0].startswith(f"BREW {line} HTTP/1.1\r\n".encode())


def test_headers_that_break_rules_are_survived():
    response = reply_to(b.odd_headers).response
    assert response is not None
    assert response.status == 200


def test_encodings_and_charsets_that_cannot_be_read_leave_the_body_as_it_is():
    brotli, charset = reply_to(b.not_brotli), reply_to(b.wrong_charset)
    assert brotli.trouble == "garbage" or brotli.response.body == b"this is not brotli"
    assert charset.response.body == '{"status": "é"}'.encode("latin-1")


@pytest.mark.parametrize("compress", ["gzip", "deflate"])
def test_a_compressed_answer_is_read_although_none_was_asked_for(compress):
    import gzip  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    body = gzip.compress(b'{"a": 1}') if compress == "gzip" else zlib.compress(b'{"a": 1}')
    with talking(b.answering(b.message(body, "200 OK", f"Content-Encoding: {compress}"))) as (server, connection):
        assert connection.send(GET).response.body == b'{"a": 1}'
    assert b"Accept-Encoding: identity" in server.requests[0]


def test_a_body_of_exactly_the_cap_is_read(monkeypatch):
    monkeypatch.setattr(http, "BODY_CAP", 1000)
    assert reply_to(b.answering(b.message(b"x" * 1000))).response.body == b"x" * 1000
    assert reply_to(b.answering(b.message(b"x" * 1001))).trouble == "too-large"


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n" + b.message(b"{}"),
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 3 + b.message(b"{}"),
        b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\nA: b\r\n\r\n" + b.message(b"{}"),
    ],
)
def test_interim_answers_are_passed_over(answer):
    with talking(b.answering(answer)) as (server, connection):
        for _ in range(3):
            response = connection.send(GET).response
            assert (response.status, response.body) == (200, b"{}")
    assert server.connections == 1


def test_switching_protocols_unasked_is_an_answer():
    assert reply_to(b.once(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: foo\r\n\r\n")).response.status == 101


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
def test_a_body_where_none_may_be_does_not_spoil_the_next_answer(status):
    def behave(request):
        return b.message(b"body!", status) if b"first" in request else b.message(b"{}")

    with talking(b.answering(behave)) as (_, connection):
        first = connection.send(replace(GET, path="/first"))
        assert (first.response.status, first.response.body) == (int(status[:3]), b"")
        for request in (GET, POST):
            assert connection.send(request).response.body == b"{}"


def test_a_head_request_has_no_body_even_if_one_is_announced_or_sent():
    with talking(b.answering(b.message(b"body!"))) as (_, connection):
        for _ in range(3):
            assert connection.send(replace(GET, method="HEAD")).response.body == b""
        assert connection.send(GET).response.body == b"body!"
    with talking(b.answering(b.message(b"", length=5))) as (server, connection):
        for _ in range(3):
            assert connection.send(replace(GET, method="HEAD")).response.body == b""
    assert server.connections == 1


def test_what_happens_on_one_request_leaves_the_next_alone():
    def behave(peer):
        if peer.number % 2:
            b.drips_its_body(peer)
        else:
            b.once(b.message(b"{}"))(peer)

    with talking(behave, seconds=0.15) as (_, connection):
        seen = [connection.send(GET).trouble for _ in range(6)]
    assert seen == ["timeout", None] * 3


def test_no_thread_is_started_and_none_left():
    before = set(threading.enumerate())
    with connected("http://127.0.0.1:9") as connection:
        connection.send(GET)
        assert set(threading.enumerate()) <= before
