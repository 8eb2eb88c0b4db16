"""One reading of what the documents say of a queue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Discipline:
    """What a first-in-first-out queue keeps to, by one reading of its documents.

    Attributes:
        slots: how many jobs run at once.
        capacity: how many may wait; None where nothing is said.
        counts_running: whether a running job takes one of these places.
        exclusive: whether nobody else uses the queue; else no refusal proves anything.
        busy: what keeps a request out that does not ask to be queued: a ``running`` job, or any ``active`` one.
        failure_starts: whether a job that failed must have started.
        held_early: whether a job may have left the queue, and hold a slot, while it still says that it waits.
        unmet_in_turn: whether a job whose dependency did not succeed ends in its turn, and not before.
    """

    slots: int = 1
    capacity: int | None = None
    counts_running: bool = False
    exclusive: bool = True
    busy: Literal["running", "active"] = "active"
    failure_starts: bool = True
    held_early: bool = False
    unmet_in_turn: bool = True
