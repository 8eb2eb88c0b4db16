"""Breaks the queue: its capacity, its order, its one slot, and what jobs that depend on others do."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from conformance.history import Call
from conformance.oracles.antecedent import beyond, busy
from conformance.oracles.performance import Part, Performance, performances
from conformance.view import View
from specs import Clause, Queue
from strategies import programs_for
from tests.conformance.corruption.answers import UNDOCUMENTED, refusal, successes
from tests.conformance.corruption.body import put, retold
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.registry import corruption

_STARTED = ("running", "succeeded")
_UNSUCCESSFUL = ("failed", "cancelled", "dependency-failed")
_NEW = "00000000-0000-4000-8000-00000000c0de"
#: The request a clause about returned places is about.
_ABOUT = {
    "returned-by-cancel": "again",
    "returned-by-start": "after-start",
    "returned-by-failure": "again2",
    "text": "queued-text",
}
#: A job that waits for ever breaks these too.
_IMPLIED = dict.fromkeys(("finished", "repeated", "failure-direct", "cascade"), ("held-back",))
_ASKS_NOT = {"busy-refusal": "refused", "absent": "absent"}

Breaker = Callable[[Clause, View, Performance], Draft | None]


def _breaks(rule: str, name: str) -> Callable[[Breaker], Breaker]:
    """Register a breaker of a rule, tried on each program written for the clause."""

    def register(function: Breaker) -> Breaker:
        @corruption(name, "queue-rule")
        def apply(clause: Clause, view: View) -> Draft | None:
            if rule not in (*clause.data["rules"], clause.data["aspect"], *_IMPLIED.get(clause.data["aspect"], ())):
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
    status = resource.phases.get(phase, ())[0]
    response = retold(view, look, lambda tree: put(tree, resource.status or "", status))
    arguments = {**look.intent.arguments, resource.read.parameter: identifier or part.identifier}
    start = part.start.intent
    return again(
        look,
        response,
        scenario=start.scenario,
        group=start.group,
        case=part.name,
        role="read",
        clause=None,
        arguments=arguments,
    )


def _accept(draft: Draft, performance: Performance, part: Part) -> Draft:
    """Let the request for a job be accepted under an id of its own."""
    made = performance.accepted[0] if performance.accepted else None
    start = made.start if made else draft.view.creations[performance.resource.name][0][1]
    return draft.answer(part.start, retold(draft.view, start, lambda tree: put(tree, performance.resource.id, _NEW)))


def _turn_away(view: View, performance: Performance, part: Part, names: tuple[str, ...]) -> Draft:
    """Let the request for a job be refused by the name that stands for the state of the queue."""
    del performance
    return Draft(view).answer(part.start, refusal(view.spec, names[0]))


def _queue(performance: Performance) -> Queue:
    assert performance.resource.queue is not None
    return performance.resource.queue


def _untouched(performance: Performance) -> list[Part]:
    """Accepted jobs that nobody asked to cancel."""
    return [part for part in performance.accepted if not part.cancels]


@_breaks("capacity-exceeded", "one more job than may wait is accepted")
def overflow(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = next((each for each in beyond(performance) if not each.accepted), None)
    if part is None:
        return None
    return _accept(Draft(view), performance, part).append(_seen(view, performance, part, "waiting", _NEW))


@_breaks("refused-below-capacity", "a job is refused though there is room")
def underflow(clause: Clause, view: View, performance: Performance) -> Draft | None:
    name = _ABOUT.get(clause.data["aspect"], "q1")
    part = performance.parts.get(name)
    return (
        _turn_away(view, performance, part, _queue(performance).full.names)
        if part is not None and part.accepted
        else None
    )


@_breaks("accepted-while-busy", "a job that is not to be queued is accepted behind another")
def squeezed_in(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = performance.parts.get(_ASKS_NOT.get(clause.data["aspect"], ""))
    return _accept(Draft(view), performance, part) if part is not None and not part.accepted else None


@_breaks("refused-while-idle", "a job is refused though nothing is active")
def turned_away(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = next((each for each in performance.accepted if not each.asked), None)
    return _turn_away(view, performance, part, _queue(performance).busy.names) if part is not None else None


@_breaks("fifo", "a job starts before one that was accepted earlier")
def overtaken(clause: Clause, view: View, performance: Performance) -> Draft | None:
    for first, second in itertools.combinations(performance.accepted, 2):
        if not first.cancels and second.first(*_STARTED):
            return Draft(view).append(_seen(view, performance, first, "waiting"))
    return None


@_breaks("held-back", "a job is passed over though what it depends on is over")
def passed_over(clause: Clause, view: View, performance: Performance) -> Draft | None:
    for first, second in itertools.combinations(performance.accepted, 2):
        if second.first(*_STARTED) and _kind_of_wait(clause, performance, first):
            return Draft(view).append(_seen(view, performance, first, "waiting"))
    return None


def _kind_of_wait(clause: Clause, performance: Performance, part: Part) -> bool:
    """Whether a job that waits for ever would be one that the clause is about."""
    needed = performance.dependencies(part)
    good = bool(needed) and all(each.first("succeeded") for each in needed)
    bad = next(
        (each.first("failed", "dependency-failed") for each in needed if each.first("failed", "dependency-failed")),
        None,
    )
    return {
        "finished": good and len(set(part.after)) == len(part.after),
        "repeated": good and len(set(part.after)) < len(part.after),
        "failure-direct": bad is not None and bad.phase == "failed",
        "cascade": bad is not None and bad.phase == "dependency-failed",
    }.get(clause.data["aspect"], False) and not part.cancels


@_breaks("one-at-a-time", "two jobs run at the same time")
def side_by_side(clause: Clause, view: View, performance: Performance) -> Draft | None:
    if len(_untouched(performance)) < 2:
        return None
    one, other = _untouched(performance)[:2]
    return Draft(view).append(*(_seen(view, performance, part, "running") for part in (one, other, one)))


@_breaks("started-after-cancel", "a cancelled job runs")
def revived(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = next((each for each in performance.accepted if each.first("cancelled")), None)
    return Draft(view).append(_seen(view, performance, part, "running")) if part is not None else None


@_breaks("started-before-dependency", "a job starts before what it depends on is over")
def impatient(clause: Clause, view: View, performance: Performance) -> Draft | None:
    for part in performance.accepted:
        distinct, repeated = len(set(part.after)), len(set(part.after)) < len(part.after)
        if clause.data["aspect"] != ("several" if distinct > 1 else "repeated" if repeated else "waits"):
            continue
        for needed in performance.dependencies(part):
            still = [look for look in needed.undisturbed("waiting", "running") if look.began > part.start.started]
            if still:
                return Draft(view).after(view.calls[still[-1].call.id - 2], _seen(view, performance, part, "running"))
    return None


@_breaks("success-without-dependency", "a job runs though what it depends on failed")
def heedless(clause: Clause, view: View, performance: Performance) -> Draft | None:
    for part in performance.parts.values():
        if not part.after or _kind_of_failure(performance, part) != clause.data["aspect"]:
            continue
        draft = Draft(view) if part.accepted else _accept(Draft(view), performance, part)
        return draft.append(_seen(view, performance, part, "running", part.identifier or _NEW))
    return None


def _kind_of_failure(performance: Performance, part: Part) -> str | None:
    """The aspect that a job is about, by how those ended that it depends on."""
    needed = performance.dependencies(part)
    bad = next((each for each in needed if each.last(*_UNSUCCESSFUL)), None)
    if not performance.known(part):
        return "unknown-dependency"
    if bad is None:
        return None
    if any(each.last("succeeded") for each in needed):
        return "several-one-fails"
    if bad.cancels and bad.last("cancelled"):
        return "cancelled-dependency"
    if bad.last("dependency-failed") or bad.after:
        return "cascade"
    return "failed-before" if bad.over_before(part.start) else "failure-direct"


@_breaks("failed-for-no-reason", "a job fails for what it depends on, which succeeded")
def wronged(clause: Clause, view: View, performance: Performance) -> Draft | None:
    for part in performance.accepted:
        needed = performance.dependencies(part)
        if not needed or not all(each.last("succeeded") for each in needed):
            continue
        finished = all(each.over_before(part.start) for each in needed)
        about = "repeated" if len(set(part.after)) < len(part.after) else "finished" if finished else "success-runs"
        if ("unqueued" if not part.asked else about) == clause.data["aspect"]:
            return Draft(view).append(_seen(view, performance, part, "dependency-failed"))
    return None


@_breaks("not-cascaded", "a job that depends on a failed one ends by another status")
def misnamed(clause: Clause, view: View, performance: Performance) -> Draft | None:
    for part in _untouched(performance):
        bad = any(each.last(*_UNSUCCESSFUL) for each in performance.dependencies(part))
        if bad and not part.first(*_STARTED):
            return Draft(view).append(_seen(view, performance, part, "failed"))
    return None


@_breaks("full-refusal", "a job beyond the capacity is refused by another name")
def misnamed_full(clause: Clause, view: View, performance: Performance) -> Draft | None:
    part = next((each for each in beyond(performance) if not each.accepted), None)
    return Draft(view).answer(part.start, refusal(view.spec, UNDOCUMENTED)) if part is not None else None


@_breaks("busy-error", "a job that is not to be queued is refused by another name")
def misnamed_busy(clause: Clause, view: View, performance: Performance) -> Draft | None:
    name = next(iter(busy("refuse", "refuse-text", "absent")(performance)), None)
    return Draft(view).answer(performance.parts[name].start, refusal(view.spec, UNDOCUMENTED)) if name else None
