"""HealthOmics with a fault in its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.record import Status
from conformance.emulator.omics.service import OmicsService

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from conformance.emulator.omics.record import ImportJob, Store
    from conformance.emulator.paging import Numbered

mutant = declarer("omics", "list-semantics")


@mutant(
    "page-holds-one-too-many",
    clause="ListReferenceImportJobs/maxResults/bounds-page",
    needs="list fewer jobs than there are",
)
class OneTooMany(OmicsService):
    """A page holds one job more than was asked for."""

    def page_size(self, wanted: int | None) -> int:
        return super().page_size(wanted) + 1


@mutant("page-loses-an-item", clause="ListReferenceImportJobs/nextToken/walk", needs="walk through several pages")
class LosesItem(OmicsService):
    """Between two pages one job is lost."""

    def is_beyond(self, item: Numbered, position: int) -> bool:
        return item.number < position - (position != self.first_position)


@mutant("page-repeats-an-item", clause="ListReferenceImportJobs/nextToken/walk", needs="walk through several pages")
class RepeatsItem(OmicsService):
    """A page begins with the job that ended the one before."""

    def is_beyond(self, item: Numbered, position: int) -> bool:
        return item.number <= position


@mutant(
    "token-on-full-last-page",
    clause="ListReferenceImportJobs/nextToken/last-page",
    needs="walk in pages that the last one fills",
)
class TokenOnLastPage(OmicsService):
    """Every page carries a token, even the last one."""

    def has_more(self, rest: Iterable[Numbered]) -> bool:
        return True


@mutant("token-forgotten", clause="ListReferenceImportJobs/nextToken/last-page", needs="list fewer jobs than there are")
class TokenForgotten(OmicsService):
    """A page carries no token, though there is more."""

    def has_more(self, rest: Iterable[Numbered]) -> bool:
        return False


@mutant(
    "garbage-token-gives-first-page",
    clause="ListReferenceImportJobs/nextToken/garbage",
    needs="list with a token never issued",
)
class GarbageToken(OmicsService):
    """A token that was never issued gives the first page."""

    def position_of(self, token: str, scope: str) -> int | None:
        found = super().position_of(token, scope)
        return self.first_position if found is None else found


@mutant(
    "status-filter-ignored",
    clause="ListReferenceImportJobs/filter.status/filter-sound",
    needs="filter jobs of several statuses",
)
class StatusIgnored(OmicsService):
    """The filter by status is ignored."""

    def has_wanted_status(self, job: ImportJob, conditions: Mapping[str, str], now: float) -> bool:
        return True


@mutant("failed-filter-inverted", clause="ListReferenceImportJobs/filter.status/filter-sound", needs="filter by FAILED")
class FailedInverted(OmicsService):
    """The filter by FAILED gives all jobs that have not failed."""

    def has_wanted_status(self, job: ImportJob, conditions: Mapping[str, str], now: float) -> bool:
        fits = super().has_wanted_status(job, conditions, now)
        return not fits if conditions.get("status") == Status.FAILED else fits


@mutant(
    "partial-failure-not-found-by-status",
    clause="ListReferenceImportJobs/filter.status/filter-complete",
    needs="filter by COMPLETED_WITH_FAILURES when there is such a job",
)
class PartialNotFound(OmicsService):
    """The filter by COMPLETED_WITH_FAILURES never finds a job."""

    def has_wanted_status(self, job: ImportJob, conditions: Mapping[str, str], now: float) -> bool:
        fits = super().has_wanted_status(job, conditions, now)
        return fits and conditions.get("status") != Status.COMPLETED_WITH_FAILURES


@mutant(
    "created-after-ignored",
    clause="ListReferenceImportJobs/filter.createdAfter/filter-sound",
    needs="filter by a time between two jobs",
)
class AfterIgnored(OmicsService):
    """The filter by createdAfter is ignored."""

    def is_created_within(self, created: float, conditions: Mapping[str, str]) -> bool:
        return super().is_created_within(created, {n: v for n, v in conditions.items() if n != "createdAfter"})


@mutant(
    "created-bounds-swapped",
    clause="ListReferenceImportJobs/filter.createdBefore/filter-complete",
    needs="filter by a time behind all jobs",
)
class BoundsSwapped(OmicsService):
    """The filter createdBefore is taken for createdAfter."""

    def is_created_within(self, created: float, conditions: Mapping[str, str]) -> bool:
        swapped = dict(conditions)
        if "createdBefore" in swapped and "createdAfter" not in swapped:
            swapped["createdAfter"] = swapped.pop("createdBefore")
        return super().is_created_within(created, swapped)


@mutant(
    "created-after-a-day-late",
    clause="ListReferenceImportJobs/filter.createdAfter/filter-complete",
    needs="filter by a time before all jobs",
)
class AfterIsADayLate(OmicsService):
    """The filter createdAfter begins with the day behind the one it names."""

    def is_created_within(self, created: float, conditions: Mapping[str, str]) -> bool:
        return super().is_created_within(created - (86_400 if "createdAfter" in conditions else 0), conditions)


@mutant("filters-or-ed", clause="ListReferenceImportJobs/filters/combined", needs="filter by status and time together")
class FiltersOred(OmicsService):
    """With several filters, jobs that match one of them are listed."""

    def is_wanted_job(self, job: ImportJob, conditions: Mapping[str, str], now: float) -> bool:
        if len(conditions) < 2:
            return super().is_wanted_job(job, conditions, now)
        return any(super(FiltersOred, self).is_wanted_job(job, {n: v}, now) for n, v in conditions.items())


@mutant(
    "other-stores-listed",
    clause="ListReferenceImportJobs/referenceStoreId/scope",
    needs="list a store without jobs while another has some",
)
class OtherStores(OmicsService):
    """The list of a store holds the jobs of all stores."""

    def listed_jobs(self, store: Store) -> list[ImportJob]:
        return [job for each in self.stores.values() for job in each.jobs]


@mutant("newest-listed-twice", clause="ListReferenceImportJobs/items/unique", needs="list when there are jobs")
class NewestTwice(OmicsService):
    """The newest job stands in a list twice."""

    def in_list_order(self, items: list[Any]) -> Iterable[Any]:
        return [*items[-1:], *reversed(items)]


@mutant(
    "store-name-filter-ignored", clause="ListReferenceStores/filter.name/filter-sound", needs="filter stores by a name"
)
class NameIgnored(OmicsService):
    """The filter of stores by name is ignored."""

    def is_wanted_store(self, store: Store, conditions: Mapping[str, str]) -> bool:
        return super().is_wanted_store(store, {n: v for n, v in conditions.items() if n != "name"})


@mutant("running-jobs-not-listed", clause="ListReferenceImportJobs/items/listed", needs="list while a job runs")
class RunningNotListed(OmicsService):
    """A job is not in the list until it has ended."""

    def listed_jobs(self, store: Store) -> list[ImportJob]:
        now = self.clock.now()
        return [job for job in super().listed_jobs(store) if self.has_ended(job, now)]
