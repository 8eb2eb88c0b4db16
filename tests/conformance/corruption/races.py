"""Breaks races: what several clients were told cannot have happened in any order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from conformance.history import Call
from conformance.oracles.contest import Contest, contests, overlap
from conformance.view import View
from specs import Clause, Resource, Response, point
from tests.conformance.corruption.answers import plain_refusal, refusal
from tests.conformance.corruption.body import put, retold
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.registry import corruption

_NEW = "00000000-0000-4000-8000-00000000race"
Breaker = Callable[[View, Resource, Contest], Draft | None]


def _breaks(aspect: str, name: str, *races: str) -> Callable[[Breaker], Breaker]:
    """Register a breaker of an aspect, tried on each race of these names."""

    def register(function: Breaker) -> Breaker:
        @corruption(name, "race")
        def apply(clause: Clause, view: View) -> Draft | None:
            if clause.data["aspect"] != aspect:
                return None
            resource = view.spec.resources[clause.data["resource"]]
            found = (
                function(view, resource, each) for each in contests(view, resource) if each.race in races or not races
            )
            return next((draft for draft in found if draft is not None), None)

        del apply
        return function

    return register


def _accepted(view: View, resource: Resource, call: Call, identifier: str) -> Response:
    """The answer that accepts, made of that of another call."""
    return retold(view, call, lambda tree: put(tree, resource.id, identifier))


def _reads(contest: Contest, *jobs: str) -> list[Call]:
    return [c for c in contest.calls if c.intent.role == "read" and (not jobs or c.intent.case in jobs)]


def _shown(view: View, resource: Resource, read: Call, *, job: str, identifier: str, phase: str) -> Call:
    """A read of a job that shows a phase."""
    assert resource.read is not None
    status = resource.phases.get(phase, ())[-1] if phase == "waiting" else resource.phases.get(phase, ())[0]

    def told(tree: Any) -> None:
        put(tree, resource.status or "", status)
        if resource.read_id:
            put(tree, resource.read_id, identifier)

    return again(
        read,
        retold(view, read, told),
        case=job,
        arguments={**read.intent.arguments, resource.read.parameter: identifier},
    )


def _refused_and_accepted(contest: Contest, *prefixes: str) -> tuple[Call, Call] | None:
    starts = contest.starts(*prefixes)
    let_in = next((call for call in starts if contest.job(call) in contest.ids), None)
    turned_away = next((call for call in starts if contest.job(call) not in contest.ids), None)
    return (turned_away, let_in) if turned_away is not None and let_in is not None else None


@_breaks("racing-starts", "two are let in at once", "starts", "one-of")
def two_let_in(view: View, resource: Resource, contest: Contest) -> Draft | None:
    found = _refused_and_accepted(contest, "r", "o")
    if found is None:
        return None
    away, let_in = found
    own = contest.job(let_in)
    read = next(call for call in _reads(contest, own) if call.started > (away.ended or 0))
    looks = [
        _shown(view, resource, read, job=job, identifier=identifier, phase=phase)
        for job, identifier, phase in ((own, contest.ids[own], "running"), (away.intent.case, _NEW, "waiting"))
    ]
    return Draft(view).answer(away, _accepted(view, resource, let_in, _NEW)).after(read, *looks, *looks)


@_breaks("racing-places", "one more is let in than there are places", "places")
def one_more(view: View, resource: Resource, contest: Contest) -> Draft | None:
    found = _refused_and_accepted(contest, "last")
    if found is None:
        return None
    away, let_in = found
    jobs = {job: contest.ids[job] for job in contest.accepted("c", "room", "last")} | {away.intent.case: _NEW}
    read = next(call for call in _reads(contest, "long") if call.started > (away.ended or 0))
    looks = [_shown(view, resource, read, job=job, identifier=jobs[job], phase="waiting") for job in jobs]
    return Draft(view).answer(away, _accepted(view, resource, let_in, _NEW)).after(read, *looks)


@_breaks("racing-below-capacity", "one is turned away though there is a place", "places")
def turned_away(view: View, resource: Resource, contest: Contest) -> Draft | None:
    assert resource.queue is not None
    call = contest.starts("room")[0]
    return Draft(view).answer(call, refusal(view.spec, resource.queue.full.names[0], resource.queue.full.statuses[0]))


@_breaks("racing-order", "a later one runs first", "order")
def overtaken(view: View, resource: Resource, contest: Contest) -> Draft | None:
    for read in _reads(contest, "a2"):
        if resource.phase(str(point(view.tree(read), resource.status or ""))) == "running":
            look = _shown(view, resource, read, job="a1", identifier=contest.ids["a1"], phase="waiting")
            return Draft(view).after(read, look)
    return None


@_breaks("racing-cancel", "a job that was ended ends once more")
def ended_twice(view: View, resource: Resource, contest: Contest) -> Draft | None:
    if contest.race not in {"cancel-and-start", "cancel-and-confirm", "cancels-of-one"}:
        return None
    last = _reads(contest, "s")[-1]
    other = (
        "succeeded"
        if resource.phase(str(point(view.tree(last), resource.status or ""))) == "cancelled"
        else "cancelled"
    )
    return Draft(view).append(_shown(view, resource, last, job="s", identifier=contest.ids["s"], phase=other))


@_breaks("racing-cancel", "all of the racing cancels are refused", "cancels-of-one")
def all_refused(view: View, resource: Resource, contest: Contest) -> Draft | None:
    cancels = [c for c in contest.calls if c.intent.role == "cancel" and c.intent.case == "s"]
    draft = Draft(view)
    for call in cancels:
        draft.answer(call, plain_refusal(view, view.spec.operations[call.operation]))
    read = next(call for call in _reads(contest, "s") if call.started > max(each.ended or 0 for each in cancels[:2]))
    place, first = resource.status or "", _reads(contest, "s")[0]
    status = str(point(view.tree(first), place))
    held = next(s for s in (resource.race.confirm.scene, "") if s) if resource.race and resource.race.confirm else ""
    shown = resource.scenes[held].statuses[0] if held else status
    return draft.answer(read, retold(view, read, lambda tree: put(tree, place, shown)))


@_breaks("racing-reads", "another client is shown what is over")
def taken_back(view: View, resource: Resource, contest: Contest) -> Draft | None:
    reads = _reads(contest)
    for read in reversed(reads):
        others = {each.process for each in _reads(contest, read.intent.case)}
        if len(others) > 1 and resource.is_terminal(str(point(view.tree(read), resource.status or ""))):
            look = _shown(
                view, resource, read, job=read.intent.case, identifier=contest.ids[read.intent.case], phase="waiting"
            )
            return Draft(view).append(replace(look, process=read.process + 1))
    return None


@_breaks("racing-deletes", "what was deleted is there", "deletes")
def still_there(view: View, resource: Resource, contest: Contest) -> Draft | None:
    first = _reads(contest)[0]
    return Draft(view).append(again(first))


@_breaks("racing-deletes", "both deletes are refused", "deletes")
def both_refused(view: View, resource: Resource, contest: Contest) -> Draft | None:
    draft = Draft(view)
    there = next(call for call in contest.calls if call.intent.role == "read" and view.answer(call).success)
    for call in contest.calls:
        if call.intent.role == "delete":
            draft.answer(call, plain_refusal(view, view.spec.operations[call.operation]))
        elif call.intent.role == "read":  # it is still there: else it might have been forgotten
            draft.answer(call, there.response)
    return draft


def _distinct(contest: Contest) -> Iterator[Call]:
    return (call for call in contest.starts() if contest.job(call) in contest.ids)


@_breaks("racing-ids", "two creations get one id", "creations")
def one_id(view: View, resource: Resource, contest: Contest) -> Draft | None:
    first, second, *_ = _distinct(contest)
    return Draft(view).answer(second, _accepted(view, resource, second, contest.ids[contest.job(first)]))


@_breaks("racing", "one token makes two", "token")
def two_for_one(view: View, resource: Resource, contest: Contest) -> Draft | None:
    starts = list(_distinct(contest))
    assert overlap(starts)
    return Draft(view).answer(starts[0], _accepted(view, resource, starts[0], _NEW))
