"""S3 Control with a fault in the shape of what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from werkzeug import Response

    from conformance.emulator.s3control.job import Job
    from conformance.emulator.s3control.reading import Call

mutant = declarer("s3control", "response-shape")


@mutant(
    "listed-creation-in-seconds",
    clause="ListJobs/response.Jobs[].CreationTime/member",
    needs="list when there are jobs",
)
class CreationSeconds(S3ControlService):
    """Creation times are seconds since 1970."""

    def creation_time(self, job: Job) -> str:
        return str(int(self.clock.date(job.created).timestamp()))


@mutant("listed-status-in-capitals", clause="ListJobs/response.Jobs[].Status/member", needs="list when there are jobs")
class StatusCapitals(S3ControlService):
    """Statuses in the list are written in capitals."""

    def list_descriptor(self, job: Job, now: float) -> str:
        status = self.status_of(job, now)
        return super().list_descriptor(job, now).replace(f"<Status>{status}<", f"<Status>{status.upper()}<")


@mutant("listed-priority-in-words", clause="ListJobs/response.Jobs[].Priority/member", needs="list when there are jobs")
class PriorityWords(S3ControlService):
    """The priority of a job in the list is a word."""

    def list_descriptor(self, job: Job, now: float) -> str:
        return super().list_descriptor(job, now).replace(f"<Priority>{job.priority}<", "<Priority>normal<")


@mutant(
    "task-count-below-zero",
    clause="ListJobs/response.Jobs[].ProgressSummary.TotalNumberOfTasks/member",
    needs="list a job whose manifest is not read yet",
)
class TasksBelowZero(S3ControlService):
    """The number of tasks is -1 as long as it is not known."""

    def tasks_in_total(self, job: Job, now: float) -> int:
        return super().tasks_in_total(job, now) or -1


@mutant(
    "elapsed-time-with-unit",
    clause="ListJobs/response.Jobs[].ProgressSummary.Timers.ElapsedTimeInActiveSeconds/member",
    needs="list when there are jobs",
)
class ElapsedWithUnit(S3ControlService):
    """The time a job was active has a unit behind it."""

    def progress_summary(self, job: Job, now: float) -> str:
        return super().progress_summary(job, now).replace("</Elapsed", "s</Elapsed")


@mutant("list-under-other-root", clause="ListJobs/response/body", needs="list")
class OtherRoot(S3ControlService):
    """The root of a list has the name of the operation."""

    def list_jobs(self, call: Call) -> str:
        return super().list_jobs(call).replace("ListJobsResult>", "ListJobs>")


@mutant("list-as-text", clause="ListJobs/response/media-type", needs="list")
class ListAsText(S3ControlService):
    """Answers say that they are plain text."""

    def answer(self, status: int, root: str) -> Response:
        response = super().answer(status, root)
        response.content_type = "text/plain"
        return response


@mutant("creation-answered-201", clause="CreateJob/response/status", needs="create a job")
class Creation201(S3ControlService):
    """A job that was made is answered with status 201."""

    def answer(self, status: int, root: str) -> Response:
        return super().answer(201 if root.startswith("<CreateJobResult>") else status, root)


@mutant("updated-job-named-by-arn", clause="UpdateJobPriority/response.JobId/member", needs="change a priority")
class JobByArn(S3ControlService):
    """The answer to a new priority names the job by its ARN."""

    def update_job_priority(self, call: Call) -> str:
        return super().update_job_priority(call).replace("<JobId>", "<JobId>arn:aws:s3:us-east-1:123456789012:job/")


@mutant("element-not-closed", clause="DescribeJob/response/body", needs="read a job")
class UnclosedElement(S3ControlService):
    """The element of the role is not closed."""

    def job_descriptor(self, job: Job, now: float) -> str:
        return super().job_descriptor(job, now).replace("</RoleArn>", "")


@mutant(
    "suspended-shown-in-words",
    clause="DescribeJob/response.Job.Status/member",
    needs="read a job that waits for its confirmation",
)
class SuspendedInWords(S3ControlService):
    """A job that waits for its confirmation is shown once as awaiting it."""

    def job_descriptor(self, job: Job, now: float) -> str:
        text = super().job_descriptor(job, now)
        seen: set[str] = self.__dict__.setdefault("seen", set())
        if "<Status>Suspended<" not in text or job.id in seen:
            return text
        seen.add(job.id)
        return text.replace("<Status>Suspended<", "<Status>Awaiting confirmation<")


@mutant("updated-priority-as-fraction", clause="UpdateJobPriority/response.Priority/member", needs="change a priority")
class PriorityFraction(S3ControlService):
    """The new priority of a job is shown with a fraction."""

    def update_job_priority(self, call: Call) -> str:
        return super().update_job_priority(call).replace("</Priority>", ".0</Priority>")
