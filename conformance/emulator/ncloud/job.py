"""Jobs and their executions, as they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from conformance.emulator.ncloud.condition import Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job; its status is not kept but follows from its executions. Moments are readings of the service's clock."""

    job_id: str
    name: str
    type: str
    nodes: tuple[dict[str, Any], ...]
    is_temporary: bool
    max_runs: int
    condition: Condition
    created: float
    updated: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Execution:
    """One run of a job; its status is not kept but follows from the clock."""

    execution_id: str
    job_id: str
    condition: Condition
    parameters: dict[str, Any]
    created: float
    is_failing: bool
    """Whether it ends as FAILED when nobody cancels it."""
    reading_seconds: float = 0.0
    """For how long it reads its sources, beyond the nominal run time."""
    cancelled: float | None = None
    trigger_id: str | None = None
    workflow_id: str | None = None
