"""Lets jobs tell of their data what no reading allows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from conformance.history import Call
from conformance.oracles import judge_clause
from conformance.verdict import Verdict
from conformance.view import View, among
from specs import Clause, Observation
from tests.conformance.corruption.answers import plain_refusal, success
from tests.conformance.corruption.body import put, retold
from tests.conformance.corruption.draft import Draft, again
from tests.conformance.corruption.exhibit import read_of
from tests.conformance.corruption.registry import corruption

_BROKEN = frozenset({Verdict.FAIL, Verdict.WARN})
_MADE_UP = "9000000778"
Lie = Callable[[Any], Any]


def _lies(view: View) -> Iterator[Lie]:
    """Ways to tell something else of a job: another end, other numbers, another list."""
    laboratory = view.spec.laboratory
    assert laboratory is not None
    resource = view.spec.resources[laboratory.resource]
    seen = laboratory.outcome.observations
    ends = [resource.phases.get(phase, ())[0] for phase in ("succeeded", "failed")]
    numbers = [described for described in seen.values() if described.numbers]
    lists = [described for described in seen.values() if described.items and described.member is None]
    for end in ends:
        yield _telling(numbers, 0, status=resource.status, end=end)
    for described in numbers:
        yield from (_telling([described], value) for value in (0, 5, 99_991))
    for described in lists:
        yield from (_listing(described, value) for value in ([], [{"status": "FAILED"}], [{"made": "up"}] * 23))
    for end in ends:
        yield _telling([], 0, status=resource.status, end=end)
    records = [described for name, described in seen.items() if name == "records"]
    if records:
        yield _both(_telling(numbers, 0, status=resource.status, end=ends[0]), _telling(records, 99_991))


def _telling(numbers: list[Observation], value: int, *, status: str | None = None, end: str = "") -> Lie:
    def told(tree: Any) -> Any:
        for described in numbers:
            for place in described.numbers:
                put(tree, place, value)
        return put(tree, status, end) if status is not None else tree

    return told


def _listing(described: Observation, items: list[Any]) -> Lie:
    return lambda tree: put(tree, described.items or "", items)


def _both(first: Lie, second: Lie) -> Lie:
    return lambda tree: second(first(tree))


def _last_trial(clause: Clause, view: View) -> list[Call]:
    """The calls of the last time that an experiment was carried out, with the controls beside it."""
    own = among(view.by_clause[clause.id], "start", "outcome", "look")
    return view.by_group[own[-1].intent.group] if own else []


def _rejected(clause: Clause, view: View, calls: list[Call]) -> bool:
    return judge_clause(clause, View(view.spec, calls, exclusive=True)).verdict in _BROKEN


@corruption("a job tells something else of its data", "experiment")
def lies(clause: Clause, view: View) -> Draft | None:
    trial = _last_trial(clause, view)
    told = among(trial, "outcome", "look")
    final = {(call.intent.role, call.intent.case): call for call in told}
    for call in reversed(final.values()):
        for lie in _lies(view):
            changed = again(call, retold(view, call, lie))
            if _rejected(clause, view, [changed if each is call else each for each in trial]):
                return Draft(view).answer(call, changed.response)
    return None


@corruption("what must come to nothing is accepted, and its job succeeds", "experiment")
def succeeds(clause: Clause, view: View) -> Draft | None:
    laboratory = view.spec.laboratory
    assert laboratory is not None
    resource = view.spec.resources[laboratory.resource]
    refused = [call for call in among(_last_trial(clause, view), "start") if view.answer(call).refused]
    if not refused:
        return None
    start = refused[-1]
    accepted = success(view, start.operation)
    read = read_of(view, resource, _MADE_UP, resource.phases.get("succeeded", ())[0])
    outcome = again(read, role="outcome", case=start.intent.case, clause=clause.id, group=start.intent.group)
    return Draft(view).answer(start, accepted).after(start, outcome)


@corruption("a request that must be accepted is refused, between two that are accepted", "experiment")
def refuses(clause: Clause, view: View) -> Draft | None:
    trial = _last_trial(clause, view)
    starts = [call for call in among(trial, "start") if view.answer(call).success]
    if not starts:
        return None
    start = starts[-1]
    said = plain_refusal(view, view.spec.operations[start.operation])
    before, after = (again(start, role="control", case="base", clause=None) for _ in range(2))
    place = trial.index(start)
    small = [*trial[:place], before, again(start, said), after, *trial[place + 1 :]]
    numbered = [replace(call, id=number) for number, call in enumerate(small, start=1)]
    if not _rejected(clause, view, numbered):
        return None
    draft = Draft(view).answer(start, said).after(start, after)
    draft.places[start.id].insert(0, before)
    return draft
