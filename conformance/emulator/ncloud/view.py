"""How jobs and executions look in answers."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import TYPE_CHECKING, Any

from conformance.emulator.clock import Clock
from conformance.emulator.ncloud.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.settings import Settings

KOREAN_TIME = timezone(timedelta(hours=9))


class View(Lifecycle):
    """Members of answers, by the pages of getJobs, createJob and the executions.

    What there is nothing to say about (the last execution of a job that never ran, the end of an execution under way)
    is left out rather than shown as null.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.clock = Clock()

    def date(self, moment: float) -> str:
        """Write a date in Korean time, in the form of the edition."""
        date = self.clock.date(moment).astimezone(KOREAN_TIME)
        shown = date if self.edition.date_has_offset else date.replace(tzinfo=None)
        return shown.isoformat(timespec=self.edition.date_timespec)

    def job_row(self, job: Job, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        """Return a job as getJobs lists it."""
        return {
            "jobId": job.job_id,
            "name": job.name,
            "type": job.type,
            "status": self.job_status(job, executions, now),
            "createdDate": self.date(job.created),
            "updatedDate": self.date(self.job_updated(job, executions, now)),
            **self.last_execution(executions, now),
            "resourceId": self.resource_id(job),
            "disabled": False,
        }

    def resource_id(self, job: Job) -> str:
        """Return the resource ID, which equals the job ID in all documented examples."""
        return job.job_id

    def last_execution(self, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        """Return what a job says of its latest execution."""
        if not executions:
            return {}
        latest = executions[-1]
        return {
            "lastExecutionStatus": self.execution_status(latest, now),
            "lastExecutionDate": self.date(latest.created),
        }

    def job_detail(self, job: Job, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        """Return a job as createJob, getJob and updateJob show it."""
        runs = {"maxConcurrentRuns": job.max_runs} if self.edition.condition_at_create else {}
        return {
            "jobId": job.job_id,
            "name": job.name,
            "type": job.type,
            "status": self.job_status(job, executions, now),
            "nodes": list(job.nodes),
            **runs,
            "runCondition": dict(job.condition),
            "createdDate": self.date(job.created),
            "updatedDate": self.date(self.job_updated(job, executions, now)),
            **self.last_execution(executions, now),
        }

    def execution_row(self, execution: Execution, now: float) -> dict[str, Any]:
        """Return an execution as its creation and its list show it."""
        return {
            "jobExecutionId": execution.execution_id,
            "jobId": execution.job_id,
            "jobCondition": dict(execution.condition),
            "status": self.execution_status(execution, now),
            "createdDate": self.date(execution.created),
            **self.execution_dates(execution, now),
            "runningTime": self.running_time(execution, now),
            "parsedParameters": execution.parameters,
            "type": self.execution_type(execution),
        }

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        """Return an execution as it is shown alone."""
        trigger = {} if execution.trigger_id is None else {"triggerId": execution.trigger_id}
        return {
            **self.execution_row(execution, now),
            **trigger,
            "jobName": job.name,
            "waitingTime": self.waiting_time(execution, now),
            "executorNum": execution.condition["numWorker"],
        }

    def execution_type(self, execution: Execution) -> str:
        """Return whether a job or a workflow caused an execution."""
        return "JOB" if execution.workflow_id is None else "WORKFLOW"

    def has_started(self, execution: Execution, now: float) -> bool:
        """Tell whether an execution ever ran."""
        return self.started(execution) <= min(now, self.ended(execution))

    def execution_dates(self, execution: Execution, now: float) -> dict[str, str]:
        """Return when an execution started and ended, so far as it did."""
        dates = {}
        if self.has_started(execution, now):
            dates["startDate"] = self.date(self.started(execution))
        if not self.is_active(execution, now):
            dates["endDate"] = self.date(self.ended(execution))
        return dates

    def running_time(self, execution: Execution, now: float) -> int:
        """Return for how many whole seconds an execution ran; the unit is not documented."""
        if not self.has_started(execution, now):
            return 0
        return int(min(now, self.ended(execution)) - self.started(execution))

    def waiting_time(self, execution: Execution, now: float) -> int:
        """Return for how many whole seconds an execution waited."""
        return int(min(now, self.ended(execution), self.started(execution)) - execution.created)
