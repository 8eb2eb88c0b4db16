"""S3 Control with a fault in the life of a single job."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from conformance.emulator.clock import iso
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.s3control.document import leaf
from conformance.emulator.s3control.job import Status
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from conformance.emulator.s3control.job import Job
    from conformance.emulator.s3control.reading import Call

mutant = declarer("s3control", "lifecycle")


@mutant("job-id-reused", clause="CreateJob/job/unique-id", needs="create jobs with and without a description")
class JobIdReused(S3ControlService):
    """A job with a description gets the id of the job before it."""

    def create_job(self, call: Call) -> str:
        answer = super().create_job(call)
        before = self.__dict__.get("answer_before", answer)
        self.__dict__["answer_before"] = answer
        return before if b"<Description>" in call.body else answer


@mutant("undocumented-status-shown", clause="DescribeJob/job/status-known", needs="read a job until it has ended")
class UnknownStatus(S3ControlService):
    """A job that has just been completed is shown once under a status that is not documented."""

    def job_descriptor(self, job: Job, now: float) -> str:
        text = super().job_descriptor(job, now)
        seen: set[str] = self.__dict__.setdefault("seen", set())
        if "<Status>Complete<" not in text or job.id in seen:
            return text
        seen.add(job.id)
        return text.replace("<Status>Complete<", "<Status>Finishing<")


@mutant("complete-becomes-failed", clause="DescribeJob/job/terminal", needs="read a complete job several times")
class CompleteFails(S3ControlService):
    """Every third read of a complete job shows it as failed."""

    def job_descriptor(self, job: Job, now: float) -> str:
        text = super().job_descriptor(job, now)
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[job.id] += "<Status>Complete<" in text
        return text.replace("<Status>Complete<", "<Status>Failed<") if reads[job.id] % 3 == 2 else text


@mutant("suspended-is-new-again", clause="DescribeJob/job/status-forward", needs="read a suspended job several times")
class SuspendedNew(S3ControlService):
    """Every second read of a suspended job shows it as new."""

    def job_descriptor(self, job: Job, now: float) -> str:
        text = super().job_descriptor(job, now)
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[job.id] += "<Status>Suspended<" in text
        return text.replace("<Status>Suspended<", "<Status>New<") if reads[job.id] % 2 == 0 else text


@mutant("creation-time-moves", clause="DescribeJob/job/immutable", needs="read a job several times")
class CreationMoves(S3ControlService):
    """The creation time of a job is the time it is read."""

    def creation_time(self, job: Job) -> str:
        return iso(self.clock.date(self.clock.now()))


@mutant("termination-before-creation", clause="DescribeJob/job/end-time", needs="read a job that has ended")
class TerminationBeforeCreation(S3ControlService):
    """A job ended an hour before it was made."""

    def termination_date(self, job: Job, now: float) -> str | None:
        return None if self.ended_at(job, now) is None else iso(self.clock.date(job.created - 3600))


@mutant("termination-time-moves", clause="DescribeJob/job/end-time", needs="read a job that has ended several times")
class TerminationMoves(S3ControlService):
    """The end of a job that has ended is the time it is read."""

    def termination_date(self, job: Job, now: float) -> str | None:
        return None if self.ended_at(job, now) is None else iso(self.clock.date(now))


@mutant("list-shows-cancelled-as-complete", clause="ListJobs/job/list-agrees", needs="read and list a cancelled job")
class ListDisagrees(S3ControlService):
    """The list shows cancelled jobs as complete."""

    def list_descriptor(self, job: Job, now: float) -> str:
        return super().list_descriptor(job, now).replace("<Status>Cancelled<", "<Status>Complete<")


@mutant("other-id-shown", clause="DescribeJob/job/readable", needs="read a job")
class OtherIdShown(S3ControlService):
    """Reading a job shows its id in capitals."""

    def job_descriptor(self, job: Job, now: float) -> str:
        return re.sub("<JobId>.*?</JobId>", leaf("JobId", job.id.upper()), super().job_descriptor(job, now), count=1)


@mutant("cancelled-runs-on", clause="DescribeJob/job/status-forward", needs="read a job behind its cancel")
class CancelledRunsOn(S3ControlService):
    """A job is shown as cancelling at its cancel, and as active afterwards."""

    def cancel(self, job: Job, now: float) -> None:
        job.schedule = job.schedule.replanned(now, *self.steps((Status.CANCELLING, *self.run), now))
