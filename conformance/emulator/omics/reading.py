"""Requests to HealthOmics, read and checked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conformance.emulator.json_document import MalformedJsonError, parse_json
from conformance.emulator.omics import constraint
from conformance.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request for one operation."""

    labels: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: bytes


class Reading:
    """Turns calls into checked input trees, or refuses them; the places of a request share one space of names."""

    create_store_rules = constraint.CREATE_STORE
    list_stores_rules = constraint.LIST_STORES
    one_store_rules = constraint.ONE_STORE
    start_import_rules = constraint.START_IMPORT
    one_import_rules = constraint.ONE_IMPORT
    list_imports_rules = constraint.LIST_IMPORTS
    list_references_rules = constraint.LIST_REFERENCES
    one_reference_rules = constraint.ONE_REFERENCE

    largest_body = 16 * 1024 * 1024
    """More than any valid request needs; the document names no limit, but the common errors have a name for it."""
    page_keys = ("maxResults", "nextToken")

    def invalid(self, message: str) -> RefusalError:
        """Return the refusal of a request that breaks a constraint."""
        return RefusalError(status=400, name="ValidationException", message=message)

    def checked(self, tree: dict[str, Any], table: Table) -> dict[str, Any]:
        """Return an input that keeps its rules."""
        breach = next(table.breaches(tree), None)
        if breach is not None:
            raise self.invalid(str(breach))
        return tree

    def read_labels(self, call: Call, table: Table) -> dict[str, Any]:
        """Read an operation that takes nothing but its path."""
        return self.checked(dict(call.labels), table)

    def read_body(self, call: Call, table: Table) -> dict[str, Any]:
        """Read an operation with a body."""
        return self.checked({**self.members(call.body), **call.labels}, table)

    def read_list(self, call: Call, table: Table) -> dict[str, Any]:
        """Read an operation that lists: its filter stands in the body, its page in the query."""
        page = {name: self.coerced(call, name, table) for name in self.page_keys}
        return self.checked({**self.members(call.body), **call.labels, **page}, table)

    def members(self, body: bytes) -> dict[str, Any]:
        """Return the members of a JSON body; none for an empty body, since all of them may be optional."""
        if len(body) > self.largest_body:
            raise RefusalError(status=413, name="RequestEntityTooLargeException", message="The body is too large")
        if not body.strip():
            return {}
        try:
            members = parse_json(body)
        except MalformedJsonError as error:
            raise self.invalid(str(error)) from error
        if not isinstance(members, dict):
            raise self.invalid("The request body must be a JSON object")
        return members

    def coerced(self, call: Call, name: str, table: Table) -> object:
        """Return the value of a query key as its rule reads it."""
        values = call.query.get(name, [])
        if len(values) > 1:
            raise self.invalid(f"Query key {name} is given more than once")
        return table[name].coerced(values[0]) if values else None
