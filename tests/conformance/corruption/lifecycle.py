"""Breaks what single jobs show from their creation to their end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from conformance.oracles.paging import key, listing_of
from conformance.view import ODD, Sighting, View
from specs import MISSING, Clause, Resource, point
from tests.conformance.corruption.answers import plain_refusal
from tests.conformance.corruption.body import put, retold, with_items
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import another, shifted


def _resource(clause: Clause, view: View) -> Resource:
    return view.spec.resources[clause.data["resource"]]


def _ended(clause: Clause, view: View, place: str | None = None) -> Sighting | None:
    """The last sighting of a job that has ended, one that shows something at a place if that is given."""
    resource = _resource(clause, view)
    for sightings in view.sightings(resource).values():
        last = sightings[-1]
        if resource.is_terminal(last.status) and (place is None or point(last.tree, place) not in (MISSING, None)):
            return last
    return None


def _seen_later(view: View, sighting: Sighting | None, change: Callable[[Any], Any]) -> Draft | None:
    """One more read of the same job, which shows something else."""
    if sighting is None:
        return None
    return Draft(view).append(again(sighting.call, retold(view, sighting.call, change)))


@corruption("an id is given twice", "unique-id")
def id_again(clause: Clause, view: View) -> Draft | None:
    resource = _resource(clause, view)
    created = view.creations.get(resource.name, [])
    for identifier, first in created:
        for other, call in created:
            if other != identifier and call.request.body != first.request.body and first.id < call.id:
                return Draft(view).answer(
                    call, retold(view, call, lambda tree, i=identifier: put(tree, resource.id, i))
                )
    return None


@corruption("a read shows another job", "readable")
def another_job(clause: Clause, view: View) -> Draft | None:
    resource = _resource(clause, view)
    if resource.read_id is None:
        return None
    place = resource.read_id
    return _seen_later(view, _ended(clause, view), lambda tree: put(tree, place, "another"))


@corruption("a job that was created is never found", "readable")
def never_found(clause: Clause, view: View) -> Draft | None:
    resource = _resource(clause, view)
    if resource.read is None or resource.delete is not None:
        return None
    operation = view.spec.operations[resource.read.operation]
    said, place = plain_refusal(view, operation), resource.read.parameter
    created = view.created(resource.name)
    for identifier, made in created.items():
        later = [call for call in view.by_operation[operation.name] if call.id > made.id]
        later = [call for call in later if call.intent.role not in {*ODD, "auth", "outside"}]
        reads = [call for call in later if call.intent.arguments.get(place) == identifier]
        # A younger one is known: from there on, this one must be. Its parents are those of the first, and still there.
        known = [
            call
            for call in later
            if reads
            and view.answer(call).success
            and call.intent.arguments.get(place) in created
            and created[str(call.intent.arguments[place])].id > made.id
            and {**call.intent.arguments, place: identifier} == dict(reads[-1].intent.arguments)
        ]
        if known:
            draft = Draft(view)
            for call in reads:
                draft.answer(call, said)
            return draft.after(known[0], *(again(reads[-1], said) for _ in range(3)))
    return None


@corruption("a status is unknown", "status-known")
def unknown_status(clause: Clause, view: View) -> Draft | None:
    place = _resource(clause, view).status or ""
    return _seen_later(view, _ended(clause, view), lambda tree: put(tree, place, "CONFORMANCE_ODD"))


@corruption("an ended job waits again", "status-forward")
def backwards(clause: Clause, view: View) -> Draft | None:
    resource = _resource(clause, view)
    return _seen_later(
        view, _ended(clause, view), lambda tree: put(tree, resource.status or "", resource.phases.get("waiting", ())[0])
    )


@corruption("an ended job ends otherwise", "terminal")
def ended_otherwise(clause: Clause, view: View) -> Draft | None:
    resource = _resource(clause, view)
    ended = _ended(clause, view)
    if ended is None:
        return None
    other = next(
        s for phase in ("failed", "cancelled", "succeeded") for s in resource.phases.get(phase, ()) if s != ended.status
    )
    return _seen_later(view, ended, lambda tree: put(tree, resource.status or "", other))


@corruption("what identifies a job changes", "immutable")
def mutated(clause: Clause, view: View) -> Draft | None:
    for place in _resource(clause, view).immutable:
        ended = _ended(clause, view, place)
        if ended is not None:
            return _seen_later(view, ended, lambda tree, place=place: put(tree, place, another(point(tree, place))))
    return None


@corruption("the end of a job moves", "end-time")
def end_moved(clause: Clause, view: View) -> Draft | None:
    place = _resource(clause, view).ended_at or ""
    return _seen_later(
        view, _ended(clause, view, place), lambda tree: put(tree, place, shifted(point(tree, place), 60.0))
    )


@corruption("a job ends before it began", "end-time")
def ended_before(clause: Clause, view: View) -> Draft | None:
    resource = _resource(clause, view)
    place, began = resource.ended_at or "", resource.created_at
    ended = _ended(clause, view, place)
    if ended is None or began is None:
        return None
    draft = Draft(view)
    for sighting in view.sightings(resource)[str(resource.read.named(ended.call.intent.arguments))]:
        if point(sighting.tree, place) not in (MISSING, None):
            draft.answer(
                sighting.call,
                retold(view, sighting.call, lambda tree: put(tree, place, shifted(point(tree, began), -60.0))),
            )
    return draft


@corruption("the list shows another end than the read", "list-agrees")
def disagreeing(clause: Clause, view: View) -> Draft | None:
    resource, listing = _resource(clause, view), listing_of(clause, view)
    sightings = view.sightings(resource)
    place = listing.status or ""
    for call in view.plain(clause.operation):
        for index, item in enumerate(view.items(call) or ()):
            ended = [
                s
                for s in sightings.get(key(listing, item), ())
                if resource.is_terminal(s.status) and s.ended <= call.started
            ]
            if ended:
                other = next(
                    s
                    for phase in ("failed", "cancelled", "succeeded")
                    for s in resource.phases.get(phase, ())
                    if s != ended[0].status
                )
                changed = with_items(
                    view, call, lambda items, index=index, other=other: _with_status(items, index, place, other)
                )
                return Draft(view).answer(call, changed)
    return None


def _with_status(items: list[Any], index: int, place: str, status: str) -> list[Any]:
    items[index] = put(items[index], place, status)
    return items
