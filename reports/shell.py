"""Words of a POSIX shell that hold any text or bytes and can never be left by them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_LARGEST_WORD = 64 * 1024
"""Linux refuses a single argument above 128 KiB."""

_PRINTF_CHUNK = 48
_PLAIN = re.compile(rb"[A-Za-z0-9 _.,:;/=+<>{}()\[\]\"#&|?*!~^$@]")


def word(text: str) -> str:
    """The text as one quoted word; control characters, which no header or path may hold, become spaces."""
    cleaned = "".join(character if character.isprintable() else " " for character in text)
    return "'" + cleaned.encode("utf-8", "replace").decode("utf-8").replace("'", "'\\''") + "'"


def comment(text: str) -> str:
    """The text as a comment of one line."""
    return "# " + "".join(character if character.isprintable() else " " for character in text)


def literal(body: bytes) -> str | None:
    """The body as one quoted word, or None where a word cannot hold it or a reader could not read it."""
    if len(body) > _LARGEST_WORD:
        return None
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    if not all(character.isprintable() or character in "\n\t" for character in text):
        return None
    return "'" + text.replace("'", "'\\''") + "'"


def printf_lines(body: bytes) -> Iterator[str]:
    """Commands that write exactly these bytes; what is not plain ASCII stands as octal escapes."""
    for start in range(0, len(body), _PRINTF_CHUNK):
        chunk = body[start : start + _PRINTF_CHUNK]
        yield "printf '" + "".join(map(_escaped, chunk)) + "'"


def _escaped(byte: int) -> str:
    if byte == ord("%"):
        return "%%"
    return chr(byte) if _PLAIN.match(bytes([byte])) else f"\\{byte:03o}"
