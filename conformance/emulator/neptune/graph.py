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
from conformance.emulator.neptune.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Insertion:
    """How many records an element is worth, and how many of them were there before."""

    records: int
    duplicates: int


class Graph:
    """64-bit hashes in one ledger; only the run of the one running load writes."""

    def __init__(self) -> None:
        self.ledger = Ledger()

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
            if self.ledger.get(fact) is not None:
                duplicates += 1
            else:
                self.ledger.put(fact)
        return Insertion(len(facts), duplicates)

    def close(self) -> None:
        """Let go of what is on disk."""
        self.ledger.close()

    def _vertex_facts(self, vertex: Vertex, *, replace_single: bool) -> list[int]:
        self.admit_properties("v", vertex.id, vertex.properties, replace_single=replace_single)
        self._note(hash(("vertex", vertex.id)), 1)
        labels = vertex.labels or ("vertex",)
        return [hash(("v", vertex.id, label)) for label in labels] + [
            hash(("vp", vertex.id, each.name, each.value)) for each in vertex.properties
        ]

    def _edge_facts(self, edge: Edge, *, replace_single: bool) -> list[int]:
        self.require_ends(edge)
        shape, place = hash((edge.label, edge.start, edge.end)), hash(("edge", edge.id))
        if self.ledger.get(place) not in {None, shape}:
            raise FlawError(
                f"The edge id '{edge.id}' belongs to another edge", count="insert_errors", code=EDGE_ID_REUSED
            )
        self.admit_properties("e", edge.id, edge.properties, replace_single=replace_single)
        self._note(place, shape)
        return [hash(("e", edge.id))] + [hash(("ep", edge.id, each.name, each.value)) for each in edge.properties]

    def require_ends(self, edge: Edge) -> None:
        """Refuse an edge between vertices that are not there."""
        if any(self.ledger.get(hash(("vertex", end))) is None for end in (edge.start, edge.end)):
            raise FlawError(
                f"A vertex of the edge '{edge.id}' is missing", count="insert_errors", code=VERTICES_MISSING
            )

    def admit_properties(self, kind: str, owner: str, properties: Iterable[Property], *, replace_single: bool) -> None:
        """Take note of the values of properties that hold one, or refuse them all for one that has another already."""
        new: dict[int, int] = {}
        for each in properties:
            if not each.single:
                continue
            place, value = self.place(kind, owner, each), hash(each.value)
            known = new.get(place, self.ledger.get(place))
            if not replace_single and known is not None and known != value:
                raise FlawError(
                    f"The property '{each.name}' of '{owner}' already has another value",
                    count="insert_errors",
                    code=CARDINALITY_VIOLATED,
                )
            new[place] = value
        for place, value in new.items():
            self._note(place, value)

    def place(self, kind: str, owner: str, value: Property) -> int:
        """Return where the value of a property that holds one is kept."""
        return hash((kind, "single", owner, value.name))

    def _note(self, place: int, value: int) -> None:
        if self.ledger.get(place) != value:
            self.ledger.put(place, value)
