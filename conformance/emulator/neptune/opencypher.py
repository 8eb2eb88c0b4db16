"""The openCypher CSV format (user guide, bulk-load-tutorial-format-opencypher)."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from conformance.emulator.neptune.element import Edge, FeedError, FlawError, Vertex
from conformance.emulator.neptune.table import Column, TableParser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.neptune.start_request import StartRequest

_SYSTEM = re.compile(r"[^:]*:(?P<role>ID|LABEL|START_ID|END_ID|TYPE)(?:\([^()]*\))?", re.IGNORECASE)
_GENERATED = itertools.count(1)


class OpenCypherParser(TableParser):
    """Nodes and relationships; a header with ``:START_ID`` or ``:END_ID`` is one of relationships."""

    ALL_SINGLE = True

    def __init__(self, request: StartRequest) -> None:
        super().__init__(request)
        self._roles: dict[str, int] = {}
        self._columns: list[tuple[int, Column]] = []
        self._edges = False

    def is_edge_header(self, header: Sequence[str]) -> bool:
        """Tell whether a header is one of relationships."""
        roles = self._roles_of(header)
        return "START_ID" in roles or "END_ID" in roles

    def check_header(self, header: Sequence[str]) -> None:
        """Require the system columns of nodes or relationships."""
        self._roles = self._roles_of(header)
        self._edges = self.is_edge_header(header)
        for role in self.required_roles():
            if role not in self._roles:
                raise FeedError(f"The header lacks the column ':{role}'")
        if self._edges and "ID" in self._roles and not self.request.user_provided_edge_ids:
            raise FeedError("The header has an ':ID' column although userProvidedEdgeIds is FALSE")
        self._columns = [(place, self.column(cell)) for place, cell in enumerate(header) if not _SYSTEM.fullmatch(cell)]

    def required_roles(self) -> tuple[str, ...]:
        """Return the system columns that must be there (``userProvidedEdgeIds`` rules those of relationships)."""
        if not self._edges:
            return ("ID",)
        ids = ("ID",) if self.request.user_provided_edge_ids else ()
        return (*ids, "START_ID", "END_ID", "TYPE")

    def build(self, header: Sequence[str], row: Sequence[str]) -> Vertex | Edge:  # noqa: ARG002
        """Make the element of a row."""
        cells = {role: row[place] for role, place in self._roles.items()}
        properties = self.properties([(column, row[place]) for place, column in self._columns])
        own_id = cells.get("ID", "")
        if not self._edges:
            if not own_id:
                raise FlawError("The row has no id")
            labels = tuple(label for label in cells.get("LABEL", "").split(";") if label)
            return Vertex(id=own_id, labels=labels, properties=properties)
        if not self.request.user_provided_edge_ids:
            own_id = f"generated-{next(_GENERATED)}"
        if not (own_id and cells["START_ID"] and cells["END_ID"] and cells["TYPE"]):
            raise FlawError("The relationship lacks its id, start, end or type")
        return Edge(id=own_id, label=cells["TYPE"], start=cells["START_ID"], end=cells["END_ID"], properties=properties)

    def _roles_of(self, header: Sequence[str]) -> dict[str, int]:
        roles: dict[str, int] = {}
        for place, cell in enumerate(header):
            if matched := _SYSTEM.fullmatch(cell):
                role = matched["role"].upper()
                if role in roles:
                    raise FeedError(f"The header has two ':{role}' columns")
                roles[role] = place
        return roles
