"""How import jobs come to their statuses. No document gives the transitions; these follow from the waiter."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from conformance.emulator.omics.record import ImportJob, Reference, Source, SourceStatus, Status, Store
from conformance.emulator.schedule import Schedule, Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.clock import Clock
    from conformance.emulator.settings import Settings


class Lifecycle(ABC):
    """Plans an import job when it starts; afterwards its status follows the clock."""

    settings: Settings
    clock: Clock

    submission_share = 0.1
    """Share of the nominal run time that a job stays submitted at least."""
    run_share = 0.9
    terminal = frozenset({Status.COMPLETED, Status.COMPLETED_WITH_FAILURES, Status.FAILED, Status.CANCELLED})

    @abstractmethod
    def next_number(self) -> int:
        """Return the number of the next thing made."""

    def planned_schedule(self, store: Store, sources: Sequence[Source], now: float) -> Schedule:
        """Plan a new job."""
        begin = self.begin(store, now)
        end = begin + self.run_share * self.settings.job_seconds
        return Schedule(
            steps=(
                Step(status=Status.SUBMITTED, at=now),
                Step(status=Status.IN_PROGRESS, at=begin),
                Step(status=self.outcome(sources), at=end),
            )
        )

    def begin(self, store: Store, now: float) -> float:
        """Return when a new job gets its turn: imports go into a store one at a time (model, operation text)."""
        ready = now + self.submission_share * self.settings.job_seconds
        return max([ready, *(self.planned_end(job) for job in store.unsettled)])

    def planned_end(self, job: ImportJob) -> float:
        """Return when a job ends."""
        return job.schedule.steps[-1].at

    def outcome(self, sources: Sequence[Source]) -> Status:
        """Return the status a job ends with."""
        found = [source.file.exists for source in sources]
        if all(found):
            return Status.COMPLETED
        return Status.COMPLETED_WITH_FAILURES if any(found) else Status.FAILED

    def status_of(self, job: ImportJob, now: float) -> Status:
        """Return the status of a job."""
        return Status(job.schedule.status(now))

    def has_ended(self, job: ImportJob, now: float) -> bool:
        """Whether a job will not change any more."""
        return self.status_of(job, now) in self.terminal

    def ended_at(self, job: ImportJob, now: float) -> float | None:
        """Return when a job ended."""
        return self.planned_end(job) if self.has_ended(job, now) else None

    def source_status(self, job: ImportJob, source: Source, now: float) -> SourceStatus:
        """Return the status of a source."""
        if self.has_ended(job, now):
            return SourceStatus.FINISHED if source.file.exists else SourceStatus.FAILED
        running = self.status_of(job, now) is Status.IN_PROGRESS
        return SourceStatus.IN_PROGRESS if running else SourceStatus.NOT_STARTED

    def settle(self, store: Store, now: float) -> None:
        """Put the references of the jobs that have ended into the store."""
        ended = [job for job in store.unsettled if self.has_ended(job, now)]
        if not ended:
            return
        store.unsettled = [job for job in store.unsettled if not self.has_ended(job, now)]
        for job in ended:
            store.references.extend(self.reference(job, source) for source in job.sources if source.file.exists)

    def reference(self, job: ImportJob, source: Source) -> Reference:
        """Make the reference of a source that was imported."""
        return Reference(
            number=self.next_number(),
            id=source.reference_id,
            store_id=job.store_id,
            job_id=job.id,
            source=source,
            created=self.planned_end(job),
        )
