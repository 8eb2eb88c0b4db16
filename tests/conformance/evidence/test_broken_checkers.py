"""The comparison sees errors of the checker: each of these deliberately broken checkers disagrees with the power set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from conformance.evidence import Asked, Checker, Contradiction, Discipline, Observation, Refused, Rule, Seen
from tests.conformance.evidence.comparison import compared
from tests.conformance.evidence.queue_simulator import Plan, conversation

ONE_SLOT = Discipline(capacity=2)


class ForgetsIdleRefusals(Checker):
    """Does not check that a request refused as busy found something active."""

    def observe(self, observation: Observation) -> Sequence[Contradiction]:
        if isinstance(observation, Refused) and observation.reason == "busy":
            return ()
        return super().observe(observation)


class BelievesEveryReason(Checker):
    """Accepts that a job ended for its dependencies though all of them succeeded."""

    def observe(self, observation: Observation) -> Sequence[Contradiction]:
        return [each for each in super().observe(observation) if each.rule is not Rule.NO_REASON]


class DropsParity(Checker):
    """Does not conclude that a job runs from the queue having come exactly as far as to it."""

    def __init__(self, discipline: Discipline) -> None:
        super().__init__(discipline)
        self._progress._pinned = lambda _job, _seen: []


class ForgetsCancels(Checker):
    """Thinks that a cancelled job keeps its place."""

    def observe(self, observation: Observation) -> Sequence[Contradiction]:
        return () if isinstance(observation, Asked) else super().observe(observation)


class TakesAnswersForMoments(Checker):
    """Thinks that what an answer shows was true when it arrived."""

    def observe(self, observation: Observation) -> Sequence[Contradiction]:
        if isinstance(observation, Seen):
            observation = replace(observation, began=observation.ended)
        return super().observe(observation)


class ForgetsTheSlot(Checker):
    """Does not compare jobs that run with what has surely started."""

    def __init__(self, discipline: Discipline) -> None:
        super().__init__(discipline)
        self._progress.running = lambda _number, _seen: ()  # type: ignore[method-assign, assignment]


BROKEN: dict[str, tuple[Plan, Callable[[Discipline], Checker]]] = {
    "the limit is one more": (
        Plan(discipline=ONE_SLOT), lambda each: Checker(replace(each, capacity=(each.capacity or 0) + 1)),
    ),
    "the limit is one less": (
        Plan(discipline=ONE_SLOT), lambda each: Checker(replace(each, capacity=(each.capacity or 0) - 1)),
    ),
    "the running job counts": (Plan(discipline=ONE_SLOT), lambda each: Checker(replace(each, counts_running=True))),
    "one slot more": (Plan(discipline=ONE_SLOT), lambda each: Checker(replace(each, slots=each.slots + 1))),
    "one slot fewer": (
        Plan(discipline=Discipline(capacity=1, slots=3), jobs=5), lambda each: Checker(replace(each, slots=each.slots - 1)),
    ),
    "a failed job need not have started": (
        Plan(discipline=ONE_SLOT), lambda each: Checker(replace(each, failure_starts=False)),
    ),
    "a job may fall before its turn": (
        Plan(discipline=ONE_SLOT, dependencies=True), lambda each: Checker(replace(each, unmet_in_turn=False)),
    ),
    "others may use the queue": (Plan(discipline=ONE_SLOT), lambda each: Checker(replace(each, exclusive=False))),
    "a refusal while idle is not checked": (Plan(discipline=ONE_SLOT), ForgetsIdleRefusals),
    "every reason is believed": (Plan(discipline=ONE_SLOT, dependencies=True), BelievesEveryReason),
    "parity is dropped": (Plan(discipline=ONE_SLOT, dependencies=True), DropsParity),
    "cancels are forgotten": (Plan(discipline=ONE_SLOT, cancels=True), ForgetsCancels),
    "answers are taken for moments": (Plan(discipline=ONE_SLOT, width=2.0, most=10), TakesAnswersForMoments),
    "the slot is forgotten": (Plan(discipline=ONE_SLOT), ForgetsTheSlot),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_checker_disagrees_with_the_power_set(name: str) -> None:
    plan, make = BROKEN[name]
    seeds = range(20_000)
    assert any(not compared(plan.discipline, conversation(plan, seed), make).agree for seed in seeds)
