"""Data Flow with a fault in what jobs take in which state, when they are deleted, and in what lists show of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.refusal import Answer
from conformance.emulator.ncloud.service import NcloudService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.ncloud.asked import Asked
    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.ncloud.query import Page

mutant = declarer("ncloud", "lifecycle")


@mutant("job-id-reused", clause="createJob/job/unique-id", needs="create several jobs")
class JobIdReused(NcloudService):
    """Every fifth job gets the id of the job before it."""

    def create_job(self, asked: Asked) -> Answer:
        answer = super().create_job(asked)
        made = self.__dict__.setdefault("made", [])
        made.append(answer.body["jobId"])
        if len(made) % 5 == 0:
            answer.body["jobId"] = made[-2]
        return answer


@mutant("runs-once-only", clause="createJobExecution/job.execute/accepted", needs="execute a job a second time")
class RunsOnce(NcloudService):
    """A job that has run to its end does not run again."""

    def check_may_execute(self, job: Job) -> None:
        super().check_may_execute(job)
        if self.runs_of(job):
            raise self.bad_state("The job has been executed.")


@mutant(
    "running-job-unknown-to-execute", clause="createJobExecution/job.execute/refusal", needs="execute a job that runs"
)
class RunningUnknown(NcloudService):
    """To execute a job that is running is refused as if the job did not exist."""

    def check_may_execute(self, job: Job) -> None:
        if self.active_count(self.runs_of(job), self.clock.now()):
            raise self.missing_job()
        super().check_may_execute(job)


@mutant("executed-job-not-edited", clause="updateJob/job.edit/accepted", needs="update a job that has been executed")
class ExecutedNotEdited(NcloudService):
    """A job that has been executed cannot be changed any more."""

    def check_may_update(self, job: Job) -> None:
        if self.runs_of(job):
            raise self.bad_state("The job has been executed.")


@mutant("running-job-unknown-to-edit", clause="updateJob/job.edit/refusal", needs="update a job that runs")
class EditUnknown(NcloudService):
    """To change a job that is running is refused as if the job did not exist."""

    def check_may_update(self, job: Job) -> None:
        if self.active_count(self.runs_of(job), self.clock.now()):
            raise self.missing_job()


@mutant("executed-job-not-deleted", clause="deleteJob/job.delete/accepted", needs="delete a job that has been executed")
class ExecutedNotDeleted(NcloudService):
    """A job that has been executed cannot be deleted."""

    def check_may_delete(self, job: Job) -> None:
        if self.runs_of(job):
            raise self.bad_state("The job has been executed.")


@mutant("running-job-unknown-to-delete", clause="deleteJob/job.delete/refusal", needs="delete a job that runs")
class DeleteUnknown(NcloudService):
    """To delete a job that is running is refused as if the job did not exist."""

    def check_may_delete(self, job: Job) -> None:
        if self.active_count(self.runs_of(job), self.clock.now()):
            raise self.missing_job()


@mutant("deleted-job-runs", clause="createJobExecution/job/deleted", needs="execute a deleted job")
class DeletedRuns(NcloudService):
    """A deleted job can be executed once more."""

    def create_execution(self, asked: Asked) -> Answer:
        known: dict[str, Job] = self.__dict__.setdefault("known", {})
        known.update({job.job_id: job for job in self.register.jobs()})
        if asked.job_id not in known or self.register.job(asked.job_id) is not None:
            return super().create_execution(asked)
        self.register.keep_job(known[asked.job_id])
        try:
            return super().create_execution(asked)
        finally:
            self.register.drop_job(asked.job_id)


@mutant("deleted-job-edited", clause="updateJob/job/deleted", needs="update a deleted job")
class DeletedEdited(NcloudService):
    """A deleted job can be changed."""

    def update_job(self, asked: Asked) -> Answer:
        known: dict[str, Job] = self.__dict__.setdefault("known", {})
        known.update({job.job_id: job for job in self.register.jobs()})
        if asked.job_id not in known or self.register.job(asked.job_id) is not None:
            return super().update_job(asked)
        return Answer(status=200, body=self.job_detail(known[asked.job_id], [], self.clock.now()))


@mutant("running-time-falls", clause="getJobExecution/execution/counters-rise", needs="read an execution several times")
class TimeFalls(NcloudService):
    """Every second read of an execution shows that it has waited for a second less."""

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        detail = super().execution_detail(job, execution, now)
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[execution.execution_id] += 1
        return {**detail, "waitingTime": detail["waitingTime"] + reads[execution.execution_id] % 2}


@mutant(
    "end-foreseen", clause="getJobExecution/response.endDate/not-before", needs="read an execution that has not ended"
)
class EndForeseen(NcloudService):
    """An execution shows from its start when it will have ended."""

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        return {**super().execution_detail(job, execution, now), "endDate": self.date(self.ended(execution))}


@mutant("job-list-shows-another-name", clause="getJobs/job/list-fields", needs="read and list a job")
class ListName(NcloudService):
    """The list shows names of jobs with a sign behind."""

    def job_row(self, job: Job, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        return {**super().job_row(job, executions, now), "name": f"{job.name}-"}


@mutant(
    "list-shows-another-creation", clause="getJobExecutions/execution/list-fields", needs="read and list an execution"
)
class ListCreation(NcloudService):
    """The list shows all executions as made on the same day of long ago."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        shown = [{**row, "createdDate": "2001-02-03T04:05:06"} if "jobExecutionId" in row else row for row in rows]
        return super().page_body(shown, page, matching=matching)


@mutant("job-list-turns-round", clause="getJobs/items/order-stable", needs="list jobs twice")
class ListTurns(NcloudService):
    """A list asked for a third time shows its items the other way round."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        asked: Counter[object] = self.__dict__.setdefault("asked", Counter())
        key = page.number, page.limit, tuple(sorted(str(next(iter(row.values()))) for row in rows))
        asked[key] += 1
        return super().page_body(rows if asked[key] % 3 else rows[::-1], page, matching=matching)
