"""How jobs come to their statuses, from the status page of the S3 user guide."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from conformance.emulator.s3control.job import Job, Status
from conformance.emulator.schedule import Schedule, Step

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.emulator.clock import Clock
    from conformance.emulator.s3control.job import Manifest
    from conformance.emulator.settings import Settings

_DAY = 86_400.0


class Lifecycle:
    """Plans the statuses of a job when it is made, confirmed or cancelled; afterwards they follow the clock."""

    settings: Settings
    clock: Clock

    shares: ClassVar[Mapping[Status, float]] = {
        Status.NEW: 0.05,
        Status.PREPARING: 0.15,
        Status.READY: 0.1,
        Status.ACTIVE: 0.6,
        Status.COMPLETING: 0.1,
        Status.FAILING: 0.05,
        Status.CANCELLING: 0.05,
    }
    """Share of the nominal run time that a status lasts; the documents give no durations."""
    suspension_seconds = 30 * _DAY
    """A suspended job that nobody confirms fails after 30 days (user guide)."""
    retention_seconds = 90 * _DAY
    """An ended job is kept for 90 days (ListJobs, first paragraph)."""

    preparation: tuple[Status, ...] = (Status.NEW, Status.PREPARING)
    run: tuple[Status, ...] = (Status.READY, Status.ACTIVE, Status.COMPLETING, Status.COMPLETE)
    failure: tuple[Status, ...] = (Status.FAILING, Status.FAILED)
    cancellation: tuple[Status, ...] = (Status.CANCELLING, Status.CANCELLED)
    terminal = frozenset({Status.COMPLETE, Status.FAILED, Status.CANCELLED})
    confirmable = frozenset({Status.SUSPENDED})
    """Where UpdateJobStatus takes ``Ready``."""
    uncancellable = terminal
    """Where UpdateJobStatus refuses ``Cancelled``."""

    def needs_confirmation(self, request: Mapping[str, object]) -> bool:
        """Whether a job waits for its confirmation; without the element it does not (the model's default)."""
        return bool(request.get("ConfirmationRequired", False))

    def planned_statuses(self, request: Mapping[str, object], manifest: Manifest) -> tuple[Status, ...]:
        """Return the way of a new job."""
        if not manifest.exists:
            return self.preparation + self.failure
        if self.needs_confirmation(request):
            return (*self.preparation, Status.SUSPENDED, *self.failure)
        return self.preparation + self.run

    def duration(self, status: Status) -> float:
        """Return how long a status lasts unless somebody intervenes."""
        if status is Status.SUSPENDED:
            return self.suspension_seconds
        return self.shares.get(status, 0.0) * self.settings.job_seconds

    def steps(self, statuses: Sequence[Status], start: float) -> tuple[Step, ...]:
        """Lay statuses out over time."""
        steps = []
        for status in statuses:
            steps.append(Step(status=status, at=start))
            start += self.duration(status)
        return tuple(steps)

    def first_schedule(self, request: Mapping[str, object], manifest: Manifest, now: float) -> Schedule:
        """Plan a new job."""
        return Schedule(steps=self.steps(self.planned_statuses(request, manifest), now))

    def confirm(self, job: Job, now: float) -> None:
        """Let a suspended job run."""
        job.schedule = job.schedule.replanned(now, *self.steps(self.run, now))

    def cancel(self, job: Job, now: float) -> None:
        """Let a job end as cancelled; one that is being cancelled already just goes on."""
        if self.status_of(job, now) is not Status.CANCELLING:
            job.schedule = job.schedule.replanned(now, *self.steps(self.cancellation, now))

    def status_of(self, job: Job, now: float) -> Status:
        """Return the status of a job."""
        return Status(job.schedule.status(now))

    def ended_at(self, job: Job, now: float) -> float | None:
        """Return when a job ended."""
        step = job.schedule.step(now)
        return step.at if step.status in self.terminal else None

    def suspended_at(self, job: Job, now: float) -> float | None:
        """Return when a job was suspended."""
        return job.schedule.entered(Status.SUSPENDED, now)

    def is_retained(self, job: Job, now: float) -> bool:
        """Whether a job is still remembered."""
        ended = self.ended_at(job, now)
        return ended is None or now - ended <= self.retention_seconds

    def active_seconds(self, job: Job, now: float) -> float:
        """Return how long a job has been active."""
        entered = job.schedule.entered(Status.ACTIVE, now)
        if entered is None:
            return 0.0
        left = job.schedule.left(Status.ACTIVE, now)
        return (now if left is None else left) - entered

    def tasks_in_total(self, job: Job, now: float) -> int:
        """Return the number of tasks, which is unknown until the manifest was read."""
        return 0 if job.schedule.left(Status.PREPARING, now) is None else job.manifest.tasks

    def tasks_succeeded(self, job: Job, now: float) -> int:
        """Return the number of tasks done; all of them once the job has left Active for its good end."""
        total = self.tasks_in_total(job, now)
        if any(job.schedule.entered(status, now) is not None for status in (Status.COMPLETING, Status.COMPLETE)):
            return total
        duration = self.duration(Status.ACTIVE)
        return min(total, int(total * self.active_seconds(job, now) / duration)) if duration else 0

    def tasks_failed(self, _job: Job, _now: float) -> int:
        """Return the number of failed tasks: none, as the emulator touches no objects."""
        return 0
