"""What the parsers find in source data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

Count = Literal["parsing_errors", "datatype_mismatch_errors", "insert_errors"]

PARSING_ERROR = "PARSING_ERROR"
VERTICES_MISSING = "FROM_OR_TO_VERTEX_ARE_MISSING"
EDGE_ID_REUSED = "ID_ASSIGNED_TO_MULTIPLE_EDGES"
CARDINALITY_VIOLATED = "SINGLE_CARDINALITY_VIOLATION"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One value of one property."""

    name: str
    value: str
    single: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    """A vertex with what one row says of it."""

    id: str
    labels: tuple[str, ...]
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """An edge with what one row says of it."""

    id: str
    label: str
    start: str
    end: str
    properties: tuple[Property, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """An RDF statement in a graph; terms as N-Triples writes them."""

    subject: str
    predicate: str
    object: str
    graph: str


class FlawError(Exception):
    """An entry that cannot be loaded."""

    def __init__(self, message: str, *, count: Count = "parsing_errors", code: str = PARSING_ERROR) -> None:
        super().__init__(message)
        self.message = message
        self.count: Count = count
        self.code = code


class FeedError(FlawError):
    """A flaw after which the rest of the feed cannot be understood."""


Item = Vertex | Edge | Statement | FlawError
if TYPE_CHECKING:
    Sink = Callable[[int, Item], None]
    """Takes the record number and what was found there."""
