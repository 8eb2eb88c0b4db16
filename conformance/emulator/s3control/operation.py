"""The operations of the jobs API."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from conformance.emulator.paging import Paging
from conformance.emulator.refusal import RefusalError
from conformance.emulator.s3control.document import element, leaf
from conformance.emulator.s3control.job import Job, Status
from conformance.emulator.s3control.manifest import ManifestReader
from conformance.emulator.s3control.rendering import Rendering

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from conformance.emulator.s3control.job import Manifest
    from conformance.emulator.s3control.ledger import Ledger
    from conformance.emulator.s3control.reading import Call


class Operations(Rendering, ManifestReader, Paging):
    """Each operation reads its call, looks at or changes the ledger under the lock, and returns its root element."""

    ledger: Ledger
    lock: threading.Lock

    default_page_size = 1000
    """ListJobs documents no default; this is its maximum."""
    max_tags = 50

    # ListJobs

    def list_jobs(self, call: Call) -> str:
        """Carry out ListJobs."""
        wanted = self.read_list_jobs(call)
        statuses = wanted["JobStatuses"]
        scope = self.token_scope(call.account, statuses)
        position = self.start_of(wanted["NextToken"], scope)
        with self.lock:
            now = self.clock.now()
            page = self.page_of(
                self.ledger.jobs(call.account),
                matches=lambda job: self.is_retained(job, now) and self.has_wanted_status(job, statuses, now),
                limit=self.page_size(wanted["MaxResults"]),
                position=position,
                scope=scope,
            )
            items = "".join(self.list_descriptor(job, now) for job in page.items)
        return element("ListJobsResult", leaf("NextToken", page.token) + element("Jobs", items))

    def page_size(self, wanted: int | None) -> int:
        """Return how many jobs a page may hold; 0 is in the documented range and gives an empty page."""
        return self.default_page_size if wanted is None else wanted

    def token_scope(self, account: str, statuses: Sequence[str] | None) -> str:
        """Return what a token is good for: one account and one filter, but any page size."""
        return f"{account} {','.join(sorted(set(statuses or ())))}"

    def start_of(self, token: str | None, scope: str) -> int:
        """Return where a page begins."""
        if token is None:
            return self.first_position
        position = self.position_of(token, scope)
        if position is None:
            raise RefusalError(status=400, name="InvalidNextTokenException", message="The token is not valid")
        return position

    def has_wanted_status(self, job: Job, statuses: Sequence[str] | None, now: float) -> bool:
        """Whether a job passes the filter."""
        return not statuses or self.status_of(job, now) in statuses

    # CreateJob

    def create_job(self, call: Call) -> str:
        """Carry out CreateJob."""
        request = self.read_create_job(call)
        manifest = self.manifest_of(request)
        with self.lock:
            now = self.clock.now()
            job = self.known_job(call.account, request, now)
            if job is None:
                job = self.new_job(call.account, request, manifest=manifest, now=now)
                self.ledger.add(job)
            return element("CreateJobResult", leaf("JobId", job.id))

    def known_job(self, account: str, request: dict[str, Any], now: float) -> Job | None:
        """Return the job an earlier call with the same client token has made."""
        job = self.ledger.job_by_token(account, request.get("ClientRequestToken"))
        if job is None or not self.is_retained(job, now):
            return None
        if not self.is_repetition(job, request):
            message = "The client request token was used with another request"
            raise RefusalError(status=400, name="IdempotencyException", message=message)
        return job

    def is_repetition(self, job: Job, request: dict[str, Any]) -> bool:
        """Whether a request says the same as the one that made the job."""
        return job.request == request

    def new_job(self, account: str, request: dict[str, Any], *, manifest: Manifest, now: float) -> Job:
        """Make a job."""
        return Job(
            number=self.ledger.next_number(),
            id=str(uuid.uuid4()),
            account=account,
            request=request,
            manifest=manifest,
            created=now,
            schedule=self.first_schedule(request, manifest, now),
            priority=request.get("Priority", 0),
            tags=request.get("Tags", []),
        )

    # Operations on one job

    def found(self, account: str, job_id: str, now: float) -> Job:
        """Return a job of an account, or refuse."""
        job = self.ledger.job(account, job_id)
        if job is None or not self.is_retained(job, now):
            raise self.not_found()
        return job

    def not_found(self) -> RefusalError:
        """Return the refusal for an unknown job, whose documented status is 400."""
        return RefusalError(status=400, name="NotFoundException", message="The specified job does not exist")

    def describe_job(self, call: Call) -> str:
        """Carry out DescribeJob."""
        wanted = self.read_job_id(call, self.describe_job_rules)
        with self.lock:
            now = self.clock.now()
            job = self.found(call.account, wanted["JobId"], now)
            return element("DescribeJobResult", self.job_descriptor(job, now))

    def update_job_status(self, call: Call) -> str:
        """Carry out UpdateJobStatus."""
        wanted = self.read_update_job_status(call)
        with self.lock:
            now = self.clock.now()
            job = self.found(call.account, wanted["JobId"], now)
            self.change_status(job, Status(wanted["RequestedJobStatus"]), now)
            job.reason = wanted["StatusUpdateReason"] or job.reason
            content = leaf("JobId", job.id) + leaf("Status", self.status_of(job, now))
            return element("UpdateJobStatusResult", content + leaf("StatusUpdateReason", job.reason))

    def change_status(self, job: Job, requested: Status, now: float) -> None:
        """Confirm or cancel a job, or refuse where its status does not permit that."""
        status = self.status_of(job, now)
        if not self.may_change(status, requested):
            message = f"A job that is {status} cannot become {requested}"
            raise RefusalError(status=400, name="JobStatusException", message=message)
        if requested is Status.READY:
            self.confirm(job, now)
        else:
            self.cancel(job, now)

    def may_change(self, status: Status, requested: Status) -> bool:
        """Whether a job may be asked for another status."""
        if requested is Status.READY:
            return status in self.confirmable
        return status not in self.uncancellable

    def update_job_priority(self, call: Call) -> str:
        """Carry out UpdateJobPriority; its error list knows no wrong status, so an ended job takes a new number too."""
        wanted = self.read_update_job_priority(call)
        with self.lock:
            job = self.found(call.account, wanted["JobId"], self.clock.now())
            job.priority = wanted["Priority"]
            return element("UpdateJobPriorityResult", leaf("JobId", job.id) + leaf("Priority", job.priority))

    # Tags

    def get_job_tagging(self, call: Call) -> str:
        """Carry out GetJobTagging."""
        wanted = self.read_job_id(call, self.job_tagging_rules)
        with self.lock:
            job = self.found(call.account, wanted["JobId"], self.clock.now())
            return element("GetJobTaggingResult", self.tag_list(job))

    def put_job_tagging(self, call: Call) -> str:
        """Carry out PutJobTagging, which replaces all tags."""
        wanted = self.read_put_job_tagging(call)
        with self.lock:
            job = self.found(call.account, wanted["JobId"], self.clock.now())
            if len(wanted["Tags"]) > self.max_tags:
                message = f"A job has at most {self.max_tags} tags"
                raise RefusalError(status=400, name="TooManyTagsException", message=message)
            job.tags = wanted["Tags"]
            return element("PutJobTaggingResult", "")

    def delete_job_tagging(self, call: Call) -> str:
        """Carry out DeleteJobTagging."""
        wanted = self.read_job_id(call, self.job_tagging_rules)
        with self.lock:
            job = self.found(call.account, wanted["JobId"], self.clock.now())
            job.tags = []
            return element("DeleteJobTaggingResult", "")
