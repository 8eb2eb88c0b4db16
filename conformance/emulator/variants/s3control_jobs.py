"""S3 Control whose jobs go another way: which statuses they show, what may be asked of them, when they are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from conformance.emulator.s3control.job import Job, Status
from conformance.emulator.s3control.service import S3ControlService
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.emulator.s3control.reading import Call

variant = declarer("s3control")


@variant("instant-jobs", fact="no document says how long a job takes", settings={"job_seconds": 0.001})
class Instant(S3ControlService):
    """Jobs end as soon as they have begun."""


@variant("slow-jobs", fact="no document says how long a job takes", settings={"job_seconds": 0.4})
class Slow(S3ControlService):
    """Jobs take their time."""


@variant("jobs-pause", fact="B.6: a job is paused while those of a higher priority run")
class Pauses(S3ControlService):
    """A job is paused once before it goes on."""

    run = (
        Status.READY, Status.ACTIVE, Status.PAUSING, Status.PAUSED, Status.ACTIVE, Status.COMPLETING, Status.COMPLETE,
    )  # fmt: skip
    shares: ClassVar[Mapping[Status, float]] = {
        **S3ControlService.shares, Status.ACTIVE: 0.3, Status.PAUSING: 0.05, Status.PAUSED: 0.1,
    }  # fmt: skip


@variant("no-completing", fact="B.6: Completing is not in the older table of statuses")
class NoCompleting(S3ControlService):
    """A job goes from Active to Complete, and from Preparing to Failed."""

    run = (Status.READY, Status.ACTIVE, Status.COMPLETE)
    failure = (Status.FAILED,)


@variant("long-cancels", fact="no document says how long a job is Cancelling")
class LongCancels(S3ControlService):
    """A job is Cancelling for a third of a second."""

    def duration(self, status: Status) -> float:
        return 0.3 if status is Status.CANCELLING else super().duration(status)


@variant("cancelled-at-once", fact="S15: the answer may show Cancelled already")
class CancelledAtOnce(S3ControlService):
    """A cancel is carried out at once."""

    cancellation = (Status.CANCELLED,)


@variant("cancelled-twice", fact="S14: to cancel a cancelled job may do nothing")
class CancelledTwice(S3ControlService):
    """To cancel a job that was cancelled succeeds and does nothing."""

    def change_status(self, job: Job, requested: Status, now: float) -> None:
        if not (requested is Status.CANCELLED and self.status_of(job, now) is Status.CANCELLED):
            super().change_status(job, requested, now)


@variant("confirmed-twice", fact="S13: to confirm a job that is Ready may do nothing")
class ConfirmedTwice(S3ControlService):
    """To confirm a job that was confirmed and still is Ready succeeds and does nothing."""

    def change_status(self, job: Job, requested: Status, now: float) -> None:
        if not (requested is Status.READY and self.status_of(job, now) is Status.READY):
            super().change_status(job, requested, now)


@variant("the-former-status-is-told", fact="S15: the answer to an update may show the former status")
class FormerStatus(S3ControlService):
    """The answer to an update of the status shows the status before it."""

    def update_job_status(self, call: Call) -> str:
        with self.lock:
            job = self.ledger.job(call.account, call.labels["id"])
            before = None if job is None else self.status_of(job, self.clock.now())
        answer = super().update_job_status(call)
        head, _, rest = answer.partition("<Status>")
        return f"{head}<Status>{before}{rest[rest.index('</Status>') :]}"


@variant("ended-jobs-keep-their-priority", fact="S16: a new priority for an ended job may be refused")
class KeptPriority(S3ControlService):
    """A job that has ended takes no new priority."""

    def update_job_priority(self, call: Call) -> str:
        wanted = self.read_update_job_priority(call)
        with self.lock:
            now = self.clock.now()
            ended = self.status_of(self.found(call.account, wanted["JobId"], now), now) in self.terminal
        if ended:
            raise self.invalid(call.operation, "The job has ended")
        return super().update_job_priority(call)


@variant("repeated-tokens-refused", fact="S11: the same token with the same body may be an IdempotencyException")
class RepeatedTokens(S3ControlService):
    """A client token that was used is refused, whatever else is said."""

    def is_repetition(self, job: Job, request: dict[str, Any]) -> bool:
        return False


@variant("confirmation-by-default", fact="S12: whether an absent ConfirmationRequired asks for one is not said")
class ConfirmByDefault(S3ControlService):
    """A job that says nothing of a confirmation needs one."""

    def needs_confirmation(self, request: Mapping[str, object]) -> bool:
        return bool(request.get("ConfirmationRequired", True))


@variant("seen-later", fact="S23: a job asked for too soon after its creation may be unknown")
class SeenLater(S3ControlService):
    """A new job is known to all other operations after a quarter of a second."""

    SECONDS = 0.25

    def found(self, account: str, job_id: str, now: float) -> Job:
        job = super().found(account, job_id, now)
        if now - job.created < self.SECONDS:
            raise self.not_found()
        return job

    def has_wanted_status(self, job: Job, statuses: Sequence[str] | None, now: float) -> bool:
        return now - job.created >= self.SECONDS and super().has_wanted_status(job, statuses, now)


@variant("some-tasks-fail", fact="B.6: a job of fewer than a thousand tasks is complete whatever number failed")
class TasksFail(S3ControlService):
    """One task of every job fails."""

    def tasks_failed(self, job: Job, now: float) -> int:
        return min(1, super().tasks_succeeded(job, now))

    def tasks_succeeded(self, job: Job, now: float) -> int:
        return max(0, super().tasks_succeeded(job, now) - 1)


@variant(
    "no-optional-elements",
    fact="B.1, B.3: no element of a job is required",
    advice=("DescribeJob/response.Job.TerminationDate/shown-when",),
)
class Sparse(S3ControlService):
    """Jobs show neither progress nor dates of their end."""

    def progress_summary(self, job: Job, now: float) -> str:
        return ""

    def termination_date(self, job: Job, now: float) -> str | None:
        return None
