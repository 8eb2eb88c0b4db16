"""Breaks the queue: its capacity, its order, its one slot, and what jobs that depend on others do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conformance.history import Call
from conformance.oracles.antecedent import beyond, busy
from conformance.oracles.performance import Part, Performance, performances
from conformance.view import View
from specs import Clause
from strategies import programs_for
from tests.conformance.corruption.answers import UNDOCUMENTED, plain_refusal, refusal, successes
from tests.conformance.corruption.body import put, retold
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.registry import corruption

_RAN = ("running", "succeeded", "failed")
_UNSUCCESSFUL = ("failed", "cancelled", "dependency-failed")
_NEW = "00000000-0000-4000-8000-00000000c0de"
#: The request a clause about returned places is about.
_ABOUT = {"returned-by-cancel": "again", "returned-by-start": "after-start", "returned-by-failure": "again", "text": "queued-text"}
_ASKS_NOT = {"busy-refusal": "refused", "absent": "absent"}

Breaker = Callable[[Clause, View, Performance], Draft | None]


def _breaks(rule: str, name: str) -> Callable[[Breaker], Breaker]:
    """Register a breaker of a rule, tried on each program written for the clause."""

    def register(function: Breaker) -> Breaker:
        @corruption(name, "queue-rule")
        def apply(clause: Clause, view: View) -> Draft | None:
            if rule not in (*clause.data["rules"], clause.data["aspect"]):
                return None
            found = (function(clause, view, each) for each in _written_for(clause, view))
            return next((draft for draft in found if draft is not None), None)

        del apply
        return function

    return register


def _written_for(clause: Clause, view: View) -> Iterator[Performance]:
    resource = view.spec.resources[clause.data["resource"]]
    names = {program.name for program in programs_for(resource) if clause.data["aspect"] in program.aspects}
    return (each for each in performances(view, resource) if each.program in names)


def _seen(view: View, performance: Performance, part: Part, phase: str, identifier: str | None = None) -> Call:
    """A look at a job that shows a phase."""
    resource = performance.resource
    assert resource.read is not None
    look = successes(view, resource.read.operation)[-1]
    status = resource.phases[phase][0]
    response = retold(view, look, lambda tree: put(tree, resource.status or "", status))
    arguments = {**look.intent.arguments, resource.read.parameter: identifier or part.identifier}
    start = part.start.intent
    return again(look, response, scenario=start.scenario, group=start.group, case=part.name, role="read", clause=None, arguments=arguments)


def _accept(draft: Draft, performance: Performance, part: Part) -> Draft:
    """Let the request for a job be accepted under an id of its own."""
    made = performance.accepted[0] if performance.accepted else None
    start = made.start if made else draft.view.creations[performance.resource.name][0][1]
    return draft.answer(part.start, retold(draft.view, start, lambda tree: put(tree, performance.resource.id, _NEW)))


def _refuse(view: View, part: Part) -> Draft:
    return Draft(view).answer(part.start, plain_refusal(view, view.spec.operations[part.start.operation]))


@_breaks("capacity-exceeded", "one more job than may wait is accepted")
def overflow(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = next((each for each in beyond(performance) if not each.accepted), None)
    return _accept(Draft(view), performance, part) if part is not None else None


@_breaks("refused-below-capacity", "a job is refused though there is room")
def underflow(clause: Clause, view: View, performance: Performance) -> Draft | None:
    name = _ABOUT.get(clause.data["aspect"])
    accepted = [each for each in performance.accepted if name in (None, each.name) and each.name.startswith(("q", name or "q"))]
    return _refuse(view, accepted[0]) if accepted else None


@_breaks("accepted-while-busy", "a job that is not to be queued is accepted behind another")
def squeezed_in(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = performance.parts.get(_ASKS_NOT.get(clause.data["aspect"], ""))
    return _accept(Draft(view), performance, part) if part is not None and not part.accepted else None


@_breaks("refused-while-idle", "a job is refused though nothing is active")
def turned_away(clause: Clause, view: View, performance: Performance) -> Draft | None:
    return _refuse(view, performance.accepted[-1]) if performance.accepted else None


@_breaks("fifo", "a job starts before one that was accepted earlier")
def overtaken(clause: Clause, view: View, performance: Performance) -> Draft | None:
    started = [part for part in performance.accepted if part.first(*_RAN)]
    if len(started) < 2:
        return None
    first, _ = sorted(started, key=lambda part: part.start.id)[:2]
    return Draft(view).append(_seen(view, performance, first, "waiting"))


@_breaks("one-at-a-time", "two jobs run at the same time")
def side_by_side(clause: Clause, view: View, performance: Performance) -> Draft | None:
    if len(performance.accepted) < 2:
        return None
    one, other = performance.accepted[:2]
    looks = [_seen(view, performance, part, "running") for part in (one, other, one, other)]
    return Draft(view).append(*looks)


@_breaks("started-after-cancel", "a cancelled job runs")
def revived(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = next((each for each in performance.accepted if each.first("cancelled")), None)
    return Draft(view).append(_seen(view, performance, part, "running")) if part is not None else None


def _dependent(performance: Performance, *, failed: bool) -> tuple[Part, list[Part]] | None:
    """A job and those it depends on, of which one did not succeed, or all did."""
    for part in performance.accepted:
        needed = performance.dependencies(part)
        bad = any(each.last(*_UNSUCCESSFUL) for each in needed)
        if needed and (bad if failed else all(each.last("succeeded") for each in needed)):
            return part, needed
    return None


@_breaks("started-before-dependency", "a job starts before what it depends on is over")
def impatient(clause: Clause, view: View, performance: Performance) -> Draft | None:
    for part in performance.accepted:
        for needed in performance.dependencies(part):
            looks = [_seen(view, performance, part, "running"), _seen(view, performance, needed, "waiting")]
            return Draft(view).append(*looks)
    return None


@_breaks("success-without-dependency", "a job runs though what it depends on failed")
def heedless(clause: Clause, view: View, performance: Performance) -> Draft | None:
    found = _dependent(performance, failed=True)
    if found is not None:
        return Draft(view).append(_seen(view, performance, found[0], "running"))
    part = next((each for each in performance.parts.values() if each.after and not performance.dependencies(each)), None)
    if part is None:
        return None
    draft = Draft(view) if part.accepted else _accept(Draft(view), performance, part)
    return draft.append(_seen(view, performance, part, "running", part.identifier or _NEW))


@_breaks("failed-for-no-reason", "a job fails for what it depends on, which succeeded")
def wronged(clause: Clause, view: View, performance: Performance) -> Draft | None:
    found = _dependent(performance, failed=False)
    return Draft(view).append(_seen(view, performance, found[0], "dependency-failed")) if found is not None else None


@_breaks("not-cascaded", "a job that depends on a failed one ends by another status")
def misnamed(clause: Clause, view: View, performance: Performance) -> Draft | None:
    found = _dependent(performance, failed=True)
    return Draft(view).append(_seen(view, performance, found[0], "failed")) if found is not None else None


@_breaks("full-refusal", "a job beyond the capacity is refused by another name")
def misnamed_full(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = next((each for each in beyond(performance) if not each.accepted), None)
    return Draft(view).answer(part.start, refusal(view.spec, UNDOCUMENTED)) if part is not None else None


@_breaks("busy-error", "a job that is not to be queued is refused by another name")
def misnamed_busy(clause: Clause, view: View, performance: Performance) -> Draft | None:
    name = next(iter(busy("refuse", "refuse-text", "absent")(performance)), None)
    return Draft(view).answer(performance.parts[name].start, refusal(view.spec, UNDOCUMENTED)) if name else None
