"""Requests of the jobs API, read and checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from conformance.emulator.refusal import RefusalError
from conformance.emulator.s3control import constraint, document
from conformance.emulator.s3control.shape import ACCOUNT_ID

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from conformance.emulator.settings import Settings
    from conformance.emulator.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request for one operation."""

    operation: str
    account: str
    labels: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: bytes


class Reading:
    """Turns calls into checked input trees, or refuses them."""

    settings: Settings

    list_jobs_rules = constraint.LIST_JOBS
    create_job_rules = constraint.CREATE_JOB
    describe_job_rules = constraint.DESCRIBE_JOB
    update_job_status_rules = constraint.UPDATE_JOB_STATUS
    update_job_priority_rules = constraint.UPDATE_JOB_PRIORITY
    job_tagging_rules = constraint.DESCRIBE_JOB
    put_job_tagging_rules = constraint.PUT_JOB_TAGGING

    account_rule = ACCOUNT_ID
    default_invalid_name = "BadRequestException"
    invalid_names: ClassVar[Mapping[str, str]] = {"ListJobs": "InvalidRequestException"}
    """Name of the refusal of a value outside its limits: ListJobs documents another one than its neighbours."""
    largest_body = 16 * 1024 * 1024
    """More than any valid request needs; no document names a limit."""
    report_needs = ("Bucket", "Format", "ReportScope")
    """What an enabled report needs (user guide); the model demands none of it."""

    def invalid(self, operation: str, message: str) -> RefusalError:
        """Return the refusal of a request that breaks a constraint."""
        name = self.invalid_names.get(operation, self.default_invalid_name)
        return RefusalError(status=400, name=name, message=message)

    def checked(self, operation: str, tree: dict[str, Any], table: Table) -> dict[str, Any]:
        """Return an input that keeps its rules."""
        breach = next(table.breaches(tree), None)
        if breach is not None:
            raise self.invalid(operation, str(breach))
        return tree

    def check_account(self, operation: str, account: str) -> None:
        """Refuse a missing or malformed account header, and with signatures on, somebody else's account."""
        reason = self.account_rule.breach(account)
        if reason is not None:
            raise self.invalid(operation, f"Value at 'AccountId' {reason}")
        if not self.is_permitted(account):
            raise RefusalError(status=403, name="AccessDenied", message="Access Denied")

    def is_permitted(self, account: str) -> bool:
        """Whether the caller may act for an account; without signatures nobody knows who the caller is."""
        return not self.settings.auth or account == self.settings.account_id

    def single(self, call: Call, name: str) -> str | None:
        """Return the value of a query key that may be given once."""
        values = call.query.get(name, [])
        if len(values) > 1:
            raise self.invalid(call.operation, f"Query key {name} is given more than once")
        return values[0] if values else None

    def coerced(self, call: Call, name: str, *, path: str, table: Table) -> object:
        """Return the value of a query key as its rule reads it."""
        text = self.single(call, name)
        return None if text is None else table[path].coerced(text)

    def read_list_jobs(self, call: Call) -> dict[str, Any]:
        """Read ListJobs."""
        table = self.list_jobs_rules
        tree = {
            "JobStatuses": call.query.get("jobStatuses"),
            "MaxResults": self.coerced(call, "maxResults", path="MaxResults", table=table),
            "NextToken": self.single(call, "nextToken"),
        }
        return self.checked(call.operation, tree, table)

    def read_job_id(self, call: Call, table: Table) -> dict[str, Any]:
        """Read an operation whose only input is the job."""
        return self.checked(call.operation, {"JobId": call.labels["id"]}, table)

    def read_update_job_status(self, call: Call) -> dict[str, Any]:
        """Read UpdateJobStatus."""
        tree = {
            "JobId": call.labels["id"],
            "RequestedJobStatus": self.single(call, "requestedJobStatus"),
            "StatusUpdateReason": self.single(call, "statusUpdateReason"),
        }
        checked = self.checked(call.operation, tree, self.update_job_status_rules)
        if not document.is_expressible(checked["StatusUpdateReason"] or ""):
            raise self.invalid(call.operation, "Value at 'StatusUpdateReason' holds characters that XML cannot express")
        return checked

    def read_update_job_priority(self, call: Call) -> dict[str, Any]:
        """Read UpdateJobPriority."""
        table = self.update_job_priority_rules
        tree = {
            "JobId": call.labels["id"],
            "Priority": self.coerced(call, "priority", path="Priority", table=table),
        }
        return self.checked(call.operation, tree, table)

    def read_document(self, call: Call, *, root: str, table: Table) -> dict[str, Any]:
        """Read an XML body."""
        if len(call.body) > self.largest_body:
            raise self.invalid(call.operation, "The body is too large")
        try:
            return document.read(call.body, root=root, table=table)
        except document.MalformedXmlError as error:
            raise self.invalid(call.operation, str(error)) from error

    def read_create_job(self, call: Call) -> dict[str, Any]:
        """Read CreateJob."""
        tree = self.read_document(call, root="CreateJobRequest", table=self.create_job_rules)
        self.checked(call.operation, tree, self.create_job_rules)
        reason = next(self.create_job_breaches(tree), None)
        if reason is not None:
            raise self.invalid(call.operation, reason)
        return tree

    def read_put_job_tagging(self, call: Call) -> dict[str, Any]:
        """Read PutJobTagging."""
        tree = self.read_document(call, root="PutJobTaggingRequest", table=self.put_job_tagging_rules)
        tree = self.checked(call.operation, {**tree, "JobId": call.labels["id"]}, self.put_job_tagging_rules)
        if not self.has_unique_keys(tree["Tags"]):
            raise self.invalid(call.operation, "Tag keys must be unique")
        return tree

    def create_job_breaches(self, tree: Mapping[str, Any]) -> Iterator[str]:
        """Tell which rules between the elements of CreateJob are broken."""
        if not self.has_one_manifest(tree):
            yield "Exactly one of Manifest and ManifestGenerator must be given"
        if not self.has_whole_report(tree.get("Report", {})):
            yield f"An enabled report needs {', '.join(self.report_needs)}"
        if not self.has_unique_keys(tree.get("Tags", [])):
            yield "Tag keys must be unique"

    def has_one_manifest(self, tree: Mapping[str, Any]) -> bool:
        """Whether either a manifest or a generator for one is given; both are optional in the model."""
        return ("Manifest" in tree) != ("ManifestGenerator" in tree)

    def has_whole_report(self, report: Mapping[str, Any]) -> bool:
        """Whether an enabled report says where, what and in which format."""
        return not report.get("Enabled") or all(name in report for name in self.report_needs)

    def has_unique_keys(self, tags: list[dict[str, str]]) -> bool:
        """Whether no tag key is given twice (user guide, job tags)."""
        return all(times == 1 for times in Counter(tag["Key"] for tag in tags).values())
