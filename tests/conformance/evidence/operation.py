"""What a client of the simulated queue did and was told, and what the checker is given of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.evidence import Accepted, Asked, Listed, Observation, Opened, Phase, Refused, Seen

PHASES: dict[str, Phase] = {
    "W": "waiting",
    "R": "running",
    "C": "succeeded",
    "F": "failed",
    "X": "cancelled",
    "U": "unmet",
}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation on the queue: its window, its kind, and its answer.

    ``answer`` is True or False for starts and cancels, None for a start without one, a status for looks, the waiting jobs
    for lists.
    """

    kind: str
    began: float
    ended: float
    job: int = -1
    queued: bool = True
    after: tuple[int, ...] = ()
    answer: Any = None

    def observations(self) -> list[Observation]:
        window: dict[str, Any] = {"began": self.began, "ended": self.ended}
        if self.kind == "start" and self.answer is None:
            return []
        if self.kind == "start" and self.answer:
            return [Accepted(job=self.job, queued=self.queued, after=self.after, **window)]
        if self.kind == "start":
            return [Refused(reason="full" if self.queued else "busy", **window)]
        if self.kind == "list":
            return [Listed(waiting=frozenset(self.answer), **window)]
        if self.kind == "cancel" and self.answer:
            return [Seen(job=self.job, phase="active", **window), Seen(job=self.job, phase="cancelled", **window)]
        if self.kind == "cancel":
            return [Seen(job=self.job, phase="over", **window)]
        return [Seen(job=self.job, phase=PHASES[self.answer], **window)]


def steps(operations: list[Operation]) -> list[tuple[int, Observation]]:
    """All observations in order of completion, each with the number of its operation in that order."""
    found: list[tuple[float, int, int, Observation]] = []
    for number, each in enumerate(operations):
        if each.kind == "start" and _races(each, operations):
            found.append((each.began, 2, number, Opened(job=each.job, began=each.began)))
            if each.answer is False:
                found.append((each.ended, 0, number, Opened(job=each.job, began=each.ended, settled=True)))
        found += [(each.ended, 1, number, seen) for seen in each.observations()]
        if each.kind == "cancel":
            found.append((each.began, 2, number, Asked(job=each.job, began=each.began)))
    return [(number, seen) for _, _, number, seen in sorted(found, key=lambda row: row[:3])]


def _races(start: Operation, operations: list[Operation]) -> bool:
    """Whether another start was answered while this one was under way."""
    return any(each.kind == "start" and start.began < each.ended < start.ended for each in operations)


def in_order(operations: list[Operation]) -> list[Operation]:
    """The operations in order of completion."""
    return sorted(operations, key=lambda each: each.ended)
