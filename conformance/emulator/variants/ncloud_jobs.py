"""Data Flow whose jobs and executions go another way: how long, in which status, what stays of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.emulator.ncloud.refusal import Answer
from conformance.emulator.ncloud.service import NcloudService
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.ncloud.asked import Asked
    from conformance.emulator.ncloud.edition import Edition
    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.settings import Settings

variant = declarer("ncloud")


@variant("instant-executions", fact="no document says how long an execution takes", settings={"job_seconds": 0.001})
class Instant(NcloudService):
    """Executions end as soon as they have begun."""


@variant("slow-executions", fact="no document says how long an execution takes", settings={"job_seconds": 0.4})
class Slow(NcloudService):
    """Executions take their time."""


@variant("never-ready", fact="B.6: the transitions of an execution are not documented")
class NeverReady(NcloudService):
    """An execution runs from its start."""

    ready_share = 0.0


@variant("deleted-jobs-stay-listed", fact="B27: DELETED is a status of the list")
class DeletedListed(NcloudService):
    """A deleted job stays in the list as DELETED, and is not found otherwise."""

    def delete_job(self, asked: Asked) -> Answer:
        with self.lock:
            job = self.job_of(asked.job_id)
            self.check_may_delete(job)
            self._gone().add(job.job_id)
        return Answer(status=200, body=True)

    def _gone(self) -> set[str]:
        gone: set[str] = self.__dict__.setdefault("gone", set())
        return gone

    def job_of(self, job_id: str) -> Job:
        if job_id in self._gone():
            raise self.missing_job()
        return super().job_of(job_id)

    def job_status(self, job: Job, executions: Sequence[Execution], now: float) -> str:
        return "DELETED" if job.job_id in self._gone() else super().job_status(job, executions, now)


@variant("deleted-jobs-can-be-read", fact="B27: DELETED is a status of a job; how long it is shown is not said")
class DeletedReadable(DeletedListed):
    """A deleted job is shown as DELETED, in the list and alone."""

    def get_job(self, asked: Asked) -> Answer:
        with self.lock:
            job = super(DeletedListed, self).job_of(asked.job_id)
            return self.shown_job(job)


@variant("timeouts-from-one", fact="B18: whether a timeout may be 0 is not clear")
class TimeoutsFromOne(NcloudService):
    """A timeout of 0 is out of range."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), timeout_minimum=1)


@variant("the-other-worker-type", fact="B19: the default worker type is DATAFLOW or DEFAULT")
class OtherWorker(NcloudService):
    """The default worker type is DEFAULT."""

    def edition_for(self, settings: Settings) -> Edition:
        edition = super().edition_for(settings)
        return replace(edition, worker_types=tuple(reversed(edition.worker_types)))


@variant("names-start-with-letters", fact="B17: which other first characters a name may have is not clear")
class LettersFirst(NcloudService):
    """A name starts with a letter."""

    def edition_for(self, settings: Settings) -> Edition:
        return replace(super().edition_for(settings), name_pattern=r"[A-Za-z][A-Za-z0-9_-]*")


@variant("seen-later", fact="no document says that a new job is seen at once")
class SeenLater(NcloudService):
    """A new job is in the list after a quarter of a second."""

    SECONDS = 0.25

    def is_match(self, job: Job, executions: Sequence[Execution], wanted: object, now: float) -> bool:
        return now - job.created >= self.SECONDS and super().is_match(job, executions, wanted, now)  # type: ignore[arg-type]


@variant("stopping-before-the-end", fact="B.6: STOPPED means stopping; when a job shows it is not said")
class Stopping(NcloudService):
    """A job is STOPPED for a moment before its execution ends."""

    def job_status(self, job: Job, executions: Sequence[Execution], now: float) -> str:
        status = super().job_status(job, executions, now)
        active = [each for each in executions if self.is_active(each, now)]
        soon = bool(active) and all(self.due(each) - now < 0.01 for each in active)
        return "STOPPED" if soon and self.edition.status_filter is not None else status
