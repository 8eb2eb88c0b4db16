"""S3 Control with a fault in what it takes as a parameter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.s3control import constraint
from conformance.emulator.s3control.job import Status
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from conformance.emulator.s3control.reading import Call
    from conformance.emulator.table import Table

mutant = declarer("s3control", "parameter-range")


@mutant("page-above-maximum-accepted", clause="ListJobs/maxResults/maximum", needs="list with 1001 a page")
class PageAboveMaximum(S3ControlService):
    """A page of 1001 jobs may be asked for."""

    list_jobs_rules = constraint.LIST_JOBS.replaced("MaxResults", max=1001)


@mutant("page-maximum-refused", clause="ListJobs/maxResults/maximum", needs="list with 1000 a page")
class PageMaximumRefused(S3ControlService):
    """The largest documented page is refused."""

    list_jobs_rules = constraint.LIST_JOBS.replaced("MaxResults", max=999)


@mutant("negative-page-accepted", clause="ListJobs/maxResults/minimum", needs="list with -1 a page")
class NegativePage(S3ControlService):
    """A page of -1 jobs counts as one of nothing."""

    def coerced(self, call: Call, name: str, *, path: str, table: Table) -> object:
        value = super().coerced(call, name, path=path, table=table)
        return max(value, 0) if name == "maxResults" and isinstance(value, int) else value


@mutant("page-word-ignored", clause="ListJobs/maxResults/type", needs="list with a word as maxResults")
class PageWordIgnored(S3ControlService):
    """A maxResults that is no number is ignored."""

    def coerced(self, call: Call, name: str, *, path: str, table: Table) -> object:
        value = super().coerced(call, name, path=path, table=table)
        return None if name == "maxResults" and isinstance(value, str) else value


@mutant(
    "unknown-status-accepted", clause="ListJobs/jobStatuses[]/allowed-values", needs="filter by a status there is not"
)
class UnknownStatusAccepted(S3ControlService):
    """A filter by a status there is not gives an empty list."""

    list_jobs_rules = constraint.LIST_JOBS.replaced("JobStatuses[]", values=None)


@mutant("pausing-status-refused", clause="ListJobs/jobStatuses[]/allowed-values", needs="filter by every status")
class PausingRefused(S3ControlService):
    """A filter by Pausing is refused."""

    list_jobs_rules = constraint.LIST_JOBS.replaced(
        "JobStatuses[]", values=tuple(each for each in Status if each != "Pausing")
    )


@mutant("account-optional", clause="ListJobs/x-amz-account-id/required", needs="list without an account")
class AccountOptional(S3ControlService):
    """A request without an account is taken as one of the caller's own."""

    def check_account(self, operation: str, account: str) -> None:
        if account:
            super().check_account(operation, account)


@mutant("negative-priority-accepted", clause="CreateJob/Priority/minimum", needs="create with a priority of -1")
class NegativePriority(S3ControlService):
    """A job may have a priority of -1."""

    create_job_rules = constraint.CREATE_JOB.replaced("Priority", min=-1)


@mutant("huge-priority-accepted", clause="CreateJob/Priority/maximum", needs="create with a priority of 2147483648")
class HugePriority(S3ControlService):
    """A job may have a priority beyond 31 bits."""

    create_job_rules = constraint.CREATE_JOB.replaced("Priority", max=2**63)


@mutant("priority-optional", clause="CreateJob/Priority/required", needs="create without a priority")
class PriorityOptional(S3ControlService):
    """A job without a priority is accepted."""

    create_job_rules = constraint.CREATE_JOB.replaced("Priority", required=False)


@mutant(
    "long-description-accepted",
    clause="CreateJob/Description/max-length",
    needs="create with a description of 257 characters",
)
class LongDescription(S3ControlService):
    """A description may have 257 characters."""

    create_job_rules = constraint.CREATE_JOB.replaced("Description", max=257)


@mutant(
    "short-description-refused",
    clause="CreateJob/Description/min-length",
    needs="create with a description of one character",
)
class ShortDescription(S3ControlService):
    """A description of one character is refused."""

    create_job_rules = constraint.CREATE_JOB.replaced("Description", min=2)


@mutant("any-text-as-role", clause="CreateJob/RoleArn/pattern", needs="create with a role that is no ARN")
class AnyRole(S3ControlService):
    """A role may be any text."""

    create_job_rules = constraint.CREATE_JOB.replaced("RoleArn", pattern=None)


@mutant(
    "any-report-scope",
    clause="CreateJob/Report.ReportScope/allowed-values",
    needs="create with a report scope there is not",
)
class AnyReportScope(S3ControlService):
    """The scope of a report may be any text."""

    create_job_rules = constraint.CREATE_JOB.replaced("Report.ReportScope", values=None)


@mutant(
    "manifest-etag-optional",
    clause="CreateJob/Manifest.Location.ETag/required",
    needs="create without an ETag of the manifest",
)
class EtagOptional(S3ControlService):
    """The ETag of a manifest may be left out."""

    create_job_rules = constraint.CREATE_JOB.replaced("Manifest.Location.ETag", required=False)


@mutant("too-many-tags-accepted", clause="CreateJob/Tags/max-items", needs="create with 51 tags")
class TooManyTags(S3ControlService):
    """A job may have 51 tags."""

    create_job_rules = constraint.CREATE_JOB.replaced("Tags", max=51)


@mutant("two-operations-accepted", clause="CreateJob/Operation/exactly-one-of", needs="create with two operations")
class TwoOperations(S3ControlService):
    """A job with two operations, or none, is accepted."""

    create_job_rules = constraint.CREATE_JOB.replaced("Operation", choice=False)


@mutant("confirmation-of-any-text", clause="CreateJob/ConfirmationRequired/type", needs="create with a word as boolean")
class ConfirmationOfAnyText(S3ControlService):
    """A ConfirmationRequired that is no boolean counts as true."""

    def read_document(self, call: Call, *, root: str, table: Table) -> dict[str, Any]:
        tree = super().read_document(call, root=root, table=table)
        return {**tree, "ConfirmationRequired": tree.get("ConfirmationRequired") not in {None, False}}


@mutant(
    "status-reason-too-long-accepted",
    clause="UpdateJobStatus/statusUpdateReason/max-length",
    needs="update with a reason of 257 characters",
)
class LongReason(S3ControlService):
    """A reason may have 257 characters."""

    update_job_status_rules = constraint.UPDATE_JOB_STATUS.replaced("StatusUpdateReason", max=257)


@mutant("updated-priority-optional", clause="UpdateJobPriority/priority/required", needs="update without a priority")
class UpdatedPriorityOptional(S3ControlService):
    """A new priority that is left out counts as 0."""

    def read_update_job_priority(self, call: Call) -> dict[str, Any]:
        return (
            super().read_update_job_priority(call)
            if "priority" in call.query
            else {"JobId": call.labels["id"], "Priority": 0}
        )
