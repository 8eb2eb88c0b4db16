"""Which operation a method and a path mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Method and path template of one operation; ``{name}`` stands for one segment."""

    operation: str
    method: str
    path: str

    def labels(self, segments: tuple[str, ...]) -> dict[str, str] | None:
        """Return the values of the template's names, or None when the path is another."""
        template = self.path.strip("/").split("/")
        if len(template) != len(segments):
            return None
        labels = {}
        for part, segment in zip(template, segments, strict=True):
            if part.startswith("{"):
                labels[part[1:-1]] = segment
            elif part != segment:
                return None
        return labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What the table of routes says of a request; without an operation, the methods the path would take."""

    operation: str | None
    labels: Mapping[str, str]
    methods: tuple[str, ...]


def segments_of(request: Request) -> tuple[str, ...]:
    """Cut the path before decoding it, so that an encoded slash stays inside its segment."""
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if not isinstance(raw, str) or not raw.startswith("/"):
        return tuple(request.path.removeprefix("/").split("/"))
    path = raw.partition("?")[0].partition("#")[0]
    return tuple(unquote(part, errors="replace") for part in path.removeprefix("/").split("/"))


def match(routes: Iterable[Route], *, method: str, segments: tuple[str, ...]) -> Match:
    """Find the operation of a request."""
    methods = []
    for route in routes:
        labels = route.labels(segments)
        if labels is None:
            continue
        if route.method == method:
            return Match(operation=route.operation, labels=labels, methods=(method,))
        methods.append(route.method)
    return Match(operation=None, labels={}, methods=tuple(methods))
