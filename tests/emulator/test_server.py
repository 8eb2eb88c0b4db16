"""No bytes whatever bring the server down, get a 5xx, or put a kept connection out of step."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from tests.emulator.child import end, eventually, start_child

HOST = b"Host: x\r\n"
JSON = HOST + b"Content-Type: application/json\r\n"


@pytest.fixture(scope="module")
def child(s3_endpoint):
    started = start_child("neptune", s3_endpoint=s3_endpoint, job_seconds=0.001)
    yield started
    end(started.process)


def connect(child):
    connection = socket.create_connection(child.address, timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def read_answer(stream, *, bodiless=False):
    line = stream.readline()
    assert line.startswith(b"HTTP/1.1 "), line
    headers = {}
    while (field := stream.readline()) not in {b"\r\n", b""}:
        name, _, value = field.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = b"" if bodiless else stream.read(int(headers["content-length"]))
    return int(line.split()[1]), headers, body


def exchange(child, data, *, bodiless=False, half_close=False):
    with connect(child) as connection, connection.makefile("rb") as stream:
        connection.sendall(data)
        if half_close:
            connection.shutdown(socket.SHUT_WR)
        return read_answer(stream, bodiless=bodiless)


def post(body, headers=JSON):
    return b"POST /loader HTTP/1.1\r\n" + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


MALFORMED = {
    "no version": b"GET /loader\r\n\r\n",
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/1.2": b"GET /loader HTTP/1.2\r\n" + HOST + b"\r\n",
    "four words": b"GET /loader x HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in target": b"GET /loader\x00 HTTP/1.1\r\n" + HOST + b"\r\n",
    "NUL in header": b"GET /loader HTTP/1.1\r\n" + HOST + b"X: a\x00b\r\n\r\n",
    "method with odd characters": b"G(T /loader HTTP/1.1\r\n" + HOST + b"\r\n",
    "no colon": b"GET /loader HTTP/1.1\r\n" + HOST + b"nonsense\r\n\r\n",
    "folded header": b"GET /loader HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "space before colon": b"GET /loader HTTP/1.1\r\n" + HOST + b"X : a\r\n\r\n",
    "no host": b"GET /loader HTTP/1.1\r\n\r\n",
    "two hosts": b"GET /loader HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "long target": b"GET /loader?x=" + b"a" * 70_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "long header": b"GET /loader HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 70_000 + b"\r\n\r\n",
    "huge head": b"GET /loader HTTP/1.1\r\n" + HOST + b"".join(b"X: %s\r\n" % (b"a" * 9_000) for _ in range(40)),
    "negative length": b"POST /loader HTTP/1.1\r\n" + JSON + b"Content-Length: -1\r\n\r\n{}",
    "signed length": b"POST /loader HTTP/1.1\r\n" + JSON + b"Content-Length: +2\r\n\r\n{}",
    "length in words": b"POST /loader HTTP/1.1\r\n" + JSON + b"Content-Length: two\r\n\r\n{}",
    "endless length": b"POST /loader HTTP/1.1\r\n" + JSON + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n{}",
    "too large": b"POST /loader HTTP/1.1\r\n" + JSON + b"Content-Length: 157286401\r\n\r\n{}",
    "two lengths": b"POST /loader HTTP/1.1\r\n" + JSON + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    "length and chunks": b"POST /loader HTTP/1.1\r\n"
    + JSON
    + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "unknown coding": b"POST /loader HTTP/1.1\r\n" + JSON + b"Transfer-Encoding: gzip\r\n\r\n",
    "bad chunk size": b"POST /loader HTTP/1.1\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "bad chunk end": b"POST /loader HTTP/1.1\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n",
    "huge chunk": b"POST /loader HTTP/1.1\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffff\r\n",
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_http_gets_a_documented_error(child, name):
    status, headers, body = exchange(child, MALFORMED[name])
    assert status == 400
    assert headers["connection"] == "close"
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["code"] == "BadRequestException"


@pytest.mark.parametrize("data", [b"GET /loader HTTP/1.1\r\nHost: x", post(b"{}")[:-1]])
def test_a_request_cut_short_gets_an_answer(child, data):
    assert exchange(child, data, half_close=True)[0] == 400


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "BREW", "get", "M-SEARCH", "a" * 500]
)
def test_other_methods_are_not_allowed(child, method):
    status, _, body = exchange(child, f"{method} /loader HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert (status, json.loads(body)["code"]) == (405, "MethodNotAllowedException")


def test_head_has_no_body(child):
    with connect(child) as connection, connection.makefile("rb") as stream:
        connection.sendall(b"HEAD /loader HTTP/1.1\r\n" + HOST + b"\r\nGET /loader HTTP/1.1\r\n" + HOST + b"\r\n")
        assert read_answer(stream, bodiless=True)[0] == 405
        assert read_answer(stream)[0] == 200


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/loader/%ff%fe", 404),
        ("/loader/%00", 404),
        ("/loader/%zz", 404),
        ("/loader/%", 404),
        ("/loader/a%2Fb", 404),
        ("/loader/\xe4", 404),
        ("/loader?loadId=%ff", 404),
        ("/loader?loadId=%ed%a0%80", 404),
        ("/loader?limit=%ff", 400),
        ("/loader?limit=%00", 400),
        ("/loader?limit=5\xbc", 400),
        ("/loader?\xff=\xfe", 200),
        ("/loader?limit=" + "9" * 6_000, 400),
        ("/loader?limit=5&limit=6", 400),
        ("/loader?limit=%D9%A5", 400),
        ("/loader?includeQueuedLoads=", 400),
        ("/loader?%ff=%ff&&&=&a", 200),
        ("/loader?" + "&".join(f"p{number}=1" for number in range(3_000)), 200),
        ("/", 400),
        ("*", 400),
        ("/loader/", 400),
        ("/loader/a/b", 400),
        ("//loader", 400),
        ("/Loader", 400),
        ("http://elsewhere/loader", 200),
        ("http://elsewhere", 400),
        ("/loader#fragment", 400),
        ("loader", 400),
        ("?limit=1", 400),
    ],
)
def test_odd_targets_get_documented_answers(child, target, expected):
    status, _, body = exchange(child, f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode("latin-1"))
    assert status == expected
    assert json.loads(body)


BODIES = {
    "empty": b"",
    "text": b"hello",
    "array": b"[]",
    "null": b"null",
    "string": b'"x"',
    "cut": b'{"source": ',
    "invalid UTF-8": b'{"source": "\xff\xfe"}',
    "UTF-16": '{"source": "x"}'.encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf{}",
    "lone surrogate": b'{"source": "s3://b/\\ud800"}',
    "lone surrogate as name": b'{"\\udfff": 1}',
    "encoded surrogate": b'{"source": "\xed\xa0\x80"}',
    "deep array": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep inside": b'{"dependencies": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "NaN": b'{"source": NaN}',
    "Infinity": b'{"source": -Infinity}',
    "huge integer": b'{"source": ' + b"9" * 100_000 + b"}",
    "repeated name": b'{"source": "a", "source": "b"}',
    "NUL": b"\x00",
    "NUL in string": b'{"source": "a\x00"}',
}


@pytest.mark.parametrize("name", BODIES)
def test_odd_bodies_are_bad_requests(child, name):
    status, _, body = exchange(child, post(BODIES[name]))
    assert (status, json.loads(body)["code"]) == (400, "BadRequestException")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/xml", "multipart/form-data", "\xff", ";;;", "x" * 999]
)
def test_odd_media_types_are_bad_requests(child, media_type):
    headers = HOST + f"Content-Type: {media_type}\r\n".encode("latin-1")
    assert exchange(child, post(b"{}", headers))[0] == 400


def test_a_connection_is_kept_in_step(child):
    """Refused, ignored, chunked and pipelined bodies leave the next request at the right place."""
    chunked = (
        b"POST /loader HTTP/1.1\r\n" + JSON + b"Transfer-Encoding: chunked\r\n\r\n2;x=y\r\n{}\r\n0\r\nT: v\r\n\r\n"
    )
    with_body = b"GET /loader HTTP/1.1\r\n" + JSON + b"Content-Length: 9\r\n\r\nGET / HTT"
    plain = b"GET /loader HTTP/1.1\r\n" + HOST + b"\r\n"
    with connect(child) as connection, connection.makefile("rb") as stream:
        connection.sendall(post(b"nonsense") + chunked + with_body + b"\r\n" + plain)
        statuses = [read_answer(stream)[0] for _ in range(4)]
        assert statuses == [400, 400, 200, 200]
        for _ in range(50):
            connection.sendall(plain)
            assert read_answer(stream)[0] == 200


def test_continue_is_sent_before_the_body(child):
    with connect(child) as connection, connection.makefile("rb") as stream:
        connection.sendall(b"POST /loader HTTP/1.1\r\n" + JSON + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        assert stream.readline() == b"HTTP/1.1 100 Continue\r\n"
        assert stream.readline() == b"\r\n"
        connection.sendall(b"{}")
        assert read_answer(stream)[0] == 400


@pytest.mark.parametrize(
    ("request_bytes", "kept"),
    [
        (b"GET /loader HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", False),
        (b"GET /loader HTTP/1.0\r\n\r\n", False),
        (b"GET /loader HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", True),
    ],
)
def test_connections_close_as_asked(child, request_bytes, kept):
    with connect(child) as connection, connection.makefile("rb") as stream:
        connection.sendall(request_bytes)
        status, headers, _ = read_answer(stream)
        assert status == 200
        assert headers["connection"] == ("keep-alive" if kept else "close")
        if not kept:
            assert stream.read() == b""


def test_an_answer_is_one_segment(child):
    """Head and body leave together, so that no delayed acknowledgement stands between them."""
    with connect(child) as connection:
        connection.sendall(b"GET /loader HTTP/1.1\r\n" + HOST + b"\r\n")
        assert re.search(rb"\r\n\r\n\{.*\}$", connection.recv(65_536))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_process_at_once(number):
    child = start_child("neptune")
    try:
        with connect(child) as connection, connection.makefile("rb") as stream:
            connection.sendall(b"GET /loader HTTP/1.1\r\n" + HOST + b"\r\n")
            assert read_answer(stream)[0] == 200
            child.process.send_signal(number)
            assert child.process.wait(timeout=5) == 0
    finally:
        end(child.process)


def test_the_emulator_ends_with_its_parent():
    script = (
        "import subprocess, sys, os\n"
        "child = subprocess.Popen([sys.executable, '-m', 'conformance.emulator', 'neptune'], stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "os._exit(0)\n"
    )
    pid = int(subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout)
    eventually(lambda: not is_alive(pid), seconds=10)


def is_alive(pid):
    try:
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - a pseudo file
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
