"""Breaks what comes of actions on single instances."""

from __future__ import annotations

from collections.abc import Iterator

from conformance.oracles.deed import Deed, action_of, deeds
from conformance.view import Sighting, View
from specs import MISSING, TERMINAL, Clause, Level, Resource, Response, point
from tests.conformance.corruption.answers import plain_refusal, refusal, success
from tests.conformance.corruption.body import put, retold
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.registry import corruption
from tests.conformance.corruption.values import another

_TEAPOT = 418
_WRONG = 123_456


def odd_refusal(view: View) -> Response:
    """A refusal that no document knows."""
    return refusal(view.spec, "ConformanceOdd", _TEAPOT)


def ends(resource: Resource) -> list[str]:
    """The statuses that end a job."""
    return [status for phase in TERMINAL for status in resource.phases.get(phase, ())]


def _seen(clause: Clause, view: View) -> Iterator[tuple[Deed, Sighting]]:
    """Deeds with what was seen before."""
    for deed in deeds(clause, view):
        if deed.before is not None:
            yield deed, deed.before


def _accepted(clause: Clause, view: View) -> Response:
    return success(view, clause.operation) or next(
        call.response
        for call in view.by_operation[clause.operation]
        if call.response is not None and view.answer(call).success
    )


@corruption("an action is refused where it must be taken", "action-accepted")
def wrongly_refused(clause: Clause, view: View) -> Draft | None:
    said = plain_refusal(view, view.spec.operations[clause.operation])
    for deed, before in _seen(clause, view):
        if deed.found in deed.action.accepts:
            return Draft(view).append(again(before.call), again(deed.call, said), again(before.call))
    return None


@corruption("an action is taken where it must be refused", "action-refused")
def wrongly_taken(clause: Clause, view: View) -> Draft | None:
    for deed, before in _seen(clause, view):
        if deed.found in deed.action.refuses and deed.resource.is_terminal(before.status):
            return Draft(view).append(again(before.call), again(deed.call, _accepted(clause, view)))
    return None


@corruption("a refusal for a status is an unknown one", "action-refusal")
def unknown_refusal(clause: Clause, view: View) -> Draft | None:
    for deed, before in _seen(clause, view):
        if deed.found is not None and deed.found not in deed.action.accepts:
            return Draft(view).append(again(before.call), again(deed.call, odd_refusal(view)), again(before.call))
    return None


@corruption("what has taken an action ends otherwise", "action-effect")
def ended_otherwise(clause: Clause, view: View) -> Draft | None:
    resource, action = action_of(clause, view)
    for deed, before in _seen(clause, view):
        if deed.found not in action.accepts or not (deed.found in resource.resting or clause.level is not Level.MUST):
            continue
        status = next(each for each in ends(resource) if each not in action.leads)
        last = again(before.call, retold(view, before.call, lambda tree, s=status: put(tree, resource.status or "", s)))
        going_on = [again(before.call)] * (0 if clause.level is Level.MUST else 3)
        return Draft(view).append(again(before.call), again(deed.call, _accepted(clause, view)), *going_on, last)
    return None


@corruption("what has ended changes with an action", "action-absorbed")
def revived(clause: Clause, view: View) -> Draft | None:
    resource, _ = action_of(clause, view)
    for deed, before in _seen(clause, view):
        if resource.is_terminal(before.status):
            status = next(each for each in ends(resource) if each != before.status)
            changed = retold(view, before.call, lambda tree, s=status: put(tree, resource.status or "", s))
            return Draft(view).append(again(before.call), again(deed.call), again(before.call, changed))
    return None


@corruption("the answer shows something else than was set", "action-shown")
def told_otherwise(clause: Clause, view: View) -> Draft | None:
    _, action = action_of(clause, view)
    place = action.sets.answer if action.sets else None
    for deed, _ in _seen(clause, view):
        if place is not None and point(view.tree(deed.call), place) is not MISSING:
            return Draft(view).answer(
                deed.call, retold(view, deed.call, lambda tree, p=place: put(tree, p, another(point(tree, p))))
            )
    return None


@corruption("what was set is undone by itself", "action-shown")
def undone(clause: Clause, view: View) -> Draft | None:
    _, action = action_of(clause, view)
    assert action.sets is not None
    place, argument = action.sets.read, action.sets.argument
    for deed, before in _seen(clause, view):
        wanted = deed.call.intent.arguments.get(argument)
        if not deed.answer.success or point(before.tree, place) in (wanted, MISSING):
            continue
        shown = again(before.call, retold(view, before.call, lambda tree, v=wanted: put(tree, place, v)))
        return Draft(view).append(again(before.call), again(deed.call), shown, again(before.call))
    return None


@corruption("something else is set than was asked for", "action-shown")
def set_otherwise(clause: Clause, view: View) -> Draft | None:
    _, action = action_of(clause, view)
    assert action.sets is not None
    place = action.sets.read
    for deed, before in _seen(clause, view):
        if deed.answer.success and point(before.tree, place) is not MISSING:
            shown = again(before.call, retold(view, before.call, lambda tree: put(tree, place, _WRONG)))
            return Draft(view).append(again(before.call), again(deed.call), shown)
    return None
