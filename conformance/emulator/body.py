"""The body of an HTTP/1.1 request, of known length or chunked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.emulator.head import MalformedRequestError

if TYPE_CHECKING:
    from typing import BinaryIO

    from conformance.emulator.head import Head

MAX_BODY = 157_286_400
"""User guide, errors-engine-codes: the largest request Neptune takes. The other APIs name no smaller limit."""

_LENGTH = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(;[^\r\n]*)?\r?\n")
_MAX_CHUNK_LINE = 4_096


def has_body(head: Head) -> bool:
    """Tell whether body bytes follow the head."""
    return bool(head.values("transfer-encoding")) or any(value != "0" for value in head.values("content-length"))


def read_body(stream: BinaryIO, head: Head) -> bytes:
    """Read exactly the body that ``head`` announces.

    Raises:
        MalformedRequestError: the framing is wrong, the body ends early or is larger than ``MAX_BODY``.

    """
    codings = head.values("transfer-encoding")
    lengths = head.values("content-length")
    if codings and lengths:
        raise MalformedRequestError("Content-Length and Transfer-Encoding exclude each other")
    if codings:
        if [coding.lower() for coding in codings] != ["chunked"]:
            raise MalformedRequestError("Unsupported Transfer-Encoding")
        return _read_chunks(stream)
    if not lengths:
        return b""
    if len(set(lengths)) > 1 or not _LENGTH.fullmatch(lengths[0]):
        raise MalformedRequestError("Malformed Content-Length")
    return _read_exactly(stream, _admit(int(lengths[0])))


def _admit(size: int) -> int:
    if size > MAX_BODY:
        raise MalformedRequestError(f"Request size exceeds max allowed value of {MAX_BODY} bytes")
    return size


def _read_exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size) if size else b""
    if len(data) < size:
        raise MalformedRequestError("The request body is shorter than announced")
    return data


def _read_chunks(stream: BinaryIO) -> bytes:
    body = bytearray()
    while True:
        matched = _CHUNK_SIZE.fullmatch(stream.readline(_MAX_CHUNK_LINE))
        if not matched:
            raise MalformedRequestError("Malformed chunk size")
        size = int(matched[1], 16)
        if not size:
            break
        _admit(len(body) + size)
        body += _read_exactly(stream, size)
        if stream.readline(3) not in {b"\r\n", b"\n"}:
            raise MalformedRequestError("Malformed chunk")
    _skip_trailers(stream)
    return bytes(body)


def _skip_trailers(stream: BinaryIO) -> None:
    for _ in range(100):
        line = stream.readline(_MAX_CHUNK_LINE)
        if line in {b"\r\n", b"\n"}:
            return
        if not line.endswith(b"\n"):
            break
    raise MalformedRequestError("Malformed trailer")
