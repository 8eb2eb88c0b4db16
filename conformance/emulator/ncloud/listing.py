"""Lists: which items they show, in which order, and how they are cut into pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from conformance.emulator.ncloud.lifecycle import Lifecycle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.ncloud.query import JobFilter, Page

Item = TypeVar("Item")


class Listing(Lifecycle):
    """Filters, order, pages and count of getJobs and getJobExecutions."""

    def in_order(self, items: Sequence[Item]) -> list[Item]:
        """Return the items newest first, as in the documented examples; they come oldest first."""
        return list(reversed(items))

    def has_name(self, job: Job, name: str | None) -> bool:
        """Tell whether a job has the name asked for; that a part of it suffices, in its case, is our choice."""
        return name is None or name in job.name

    def has_status(self, job: Job, executions: Sequence[Execution], status: str | None, now: float) -> bool:
        """Tell whether a job has the status asked for."""
        return status is None or self.job_status(job, executions, now) == status

    def is_match(self, job: Job, executions: Sequence[Execution], wanted: JobFilter, now: float) -> bool:
        """Tell whether a job passes all filters."""
        return self.has_name(job, wanted.name) and self.has_status(job, executions, wanted.status, now)

    def cut(self, items: Sequence[Item], page: Page) -> Sequence[Item]:
        """Return the items of one page; beyond the end there are none, and none fit into a limit of 0."""
        start = self.page_start(page)
        return items[start : start + page.limit]

    def page_start(self, page: Page) -> int:
        """Return the index of the first item of a page."""
        return page.number * page.limit

    def count(self, *, matching: int, shown: int) -> int:
        """Return what ``count`` says, which the editions define differently."""
        return matching if self.edition.counts_total else shown

    def page_body(self, rows: list[Any], page: Page, *, matching: int) -> dict[str, Any]:
        """Return the body of a list's answer."""
        count = self.count(matching=matching, shown=len(rows))
        return {"list": rows, "count": count, "page": page.number, "limit": page.limit}
