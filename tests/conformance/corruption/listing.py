"""Breaks what lists hold: filters, scope, retention, order, and what they show and hide."""

from __future__ import annotations

import copy
import time
from collections.abc import Iterator
from typing import Any

from conformance.history import Call
from conformance.moment import moment, spelled
from conformance.oracles.filters import filter_walks, filtered, matches
from conformance.oracles.listing import standing
from conformance.oracles.paging import key, listing_of, still
from conformance.view import Sighting, View, among
from specs import MISSING, Clause, Filter, point
from tests.conformance.corruption.answers import successes
from tests.conformance.corruption.body import put, with_items
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.effects import fresh, named
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import shifted


def outside_filter(each: Filter, wanted: Any, shown: Any) -> Any:
    """A value of the filtered member that does not match."""
    if each.match in {"after", "before"}:
        away = (moment(wanted) or 0.0) - (moment(shown) or 0.0)
        return shifted(shown, away - 60.0 if each.match == "after" else away + 60.0)
    taken = wanted if isinstance(wanted, list) else [wanted]
    return next(value for value in (*each.values, "zzz", "yyy") if value not in taken)


@corruption("a filtered list holds what does not match", "filter-sound")
def unsound(clause: Clause, view: View) -> Draft | None:
    for call, used in filtered(clause, view):
        for each, wanted in used:
            items = view.items(call) or []
            if each.parameter != clause.data["parameter"] or not items or matches(each, items[0], wanted) is None:
                continue
            odd = named(listing_of(clause, view), copy.deepcopy(items[0]), "9999999999")
            put(odd, each.pointer, outside_filter(each, wanted, point(items[0], each.pointer)))
            return Draft(view).answer(call, with_items(view, call, lambda shown, odd=odd: [*shown, odd]))
    return None


def _filter_walks(
    clause: Clause, view: View, several: bool
) -> Iterator[tuple[list[Any], list[Call], list[tuple[Filter, Any]]]]:
    """Filtered walks in lists that stood still: all items, the calls, and the filters used."""
    for group, items, _ in still(clause, view):
        for walk in filter_walks(view, group):
            filters = listing_of(clause, view).filters
            used = [(each, value) for each in filters if (value := each.asked(walk[0].intent.arguments)) is not MISSING]
            if (len(used) > 1) == several:
                yield items, walk, used


def _drop_match(clause: Clause, view: View, several: bool) -> Draft | None:
    listing = listing_of(clause, view)
    for _, walk, used in _filter_walks(clause, view, several):
        if not several and used[0][0].parameter != clause.data["parameter"]:
            continue
        for call in walk:
            due = [item for item in view.items(call) or [] if all(matches(each, item, value) for each, value in used)]
            if due:
                gone = key(listing, due[0])
                kept = with_items(view, call, lambda items, gone=gone: [i for i in items if key(listing, i) != gone])
                return Draft(view).answer(call, kept)
    return None


@corruption("a filtered list lacks what matches", "filter-complete")
def incomplete(clause: Clause, view: View) -> Draft | None:
    return _drop_match(clause, view, several=False)


@corruption("a list by several filters lacks what matches", "filter-combined")
def incomplete_together(clause: Clause, view: View) -> Draft | None:
    return _drop_match(clause, view, several=True)


@corruption("a list by several filters holds what does not match", "filter-combined")
def unsound_together(clause: Clause, view: View) -> Draft | None:
    for items, walk, used in _filter_walks(clause, view, several=True):
        odd = [item for item in items if any(matches(each, item, value) is False for each, value in used)]
        if odd:
            return Draft(view).answer(walk[0], with_items(view, walk[0], lambda shown, odd=odd: [*shown, odd[0]]))
    return None


