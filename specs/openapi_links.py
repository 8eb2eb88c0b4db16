"""The links of an OpenAPI document: what a creation answers with leads to reading, cancelling and deleting it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from specs.action import Use
from specs.operation import Operation
from specs.resource import Resource
from specs.spec import Spec

_ADDRESSED = frozenset({"path", "query", "header"})


def links_of(operation: Operation, spec: Spec) -> dict[str, Any]:
    """The links from an operation's success, by name; none where its answer is not JSON, which links cannot point into."""
    if operation.response.media != "json":
        return {}
    return {
        use.operation: {"operationId": use.operation, "parameters": parameters}
        for resource in spec.resources.values()
        for pointer in _ids(operation, resource)
        for use in (resource.read, resource.cancel, resource.delete)
        if use is not None and (parameters := _parameters(use, pointer, operation, spec))
    }


def _ids(operation: Operation, resource: Resource) -> Iterator[str]:
    """Where in an answer the id of an instance stands: the new one of a creation, or the first of a list."""
    if resource.create.operation == operation.name:
        yield resource.id
    elif resource.list == operation.name and operation.listing is not None:
        yield f"{operation.listing.items}/0{operation.listing.item_id}"


def _parameters(use: Use, pointer: str, source: Operation, spec: Spec) -> dict[str, Any]:
    """The parameter that takes the id, those that both paths have, and those with fixed values; nothing for an id in a body."""
    operation = spec.operations[use.operation]
    located = {each.name: each.location for each in operation.parameters}
    if located.get(use.parameter) not in _ADDRESSED:
        return {}
    fixed = {name: value for name, value in use.arguments.items() if located.get(name) in _ADDRESSED}
    plain = {name: value for name, value in fixed.items() if "${" not in str(value)}
    shared = {
        each.name: f"$request.path.{each.name}"
        for each in source.parameters
        if each.location == "path" and located.get(each.name) == "path"
    }
    return {**shared, use.parameter: f"$response.body#{pointer}", **plain}
