"""S3 Control with a fault in what a job counts, and in what it shows in which status or list."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.emulator.clock import iso
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.s3control.document import leaf
from conformance.emulator.s3control.job import Status
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from conformance.emulator.s3control.job import Job

mutant = declarer("s3control", "lifecycle")


@mutant("progress-falls", clause="DescribeJob/job/counters-rise", needs="read a complete job several times")
class ProgressFalls(S3ControlService):
    """Every second time, nothing of a job has been done yet."""

    def tasks_succeeded(self, job: Job, now: float) -> int:
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[job.id] += 1
        return super().tasks_succeeded(job, now) if reads[job.id] % 2 else 0


@mutant("more-done-than-there-is", clause="DescribeJob/job/counters-total", needs="read a complete job")
class MoreDone(S3ControlService):
    """A complete job counts a task as failed that has succeeded."""

    def tasks_failed(self, job: Job, now: float) -> int:
        return 1 if self.status_of(job, now) is Status.COMPLETE else 0


@mutant("complete-with-tasks-left", clause="DescribeJob/job/counters-whole", needs="read a complete job")
class TasksLeft(S3ControlService):
    """A complete job has one task less done than there are."""

    def tasks_succeeded(self, job: Job, now: float) -> int:
        return max(0, super().tasks_succeeded(job, now) - 1)


@mutant(
    "termination-foreseen",
    clause="DescribeJob/response.Job.TerminationDate/not-before",
    needs="read a job that has not ended",
)
class TerminationForeseen(S3ControlService):
    """A job that has not ended shows when it is likely to."""

    def termination_date(self, job: Job, now: float) -> str | None:
        return super().termination_date(job, now) or iso(self.clock.date(job.created + 3600))


@mutant(
    "termination-untold",
    clause="DescribeJob/response.Job.TerminationDate/shown-when",
    needs="read a job that has ended",
)
class TerminationUntold(S3ControlService):
    """A job that was cancelled does not tell when it ended."""

    def termination_date(self, job: Job, now: float) -> str | None:
        return None if self.status_of(job, now) is Status.CANCELLED else super().termination_date(job, now)


@mutant("suspension-foreseen", clause="DescribeJob/response.Job.SuspendedDate/not-before", needs="read a new job")
class SuspensionForeseen(S3ControlService):
    """Every job shows the time of its creation as that of its suspension."""

    def suspended_date(self, job: Job, now: float) -> str | None:
        return super().suspended_date(job, now) or iso(self.clock.date(job.created))


@mutant("suspension-untold", clause="DescribeJob/response.Job.SuspendedDate/shown-when", needs="read a suspended job")
class SuspensionUntold(S3ControlService):
    """A suspended job does not tell since when."""

    def job_descriptor(self, job: Job, now: float) -> str:
        return re.sub("<SuspendedDate>.*?</SuspendedDate>", "", super().job_descriptor(job, now))


@mutant("cause-foreseen", clause="DescribeJob/response.Job.SuspendedCause/not-before", needs="read a new job")
class CauseForeseen(S3ControlService):
    """A job that is not suspended shows why it is."""

    def job_descriptor(self, job: Job, now: float) -> str:
        text = super().job_descriptor(job, now)
        return text if "<SuspendedCause>" in text else text.replace("</Job>", f"{leaf('SuspendedCause', 'none')}</Job>")


@mutant("cause-untold", clause="DescribeJob/response.Job.SuspendedCause/shown-when", needs="read a suspended job")
class CauseUntold(S3ControlService):
    """A suspended job does not tell why."""

    def job_descriptor(self, job: Job, now: float) -> str:
        return re.sub("<SuspendedCause>.*?</SuspendedCause>", "", super().job_descriptor(job, now))


@mutant("list-shows-another-priority", clause="ListJobs/job/list-fields", needs="read and list a job that has ended")
class ListPriority(S3ControlService):
    """The list shows a priority that is one too high."""

    def list_descriptor(self, job: Job, now: float) -> str:
        return re.sub(
            r"<Priority>(\d+)<", lambda found: f"<Priority>{int(found[1]) + 1}<", super().list_descriptor(job, now)
        )


@mutant("list-turns-round", clause="ListJobs/items/order-stable", needs="list twice")
class ListTurns(S3ControlService):
    """Every second list shows its jobs the other way round."""

    def page_of(self, *arguments: Any, **options: Any) -> Any:
        page = super().page_of(*arguments, **options)
        self.__dict__["lists"] = self.__dict__.get("lists", 0) + 1
        return dataclasses.replace(page, items=page.items[::-1]) if self.__dict__["lists"] % 2 else page
