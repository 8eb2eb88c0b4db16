"""What a hostile server does to one connection; each function is one behaviour."""

from __future__ import annotations

import gzip
import json
import zlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.hostile.server import Behaviour, Peer


def message(body: bytes | str = b"", status: str = "200 OK", *headers: str, length: int | None = None) -> bytes:
    """A well-formed answer with these headers more."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content) if length is None else length}", *headers]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + content


def json_message(content: object, status: str = "200 OK", *headers: str) -> bytes:
    return message(json.dumps(content), status, "Content-Type: application/json", *headers)


def chunked(*chunks: bytes, end: bytes = b"0\r\n\r\n", head: str = "") -> bytes:
    start = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n{head}\r\n".encode()
    return start + b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks) + end


def answering(answer: bytes | Callable[[bytes], bytes]) -> Behaviour:
    """To every request of a kept connection the same answer, or what a function makes of the request."""

    def behave(peer: Peer) -> None:
        while (request := peer.request()) is not None:
            peer.send(answer(request) if callable(answer) else answer)

    return behave


def once(answer: bytes) -> Behaviour:
    """One answer, and the connection is closed."""

    def behave(peer: Peer) -> None:
        peer.request()
        peer.send(answer)

    return behave


# -- time


def never_answers(peer: Peer) -> None:
    peer.hang()


def does_not_even_read(peer: Peer) -> None:
    peer.server.ended.wait(30)


def drips_its_head(peer: Peer) -> None:
    peer.request()
    peer.drip(b"HTTP/1.1 200 OK\r\n")
    while not peer.server.ended.is_set():
        peer.drip(b"X-Drip: 1\r\n")


def drips_its_body(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not peer.server.ended.is_set():
        peer.drip(b"body")


def drips_its_chunks(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not peer.server.ended.is_set():
        peer.drip(b"1\r\nx\r\n")


def interim_answers_for_ever(peer: Peer) -> None:
    peer.request()
    while not peer.server.ended.is_set():
        peer.send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100)


# -- size


def body_without_end(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
    while not peer.server.ended.is_set():
        peer.send(b"x" * 65536)


def chunks_without_end(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not peer.server.ended.is_set():
        peer.send(b"10000\r\n" + b"x" * 65536 + b"\r\n")


def chunk_of_negative_size(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
    while not peer.server.ended.is_set():
        peer.send(b"x" * 65536)


def trailers_without_end(peer: Peer) -> None:
    peer.request()
    peer.send(chunked(b"{}", end=b"0\r\n"))
    while not peer.server.ended.is_set():
        peer.send(b"X-Trailer: 1\r\n" * 1000)


def head_without_end(peer: Peer) -> None:
    peer.request()
    peer.send(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not peer.server.ended.is_set():
        peer.send(b"x" * 65536)


long_header = answering(message(b"{}", "200 OK", "X-Long: " + "x" * 100_000))
many_headers = answering(message(b"{}", "200 OK", *(f"X-{number}: 1" for number in range(1000))))


@cache
def gigabyte_of_zeros() -> bytes:
    """A gigabyte, compressed: the same megabyte over and over."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    again = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    return first + again * 1022 + packer.compress(bytes(1 << 20)) + packer.flush()


def gzip_bomb(peer: Peer) -> None:
    peer.request()
    peer.send(message(gigabyte_of_zeros(), "200 OK", "Content-Encoding: gzip"))


def gzip_bomb_in_chunks(peer: Peer) -> None:
    peer.request()
    peer.send(chunked(gigabyte_of_zeros(), head="Content-Encoding: gzip\r\n"))


def gzip_in_gzip_bomb(peer: Peer) -> None:
    peer.request()
    peer.send(message(gzip.compress(gigabyte_of_zeros()), "200 OK", "Content-Encoding: gzip, gzip"))


# -- form


def closes_at_once(peer: Peer) -> None:
    del peer


def closes_after_reading(peer: Peer) -> None:
    peer.request()


def resets_after_reading(peer: Peer) -> None:
    peer.request()
    peer.reset()


closes_in_the_status_line = once(b"HTTP/1.")
closes_in_the_head = once(b"HTTP/1.1 200 OK\r\nContent-Type: applic")
closes_between_headers = once(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
closes_in_the_body = once(message(b'{"status":', length=1000))
closes_in_a_chunk = once(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\nabc")
closes_between_chunks = once(chunked(b"{}", end=b""))
not_http = once(b"220 smtp.example ESMTP\r\n")
binary_noise = once(bytes(range(256)) * 8)
only_newlines = once(b"\r\n" * 50)
like_http_0_9 = once(b"<html>hello</html>\n")
unknown_version = once(b"HTTP/2.0 200 OK\r\n\r\n{}")
odd_status = once(b"HTTP/1.1 2OO OK\r\n\r\n{}")
negative_status = once(b"HTTP/1.1 -200 OK\r\n\r\n{}")
tls_alert = once(b"\x15\x03\x01\x00\x02\x02\x46")
broken_chunk_size = once(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n")
contradicting_lengths = once(b"HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\n{}")
not_gzip = answering(message(b"this is not gzip", "200 OK", "Content-Encoding: gzip"))
not_deflate = answering(message(b"this is not deflate", "200 OK", "Content-Encoding: deflate"))
not_brotli = answering(message(b"this is not brotli", "200 OK", "Content-Encoding: br"))
endless_encodings = answering(message(b"x", "200 OK", "Content-Encoding: " + ", ".join(["gzip"] * 5000)))
wrong_charset = answering(
    message('{"status": "é"}'.encode("latin-1"), "200 OK", "Content-Type: application/json; charset=klingon")
)
odd_headers = once(
    b"HTTP/1.1 200 \xff\xfe\r\nno colon here\r\n: no name\r\nX-Folded: a\r\n b\r\nX-Byte: \xe9\x00\xff\r\n"
    b"Set-Cookie: =;;;=\xff; expires=Thu, 99-Foo-99999\r\nContent-Length: 2\r\n\r\n{}"
)

# -- bodies

HTML = message("<html><body>It works!</body></html>", "200 OK", "Content-Type: text/html")
DEEP_JSON = b"[" * 1_000_000 + b"]" * 1_000_000
LONG_INTEGER = b'{"status": ' + b"9" * 1_000_000 + b"}"


def deep_xml(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + b"".join(
        b'<!ENTITY lol%d "%b">' % (n, b"&lol%d;" % (n - 1) * 10 if n > 1 else b"&lol;" * 10) for n in range(1, 10)
    )
    + b"]><lolz>&lol9;</lolz>"
)
OUTSIDE = b'<!DOCTYPE a [<!ENTITY b SYSTEM "%b">]><a>&b;</a>'
