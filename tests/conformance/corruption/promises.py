"""Breaks what is promised of instances over time: tokens, turns, counters, items, and what is deleted."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from conformance.history import Call
from conformance.oracles.agreement import around, gone
from conformance.oracles.promises import company, first_release, made_with, pairs
from conformance.view import Sighting, View
from specs import MISSING, Clause, Resource, point
from tests.conformance.corruption.actions import odd_refusal
from tests.conformance.corruption.answers import plain_refusal, success
from tests.conformance.corruption.body import cut, put, retold, with_items
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import another


def _of(clause: Clause, view: View) -> Resource:
    return view.spec.resources[clause.data["resource"]]


def _all(clause: Clause, view: View) -> Iterator[Sighting]:
    for sightings in view.sightings(_of(clause, view)).values():
        yield sightings[-1]
    for sightings in view.sightings(_of(clause, view)).values():
        yield from sightings


def _later(view: View, sighting: Sighting, change: Callable[[Any], Any]) -> Call:
    return again(sighting.call, retold(view, sighting.call, change))


@corruption("a token that comes again brings something that no document permits", "token-same", "token-other")
def token_outcome(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    assert resource.idempotency is not None
    other = clause.kind == "token-other"
    permitted = resource.idempotency.other if other else resource.idempotency.same
    outcome = next((each for each in ("new", "refused", "same") if each not in permitted), None)
    for first, repeated in pairs(clause, view, resource.idempotency.parameter):
        if (first.request.body != repeated.request.body) is not other or outcome is None:
            continue
        if outcome == "refused":
            return Draft(view).answer(repeated, plain_refusal(view, view.spec.operations[clause.operation]))
        given = retold(view, first, lambda tree: put(tree, resource.id, "9000000009"))
        return Draft(view).answer(repeated, given)
    return None


@corruption("a token that comes again is refused with an unknown name", "token-same", "token-other")
def token_refusal(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    assert resource.idempotency is not None
    for first, repeated in pairs(clause, view, resource.idempotency.parameter):
        if (first.request.body != repeated.request.body) is (clause.kind == "token-other"):
            return Draft(view).answer(repeated, odd_refusal(view))
    return None


@corruption("a second job is refused with an unknown name", "one-at-a-time")
def company_refused(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    assert resource.alone is not None
    by_parent: dict[Any, list[str]] = {}
    created = view.created(resource.name)
    for identifier, made in created.items():
        by_parent.setdefault(made.intent.arguments.get(resource.alone.parent), []).append(identifier)
    for identifiers in by_parent.values():
        for _, (first, _, _) in company(resource, view.sightings(resource), identifiers):
            made = created[first.intent.arguments[resource.read.parameter]] if resource.read else first
            return Draft(view).after(first, again(made, odd_refusal(view), role="start"))
    return None


@corruption("a job that is to wait goes on by itself", "hold")
def not_held(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    assert resource.hold is not None
    for identifier, _ in made_with(view, resource, resource.hold.parameter, resource.hold.value):
        seen = view.sightings(resource).get(identifier)
        if seen and first_release(view, resource, identifier) is None:
            beyond = resource.hold.beyond[-1]
            return Draft(view).append(
                _later(view, seen[-1], lambda tree, b=beyond: put(tree, resource.status or "", b))
            )
    return None


@corruption("a job that is not to wait does", "hold-free")
def held_though_free(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    assert resource.hold is not None
    status = resource.hold.status
    for identifier, _ in made_with(view, resource, resource.hold.parameter, resource.hold.free):
        seen = view.sightings(resource).get(identifier)
        if seen:
            return Draft(view).append(_later(view, seen[-1], lambda tree: put(tree, resource.status or "", status)))
    return None


@corruption("a job waits once more", "held-once")
def held_again(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    assert resource.hold is not None
    status = resource.hold.status
    for seen in view.sightings(resource).values():
        if any(s.status == status for s in seen) and seen[-1].status != status:
            return Draft(view).append(_later(view, seen[-1], lambda tree: put(tree, resource.status or "", status)))
    return None


@corruption("a number falls", "counters-rise")
def counted_down(clause: Clause, view: View) -> Draft | None:
    counters = _of(clause, view).counters
    assert counters is not None
    for sighting in _all(clause, view):
        for pointer in counters.rise:
            value = point(sighting.tree, pointer)
            if isinstance(value, int | float):
                more = _later(view, sighting, lambda tree, p=pointer, v=value: put(tree, p, v + 5))
                return Draft(view).append(more, again(sighting.call))
    return None


@corruption("more is counted than there is", "counters-total")
def counted_beyond(clause: Clause, view: View) -> Draft | None:
    counters = _of(clause, view).counters
    assert counters is not None
    for sighting in _all(clause, view):
        total = point(sighting.tree, counters.total or "")
        if isinstance(total, int):
            part = counters.parts[0]
            return Draft(view).append(_later(view, sighting, lambda tree, t=total, p=part: put(tree, p, t + 1)))
    return None


@corruption("a job ends well before all is counted", "counters-whole")
def counted_short(clause: Clause, view: View) -> Draft | None:
    counters = _of(clause, view).counters
    assert counters is not None
    place = counters.total or ""
    for sighting in _all(clause, view):
        if sighting.status in counters.whole and isinstance(point(sighting.tree, place), int):
            return Draft(view).append(_later(view, sighting, lambda tree: put(tree, place, point(tree, place) + 1)))
    return None


@corruption("what an ended job has counted changes", "counters-rest")
def counted_on(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    assert resource.counters is not None
    for sighting in _all(clause, view):
        for pointer in resource.counters.rest:
            value = point(sighting.tree, pointer)
            if resource.is_terminal(sighting.status) and isinstance(value, int):
                return Draft(view).append(_later(view, sighting, lambda tree, p=pointer, v=value: put(tree, p, v + 1)))
    return None


@corruption("an item that was done is undone", "items-final")
@corruption("an item does not agree with the end of its job", "items-agree")
def item_changed(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    items = resource.items
    assert items is not None

    def change(tree: Any) -> None:
        item = point(tree, items.pointer)[0]
        put(item, items.status, next(s for s in items.final if s != point(item, items.status)))

    for sighting in _all(clause, view):
        if sighting.status in items.every and point(sighting.tree, items.pointer):
            return Draft(view).append(again(sighting.call), _later(view, sighting, change))
    return None


@corruption("a member is shown too early", "not-before")
def shown_early(clause: Clause, view: View) -> Draft | None:
    place: str = clause.data["pointer"]
    known = [point(s.tree, place) for s in _all(clause, view)]
    value = next((each for each in known if each not in (MISSING, None)), "2026-01-02T03:04:05Z")
    for sighting in _all(clause, view):
        if sighting.status in clause.data["statuses"]:
            return Draft(view).append(_later(view, sighting, lambda tree: put(tree, place, value)))
    return None


@corruption("a member is not shown where it belongs", "shown-when")
def not_shown(clause: Clause, view: View) -> Draft | None:
    place: str = clause.data["pointer"]
    for sighting in _all(clause, view):
        if sighting.status in clause.data["statuses"]:
            return Draft(view).append(_later(view, sighting, lambda tree: cut(tree, place)))
    return None


@corruption("the list tells something else than the reads around it", "list-fields")
def list_differs(clause: Clause, view: View) -> Draft | None:
    resource, listing = _of(clause, view), view.spec.operations[clause.operation].listing
    assert listing is not None
    fixed = {place: read for place, read in listing.agrees.items() if read in resource.immutable or not resource.is_job}
    for call in view.plain(clause.operation):
        for index, item in enumerate(view.items(call) or ()):
            near = around(view.sightings(resource).get(str(point(item, listing.item_id)), ()), call)
            for place, read in fixed.items():
                if near is None or MISSING in (point(item, place), point(near[0].tree, read)):
                    continue
                if point(item, place) != point(near[0].tree, read):
                    continue

                def changed(items: list[Any], index: int = index, place: str = place) -> list[Any]:
                    items[index] = put(copy.deepcopy(items[index]), place, another(point(items[index], place)))
                    return items

                listed = again(call, with_items(view, call, changed))
                return Draft(view).append(again(near[0].call), listed, again(near[0].call))
    return None


@corruption("a list turns round", "order-stable")
def turned_round(clause: Clause, view: View) -> Draft | None:
    for call in reversed(view.plain(clause.operation)):
        if call.intent.role != "whole" or len(view.ids(call) or ()) < 2:
            continue
        if len(view.walks(call.intent.group, "whole")[0]) == 1:
            first = again(call, group=900_002, case="first")
            turned = again(
                call, with_items(view, call, lambda items: list(reversed(items))), group=900_002, case="second"
            )
            return Draft(view).append(first, turned)
    return None


@corruption("what was deleted is used all the same", "deleted")
def used_though_gone(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    parameter = next(use.parameter for use in resource.deleted if use.operation == clause.operation)
    for call in view.by_operation[clause.operation]:
        identifier = call.intent.arguments.get(parameter)
        if isinstance(identifier, str) and gone(view, resource, identifier, call) and view.answer(call).refused:
            given = success(view, clause.operation)
            return None if given is None else Draft(view).answer(call, given)
    return None
