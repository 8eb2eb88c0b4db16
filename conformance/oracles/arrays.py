"""Jobs made of numbered children: how many there are, and how they are listed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from conformance.history import Call
from conformance.oracles.deed import WRONG
from conformance.oracles.registry import Tally, oracle
from conformance.oracles.waiting import sole
from conformance.view import View
from specs import MISSING, Arrays, Clause, Resource, point

_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")


def parents(view: View, resource: Resource) -> Iterator[tuple[str, int]]:
    """The id of every job of ours that was asked for with children, and how many."""
    arrays = resource.arrays
    assert arrays is not None  # noqa: S101 - derived only then
    for identifier, call in sole(view, resource).items():
        asked = point(call.intent.arguments, arrays.asked)
        if isinstance(asked, int) and not isinstance(asked, bool):
            yield identifier, asked


@oracle("array-size")
def array_size(clause: Clause, view: View, tally: Tally) -> None:
    """Every read of a job with children shows how many were asked for, if it shows a number."""
    resource = view.spec.resources[clause.data["resource"]]
    assert resource.arrays is not None  # noqa: S101 - derived only then
    made = view.created(resource.name)
    for parent, asked in parents(view, resource):
        for seen in view.sightings(resource).get(parent, []):
            shown = point(seen.tree, resource.arrays.size)
            if shown is MISSING or shown is None:
                tally.undecided(f"a read of {parent} does not show how many children it has")
            elif shown == asked:
                tally.hit()
            else:
                tally.breach(made[parent], seen.call, expected=f"{asked} children", actual=f"{shown!r}"[:100])


@oracle("array-children")
def array_children(clause: Clause, view: View, tally: Tally) -> None:
    """Every list of the children of a job names children that it can have, and none twice."""
    resource = view.spec.resources[clause.data["resource"]]
    listing = view.spec.operations[clause.operation].listing
    assert resource.arrays is not None  # noqa: S101 - derived only then
    assert listing is not None  # noqa: S101 - derived only then
    made, sizes = view.created(resource.name), dict(parents(view, resource))
    for call in view.by_operation[clause.operation]:
        parent = children_of(call, view, resource.arrays)
        items = view.items(call) if parent in sizes else None
        if parent is None or not items:
            continue
        numbered = [(point(item, listing.item_id), point(item, resource.arrays.index)) for item in items]
        wrong = _wrong(numbered, parent, sizes[parent])
        if wrong is None:
            tally.hit()
        else:
            tally.breach(made[parent], call, expected=f"children {parent}:0 to {sizes[parent] - 1}", actual=wrong[:200])


def children_of(call: Call, view: View, arrays: Arrays) -> str | None:
    """The job whose children a list asks for; None where it asks for anything else as well."""
    listing = view.spec.operations[call.operation].listing
    parent = call.intent.arguments.get(arrays.parent)
    other = listing is not None and listing.scope is not None and call.intent.arguments.get(listing.scope.parameter)
    return parent if isinstance(parent, str) and not other and call.intent.role not in WRONG else None


def _wrong(numbered: list[tuple[Any, Any]], parent: str, size: int) -> str | None:
    """What is wrong with the ids and indices of one answer; what has no id is left to the shape of answers."""
    known: set[str] = set()
    for identifier, index in numbered:
        if not isinstance(identifier, str):
            continue
        head, _, number = identifier.rpartition(":")
        if head != parent or not _NUMBER.fullmatch(number) or int(number) >= size:
            return identifier
        if index is not MISSING and index is not None and index != int(number):
            return f"{identifier} with index {index!r}"
        if identifier in known:
            return f"{identifier} twice"
        known.add(identifier)
    return None