@corruption("a list of somebody else holds what is ours", "scope")
def leaked(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    assert listing.scope is not None
    ours = view.created(listing.resource)
    for call in among(view.by_operation[clause.operation], "stranger"):
        mine = call.intent.arguments.get(listing.scope.parameter)
        leaks = [i for i, made in ours.items() if made.intent.arguments.get(listing.scope.parameter) != mine]
        shown = next(
            (each for each in successes(view, clause.operation) if set(leaks) & set(view.ids(each) or ())), None
        )
        if shown is not None:
            return Draft(view).answer(call, shown.response)
    return None


@corruption("an item names another scope", "scope")
def misnamed(clause: Clause, view: View) -> Draft | None:
    scope = listing_of(clause, view).scope
    if scope is None or scope.pointer is None:
        return None
    for call in view.plain(clause.operation):
        if view.items(call) and scope.parameter in call.intent.arguments:
            return Draft(view).answer(
                call,
                with_items(
                    view, call, lambda items, pointer=scope.pointer: [put(items[0], pointer, "1111111111"), *items[1:]]
                ),
            )
    return None


@corruption("an item that ended long ago is still listed", "retention")
def kept_too_long(clause: Clause, view: View) -> Draft | None:
    retention = listing_of(clause, view).retention
    assert retention is not None
    old = spelled(time.time() - (retention.days + 30) * 86_400)
    for call in view.plain(clause.operation):
        if view.items(call):
            return Draft(view).answer(
                call, with_items(view, call, lambda items: [put(items[0], retention.pointer, old), *items[1:]])
            )
    return None


@corruption("something of ours is not listed", "listed")
def unlisted(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    resource = view.spec.resources[listing.resource]
    if not resource.is_job:
        return _instance_unlisted(clause, view)
    for role in ("whole", "held", "rest-list"):
        for group in sorted({call.intent.group for call in among(view.by_operation[clause.operation], role)}):
            for walk in view.walks(group, role):
                for identifier, _, after in standing(view, resource, walk):
                    hides = listing.hide is not None and listing.hide.parameter in walk[0].intent.arguments
                    stands = identifier in view.created(resource.name) and not resource.is_terminal(after.status)
                    if stands and not hides:
                        return _drop(view, walk, identifier)
    return None


def _instance_unlisted(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    created = view.created(listing.resource)
    delete = view.spec.resources[listing.resource].delete
    for group, items, calls in still(clause, view):
        deletions = [call for call in view.by_operation[delete.operation] if call.id < calls[-1].id] if delete else []
        removed = {str(value) for call in deletions for value in call.intent.arguments.values()}
        for identifier in (key(listing, item) for item in items):
            if identifier in created and identifier not in removed and created[identifier].id < calls[0].id:
                return _drop(view, among(view.by_group[group], "whole"), identifier)
    return None


def _drop(view: View, calls: list[Call], identifier: str) -> Draft:
    draft = Draft(view)
    for call in calls:
        listing = view.spec.operations[call.operation].listing
        assert listing is not None
        draft.answer(
            call,
            with_items(view, call, lambda items, listing=listing: [i for i in items if key(listing, i) != identifier]),
        )
    return draft


def _held(clause: Clause, view: View, case: str) -> Iterator[tuple[Call, list[tuple[str, Sighting, Sighting]]]]:
    resource = view.spec.resources[listing_of(clause, view).resource]
    for call in among(view.by_operation[clause.operation], "held"):
        if call.intent.case == case and view.ids(call) is not None:
            yield call, list(standing(view, resource, [call]))


@corruption("a waiting job is shown though it is to be hidden", "hide")
def shown(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    resource = view.spec.resources[listing.resource]
    assert listing.hide is not None
    for call, seen in _held(clause, view, "hidden"):
        for identifier, before, after in seen:
            if (
                resource.phase(before.status) in listing.hide.phases
                and resource.phase(after.status) in listing.hide.phases
            ):
                return Draft(view).answer(
                    call, with_items(view, call, lambda items, i=identifier, call=call: [*items, fresh(view, call, i)])
                )
    return None


@corruption("a running job is hidden with the waiting ones", "hide")
def hidden(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    resource = view.spec.resources[listing.resource]
    assert listing.hide is not None
    for call, seen in _held(clause, view, "hidden"):
        for identifier, before, _ in seen:
            if resource.phase(before.status) not in listing.hide.phases and identifier in (view.ids(call) or ()):
                return _drop(view, [call], identifier)
    return None


@corruption("an older waiting job stands before a newer one", "order")
def swapped(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    resource = view.spec.resources[listing.resource]
    assert listing.order is not None
    for call, seen in _held(clause, view, "all"):
        waiting = [
            i for i, b, a in seen if {resource.phase(b.status), resource.phase(a.status)} <= set(listing.order.phases)
        ]
        if len(waiting) > 1:
            places = [index for index, each in enumerate(view.ids(call) or ()) if each in waiting]
            return Draft(view).answer(
                call, with_items(view, call, lambda items, places=places: _swapped(items, places[0], places[1]))
            )
    return None


def _swapped(items: list[Any], one: int, other: int) -> list[Any]:
    items[one], items[other] = items[other], items[one]
    return items


@corruption("a job that waits no more stands before the waiting ones", "order")
def running_first(clause: Clause, view: View) -> Draft | None:
    listing = listing_of(clause, view)
    resource = view.spec.resources[listing.resource]
    assert listing.order is not None
    for call, seen in _held(clause, view, "all"):
        others = [
            i
            for i, b, _ in seen
            if resource.phase(b.status) not in {*listing.order.phases, None} and i in (view.ids(call) or ())
        ]
        if others and len(seen) > len(others):
            first = others[0]
            moved = with_items(
                view, call, lambda items, first=first: sorted(items, key=lambda item: key(listing, item) != first)
            )
            return Draft(view).answer(call, moved)
    return None
