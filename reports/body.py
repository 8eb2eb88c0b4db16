"""Bodies laid out for reading. What cannot be laid out is shown as it came; nothing is parsed into objects."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reports.text import visible

SHOWN = 6_000
_DEEPEST = 24
_JSON_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{},:]|[^\s"\[\]{},:]+', re.DOTALL)
_XML_TOKEN = re.compile(r"<[^>]*>?|[^<]+")
_HEX_ROW = 16
_HEX_BYTES = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body as it is shown: its text, what the text is, and how much of it stands elsewhere or nowhere."""

    text: str
    form: str
    size: int
    note: str = ""


def body_for(content: bytes, *, omitted: int = 0, truncated: bool = False, shown: int = SHOWN) -> Body:
    """The body laid out, at most ``shown`` characters of it."""
    form, text = _laid_out(content)
    notes = []
    if len(text) > shown:
        notes.append(f"{len(text) - shown:,} more characters stand in the record")
        text = text[:shown]
    if omitted:
        notes.append(f"{omitted:,} more bytes are in neither")
    if truncated:
        notes.append("the client stopped reading here")
    return Body(text=visible(text), form=form, size=len(content) + omitted, note="; ".join(notes))


def _laid_out(content: bytes) -> tuple[str, str]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return "bytes", "\n".join(_hex_rows(content))
    start = text.lstrip()[:1]
    if start in ("{", "["):
        return "JSON", _json(text)
    if start == "<":
        return "XML", _xml(text)
    return "text", text


def _json(text: str) -> str:
    """Line breaks and indents between the tokens; the tokens stay as they are, be they JSON or not."""
    out: list[str] = []
    depth, previous = 0, ""
    for token in _JSON_TOKEN.findall(text):
        if token in ("}", "]"):
            depth -= 1
            out.append(token if previous in ("{", "[") else _indent(depth) + token)
        else:
            if previous in ("{", "[", ","):
                out.append(_indent(depth))
            elif previous == ":" or (previous and token not in (",", ":")):
                out.append(" ")
            out.append(token)
            depth += token in ("{", "[")
        previous = token
    return "".join(out)


def _xml(text: str) -> str:
    """A line a tag, save where an element holds text only."""
    out: list[str] = []
    depth, previous = 0, "text"
    for token in _XML_TOKEN.findall(text):
        kind = _xml_kind(token)
        if kind == "text":
            if not token.strip():
                continue
            out.append(token)
        elif kind == "close":
            depth -= 1
            out.append(token if previous in ("open", "text") else _indent(depth) + token)
        else:
            out.append((_indent(depth) if out else "") + token)
            depth += kind == "open"
        previous = kind
    return "".join(out)


def _xml_kind(token: str) -> str:
    if not token.startswith("<"):
        return "text"
    if token.startswith("</"):
        return "close"
    return "single" if token.startswith(("<?", "<!")) or token.endswith("/>") else "open"


def _indent(depth: int) -> str:
    return "\n" + "  " * max(0, min(depth, _DEEPEST))


def _hex_rows(content: bytes) -> Iterator[str]:
    for start in range(0, min(len(content), _HEX_BYTES), _HEX_ROW):
        row = content[start : start + _HEX_ROW]
        characters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "·" for byte in row)
        yield f"{start:06x}  {row.hex(' '):<{_HEX_ROW * 3 - 1}}  {characters}"
    if len(content) > _HEX_BYTES:
        yield f"… {len(content) - _HEX_BYTES:,} more bytes"
