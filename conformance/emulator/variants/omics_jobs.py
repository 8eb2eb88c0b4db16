"""HealthOmics whose imports go another way: when they start, what stands in their way, how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.omics.record import ImportJob, Status
from conformance.emulator.omics.service import OmicsService
from conformance.emulator.schedule import Schedule, Step
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from conformance.emulator.omics.record import Source, SourceFile, Store

variant = declarer("omics")


@variant("instant-imports", fact="no document says how long an import takes", settings={"job_seconds": 0.001})
class Instant(OmicsService):
    """Imports end as soon as they have begun."""


@variant("slow-imports", fact="no document says how long an import takes", settings={"job_seconds": 0.4})
class Slow(OmicsService):
    """Imports take their time."""


@variant("imports-side-by-side", fact="A14: one at a time is said in passing, and contradicted by a quota of several")
class SideBySide(OmicsService):
    """Imports into one store run at the same time."""

    def begin(self, store: Store, now: float) -> float:
        return now + self.submission_share * self.settings.job_seconds


class _OneAtATime(OmicsService):
    STATUS, NAME = 402, "ServiceQuotaExceededException"

    def new_job(
        self, store: Store, request: dict[str, Any], *, files: Mapping[str, SourceFile], now: float
    ) -> ImportJob:
        if store.unsettled:
            raise self.busy()
        return super().new_job(store, request, files=files, now=now)

    def busy(self) -> Exception:
        return self.over_quota("An import is under way")


@variant("a-second-import-is-over-quota", fact="A14: a second import while one runs may be refused with 402")
class Second402(_OneAtATime):
    """While an import is under way, another one into its store is over the quota."""


@variant("a-second-import-is-invalid", fact="A14: a second import while one runs may be refused with 400")
class Second400(_OneAtATime):
    """While an import is under way, another one into its store is invalid."""

    def busy(self) -> Exception:
        return self.invalid("An import is under way")


@variant("tokens-start-anew", fact="A13: the same token with the same body may give a new id")
class TokensAnew(OmicsService):
    """A client token that was used is as good as a new one."""

    def known_job(self, store: Store, request: dict[str, Any]) -> ImportJob | None:
        return None


@variant("tokens-win-over-bodies", fact="A13: the same token with another body may give the old id")
class TokensWin(OmicsService):
    """A client token that was used gives the job it was used for, whatever else is said."""

    def known_job(self, store: Store, request: dict[str, Any]) -> ImportJob | None:
        token = request.get("clientToken")
        return next((job for job in store.jobs if token and job.request.get("clientToken") == token), None)


@variant("unreadable-sources-refused", fact="A19: whether an unreadable object is refused or fails is not said")
class SourcesFirst(OmicsService):
    """A source that is not there is refused at the start."""

    def new_job(
        self, store: Store, request: dict[str, Any], *, files: Mapping[str, SourceFile], now: float
    ) -> ImportJob:
        if not all(file.exists for file in files.values()):
            raise self.invalid("A source file cannot be read")
        return super().new_job(store, request, files=files, now=now)


@variant("started-at-once", fact="A.4: the first status of a job is not stated")
class StartedAtOnce(OmicsService):
    """A job that need not wait is in progress when its start is answered."""

    def planned_schedule(self, store: Store, sources: Sequence[Source], now: float) -> Schedule:
        schedule = super().planned_schedule(store, sources, now)
        alone = not store.unsettled
        return Schedule(steps=(Step(status=Status.IN_PROGRESS, at=now), schedule.steps[-1])) if alone else schedule


@variant("cancelled-by-the-service", fact="A17: CANCELLING and CANCELLED are valid although nobody can ask for them")
class ServiceCancels(OmicsService):
    """Every seventh import is cancelled by the service."""

    def planned_schedule(self, store: Store, sources: Sequence[Source], now: float) -> Schedule:
        schedule = super().planned_schedule(store, sources, now)
        self.__dict__["planned"] = planned = self.__dict__.get("planned", 0) + 1
        if planned % 7:
            return schedule
        first, run, end = schedule.steps
        halfway = (run.at + end.at) / 2
        last = (Step(status=Status.CANCELLING, at=halfway), Step(status=Status.CANCELLED, at=end.at))
        return Schedule(steps=(first, run, *last))


@variant("seen-later", fact="A27: whether reads and lists see a job at once is not said")
class SeenLater(OmicsService):
    """A new job is known to reads and lists after a quarter of a second."""

    SECONDS = 0.25

    def job(self, store: Store, job_id: str) -> ImportJob:
        job = super().job(store, job_id)
        if self.clock.now() - job.created < self.SECONDS:
            raise self.not_found("reference import job")
        return job

    def listed_jobs(self, store: Store) -> list[ImportJob]:
        now = self.clock.now()
        return [job for job in super().listed_jobs(store) if now - job.created >= self.SECONDS]


@variant(
    "listed-later",
    fact="A27: whether lists see a job at once is not said",
    advice=("ListReferenceImportJobs/items/listed",),
)
class ListedLater(OmicsService):
    """A new job is in the list after a second, though a read shows it at once."""

    def listed_jobs(self, store: Store) -> list[ImportJob]:
        now = self.clock.now()
        return [job for job in super().listed_jobs(store) if now - job.created >= 1.0]


@variant("ids-of-other-lengths", fact="A.1: ids have ten to thirty-six digits")
class LongIds(OmicsService):
    """Ids have thirty-six digits."""

    def new_id(self) -> str:
        return super().new_id().ljust(36, "7")
