"""HealthOmics with a fault in the life of a single import."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.record import Status
from conformance.emulator.omics.service import OmicsService

if TYPE_CHECKING:
    from conformance.emulator.omics.reading import Call
    from conformance.emulator.omics.record import ImportJob, Store

mutant = declarer("omics", "lifecycle")


@mutant("job-id-reused", clause="StartReferenceImportJob/importJob/unique-id", needs="start several imports")
class JobIdReused(OmicsService):
    """An import whose source has a description gets the id of the import before it."""

    def start_import(self, call: Call) -> dict[str, Any]:
        members = super().start_import(call)
        before = self.__dict__.get("id_before", members["id"])
        self.__dict__["id_before"] = members["id"]
        return {**members, "id": before} if b'"description"' in call.body else members


@mutant(
    "undocumented-status-shown",
    clause="GetReferenceImportJob/importJob/status-known",
    needs="read a job until it has ended",
)
class UnknownStatus(OmicsService):
    """A job that has just completed is shown once under a status that is not documented."""

    def job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        members = super().job_members(job, now)
        seen: set[str] = self.__dict__.setdefault("seen", set())
        if members["status"] != Status.COMPLETED or job.id in seen:
            return members
        seen.add(job.id)
        return {**members, "status": "FINISHING"}


@mutant(
    "completed-runs-again",
    clause="GetReferenceImportJob/importJob/terminal",
    needs="read a completed job several times",
)
class CompletedRunsAgain(OmicsService):
    """Every third read of a completed job shows it as failed."""

    def job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        members = super().job_members(job, now)
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[job.id] += members["status"] == Status.COMPLETED
        return {**members, "status": Status.FAILED} if reads[job.id] % 3 == 2 else members


@mutant(
    "running-is-submitted-again",
    clause="GetReferenceImportJob/importJob/status-forward",
    needs="read a running job several times",
)
class RunningSubmitted(OmicsService):
    """Every second read of a running job shows it as submitted."""

    def job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        members = super().job_members(job, now)
        running = members["status"] == Status.IN_PROGRESS
        reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
        reads[job.id] += running
        return {**members, "status": Status.SUBMITTED} if running and reads[job.id] % 2 == 0 else members


@mutant("creation-time-moves", clause="GetReferenceImportJob/importJob/immutable", needs="read a job several times")
class CreationMoves(OmicsService):
    """The creation time of a job is the time it is read."""

    def job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        return {**super().job_members(job, now), "creationTime": self.date(now)}


@mutant(
    "completion-before-creation", clause="GetReferenceImportJob/importJob/end-time", needs="read a job that has ended"
)
class CompletionBeforeCreation(OmicsService):
    """A job ended an hour before it was made."""

    def job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        members = super().job_members(job, now)
        return {**members, "completionTime": self.date(job.created - 3600)} if "completionTime" in members else members


@mutant(
    "completion-time-moves",
    clause="GetReferenceImportJob/importJob/end-time",
    needs="read a job that has ended several times",
)
class CompletionMoves(OmicsService):
    """The completion time of a job that has ended is the time it is read."""

    def job_members(self, job: ImportJob, now: float) -> dict[str, Any]:
        members = super().job_members(job, now)
        return {**members, "completionTime": self.date(now)} if "completionTime" in members else members


@mutant(
    "list-shows-failed-as-completed",
    clause="ListReferenceImportJobs/importJob/list-agrees",
    needs="read and list a failed job",
)
class ListDisagrees(OmicsService):
    """The list shows failed jobs as completed."""

    def list_answer(self, name: str, items: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
        shown = [
            {**item, "status": Status.COMPLETED} if item.get("status") == Status.FAILED else item for item in items
        ]
        return super().list_answer(name, shown, token)


@mutant("other-job-shown", clause="GetReferenceImportJob/importJob/readable", needs="read the second job of a store")
class OtherJobShown(OmicsService):
    """Reading a job shows the first one of its store."""

    def job(self, store: Store, job_id: str) -> ImportJob:
        super().job(store, job_id)
        return store.jobs[0]
