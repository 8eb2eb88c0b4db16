"""Data Flow with a fault in its lists."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.service import NcloudService

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.ncloud.asked import Asked
    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.ncloud.query import JobFilter, Page
    from conformance.emulator.ncloud.refusal import Answer

Item = TypeVar("Item")
mutant = declarer("ncloud", "list-semantics")


@mutant("page-holds-one-too-many", clause="getJobs/limit/bounds-page", needs="list fewer jobs than there are")
class OneTooMany(NcloudService):
    """A page holds one item more than its limit."""

    def cut(self, items: Sequence[Item], page: Page) -> Sequence[Item]:
        start = self.page_start(page)
        return items[start : start + page.limit + bool(page.limit)]


@mutant("page-holds-one-too-few", clause="getJobs/limit/fills-page", needs="list fewer jobs than there are")
class OneTooFew(NcloudService):
    """A first page that is full lacks its last item."""

    def cut(self, items: Sequence[Item], page: Page) -> Sequence[Item]:
        shown = super().cut(items, page)
        return shown[:-1] if len(shown) == page.limit > 1 and len(items) > page.limit else shown


@mutant("pages-overlap", clause="getJobs/page/walk", needs="walk through several pages")
class PagesOverlap(NcloudService):
    """Each page begins with the item that ended the one before."""

    def page_start(self, page: Page) -> int:
        return max(super().page_start(page) - page.number, 0)


@mutant("pages-skip-an-item", clause="getJobs/page/walk", needs="walk through several pages")
class PagesSkip(NcloudService):
    """Between the first page and the second one item is lost."""

    def page_start(self, page: Page) -> int:
        return super().page_start(page) + (page.number > 0)


@mutant(
    "execution-pages-skip-an-item",
    clause="getJobExecutions/page/walk",
    needs="walk through several pages of executions",
)
class ExecutionPagesSkip(NcloudService):
    """The second page of executions begins one item too late."""

    def cut(self, items: Sequence[Item], page: Page) -> Sequence[Item]:
        late = page.number > 0 and bool(items) and hasattr(items[0], "execution_id")
        return super().cut(items, page)[late:]


@mutant("count-is-one-off", clause="getJobs/count/meaning", needs="list fewer jobs than there are")
class CountOneOff(NcloudService):
    """The count is one more than the number of items."""

    def count(self, *, matching: int, shown: int) -> int:
        return super().count(matching=matching, shown=shown) + 1


@mutant("count-changes-its-meaning", clause="getJobs/count/meaning", needs="list the first and a later page")
class CountChanges(NcloudService):
    """The count is that of all jobs where the page is full, and that of the page where it is not."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        body = super().page_body(rows, page, matching=matching)
        return {**body, "count": matching if len(rows) == page.limit else len(rows)}


@mutant("page-echo-counts-from-one", clause="getJobs/page/echo", needs="list")
class PageEcho(NcloudService):
    """The answer counts pages from 1."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        return {**super().page_body(rows, page, matching=matching), "page": page.number + 1}


@mutant("limit-echo-is-number-of-items", clause="getJobs/limit/echo", needs="list more jobs than there are")
class LimitEcho(NcloudService):
    """The answer repeats the number of items in place of the limit."""

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        return {**super().page_body(rows, page, matching=matching), "limit": len(rows)}


@mutant("name-filter-ignored", clause="getJobs/name/filter-sound", needs="filter by a name")
class NameIgnored(NcloudService):
    """The filter by name is ignored."""

    def has_name(self, job: Job, name: str | None) -> bool:
        return True


@mutant("status-filter-ignored", clause="getJobs/status/filter-sound", needs="filter jobs of several statuses")
class StatusIgnored(NcloudService):
    """The filter by status is ignored."""

    def has_status(self, job: Job, executions: Sequence[Execution], status: str | None, now: float) -> bool:
        return True


@mutant(
    "editing-not-found-by-status",
    clause="getJobs/status/filter-complete",
    needs="filter by EDITING when there is such a job",
)
class EditingNotFound(NcloudService):
    """The filter by EDITING never finds a job."""

    def has_status(self, job: Job, executions: Sequence[Execution], status: str | None, now: float) -> bool:
        return super().has_status(job, executions, status, now) and status != "EDITING"


@mutant("filters-or-ed", clause="getJobs/filters/combined", needs="filter by name and status together")
class FiltersOred(NcloudService):
    """With a name and a status, jobs that match one of them are listed."""

    def is_match(self, job: Job, executions: Sequence[Execution], wanted: JobFilter, now: float) -> bool:
        if wanted.name is None or wanted.status is None:
            return super().is_match(job, executions, wanted, now)
        return self.has_name(job, wanted.name) or self.has_status(job, executions, wanted.status, now)


@mutant("status-dropped-beside-a-name", clause="getJobs/filters/combined", needs="filter by name and status together")
class StatusDropped(NcloudService):
    """With a name, the filter by status is ignored."""

    def is_match(self, job: Job, executions: Sequence[Execution], wanted: JobFilter, now: float) -> bool:
        named = self.has_name(job, wanted.name)
        return named if wanted.name is not None else named and self.has_status(job, executions, wanted.status, now)


@mutant("drafts-not-listed", clause="getJobs/items/listed", needs="list when a job is saved for the time being")
class DraftsNotListed(NcloudService):
    """Jobs saved for the time being are listed only where they are asked for by status."""

    def is_match(self, job: Job, executions: Sequence[Execution], wanted: JobFilter, now: float) -> bool:
        return super().is_match(job, executions, wanted, now) and (wanted.status is not None or not job.is_temporary)


@mutant("newest-listed-twice", clause="getJobs/items/unique", needs="list when there are jobs")
class NewestTwice(NcloudService):
    """The newest item stands in a list twice."""

    def in_order(self, items: Sequence[Item]) -> list[Item]:
        ordered = super().in_order(items)
        return [*ordered[:1], *ordered]


@mutant(
    "executions-of-all-jobs-listed",
    clause="getJobExecutions/jobId/scope",
    needs="list the executions of a job without any",
)
class AllExecutions(NcloudService):
    """The list of a job's executions holds those of all jobs."""

    def get_executions(self, asked: Asked) -> Answer:
        answer = super().get_executions(asked)
        now = self.clock.now()
        others = (run for job in self.register.jobs() if job.job_id != asked.job_id for run in self.runs_of(job))
        answer.body["list"] += [self.execution_row(run, now) for run in others][
            : max(answer.body["limit"] - answer.body["count"], 0)
        ]
        answer.body["count"] = len(answer.body["list"])
        return answer
