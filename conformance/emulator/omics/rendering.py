"""Stores, jobs and references as the answers show them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.clock import iso
from conformance.emulator.omics.lifecycle import Lifecycle
from conformance.emulator.omics.record import SourceStatus

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.omics.record import ImportJob, Reference, Source, Store


class Rendering(Lifecycle):
    """Writes records as members of JSON objects; members without a value are left out."""

    def date(self, moment: float) -> str:
        """Return a clock reading as text."""
        return iso(self.clock.date(moment))

    def store_arn(self, store_id: str) -> str:
        """Return the name of a store among all resources of AWS."""
        return f"arn:aws:omics:{self.settings.region}:{self.settings.account_id}:referenceStore/{store_id}"

    def store_members(self, store: Store) -> dict[str, Any]:
        """Show a store; Create, Get and List show the same."""
        return {
            "id": store.id,
            "arn": self.store_arn(store.id),
            **_present(store.request, "name", "description", "sseConfig"),
            "creationTime": self.date(store.created),
        }

    def started_job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        """Show a job as the answer to its start."""
        return {
            "id": job.id,
            "referenceStoreId": job.store_id,
            **_present(job.request, "roleArn"),
            "status": self.status_of(job, now),
            "creationTime": self.date(job.created),
        }

    def job_item_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        """Show a job as an item of the list."""
        members = self.started_job_members(job, now)
        ended = self.ended_at(job, now)
        return members if ended is None else {**members, "completionTime": self.date(ended)}

    def job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        """Show a job with all its sources."""
        members = self.job_item_members(job, now)
        message = self.status_message(job, now)
        if message is not None:
            members["statusMessage"] = message
        return {**members, "sources": [self.source_members(job, source, now) for source in job.sources]}

    def status_message(self, job: ImportJob, now: float) -> str | None:
        """Say what went wrong with a job, if anything did."""
        failed = sum(self.source_status(job, source, now) is SourceStatus.FAILED for source in job.sources)
        return f"{failed} of {len(job.sources)} sources could not be imported" if failed else None

    def source_members(self, job: ImportJob, source: Source, now: float) -> dict[str, Any]:
        """Show a source; it names its reference once there is one."""
        status = self.source_status(job, source, now)
        members = {**_present(source.request, "sourceFile", "name", "description", "tags"), "status": status}
        if status is SourceStatus.FINISHED:
            members["referenceId"] = source.reference_id
        if status is SourceStatus.FAILED:
            members["statusMessage"] = "The source file does not exist or cannot be read"
        return members

    def reference_item_members(self, reference: Reference) -> dict[str, Any]:
        """Show a reference as an item of the list."""
        date = self.date(reference.created)
        return {
            "id": reference.id,
            "arn": f"{self.store_arn(reference.store_id)}/reference/{reference.id}",
            "referenceStoreId": reference.store_id,
            "md5": reference.source.file.md5,
            "status": "ACTIVE",
            **_present(reference.source.request, "name", "description"),
            "creationTime": date,
            "updateTime": date,
        }

    def reference_members(self, reference: Reference) -> dict[str, Any]:
        """Show all that is known of a reference."""
        origin = {"creationType": "IMPORT", "creationJobId": reference.job_id}
        return {**self.reference_item_members(reference), **origin}


def _present(request: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: request[name] for name in names if request.get(name) is not None}
