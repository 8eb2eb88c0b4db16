"""No state change after a refusal."""

from __future__ import annotations

from conformance.history import Call
from conformance.oracles.contest import may_have_happened
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import MISSING, Clause, Operation, Resource, point


@oracle("no-effect")
def no_effect(clause: Clause, view: View, tally: Tally) -> None:
    """What there was before a batch of refused requests is there after it, and nothing else that comes from us."""
    operation = view.spec.operations[clause.operation]
    groups = {call.intent.group for call in view.by_operation[clause.operation] if call.intent.role == "outside"}
    for group in sorted(groups):
        refused = [
            c
            for c in among(view.by_group[group], "outside")
            if view.answer(c).refused and c.operation == clause.operation
        ]
        before, after = among(view.by_group[group], "before"), among(view.by_group[group], "after")
        if not refused or not before or not after:
            continue
        if operation.effect == "create":
            _nothing_new(view, tally, operation, refused=refused, before=before, after=after)
        else:
            _same_state(view, tally, refused=refused, before=before, after=after)


def _nothing_new(
    view: View, tally: Tally, operation: Operation, *, refused: list[Call], before: list[Call], after: list[Call]
) -> None:
    seen_before = {identifier for call in before for identifier in view.ids(call) or ()}
    ours = view.created(operation.creates or "")
    for call in after:
        for identifier in view.ids(call) or ():
            if identifier in seen_before or identifier in ours:
                continue
            if not view.exclusive:
                tally.undecided(f"{identifier} is new in the list, but another client may have made it")
                return
            if unclear := _unclear(view, operation, before[0], call):
                tally.undecided(
                    f"{identifier} is new in the list, and may come of call {unclear.id}, which was not refused"
                )
                return
            tally.breach(
                refused[0],
                call,
                expected="no new item from refused requests",
                actual=f"{identifier} is new in the list, and no accepted request made it",
            )
            return
    if any(view.ids(call) is not None for call in after):
        tally.hits["refusals"] += len(refused)


def _unclear(view: View, operation: Operation, first: Call, last: Call) -> Call | None:
    """A creation between two looks that was neither accepted nor refused: it may have made something all the same."""
    between = (call for call in view.by_operation[operation.name] if first.id < call.id < last.id)
    return next((c for c in between if not view.answer(c).success and may_have_happened(view, c)), None)


def _same_state(view: View, tally: Tally, *, refused: list[Call], before: list[Call], after: list[Call]) -> None:
    resource = next(
        (r for r in view.spec.resources.values() if r.read is not None and r.read.operation == before[-1].operation),
        None,
    )
    if resource is None or resource.read is None:
        return
    first, last = view.tree(before[-1]), view.tree(after[-1])
    identifier = resource.read.named(before[-1].intent.arguments)
    same = identifier == resource.read.named(after[-1].intent.arguments)
    changed = any(
        view.spec.operations[c.operation].effect != "read"
        and view.answer(c).success
        and before[-1].id < c.id < after[-1].id
        and identifier in {v for v in c.intent.arguments.values() if isinstance(v, str)}
        for c in view.calls
    )
    if first is MISSING or last is MISSING or not same or changed:
        return
    places = [place for place in (*resource.observable, *resource.immutable, resource.status or "") if place]
    for place in places:
        if point(first, place) != point(last, place):
            if resource.is_job and place == resource.status and not _rests(resource, str(point(first, place))):
                tally.undecided("the job moved by itself meanwhile")
                return
            tally.breach(
                before[-1],
                refused[0],
                after[-1],
                expected=f"{place} to stay {point(first, place)}",
                actual=f"{point(last, place)} after refused requests only",
            )
            return
    tally.hits["refusals"] += len(refused)


def _rests(resource: Resource, status: str) -> bool:
    """Whether a job in a status stays in it as long as nobody acts on it."""
    held = {status for scene in resource.scenes.values() if scene.holds for status in scene.statuses}
    return status in held or resource.is_terminal(status)
