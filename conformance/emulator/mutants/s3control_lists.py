"""S3 Control with a fault in its list of jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.clock import iso
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.refusal import RefusalError
from conformance.emulator.s3control.job import Status
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from werkzeug import Request

    from conformance.emulator.paging import Numbered
    from conformance.emulator.s3control.job import Job
    from conformance.emulator.s3control.reading import Call

mutant = declarer("s3control", "list-semantics")


@mutant("page-holds-one-too-many", clause="ListJobs/maxResults/bounds-page", needs="list fewer jobs than there are")
class OneTooMany(S3ControlService):
    """A page holds one job more than was asked for."""

    def page_size(self, wanted: int | None) -> int:
        return super().page_size(wanted) + bool(wanted)


@mutant("page-loses-an-item", clause="ListJobs/nextToken/walk", needs="walk through several pages")
class LosesItem(S3ControlService):
    """Between two pages one job is lost."""

    def is_beyond(self, item: Numbered, position: int) -> bool:
        return item.number < position - (position != self.first_position)


@mutant("page-repeats-an-item", clause="ListJobs/nextToken/walk", needs="walk through several pages")
class RepeatsItem(S3ControlService):
    """A page begins with the job that ended the one before."""

    def is_beyond(self, item: Numbered, position: int) -> bool:
        return item.number <= position


@mutant("token-forgotten", clause="ListJobs/nextToken/last-page", needs="list fewer jobs than there are")
class TokenForgotten(S3ControlService):
    """A page carries no token, though there is more."""

    def has_more(self, rest: Iterable[Numbered]) -> bool:
        return False


@mutant("token-never-ends", clause="ListJobs/nextToken/last-page", needs="walk to the end")
class TokenNeverEnds(S3ControlService):
    """Every page carries a token, even the last one."""

    def has_more(self, rest: Iterable[Numbered]) -> bool:
        return True


@mutant("garbage-token-gives-first-page", clause="ListJobs/nextToken/garbage", needs="list with a token never issued")
class GarbageToken(S3ControlService):
    """A token that was never issued gives the first page."""

    def position_of(self, token: str, scope: str) -> int | None:
        found = super().position_of(token, scope)
        return self.first_position if found is None else found


@mutant("garbage-token-named-as-not-found", clause="ListJobs/nextToken/garbage", needs="list with a token never issued")
class GarbageNotFound(S3ControlService):
    """A token that was never issued is refused as a job there is not."""

    def start_of(self, token: str | None, scope: str) -> int:
        try:
            return super().start_of(token, scope)
        except RefusalError as refusal:
            raise self.not_found() from refusal


@mutant("status-filter-ignored", clause="ListJobs/jobStatuses/filter-sound", needs="filter jobs of several statuses")
class StatusIgnored(S3ControlService):
    """The filter by status is ignored."""

    def has_wanted_status(self, job: Job, statuses: Sequence[str] | None, now: float) -> bool:
        return True


@mutant("suspended-filter-inverted", clause="ListJobs/jobStatuses/filter-sound", needs="filter by Suspended")
class SuspendedInverted(S3ControlService):
    """The filter by Suspended gives all jobs that are not."""

    def has_wanted_status(self, job: Job, statuses: Sequence[str] | None, now: float) -> bool:
        fits = super().has_wanted_status(job, statuses, now)
        return not fits if statuses == [Status.SUSPENDED] else fits


@mutant(
    "only-first-status-counts", clause="ListJobs/jobStatuses/filter-complete", needs="filter by two statuses at once"
)
class FirstStatusOnly(S3ControlService):
    """Of several statuses to filter by, only the first counts."""

    def has_wanted_status(self, job: Job, statuses: Sequence[str] | None, now: float) -> bool:
        return super().has_wanted_status(job, (statuses or ())[:1], now)


@mutant(
    "cancelled-not-found-by-status",
    clause="ListJobs/jobStatuses/filter-complete",
    needs="filter by Cancelled when there is such a job",
)
class CancelledNotFound(S3ControlService):
    """The filter never finds cancelled jobs."""

    def has_wanted_status(self, job: Job, statuses: Sequence[str] | None, now: float) -> bool:
        fits = super().has_wanted_status(job, statuses, now)
        return fits and not (statuses and self.status_of(job, now) is Status.CANCELLED)


@mutant("account-ignored", clause="ListJobs/x-amz-account-id/scope", needs="list another account's jobs")
class AccountIgnored(S3ControlService):
    """Whatever account is asked for, the jobs of the caller's own are listed."""

    def call_of(self, request: Request, operation: str, labels: Mapping[str, str]) -> Call:
        call = super().call_of(request, operation, labels)
        foreign = operation == "ListJobs" and call.account.isdigit() and len(call.account) == 12
        return replace(call, account=self.settings.account_id) if foreign else call


@mutant("suspended-not-listed", clause="ListJobs/items/listed", needs="list while a job waits for its confirmation")
class SuspendedNotListed(S3ControlService):
    """Jobs that wait for their confirmation are not in the list."""

    def has_wanted_status(self, job: Job, statuses: Sequence[str] | None, now: float) -> bool:
        waits = not statuses and self.status_of(job, now) is Status.SUSPENDED
        return super().has_wanted_status(job, statuses, now) and not waits


@mutant("newest-listed-twice", clause="ListJobs/items/unique", needs="list when there are jobs")
class NewestTwice(S3ControlService):
    """The newest job stands in a list twice."""

    def in_list_order(self, items: list[Any]) -> Iterable[Any]:
        return [*items[-1:], *reversed(items)]


@mutant("ended-jobs-kept-forever", clause="ListJobs/items/retention", needs="list jobs that ended long ago")
class KeptForever(S3ControlService):
    """The list shows jobs that ended more than a hundred days ago."""

    def termination_date(self, job: Job, now: float) -> str | None:
        ended = self.ended_at(job, now)
        return None if ended is None else iso(self.clock.date(ended - 100 * 86_400))
