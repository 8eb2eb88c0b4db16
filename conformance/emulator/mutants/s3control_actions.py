"""S3 Control with a fault in what comes of confirming, cancelling and prioritising a job, or of a repeated token."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.refusal import RefusalError
from conformance.emulator.s3control.document import leaf
from conformance.emulator.s3control.job import Status
from conformance.emulator.s3control.lifecycle import Lifecycle
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.s3control.job import Job
    from conformance.emulator.s3control.reading import Call

mutant = declarer("s3control", "lifecycle")
_ON_STATUS = "UpdateJobStatus/job"
_ON_PRIORITY = "UpdateJobPriority/job"


@mutant("suspended-not-confirmed", clause=f"{_ON_STATUS}.confirm/accepted", needs="confirm a suspended job")
class NotConfirmed(S3ControlService):
    """A suspended job cannot be confirmed."""

    confirmable = frozenset()


@mutant("ended-job-confirmed", clause=f"{_ON_STATUS}.confirm/refused", needs="confirm a job that has ended")
class EndedConfirmed(S3ControlService):
    """A job that was cancelled can be confirmed, and stays as it is."""

    def change_status(self, job: Job, requested: Status, now: float) -> None:
        if requested is not Status.READY or self.status_of(job, now) is not Status.CANCELLED:
            super().change_status(job, requested, now)


@mutant("wrong-name-for-a-status", clause=f"{_ON_STATUS}.confirm/refusal", needs="confirm a job that has ended")
class WrongConfirmName(S3ControlService):
    """Confirming a job in the wrong status is refused as if the job did not exist."""

    def change_status(self, job: Job, requested: Status, now: float) -> None:
        if requested is Status.READY and not self.may_change(self.status_of(job, now), requested):
            raise self.not_found()
        super().change_status(job, requested, now)


@mutant("confirmed-is-cancelled", clause=f"{_ON_STATUS}.confirm/effect", needs="confirm a suspended job")
class ConfirmedCancelled(S3ControlService):
    """Confirming a job cancels it."""

    def confirm(self, job: Job, now: float) -> None:
        self.cancel(job, now)


@mutant("confirming-fails-the-complete", clause=f"{_ON_STATUS}.confirm/absorbed", needs="confirm a complete job")
class ConfirmFailsComplete(S3ControlService):
    """A complete job that somebody tries to confirm has failed, although the request is refused."""

    def change_status(self, job: Job, requested: Status, now: float) -> None:
        if requested is Status.READY and self.status_of(job, now) is Status.COMPLETE:
            job.schedule = job.schedule.replanned(now, *self.steps((Status.FAILED,), now))
        super().change_status(job, requested, now)


@mutant("suspended-not-cancelled", clause=f"{_ON_STATUS}.cancel/accepted", needs="cancel a suspended job")
class SuspendedNotCancelled(S3ControlService):
    """A suspended job cannot be cancelled."""

    uncancellable = Lifecycle.terminal | {Status.SUSPENDED}


@mutant("complete-job-cancelled", clause=f"{_ON_STATUS}.cancel/refused", needs="cancel a complete job")
class CompleteCancelled(S3ControlService):
    """A complete job can be cancelled."""

    uncancellable = Lifecycle.terminal - {Status.COMPLETE}


@mutant("wrong-name-for-a-late-cancel", clause=f"{_ON_STATUS}.cancel/refusal", needs="cancel a job that has ended")
class WrongCancelName(S3ControlService):
    """Cancelling a job that has ended is refused with a name of token clashes."""

    def change_status(self, job: Job, requested: Status, now: float) -> None:
        if requested is Status.CANCELLED and not self.may_change(self.status_of(job, now), requested):
            raise RefusalError(status=400, name="IdempotencyException", message="The job has ended")
        super().change_status(job, requested, now)


@mutant("cancel-confirms", clause=f"{_ON_STATUS}.cancel/effect", needs="cancel a suspended job and wait")
class CancelConfirms(S3ControlService):
    """Cancelling a suspended job lets it run to its good end."""

    def cancel(self, job: Job, now: float) -> None:
        if self.status_of(job, now) is Status.SUSPENDED:
            self.confirm(job, now)
        else:
            super().cancel(job, now)


@mutant("late-cancel-tells", clause=f"{_ON_STATUS}.cancel/absorbed", needs="cancel a failed job")
class LateCancelTells(S3ControlService):
    """A failed job that somebody tries to cancel is cancelled, although the request is refused."""

    def change_status(self, job: Job, requested: Status, now: float) -> None:
        if requested is Status.CANCELLED and self.status_of(job, now) in {Status.FAILED, Status.COMPLETE}:
            job.schedule = job.schedule.replanned(now, *self.steps((Status.CANCELLED,), now))
            raise RefusalError(status=400, name="JobStatusException", message="The job has ended")
        super().change_status(job, requested, now)


@mutant(
    "priority-fixed-while-suspended", clause=f"{_ON_PRIORITY}.prioritise/accepted", needs="prioritise a suspended job"
)
class PriorityFixed(S3ControlService):
    """A suspended job takes no other priority."""

    def update_job_priority(self, call: Call) -> str:
        with self.lock:
            now = self.clock.now()
            job = self.found(call.account, call.labels["id"], now)
            if self.status_of(job, now) is Status.SUSPENDED:
                raise RefusalError(status=400, name="BadRequestException", message="The job is suspended")
        return super().update_job_priority(call)


@mutant(
    "ended-job-unknown-to-priority",
    clause=f"{_ON_PRIORITY}.prioritise/refusal",
    needs="prioritise a job that has ended",
)
class PriorityUnknown(S3ControlService):
    """For a new priority, a job that has ended does not exist any more."""

    def update_job_priority(self, call: Call) -> str:
        with self.lock:
            now = self.clock.now()
            if self.ended_at(self.found(call.account, call.labels["id"], now), now) is not None:
                raise self.not_found()
        return super().update_job_priority(call)


@mutant("priority-revives", clause=f"{_ON_PRIORITY}.prioritise/absorbed", needs="prioritise a job that has ended")
class PriorityRevives(S3ControlService):
    """A job that has ended and is given another priority becomes ready again."""

    def update_job_priority(self, call: Call) -> str:
        answer = super().update_job_priority(call)
        with self.lock:
            now = self.clock.now()
            job = self.found(call.account, call.labels["id"], now)
            if self.ended_at(job, now) is not None:
                self.confirm(job, now)
        return answer


@mutant("old-priority-told", clause=f"{_ON_PRIORITY}.prioritise/shown", needs="prioritise a job")
class OldPriorityTold(S3ControlService):
    """The answer to a new priority shows one less than was set."""

    def update_job_priority(self, call: Call) -> str:
        return re.sub(
            r"<Priority>(\d+)<",
            lambda found: f"<Priority>{max(0, int(found[1]) - 1)}<",
            super().update_job_priority(call),
        )


@mutant(
    "priority-capped", clause=f"{_ON_PRIORITY}.prioritise/shown", needs="give a job a very large priority and read it"
)
class PriorityCapped(S3ControlService):
    """A priority of more than a thousand is shown as a thousand."""

    def job_descriptor(self, job: Job, now: float) -> str:
        return re.sub(
            r"<Priority>(\d+)<",
            lambda found: f"<Priority>{min(1000, int(found[1]))}<",
            super().job_descriptor(job, now),
        )


@mutant("repeated-token-makes-another", clause="CreateJob/ClientRequestToken/repeated", needs="send a creation twice")
class TokenForgotten(S3ControlService):
    """The same request with the same token makes another job."""

    def known_job(self, account: str, request: dict[str, Any], now: float) -> Job | None:
        del account, request, now
        return None


@mutant(
    "reused-token-makes-another", clause="CreateJob/ClientRequestToken/reused", needs="use a token for another request"
)
class TokenReused(S3ControlService):
    """Another request with the same token makes another job."""

    def known_job(self, account: str, request: dict[str, Any], now: float) -> Job | None:
        try:
            return super().known_job(account, request, now)
        except RefusalError:
            return None


@mutant("not-held", clause="CreateJob/ConfirmationRequired/holds", needs="create a job that needs a confirmation")
class NotHeld(S3ControlService):
    """No job waits for its confirmation."""

    def needs_confirmation(self, request: Mapping[str, object]) -> bool:
        del request
        return False


@mutant("always-held", clause="CreateJob/ConfirmationRequired/lets-go", needs="create a job that needs no confirmation")
class AlwaysHeld(S3ControlService):
    """Every job waits for its confirmation."""

    def needs_confirmation(self, request: Mapping[str, object]) -> bool:
        del request
        return True


@mutant(
    "suspended-once-more", clause="DescribeJob/job/held-once", needs="read a job behind its confirmation several times"
)
class SuspendedAgain(S3ControlService):
    """Every second read of a complete or cancelled job shows it as suspended."""

    def job_descriptor(self, job: Job, now: float) -> str:
        text = super().job_descriptor(job, now)
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[job.id] += any(f"<Status>{status}<" in text for status in (Status.COMPLETE, Status.CANCELLED))
        status = leaf("Status", Status.SUSPENDED)
        return (
            re.sub("<Status>.*?</Status>", status, text, count=1) if reads[job.id] and reads[job.id] % 2 == 0 else text
        )
