"""S3 Control with a fault that shows only where requests race."""

from __future__ import annotations

import threading
import time
import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.s3control.document import element, leaf
from conformance.emulator.s3control.job import Job, Status
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from conformance.emulator.s3control.job import Manifest
    from conformance.emulator.s3control.reading import Call

mutant = declarer("s3control", "lifecycle")
_GAP = 0.1


@mutant(
    "token-looked-up-before-entry",
    clause="CreateJob/ClientRequestToken/racing",
    needs="create with one token from several clients at once",
)
class TokenGap(S3ControlService):
    """Whether a token is known is looked up some time before the job is entered, without keeping others out."""

    def create_job(self, call: Call) -> str:
        request = self.read_create_job(call)
        manifest = self.manifest_of(request)
        with self.lock:
            now = self.clock.now()
            job = self.known_job(call.account, request, now)
        if job is None:
            time.sleep(_GAP)
            with self.lock:
                job = self.new_job(call.account, request, manifest=manifest, now=now)
                self.ledger.add(job)
        return element("CreateJobResult", leaf("JobId", job.id))


@mutant(
    "racing-jobs-share-an-id",
    clause="CreateJob/job/racing-ids",
    needs="create different jobs from several clients at once",
)
class SharedIds(S3ControlService):
    """The number that makes an id is read some time before the job is entered."""

    def new_job(self, account: str, request: dict[str, Any], *, manifest: Manifest, now: float) -> Job:
        job = super().new_job(account, request, manifest=manifest, now=now)
        number = len(self.ledger.jobs(account))
        self.lock.release()
        time.sleep(_GAP / 4)
        self.lock.acquire()
        return replace(job, id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{account} {number}")))


@mutant(
    "confirm-does-not-see-the-cancel",
    clause="UpdateJobStatus/job/racing-cancel",
    needs="confirm and cancel a suspended job at once, and look at it until it has ended",
)
class ConfirmMissesCancel(S3ControlService):
    """Whether a job may be confirmed is looked at some time before it is, without keeping cancels out."""

    def update_job_status(self, call: Call) -> str:
        wanted = self.read_update_job_status(call)
        requested = Status(wanted["RequestedJobStatus"])
        with self.lock:
            now = self.clock.now()
            job = self.found(call.account, wanted["JobId"], now)
            may = self.may_change(self.status_of(job, now), requested)
        time.sleep(_GAP if requested is Status.READY else _GAP / 4)
        if requested is not Status.READY or not may:
            return super().update_job_status(call)
        with self.lock:
            self.confirm(job, self.clock.now())
            content = leaf("JobId", job.id) + leaf("Status", self.status_of(job, self.clock.now()))
            return element("UpdateJobStatusResult", content)


@mutant(
    "other-connections-see-the-past",
    clause="DescribeJob/job/racing-reads",
    needs="read a job from several clients while it changes",
)
class OthersSeeThePast(S3ControlService):
    """A connection that was not the first to read a job is shown for a second what it was shown first."""

    def describe_job(self, call: Call) -> str:
        copies: dict[Any, tuple[float, str]] = self.__dict__.setdefault("copies", {})
        owners: dict[Any, int] = self.__dict__.setdefault("owners", {})
        key, now = (call.account, str(call.labels), threading.get_ident()), time.monotonic()
        if owners.setdefault(key[:2], key[2]) == key[2]:
            return super().describe_job(call)
        if key not in copies or now - copies[key][0] > 1:
            copies[key] = (now, super().describe_job(call))
        return copies[key][1]
