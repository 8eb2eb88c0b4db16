"""The request line's target, whatever the request holds."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from specs import Request

_KEPT = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~%"


def location(request: Request) -> str:
    """Path and query in plain ASCII, beginning with a slash: no text of it can name another host or break a line."""
    query = tuple((_encodable(name), _encodable(value)) for name, value in request.query)
    target = replace(request, path=_encodable(request.path), query=query).target
    encoded = quote(target, safe=_KEPT)
    return encoded if encoded.startswith("/") else f"/{encoded}"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
