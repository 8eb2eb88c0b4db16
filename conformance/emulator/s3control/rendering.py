"""Jobs as the answers show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.clock import iso
from conformance.emulator.s3control.document import element, leaf, members, written
from conformance.emulator.s3control.job import Status
from conformance.emulator.s3control.lifecycle import Lifecycle
from conformance.emulator.s3control.reading import Reading

if TYPE_CHECKING:
    from conformance.emulator.s3control.job import Job


class Rendering(Lifecycle, Reading):
    """Writes jobs as XML."""

    suspended_cause = "The job waits for its confirmation"

    def creation_time(self, job: Job) -> str:
        """Return the creation time as text."""
        return iso(self.clock.date(job.created))

    def termination_date(self, job: Job, now: float) -> str | None:
        """Return when a job ended, as text."""
        ended = self.ended_at(job, now)
        return None if ended is None else iso(self.clock.date(ended))

    def suspended_date(self, job: Job, now: float) -> str | None:
        """Return when a job was suspended, as text."""
        suspended = self.suspended_at(job, now)
        return None if suspended is None else iso(self.clock.date(suspended))

    def progress_summary(self, job: Job, now: float) -> str:
        """Write the element ProgressSummary."""
        return (
            "<ProgressSummary>"
            f"<NumberOfTasksFailed>{self.tasks_failed(job, now)}</NumberOfTasksFailed>"
            f"<NumberOfTasksSucceeded>{self.tasks_succeeded(job, now)}</NumberOfTasksSucceeded>"
            f"<Timers><ElapsedTimeInActiveSeconds>{int(self.active_seconds(job, now))}"
            "</ElapsedTimeInActiveSeconds></Timers>"
            f"<TotalNumberOfTasks>{self.tasks_in_total(job, now)}</TotalNumberOfTasks>"
            "</ProgressSummary>"
        )

    def list_descriptor(self, job: Job, now: float) -> str:
        """Write an item of ListJobs."""
        content = (
            leaf("CreationTime", self.creation_time(job)),
            leaf("Description", job.request.get("Description")),
            leaf("JobId", job.id),
            leaf("Operation", job.operation),
            leaf("Priority", job.priority),
            self.progress_summary(job, now),
            leaf("Status", self.status_of(job, now)),
            leaf("TerminationDate", self.termination_date(job, now)),
        )
        return element("JobListDescriptor", "".join(content))

    def job_arn(self, job: Job) -> str:
        """Return the name of a job among all resources of AWS."""
        return f"arn:aws:s3:{self.settings.region}:{job.account}:job/{job.id}"

    def failure_reasons(self, job: Job, now: float) -> str:
        """Write why a job failed."""
        if self.status_of(job, now) not in {Status.FAILING, Status.FAILED}:
            return ""
        code, reason = "ManifestNotFound", "The manifest object does not exist or cannot be read"
        if job.manifest.exists:
            code, reason = "SuspensionExpired", "The job was not confirmed in time"
        failure = element("JobFailure", leaf("FailureCode", code) + leaf("FailureReason", reason))
        return element("FailureReasons", failure)

    def requested(self, job: Job, name: str) -> str:
        """Write back an element of the request that made the job."""
        return written(name, job.request.get(name), path=name, table=self.create_job_rules)

    def job_descriptor(self, job: Job, now: float) -> str:
        """Write the element Job of DescribeJob."""
        suspended = self.suspended_date(job, now)
        content = (
            leaf("JobId", job.id),
            leaf("ConfirmationRequired", self.needs_confirmation(job.request)),
            self.requested(job, "Description"),
            leaf("JobArn", self.job_arn(job)),
            leaf("Status", self.status_of(job, now)),
            self.requested(job, "Manifest"),
            self.requested(job, "Operation"),
            leaf("Priority", job.priority),
            self.progress_summary(job, now),
            leaf("StatusUpdateReason", job.reason),
            self.failure_reasons(job, now),
            self.requested(job, "Report"),
            leaf("CreationTime", self.creation_time(job)),
            leaf("TerminationDate", self.termination_date(job, now)),
            self.requested(job, "RoleArn"),
            leaf("SuspendedDate", suspended),
            leaf("SuspendedCause", None if suspended is None else self.suspended_cause),
            self.requested(job, "ManifestGenerator"),
        )
        return element("Job", "".join(content))

    def tag_list(self, job: Job) -> str:
        """Write the tags of a job."""
        items = (element("S3Tag", members(tag, path="Tags[]", table=self.create_job_rules)) for tag in job.tags)
        return element("Tags", "".join(items))
