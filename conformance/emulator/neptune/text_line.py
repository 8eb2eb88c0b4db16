"""Lines of a byte stream, of bounded length."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MAX_LINE = 8 * 1_024 * 1_024
_CUT = "\udcff"


def text_lines(stream: BinaryIO) -> Iterator[str]:
    """Yield the lines of ``stream``; bytes that are not UTF-8 become lone surrogates, so that one bad line stays one.

    A line longer than ``MAX_LINE`` is cut there and marked as unclean; its rest is dropped, which keeps memory bounded.
    """
    first = True
    while line := stream.readline(MAX_LINE):
        text = line.decode("utf-8", "surrogateescape")
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            text = f"{text}{_CUT}\n"
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_LINE)
        yield text.removeprefix("\ufeff") if first else text
        first = False


def is_clean(text: str) -> bool:
    """Tell whether ``text`` came from valid UTF-8, and whole."""
    return text.isascii() or not any("\ud800" <= character <= "\udfff" for character in text)
