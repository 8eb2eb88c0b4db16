"""Turtle, cut where a statement ends, so that a document of any length can be read piece by piece."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from conformance.emulator.neptune.element import FeedError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

PIECE = 65_536
MAX_STATEMENT = 8 * 1_024 * 1_024
_TOKEN = re.compile(
    r"""
    <[^<>"{}|^`\x00-\x20]*>                       # an IRI
  | \"{3}(?:[^"\\]++|\\.|"(?!""))*+\"{3}             # texts
  | '{3}(?:[^'\\]++|\\.|'(?!''))*+'{3}
  | "(?!"")(?:[^"\\\r\n]++|\\.)*+"
  | '(?!'')(?:[^'\\\r\n]++|\\.)*+'
  | \#[^\r\n]*[\r\n]                              # a comment
  | (?P<end>\.)(?=[\s\#<"'_\[(@])                 # a stop that is no part of a name or a number
  | [^<"'\#.]++
  | \.(?=[^\s\#<"'_\[(@])
    """,
    re.DOTALL | re.VERBOSE,
)


def whole_statements(stream: BinaryIO) -> Iterator[str]:
    """Yield the text of ``stream`` in pieces that end where a statement does.

    Raises:
        FeedError: a statement is too long to be held in memory.
        UnicodeDecodeError: the text is not UTF-8.

    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    held, wanted = "", PIECE
    while data := stream.read(wanted):
        held += decoder.decode(data)
        end = _last_end(held)
        if end:
            yield held[:end]
            held, wanted = held[end:], PIECE
        elif len(held) > MAX_STATEMENT:
            raise FeedError(f"A statement is longer than {MAX_STATEMENT} characters")
        else:
            wanted = max(PIECE, len(held))  # twice as much, so that a long one is not gone through too often
    held += decoder.decode(b"", final=True)
    if held.strip():
        yield held


def _last_end(text: str) -> int:
    """Where the last statement ends that is whole for certain; 0 where none is."""
    end = place = 0
    while matched := _TOKEN.match(text, place):
        place = matched.end()
        if matched["end"]:
            end = place
    return end
