"""RDF terms in one form, whatever the format they were written in."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SHORT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_STRING = "http://www.w3.org/2001/XMLSchema#string"


def unescaped(text: str) -> str:
    """Return the text that N-Triples' escapes stand for."""
    return _ESCAPE.sub(_meant, text) if "\\" in text else text


def literal(text: str, *, datatype: str | None = None, language: str | None = None) -> str:
    """Return a literal as one text; languages do not differ by case, and a plain literal is a string (RDF 1.1, 3.3)."""
    if language:
        return f'"{text}"@{language.lower()}'
    return f'"{text}"' if not datatype or datatype == _STRING else f'"{text}"^^<{datatype}>'


def _meant(found: re.Match[str]) -> str:
    number = found[1] or found[2]
    if number is None:
        return _SHORT.get(found[3], found[3])
    point = int(number, 16)
    return chr(point) if point <= 0x10FFFF else found[0]
