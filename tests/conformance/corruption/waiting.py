"""Lets jobs not wait for others, and gives jobs other children than were asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.oracles.arrays import children_of, parents
from conformance.oracles.waiting import pairs
from conformance.view import View
from specs import Clause, Resource, point
from tests.conformance.corruption.body import put, retold, with_items
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import another


def _of(clause: Clause, view: View) -> Resource:
    return view.spec.resources[clause.data["resource"]]


@corruption("a job runs while the one that it waits for is still active", "waits")
def runs_early(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    for pair in pairs(view, resource):
        for seen in pair.of(pair.seen, "waiting"):
            if any(each.started >= seen.ended for each in pair.of(pair.first, "waiting", "running")):
                running = resource.phases["running"][0]
                told = retold(view, seen.call, lambda tree, to=running: put(tree, resource.status or "", to))
                return Draft(view).answer(seen.call, told)
    return None


@corruption("a job succeeds though the one that it waits for has failed", "waits-failure")
def succeeds(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    for pair in pairs(view, resource):
        for seen in pair.of(pair.seen, "failed"):
            if pair.of(pair.first, "failed"):
                done = resource.phases["succeeded"][0]
                told = retold(view, seen.call, lambda tree, to=done: put(tree, resource.status or "", to))
                return Draft(view).answer(seen.call, told)
    return None


@corruption("a job has one child more than was asked for", "array-size")
def larger(clause: Clause, view: View) -> Draft | None:
    resource = _of(clause, view)
    assert resource.arrays is not None
    place = resource.arrays.size
    for parent, asked in parents(view, resource):
        for seen in view.sightings(resource).get(parent, []):
            if point(seen.tree, place) == asked:
                told = retold(view, seen.call, lambda tree, to=asked + 1: put(tree, place, to))
                return Draft(view).answer(seen.call, told)
    return None


def _relisted(clause: Clause, view: View, change: Callable[[list[Any]], list[Any]]) -> Draft | None:
    resource = _of(clause, view)
    assert resource.arrays is not None
    known = dict(parents(view, resource))
    for call in view.by_operation[clause.operation]:
        if children_of(call, view, resource.arrays) in known and view.items(call):
            return Draft(view).answer(call, with_items(view, call, change))
    return None


@corruption("a child is listed twice", "array-children")
def twice(clause: Clause, view: View) -> Draft | None:
    return _relisted(clause, view, lambda items: [*items, items[0]])


@corruption("a child has the id of something else", "array-children")
def strange(clause: Clause, view: View) -> Draft | None:
    listing = view.spec.operations[clause.operation].listing
    assert listing is not None
    place = listing.item_id
    return _relisted(clause, view, lambda items: [put(items[0], place, another(point(items[0], place))), *items[1:]])
