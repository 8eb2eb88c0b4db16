"""Data Flow with a fault in the shape of what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.service import NcloudService

if TYPE_CHECKING:
    from collections.abc import Sequence

    import werkzeug

    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.ncloud.query import Page
    from conformance.emulator.ncloud.refusal import Answer

mutant = declarer("ncloud", "response-shape")


@mutant("list-without-count", clause="getJobs/response.count/member", needs="list")
class NoCount(NcloudService):
    """A list does not say how many items it has."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        return {
            name: value for name, value in super().page_body(rows, page, matching=matching).items() if name != "count"
        }


@mutant("list-under-other-name", clause="getJobs/response.list/member", needs="list")
class OtherName(NcloudService):
    """The items of a list stand under another name."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        body = super().page_body(rows, page, matching=matching)
        return {"content": body.pop("list"), **body}


@mutant("page-as-text", clause="getJobExecutions/response.page/member", needs="list executions")
class PageText(NcloudService):
    """The number of the page is a text."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        return {**super().page_body(rows, page, matching=matching), "page": str(page.number)}


@mutant("disabled-as-text", clause="getJobs/response.list[].disabled/member", needs="list when there are jobs")
class DisabledText(NcloudService):
    """Whether a job is disabled is a text."""

    def job_row(self, job: Job, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        return {**super().job_row(job, executions, now), "disabled": "false"}


@mutant("listed-name-left-out", clause="getJobs/response.list[].name/member", needs="list when there are jobs")
class NameLeftOut(NcloudService):
    """Jobs in the list lack their name."""

    def job_row(self, job: Job, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        row = super().job_row(job, executions, now)
        del row["name"]
        return row


@mutant("listed-status-undocumented", clause="getJobs/response.list[].status/member", needs="list when there are jobs")
class StatusUndocumented(NcloudService):
    """Jobs that can be executed are listed as READY, which is a status of another edition."""

    def job_row(self, job: Job, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        row = super().job_row(job, executions, now)
        return {**row, "status": "READY"} if row["status"] == "RUNNABLE" else row


@mutant("date-with-blank", clause="createJob/response.createdDate/member", needs="create a job")
class DateWithBlank(NcloudService):
    """Dates have a blank between day and time."""

    def date(self, moment: float) -> str:
        return super().date(moment).replace("T", " ")


@mutant(
    "last-execution-date-empty",
    clause="getJobs/response.list[].lastExecutionDate/member",
    needs="list a job that never ran",
)
class LastDateEmpty(NcloudService):
    """The date of the last execution of a job that never ran is an empty text."""

    def last_execution(self, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        return super().last_execution(executions, now) or {"lastExecutionDate": ""}


@mutant("new-job-without-id", clause="createJob/response.jobId/member", needs="create a job")
class NewJobWithoutId(NcloudService):
    """A new job is shown without its id."""

    def create_job(self, asked: Any) -> Answer:
        answer = super().create_job(asked)
        answer.body["jobId"] = ""
        return answer


@mutant(
    "worker-count-as-text", clause="createJobExecution/response.jobCondition.numWorker/member", needs="execute a job"
)
class WorkersText(NcloudService):
    """The number of workers of an execution is a text."""

    def execution_row(self, execution: Execution, now: float) -> dict[str, Any]:
        row = super().execution_row(execution, now)
        return {**row, "jobCondition": {**row["jobCondition"], "numWorker": str(row["jobCondition"]["numWorker"])}}


@mutant("execution-of-unknown-type", clause="getJobExecution/response.type/member", needs="read an execution")
class UnknownType(NcloudService):
    """The type of an execution is one that is not documented."""

    def execution_type(self, execution: Execution) -> str:
        return "TRIGGER"


@mutant("list-answered-206", clause="getJobs/response/status", needs="list")
class List206(NcloudService):
    """A list is answered with status 206."""

    def sent(self, answer: Answer) -> werkzeug.Response:
        response = super().sent(answer)
        if isinstance(answer.body, dict) and "list" in answer.body:
            response.status_code = 206
        return response


@mutant("list-cut-off", clause="getJobs/response/body", needs="list")
class ListCutOff(NcloudService):
    """The last bracket of a list is missing."""

    def sent(self, answer: Answer) -> werkzeug.Response:
        response = super().sent(answer)
        if isinstance(answer.body, dict) and "list" in answer.body:
            response.set_data(response.get_data()[:-1])
        return response


@mutant("answers-as-text", clause="getJobs/response/media-type", needs="list")
class AsText(NcloudService):
    """Answers say that they are plain text."""

    def sent(self, answer: Answer) -> werkzeug.Response:
        response = super().sent(answer)
        response.content_type = "text/plain"
        return response
