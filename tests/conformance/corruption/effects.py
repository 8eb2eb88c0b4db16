"""Lets refused requests change something, and the service fail."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from conformance.history import Call
from conformance.view import View, among
from specs import MISSING, Clause, Listing, Resource, point
from tests.conformance.corruption.answers import refusal
from tests.conformance.corruption.body import put, retold, with_items
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import another, fitting

_NEW = "9999999999"


def fresh(view: View, call: Call, name: str = _NEW) -> Any:
    """An item as the list of a call holds them, with an id never seen."""
    operation = view.spec.operations[call.operation]
    listing = operation.listing
    assert listing is not None
    items = view.items(call)
    schema: Any = operation.response.schema
    for part in listing.items.split("/")[1:]:
        schema = schema["properties"][part]
    made = copy.deepcopy(items[0]) if items else fitting(schema["items"])
    return named(listing, made, name)


def named(listing: Listing, item: Any, name: str) -> Any:
    """An item under another id."""
    return put(item, listing.item_id, name)


def groups_of_refusals(clause: Clause, view: View) -> list[list[Call]]:
    """By group, the last one first: the looks before and after refused requests, and these between them."""
    found = []
    for group in sorted(
        {call.intent.group for call in view.by_operation[clause.operation] if call.intent.role == "outside"}
    ):
        calls = view.by_group[group]
        refused = [c for c in among(calls, "outside") if c.operation == clause.operation and view.answer(c).refused]
        if refused and among(calls, "before") and among(calls, "after"):
            found.append(calls)
    return found[::-1]


@corruption("a refused request makes something", "no-effect")
def made_something(clause: Clause, view: View) -> Draft | None:
    if view.spec.operations[clause.operation].effect != "create":
        return None
    for calls in groups_of_refusals(clause, view):
        last = among(calls, "after")[-1]
        return Draft(view).answer(last, with_items(view, last, lambda items, last=last: [*items, fresh(view, last)]))
    return None


@corruption("a refused request changes something", "no-effect")
def changed_something(clause: Clause, view: View) -> Draft | None:
    if view.spec.operations[clause.operation].effect == "create":
        return None
    for calls in groups_of_refusals(clause, view):
        last = among(calls, "after")[-1]
        resource = next(r for r in view.spec.resources.values() if r.read and r.read.operation == last.operation)
        place = _place(view, resource, last)
        if place is None:
            continue
        return Draft(view).answer(
            last, retold(view, last, lambda tree, place=place: put(tree, place, another(point(tree, place))))
        )
    return None


def _place(view: View, resource: Resource, read: Call) -> str | None:
    places = (*resource.observable, *resource.immutable)
    shown = [each for each in places if each != resource.status and point(view.tree(read), each) is not MISSING]
    return shown[0] if shown else None


def _bytes(call: Call) -> tuple[str, str, bytes]:
    return call.request.method, call.request.target, call.request.body


def _failing(clause: Clause, view: View, response: bool) -> Draft | None:
    calls = view.by_operation[clause.operation]
    if not calls:
        return None
    chosen = next((call for call in calls if call.intent.role == "outside"), calls[0])
    draft = Draft(view)
    failure = replace(refusal(view.spec, "InternalFailure", 500)) if response else None
    for call in calls:
        if _bytes(call) == _bytes(chosen):
            draft.answer(call, failure, trouble=None if response else "dropped")
    return draft.append(replace(draft.places[chosen.id][0]))


@corruption("the same request fails the service each time", "no-server-error")
def fail_always(clause: Clause, view: View) -> Draft | None:
    return _failing(clause, view, response=True)


@corruption("the same request is never answered", "answered")
def drop_always(clause: Clause, view: View) -> Draft | None:
    return _failing(clause, view, response=False)
