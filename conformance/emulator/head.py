"""The head of an HTTP/1.1 request: request line and header fields, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

if TYPE_CHECKING:
    from typing import BinaryIO

MAX_LINE = 65_536
MAX_HEAD = 262_144

_TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_TARGET = re.compile(rb"[\x21-\x7e\x80-\xff]+")
_VERSION = re.compile(rb"HTTP/1\.([01])")
_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
# A field value must not hide a line end from anybody who reads it later.
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_FORBIDDEN = re.compile(rb"[\x00\r\n]")


class MalformedRequestError(Exception):
    """The bytes are no request the server can answer in any way but by a refusal and a closed connection."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Request line and header fields as they were sent."""

    method: str
    target: str
    persistent: bool
    """Whether the client wants the connection kept."""
    fields: tuple[tuple[str, str], ...]
    """Names in lower case, in the order sent."""

    def values(self, name: str) -> list[str]:
        """Return the values of all fields called ``name`` (lower case)."""
        return [value for field, value in self.fields if field == name]

    @property
    def path_and_query(self) -> str:
        """The target in origin form, still percent-encoded."""
        if self.target.startswith("/"):
            return self.target
        bare = _AUTHORITY.sub("", self.target, count=1)
        return bare if bare.startswith("/") or bare == self.target else f"/{bare}"


def read_head(stream: BinaryIO) -> Head | None:
    """Read one head from ``stream``; None at the end of the connection.

    Raises:
        MalformedRequestError: the bytes break RFC 9112.

    """
    line = _read_line(stream)
    # RFC 9112, 2.2: a robust server skips an empty line before the request line.
    while line in {b"\r\n", b"\n"}:
        line = _read_line(stream)
    if not line:
        return None
    method, target, minor = _parse_request_line(line)
    fields = tuple(_read_fields(stream))
    head = Head(method=method, target=target, persistent=_is_persistent(minor, fields), fields=fields)
    _require_host(head, minor)
    return head


def _read_line(stream: BinaryIO) -> bytes:
    line = stream.readline(MAX_LINE + 1)
    if len(line) > MAX_LINE:
        raise MalformedRequestError("A line of the request head is too long")
    if line and not line.endswith(b"\n"):
        raise MalformedRequestError("The request head is incomplete")
    return line


def _parse_request_line(line: bytes) -> tuple[str, str, int]:
    parts = line.rstrip(b"\r\n").split(b" ")
    if len(parts) != 3:
        raise MalformedRequestError("Malformed request line")
    method, target, version = parts
    matched = _VERSION.fullmatch(version)
    if not (_TOKEN.fullmatch(method) and _TARGET.fullmatch(target) and matched):
        raise MalformedRequestError("Malformed request line")
    return method.decode("ascii"), target.decode("latin-1"), int(matched[1])


def _read_fields(stream: BinaryIO) -> list[tuple[str, str]]:
    fields = []
    size = 0
    while (line := _read_line(stream)) not in {b"\r\n", b"\n"}:
        if not line:
            raise MalformedRequestError("The request head is incomplete")
        size += len(line)
        if size > MAX_HEAD:
            raise MalformedRequestError("The request head is too large")
        name, colon, value = line.partition(b":")
        value = value.strip(b" \t\r\n")
        if not colon or not _TOKEN.fullmatch(name) or _FORBIDDEN.search(value):
            raise MalformedRequestError("Malformed header field")
        fields.append((name.decode("ascii").lower(), value.decode("latin-1")))
    return fields


def _is_persistent(minor: int, fields: tuple[tuple[str, str], ...]) -> bool:
    options = [option.strip().lower() for name, value in fields if name == "connection" for option in value.split(",")]
    return "close" not in options and (minor == 1 or "keep-alive" in options)


def _require_host(head: Head, minor: int) -> None:
    hosts = head.values("host")
    if len(hosts) > 1 or (minor == 1 and not hosts):
        raise MalformedRequestError("Exactly one Host header is required")


def split_target(path_and_query: str) -> tuple[str, str]:
    """Return WSGI's PATH_INFO (decoded bytes as Latin-1) and QUERY_STRING (escapes kept, ASCII only) of a target."""
    path, _, query = path_and_query.partition("#")[0].partition("?")
    if "%" in path:
        path = unquote_to_bytes(path.encode("latin-1")).decode("latin-1")
    if not query.isascii():
        # werkzeug reads a query as UTF-8 before it decodes the escapes, and would fail on other bytes.
        query = _NON_ASCII.sub(lambda byte: f"%{ord(byte[0]):02X}", query)
    return path, query
