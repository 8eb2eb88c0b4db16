"""The data loaded so far, kept as hashes: the emulator is never asked for the data itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.emulator.neptune.element import (
    CARDINALITY_VIOLATED,
    EDGE_ID_REUSED,
    VERTICES_MISSING,
    Edge,
    FlawError,
    Property,
    Statement,
    Vertex,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Insertion:
    """How many records an element is worth, and how many of them were there before."""

    records: int
    duplicates: int


class Graph:
    """Sets of 64-bit hashes; only the run of the one running load writes."""

    def __init__(self) -> None:
        self._facts: set[int] = set()
        self._vertices: set[int] = set()
        self._edges: dict[int, int] = {}
        self._singles: dict[int, int] = {}

    def insert(self, element: Vertex | Edge | Statement, *, replace_single: bool) -> Insertion:
        """Add an element.

        Raises:
            FlawError: the element contradicts the data (user guide, loader-message).

        """
        if isinstance(element, Statement):
            facts = [hash((element.subject, element.predicate, element.object, element.graph))]
        elif isinstance(element, Vertex):
            facts = self._vertex_facts(element, replace_single=replace_single)
        else:
            facts = self._edge_facts(element, replace_single=replace_single)
        duplicates = 0
        for fact in facts:
            if fact in self._facts:
                duplicates += 1
            else:
                self._facts.add(fact)
        return Insertion(len(facts), duplicates)

    def _vertex_facts(self, vertex: Vertex, *, replace_single: bool) -> list[int]:
        self._admit_properties("v", vertex.id, vertex.properties, replace_single=replace_single)
        self._vertices.add(hash(vertex.id))
        labels = vertex.labels or ("vertex",)
        return [hash(("v", vertex.id, label)) for label in labels] + [
            hash(("vp", vertex.id, each.name, each.value)) for each in vertex.properties
        ]

    def _edge_facts(self, edge: Edge, *, replace_single: bool) -> list[int]:
        self.require_ends(edge)
        shape = hash((edge.label, edge.start, edge.end))
        if self._edges.get(hash(edge.id), shape) != shape:
            raise FlawError(
                f"The edge id '{edge.id}' belongs to another edge", count="insert_errors", code=EDGE_ID_REUSED
            )
        self._admit_properties("e", edge.id, edge.properties, replace_single=replace_single)
        self._edges[hash(edge.id)] = shape
        return [hash(("e", edge.id))] + [hash(("ep", edge.id, each.name, each.value)) for each in edge.properties]

    def require_ends(self, edge: Edge) -> None:
        """Refuse an edge between vertices that are not there."""
        if hash(edge.start) not in self._vertices or hash(edge.end) not in self._vertices:
            raise FlawError(
                f"A vertex of the edge '{edge.id}' is missing", count="insert_errors", code=VERTICES_MISSING
            )

    def _admit_properties(self, kind: str, owner: str, properties: Iterable[Property], *, replace_single: bool) -> None:
        new: dict[int, int] = {}
        for each in properties:
            if not each.single:
                continue
            place, value = hash((kind, owner, each.name)), hash(each.value)
            if not replace_single and new.get(place, self._singles.get(place, value)) != value:
                raise FlawError(
                    f"The property '{each.name}' of '{owner}' already has another value",
                    count="insert_errors",
                    code=CARDINALITY_VIOLATED,
                )
            new[place] = value
        self._singles.update(new)
