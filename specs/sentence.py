"""The sentences of a document, addressed by hash so that no document text needs to be stored."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_ENDS = re.compile(r"(?<=[.!?])\s+(?=[A-Z\[(\"'])")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a document.

    ``key`` is the first 16 hex digits of the sha256 of its text (white space folded); where the same text occurs
    several times in one document, ``#n`` is added and n counts from 1.
    """

    key: str
    line: int
    text: str


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        for piece in _ENDS.split(line):
            folded = " ".join(piece.split())
            if _WORD.search(folded):
                yield number, folded


def sentences(text: str) -> list[Sentence]:
    """Split a document into sentences; lines end sentences, pure punctuation is passed over."""
    pieces = [(number, piece, hashlib.sha256(piece.encode()).hexdigest()[:16]) for number, piece in _pieces(text)]
    total = Counter(digest for _, _, digest in pieces)
    seen: Counter[str] = Counter()
    found = []
    for number, piece, digest in pieces:
        seen[digest] += 1
        key = f"{digest}#{seen[digest]}" if total[digest] > 1 else digest
        found.append(Sentence(key=key, line=number, text=piece))
    return found
