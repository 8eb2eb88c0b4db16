"""Statuses of jobs and executions, worked out from the clock whenever somebody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.ncloud.rules import EditionRules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.ncloud.job import Execution, Job


class Lifecycle(EditionRules):
    """Which status holds when.

    The documents name the statuses and their meanings, not the transitions; these are inferred: READY to RUNNING to
    COMPLETED or FAILED for an execution, and for a job RUNNING from the acceptance of an execution to its end.
    """

    ready_share = 0.2
    """Part of the nominal run time that an execution waits as READY."""

    def started(self, execution: Execution) -> float:
        """Return when an execution leaves READY, unless it is cancelled before."""
        return execution.created + self.ready_share * self.settings.job_seconds

    def due(self, execution: Execution) -> float:
        """Return when an execution ends, unless it is cancelled before."""
        return execution.created + self.settings.job_seconds + execution.reading_seconds

    def ended(self, execution: Execution) -> float:
        """Return when an execution ends or ended."""
        return self.due(execution) if execution.cancelled is None else execution.cancelled

    def execution_status(self, execution: Execution, now: float) -> str:
        """Return the status of an execution."""
        if execution.cancelled is not None:
            return "CANCELED"
        if now < self.started(execution):
            return "READY"
        if now < self.due(execution):
            return "RUNNING"
        return self.final_status(execution)

    def final_status(self, execution: Execution) -> str:
        """Return the status of an execution that came to its end by itself."""
        return "FAILED" if execution.is_failing else "COMPLETED"

    def is_active(self, execution: Execution, now: float) -> bool:
        """Tell whether an execution is under way, waiting included."""
        return self.execution_status(execution, now) in {"READY", "RUNNING"}

    def active_count(self, executions: Sequence[Execution], now: float) -> int:
        """Return how many executions are under way."""
        return sum(self.is_active(execution, now) for execution in executions)

    def job_status(self, job: Job, executions: Sequence[Execution], now: float) -> str:
        """Return the status of a job."""
        if self.active_count(executions, now):
            return self.edition.running_status
        if self.is_draft(job):
            return self.edition.draft_status
        if job.is_temporary:
            return self.edition.editing_status
        return self.edition.runnable_status

    def is_draft(self, job: Job) -> bool:
        """Tell whether the definition of a job is incomplete."""
        return self.edition.needs_nodes and not job.nodes

    def is_runnable(self, job: Job) -> bool:
        """Tell whether the definition of a job can be executed."""
        return not self.is_draft(job) and not job.is_temporary

    def job_updated(self, job: Job, executions: Sequence[Execution], now: float) -> float:
        """Return when a job last changed; the documented examples show a change after the last execution."""
        ends = [self.ended(execution) for execution in executions[-1:] if not self.is_active(execution, now)]
        return max([job.updated, *ends])
