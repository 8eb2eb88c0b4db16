"""One history before both judges: the checker under test, and the power set."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from conformance.evidence import Checker, Discipline
from tests.conformance.evidence.operation import Operation, steps
from tests.conformance.evidence.power_set import PowerSet


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Whether both judges agree, and whether the history is a violation."""

    agree: bool
    violating: bool


def first_contradiction(checker: Checker, operations: list[Operation]) -> int | None:
    """The number of the operation at which a checker sees a contradiction for the first time."""
    for number, seen in steps(operations):
        if checker.observe(seen):
            return number
    return None


def compared(
    discipline: Discipline, operations: list[Operation], make: Callable[[Discipline], Checker] = Checker
) -> Comparison:
    """Compare the verdicts, and the step at which they fall."""
    judge = PowerSet(discipline)
    step = first_contradiction(make(discipline), operations)
    if step is None:
        permitted = judge.permits(operations)
        return Comparison(agree=permitted, violating=not permitted)
    broken_there = not judge.permits(until(operations, step))
    sound_before = judge.permits(until(operations, step - 1))
    return Comparison(agree=broken_there and sound_before, violating=not sound_before or broken_there)


def until(operations: list[Operation], step: int) -> list[Operation]:
    """What was known when an operation was answered: those before it, and the cancels and starts that are under way."""
    if step < 0:
        return []
    done, later = operations[: step + 1], operations[step + 1 :]
    under_way = [
        replace(each, ended=math.inf)
        for each in later
        if each.began < done[-1].ended and each.kind in {"start", "cancel"}
    ]
    return [*done, *(replace(each, answer=None) for each in under_way)]
