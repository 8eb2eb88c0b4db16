"""Observations that cannot all be true of a queue that keeps its discipline."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from conformance.evidence.observation import Observation


class Rule(enum.Enum):
    """What a contradiction is about."""

    LIFECYCLE = "a job goes back to an earlier phase"
    ORDER = "a job waits that a later one has overtaken"
    SLOTS = "more jobs run at once than there are slots"
    ORDER_OR_SLOTS = "jobs overtake each other, or more run at once than there are slots"
    CAPACITY = "a job is accepted though as many wait as may"
    ROOM = "a request is refused as full though there is room"
    BUSY = "a request that does not ask to be queued is accepted though the queue is busy"
    IDLE = "a request that does not ask to be queued is refused as busy though nothing is active"
    DEPENDENCY_ORDER = "a job starts before one that it depends on is over"
    DEPENDENCY_SUCCESS = "a job starts though one that it depends on does not succeed"
    DEPENDENCY_UNKNOWN = "a job starts though it depends on something that is no job"
    NO_REASON = "a job ends for its dependencies though all of them succeed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """A rule that is broken, and the observations that prove it: the evidence core, in order of completion."""

    rule: Rule
    core: tuple[Observation, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What each observation of the core shows."""
        return tuple(each.kind for each in self.core)
