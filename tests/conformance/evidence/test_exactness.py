"""The evidence checker says exactly what the power set says, at the same step; where it claims less, it never accuses wrongly."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from conformance.evidence import Checker, Contradiction, Discipline, steadied
from tests.conformance.evidence.comparison import compared, until
from tests.conformance.evidence.operation import steps
from tests.conformance.evidence.power_set import PowerSet
from tests.conformance.evidence.queue_simulator import Plan, conversation

if TYPE_CHECKING:
    from tests.conformance.evidence.operation import Operation

NIGHTLY = bool(os.environ.get("CONFORMANCE_NIGHTLY"))
HISTORIES = 6000 if NIGHTLY else 500
TWO, ONE = Discipline(capacity=2), Discipline(capacity=1)
SEVERAL = Discipline(capacity=1, slots=2)

EXACT = {
    "one slot": Plan(discipline=TWO),
    "one slot, one place": Plan(discipline=ONE),
    "one slot, the running job counts": Plan(discipline=replace(TWO, counts_running=True)),
    "one slot, dependencies": Plan(discipline=TWO, dependencies=True),
    "one slot, pollers overlap": Plan(discipline=TWO, width=2.0, most=10),
    "one slot, dependencies, pollers overlap": Plan(discipline=TWO, width=2.0, most=10, dependencies=True),
    "one slot, cancels": Plan(discipline=TWO, cancels=True),
    "one slot, cancels, pollers overlap": Plan(discipline=TWO, cancels=True, width=1.5, most=10),
    "one slot, held early": Plan(discipline=replace(TWO, held_early=True), lists=False),
    "two slots": Plan(discipline=SEVERAL, jobs=5),
    "two slots, two places": Plan(discipline=replace(SEVERAL, capacity=2), jobs=5),
    "two slots, pollers overlap": Plan(discipline=SEVERAL, width=2.0, most=10),
    "two slots, cancels": Plan(discipline=SEVERAL, cancels=True),
    "three slots": Plan(discipline=Discipline(capacity=1, slots=3), jobs=5),
}


@pytest.mark.parametrize("name", EXACT)
def test_same_verdict_at_the_same_step_as_the_power_set(name: str) -> None:
    plan = EXACT[name]
    results = [compared(plan.discipline, conversation(plan, seed)) for seed in range(HISTORIES)]
    assert [seed for seed, result in enumerate(results) if not result.agree] == []
    assert HISTORIES // 10 < sum(result.violating for result in results) < HISTORIES // 2


SOUND = {
    "starts that were never answered": Plan(discipline=TWO, lost=0.2),
    "starts that were never answered, the running job counts": Plan(discipline=replace(TWO, counts_running=True), lost=0.2),
    "starts that were never answered, cancels": Plan(discipline=ONE, lost=0.2, cancels=True),
    "starts that were never answered, two slots": Plan(discipline=SEVERAL, lost=0.2),
    "starts that race": Plan(discipline=TWO, racing=True, width=1.5, most=9, jobs=3),
    "starts that race, two slots": Plan(discipline=SEVERAL, racing=True, width=1.5, most=9, jobs=3),
    "starts that race, cancels": Plan(discipline=ONE, racing=True, width=1.5, most=9, jobs=3, cancels=True),
    "two slots, the running job counts": Plan(discipline=replace(TWO, slots=2, counts_running=True)),
    "two slots, held early": Plan(discipline=replace(SEVERAL, held_early=True), lists=False),
    "two slots, dependencies": Plan(discipline=replace(TWO, slots=2), dependencies=True),
}  # fmt: skip


@pytest.mark.parametrize("name", SOUND)
def test_what_is_not_claimed_to_be_exact_is_never_a_false_accusation(name: str) -> None:
    plan = SOUND[name]
    judge, found = PowerSet(plan.discipline), 0
    for seed in range(HISTORIES):
        operations = conversation(plan, seed)
        step = _first(Checker(plan.discipline), operations)
        if step is not None:
            found += 1
            assert not judge.permits(until(operations, step)), seed
    assert found > HISTORIES // 20


LATE = replace(TWO, failure_starts=False, unmet_in_turn=False)
LATE_PLANS = {
    "jobs fail while they wait": Plan(discipline=LATE, late=True),
    "jobs fail while they wait, the running job counts": Plan(discipline=replace(LATE, counts_running=True), late=True),
    "jobs fall with what they depend on": Plan(discipline=LATE, late=True, dependencies=True),
    "jobs fail while they wait, cancels, pollers overlap": Plan(discipline=LATE, late=True, cancels=True, width=1.5, most=9),
    "jobs fail while they wait, two slots": Plan(discipline=replace(LATE, slots=2), late=True),
    "jobs fail while they wait, starts that race": Plan(
        discipline=LATE, late=True, racing=True, width=1.5, most=9, jobs=3
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LATE_PLANS)
def test_jobs_that_may_end_while_they_wait_are_held_to_what_was_seen_of_them(name: str) -> None:
    plan = LATE_PLANS[name]
    judge, found = PowerSet(plan.discipline, late=True), 0
    for seed in range(HISTORIES):
        operations = conversation(plan, seed)
        if _all(Checker(plan.discipline), operations):
            found += 1
            assert not judge.permits(operations), seed
    assert found > HISTORIES // 20


def _first(checker: Checker, operations: list[Operation]) -> int | None:
    return next((number for number, seen in steps(operations) if checker.observe(seen)), None)


def _all(checker: Checker, operations: list[Operation]) -> list[Contradiction]:
    observations = steadied([seen for _, seen in steps(operations)])
    return [each for seen in observations for each in checker.observe(seen)]
