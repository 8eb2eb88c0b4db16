"""The Gremlin CSV format (user guide, bulk-load-tutorial-format-gremlin)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.emulator.neptune.element import Edge, FeedError, FlawError, Vertex
from conformance.emulator.neptune.table import Column, TableParser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.neptune.start_request import StartRequest

_SYSTEM = ("~id", "~label", "~from", "~to")


class GremlinParser(TableParser):
    """Vertices and edges; a header with ``~from`` or ``~to`` is one of edges."""

    def __init__(self, request: StartRequest) -> None:
        super().__init__(request)
        self._columns: dict[str, Column] = {}
        self._edges = False

    def is_edge_header(self, header: Sequence[str]) -> bool:
        """Tell whether a header is one of edges."""
        return "~from" in header or "~to" in header

    def check_header(self, header: Sequence[str]) -> None:
        """Require the system columns of vertices or edges."""
        self._edges = self.is_edge_header(header)
        for name in _SYSTEM if self._edges else _SYSTEM[:1]:
            if name not in header:
                raise FeedError(f"The header lacks the column '{name}'")
        self._columns = {cell: self.column(cell) for cell in header if cell not in _SYSTEM}

    def column(self, cell: str) -> Column:
        """Return the property column a header cell declares; properties of edges hold one value each."""
        if cell.startswith("~"):
            raise FeedError(f"The header has the unknown column '{cell}'")
        found = super().column(cell)
        return replace(found, is_single=True) if self._edges else found

    def build(self, header: Sequence[str], row: Sequence[str]) -> Vertex | Edge:
        """Make the element of a row."""
        cells = dict(zip(header, row, strict=True))
        properties = self.properties([(column, cells[cell]) for cell, column in self._columns.items()])
        if not cells["~id"]:
            raise FlawError("The row has no id")
        if not self._edges:
            labels = tuple(label for label in cells.get("~label", "").split(";") if label)
            return Vertex(id=cells["~id"], labels=labels, properties=properties)
        if not cells["~from"] or not cells["~to"]:
            raise FlawError("The edge lacks its start or its end")
        return Edge(
            id=cells["~id"],
            label=cells["~label"] or "edge",
            start=cells["~from"],
            end=cells["~to"],
            properties=properties,
        )
