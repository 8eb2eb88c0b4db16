"""What a resource promises of its queue, and of jobs that depend on others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from specs.clause import Source
from specs.operation import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A queue of jobs of one kind.

    Attributes:
        parameter: the creation parameter by which a request asks to be queued.
        admit: its value that asks for it; ``admit_text`` the same as text.
        refuse: its value that does not; ``refuse_text`` the same as text.
        capacity: how many may wait at once.
        running: how many run at once.
        full: what a refusal carries when the queue is full.
        busy: what a refusal carries when another job is active and the request does not ask to be queued.
        hold: the scene of a job that keeps the slot busy for long.
        step: arguments of a job that runs for a little while, long enough to be seen running.
    """

    parameter: str
    admit: Any
    refuse: Any
    admit_text: str | None = None
    refuse_text: str | None = None
    capacity: int | None = None
    running: int = 1
    full: Refusal = field(default_factory=Refusal)
    busy: Refusal = field(default_factory=Refusal)
    hold: str = "running"
    step: dict[str, Any] = field(default_factory=dict)
    fails: dict[str, Any] = field(default_factory=dict)
    source: Source = field(default_factory=lambda: Source(document="inferred"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """Jobs that wait for others.

    ``unmet`` are the statuses of a job whose dependency did not succeed; ``cascade`` those that indirect dependents may
    have instead; ``unknown`` is what a refusal of an id carries that names nothing, or a job that has failed, ``unqueued`` one of a request that
    does not ask to be queued.
    """

    parameter: str
    unmet: tuple[str, ...]
    cascade: tuple[str, ...] = ()
    unknown: Refusal = field(default_factory=Refusal)
    unqueued: Refusal = field(default_factory=Refusal)
    source: Source = field(default_factory=lambda: Source(document="inferred"))
