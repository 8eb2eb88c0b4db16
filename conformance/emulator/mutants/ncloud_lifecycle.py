"""Data Flow with a fault in the life of a single execution."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.service import NcloudService

if TYPE_CHECKING:
    from conformance.emulator.ncloud.asked import Asked
    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.ncloud.query import Page
    from conformance.emulator.ncloud.refusal import Answer

mutant = declarer("ncloud", "lifecycle")


@mutant("execution-id-reused", clause="createJobExecution/execution/unique-id", needs="execute several jobs")
class ExecutionIdReused(NcloudService):
    """An execution with a timeout of its own gets the id of the execution before it."""

    def create_execution(self, asked: Asked) -> Answer:
        answer = super().create_execution(asked)
        before = self.__dict__.get("id_before", answer.body["jobExecutionId"])
        self.__dict__["id_before"] = answer.body["jobExecutionId"]
        if b'"timeout"' in asked.content:
            answer.body["jobExecutionId"] = before
        return answer


@mutant(
    "undocumented-status-shown",
    clause="getJobExecution/execution/status-known",
    needs="read an execution until it has ended",
)
class UnknownStatus(NcloudService):
    """An execution that has just completed is shown once under a status that is not documented."""

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        detail = super().execution_detail(job, execution, now)
        seen: set[str] = self.__dict__.setdefault("seen", set())
        if detail["status"] != "COMPLETED" or execution.execution_id in seen:
            return detail
        seen.add(execution.execution_id)
        return {**detail, "status": "FINISHING"}


@mutant(
    "completed-becomes-failed",
    clause="getJobExecution/execution/terminal",
    needs="read a completed execution several times",
)
class CompletedFails(NcloudService):
    """Every third read of a completed execution shows it as failed."""

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        detail = super().execution_detail(job, execution, now)
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[execution.execution_id] += detail["status"] == "COMPLETED"
        return {**detail, "status": "FAILED"} if reads[execution.execution_id] % 3 == 2 else detail


@mutant(
    "running-is-ready-again",
    clause="getJobExecution/execution/status-forward",
    needs="read a running execution several times",
)
class RunningReady(NcloudService):
    """Every second read of a running execution shows it as ready."""

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        detail = super().execution_detail(job, execution, now)
        running = detail["status"] == "RUNNING"
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[execution.execution_id] += running
        return {**detail, "status": "READY"} if running and reads[execution.execution_id] % 2 == 0 else detail


@mutant("creation-date-moves", clause="getJobExecution/execution/immutable", needs="read an execution several times")
class CreationMoves(NcloudService):
    """The creation date of an execution is a day later with each read."""

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[execution.execution_id] += 1
        later = execution.created + 86_400 * reads[execution.execution_id]
        return {**super().execution_detail(job, execution, now), "createdDate": self.date(later)}


@mutant("end-before-creation", clause="getJobExecution/execution/end-time", needs="read an execution that has ended")
class EndBeforeCreation(NcloudService):
    """An execution ended an hour before it was made."""

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        detail = super().execution_detail(job, execution, now)
        return {**detail, "endDate": self.date(execution.created - 3600)} if "endDate" in detail else detail


@mutant(
    "list-shows-failed-as-completed",
    clause="getJobExecutions/execution/list-agrees",
    needs="read and list a failed execution",
)
class ListDisagrees(NcloudService):
    """The list shows failed executions as completed."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        shown = [{**row, "status": "COMPLETED"} if row["status"] == "FAILED" else row for row in rows]
        return super().page_body(shown, page, matching=matching)


@mutant("other-id-shown", clause="getJobExecution/execution/readable", needs="read an execution")
class OtherIdShown(NcloudService):
    """Reading an execution shows the id of its job in place of its own."""

    def execution_detail(self, job: Job, execution: Execution, now: float) -> dict[str, Any]:
        return {**super().execution_detail(job, execution, now), "jobExecutionId": job.job_id}
