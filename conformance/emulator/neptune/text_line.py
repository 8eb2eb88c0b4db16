"""Lines of a byte stream, of bounded length."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MAX_LINE = 8 * 1_024 * 1_024


def text_lines(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of ``stream``; bytes that are not UTF-8 become lone surrogates, so that one bad line stays one.

    A line longer than ``MAX_LINE`` comes in pieces, which keeps memory bounded and makes the pieces parsing errors.
    """
    first = True
    while line := stream.readline(MAX_LINE):
        text = line.decode("utf-8", "surrogateescape")
        yield text.removeprefix("\ufeff") if first else text
        first = False


def is_clean(text: str) -> bool:
    """Tell whether ``text`` came from valid UTF-8."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
