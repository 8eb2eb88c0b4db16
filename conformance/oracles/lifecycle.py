"""Lifecycle: what single jobs show from their creation to their end."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from conformance.answer import Kind
from conformance.history import Call
from conformance.moment import moment
from conformance.oracles.counters import same_run
from conformance.oracles.registry import Tally, oracle
from conformance.view import ODD, Sighting, View
from specs import MISSING, Clause, Resource, point

_ORDER = {"waiting": 0, "running": 1, "succeeded": 2, "failed": 2, "cancelled": 2, "dependency-failed": 2}


def _resource(clause: Clause, view: View) -> Resource:
    return view.spec.resources[clause.data["resource"]]


@oracle("unique-id")
def unique_id(clause: Clause, view: View, tally: Tally) -> None:
    """No id is given twice, but to requests that carry the same idempotency token or may take up an earlier job."""
    seen: dict[str, int] = {}
    counters = _resource(clause, view).counters
    tokens = [p.name for p in view.spec.operations[clause.operation].parameters if p.schema.get("idempotency")]
    created = [(i, c) for i, c in view.creations.get(clause.data["resource"], []) if c.intent.role not in ODD]
    for index, (identifier, call) in enumerate(created):
        if identifier not in seen:
            seen[identifier] = index
            tally.hit()
            continue
        first = created[seen[identifier]][1]
        if any(
            name in call.intent.arguments and call.intent.arguments[name] == first.intent.arguments.get(name)
            for name in tokens
        ):
            continue
        if identifier in call.intent.arguments.values():
            continue  # a name that the request gives itself may be free again
        if counters is not None and counters.may_take_up(call.intent.arguments, first.intent.arguments):
            continue
        if first.request.body != call.request.body or first.request.target != call.request.target:
            tally.breach(first, call, expected="another id for another creation", actual=f"{identifier} again")
    if len(seen) == 1:
        tally.hits.clear()
        tally.undecided("only one creation was accepted")


@oracle("readable")
def readable(clause: Clause, view: View, tally: Tally) -> None:
    """What was created can be read: a refusal is proof only of what must be known by then.

    That is so once a list or a read has shown it, or a read something younger: no document says how soon a new thing is
    known.
    """
    resource = _resource(clause, view)
    assert resource.read is not None  # noqa: S101 - derived only for readable resources
    ours = view.created(resource.name)
    refused: dict[str, list[Call]] = {}
    found: dict[str, Call] = {}
    for call in view.by_operation[resource.read.operation]:
        identifier = resource.read.named(call.intent.arguments)
        if (
            not isinstance(identifier, str)
            or identifier not in ours
            or call.id < ours[identifier].id
            or call.intent.role in {*ODD, "auth", "outside"}
        ):
            continue
        if view.answer(call).kind is Kind.SUCCESS and not view.unknown(call):
            found.setdefault(identifier, call)
            shown = point(view.tree(call), resource.read_id) if resource.read_id else identifier
            if shown not in (identifier, MISSING):
                tally.breach(call, expected=f"the id {identifier}", actual=f"the id {shown}")
            else:
                tally.hit()
        elif (view.answer(call).refused or view.unknown(call)) and not _orphaned(view, call):
            refused.setdefault(identifier, []).append(call)
    if resource.delete is None:
        listed = _first_listed(view, resource) if refused else {}
        for identifier, reads in refused.items():
            if identifier not in found:
                _not_found(view, tally, ours, reads, identifier=identifier, found=found, listed=listed)


def _not_found(
    view: View, tally: Tally, ours: Mapping[str, Call], reads: list[Call], *, identifier: str,
    found: Mapping[str, Call], listed: Mapping[str, Call],
) -> None:  # fmt: skip
    """Something that no read has found, though several have tried."""
    made = ours[identifier]
    younger = [seen for each, seen in found.items() if made.precedes(ours[each])]
    known = [*younger, *([listed[identifier]] if identifier in listed else [])]
    late = [call for call in reads if any(each.precedes(call) for each in known)]
    if len(late) >= 3:
        answer = view.answer(late[-1])
        actual = "an answer that leaves it out" if answer.success else answer.described()
        tally.breach(made, late[-1], expected="the job that was created", actual=actual)
    else:
        tally.undecided(f"{identifier} was not found soon after its creation, and not looked for often enough later")


def _first_listed(view: View, resource: Resource) -> dict[str, Call]:
    """By id, the first call of a list that has shown it."""
    first: dict[str, Call] = {}
    for call in view.by_operation[resource.list] if resource.list else ():
        for identifier in view.ids(call) or ():
            first.setdefault(str(identifier), call)
    return first


def _orphaned(view: View, read: Call) -> bool:
    """Whether something that a read names besides was deleted by us before: what belonged to it may be gone with it."""
    named = {value for value in read.intent.arguments.values() if isinstance(value, str)}
    return any(identifier in named and not read.precedes(delete) for identifier, delete in view.deletions.items())


@oracle("status-known")
def status_known(clause: Clause, view: View, tally: Tally) -> None:
    """Statuses are from the documented set."""
    resource = _resource(clause, view)
    known = [status for statuses in resource.phases.values() for status in statuses]
    for sightings in view.sightings(resource).values():
        for sighting in sightings:
            if sighting.status is None:
                continue
            if resource.phase(sighting.status) is None:
                tally.breach(sighting.call, expected=f"one of {', '.join(known)}", actual=sighting.status[:100])
            else:
                tally.hit(sighting.status)


@oracle("status-forward")
def status_forward(clause: Clause, view: View, tally: Tally) -> None:
    """Within a run a later read never shows an earlier phase; with documented transitions, the state must be reachable."""
    resource = _resource(clause, view)
    for sightings in view.sightings(resource).values():
        known = [s for s in sightings if s.status is not None and resource.phase(s.status) is not None]
        for first, second in itertools.pairwise(known):
            again = not same_run(resource.counters, first, second)
            if first.ended > second.started or first.status == second.status or again:
                continue
            if _may_follow(resource, str(first.status), str(second.status)):
                tally.hit(f"{first.status} to {second.status}")
            else:
                tally.breach(
                    first.call,
                    second.call,
                    expected=f"no way back from {first.status}",
                    actual=f"{second.status} after {first.status}",
                )
        if known and not tally.broken:
            tally.hits["reads"] += len(known)


def _may_follow(resource: Resource, first: str, second: str) -> bool:
    if resource.transitions:
        reached, frontier = {first}, [first]
        while frontier:
            for state in resource.transitions.get(frontier.pop(), ()):
                if state not in reached:
                    reached.add(state)
                    frontier.append(state)
        return second in reached
    return _ORDER[resource.phase(second) or "running"] >= _ORDER[resource.phase(first) or "waiting"]


@oracle("terminal")
def terminal(clause: Clause, view: View, tally: Tally) -> None:
    """Once a job has ended, every later read of the same run shows the same status."""
    resource = _resource(clause, view)
    for sightings in view.sightings(resource).values():
        ended: Sighting | None = None
        for sighting in sightings:
            if ended is not None and not same_run(resource.counters, ended, sighting):
                ended = None
            if ended is None and resource.is_terminal(sighting.status):
                ended = sighting
            if ended is None or sighting.started < ended.ended or sighting is ended or sighting.status is None:
                continue
            if sighting.status != ended.status:
                tally.breach(
                    ended.call, sighting.call, expected=f"{ended.status} for good", actual=f"{sighting.status} later"
                )
            else:
                tally.hit(str(ended.status))


@oracle("immutable")
def immutable(clause: Clause, view: View, tally: Tally) -> None:
    """What identifies a job is the same in every read."""
    resource = _resource(clause, view)
    for sightings in view.sightings(resource).values():
        for place in resource.immutable:
            first = next((s for s in sightings if point(s.tree, place) is not MISSING), None)
            for sighting in sightings:
                value = point(sighting.tree, place)
                if first is None or sighting is first or value is MISSING:
                    continue
                if value != point(first.tree, place):
                    tally.breach(
                        first.call,
                        sighting.call,
                        expected=f"{place} to stay {point(first.tree, place)}"[:200],
                        actual=str(value)[:200],
                    )
                else:
                    tally.hit(place)


@oracle("end-time")
def end_time(clause: Clause, view: View, tally: Tally) -> None:
    """The end time does not lie before the creation, and stays what it is."""
    resource = _resource(clause, view)
    for sightings in view.sightings(resource).values():
        known = [s for s in sightings if resource.ended_at and point(s.tree, resource.ended_at) not in (MISSING, None)]
        for sighting in known:
            ended = point(sighting.tree, resource.ended_at or "")
            created = point(sighting.tree, resource.created_at or "/") if resource.created_at else MISSING
            first = point(known[0].tree, resource.ended_at or "")
            one, other = moment(created), moment(ended)
            if ended != first:
                tally.breach(
                    known[0].call, sighting.call, expected=f"the end time to stay {first}", actual=str(ended)[:100]
                )
            elif one is not None and other is not None and other < one:
                tally.breach(
                    sighting.call, expected=f"an end not before the creation at {created}", actual=str(ended)[:100]
                )
            else:
                tally.hit()


@oracle("list-agrees")
def list_agrees(clause: Clause, view: View, tally: Tally) -> None:
    """A list sent after a job was seen ended shows the same status."""
    resource, operation = _resource(clause, view), view.spec.operations[clause.operation]
    listing = operation.listing
    assert listing is not None and listing.status is not None  # noqa: S101, PT018 - derived only then
    sightings = view.sightings(resource)
    ends = {identifier: [s for s in seen if resource.is_terminal(s.status)] for identifier, seen in sightings.items()}
    for call in view.plain(clause.operation):
        for item in view.items(call) or ():
            identifier = str(point(item, listing.item_id))
            ended = next((s for s in ends.get(identifier, ()) if s.ended <= call.started), None)
            status = point(item, listing.status)
            if ended is None or not isinstance(status, str):
                continue
            if status == ended.status:
                tally.hit()
            elif resource.is_terminal(status) or _still(view, sightings, identifier, call.id):
                tally.breach(ended.call, call, expected=f"{ended.status} in the list too", actual=status[:100])


def _still(view: View, sightings: object, identifier: str, call: int) -> bool:
    """Whether a list lagging behind has had time: it is proof only between two reads that show the end."""
    del view
    found = sightings.get(identifier, ()) if isinstance(sightings, dict) else ()
    return any(s.call.id > call for s in found)
