"""HealthOmics with a fault in the states of sources, in tokens and turns, and in what a list or a deleted store shows."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.record import SourceStatus, Status
from conformance.emulator.omics.service import OmicsService

if TYPE_CHECKING:
    from conformance.emulator.omics.reading import Call
    from conformance.emulator.omics.record import ImportJob, Source, Store

mutant = declarer("omics", "lifecycle")


@mutant("store-id-reused", clause="CreateReferenceStore/store/unique-id", needs="create several stores")
class StoreIdReused(OmicsService):
    """A store with a description gets the id of the store before it."""

    def create_store(self, call: Call) -> dict[str, Any]:
        members = super().create_store(call)
        before = self.__dict__.get("id_before", members["id"])
        self.__dict__["id_before"] = members["id"]
        return {**members, "id": before} if b'"description"' in call.body else members


@mutant(
    "finished-source-fails",
    clause="GetReferenceImportJob/importJob/items-final",
    needs="read an ended job several times",
)
class FinishedFails(OmicsService):
    """Every third time, a source that was imported is shown as failed."""

    def source_status(self, job: ImportJob, source: Source, now: float) -> SourceStatus:
        status = super().source_status(job, source, now)
        shown: Counter[str] = self.__dict__.setdefault("shown", Counter())
        shown[source.reference_id] += status is SourceStatus.FINISHED
        return SourceStatus.FAILED if shown[source.reference_id] % 3 == 2 else status


@mutant(
    "completed-with-sources-running", clause="GetReferenceImportJob/importJob/items-agree", needs="read a completed job"
)
class SourcesRunOn(OmicsService):
    """The sources of a job that has completed are still in progress."""

    def source_status(self, job: ImportJob, source: Source, now: float) -> SourceStatus:
        status = super().source_status(job, source, now)
        return SourceStatus.IN_PROGRESS if status is SourceStatus.FINISHED else status


@mutant(
    "failures-nowhere", clause="GetReferenceImportJob/importJob/items-agree", needs="read a job of which some failed"
)
class FailuresNowhere(OmicsService):
    """A job that completed with failures shows every source as imported."""

    def source_status(self, job: ImportJob, source: Source, now: float) -> SourceStatus:
        partly = self.status_of(job, now) is Status.COMPLETED_WITH_FAILURES
        return SourceStatus.FINISHED if partly else super().source_status(job, source, now)


@mutant(
    "completion-foreseen",
    clause="GetReferenceImportJob/response.completionTime/not-before",
    needs="read a job that has not ended",
)
class CompletionForeseen(OmicsService):
    """A job shows from its start when it will have completed."""

    def ended_at(self, job: ImportJob, now: float) -> float | None:
        del now
        return self.planned_end(job)


@mutant(
    "list-shows-another-role",
    clause="ListReferenceImportJobs/importJob/list-fields",
    needs="read and list a job that has ended",
)
class ListRole(OmicsService):
    """The list shows another role than the job has."""

    def list_answer(self, name: str, items: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
        changed = [{**item, "roleArn": f"{item['roleArn']}-other"} if "roleArn" in item else item for item in items]
        return super().list_answer(name, changed, token)


@mutant("list-shows-another-name", clause="ListReferenceStores/store/list-fields", needs="read and list a store")
class ListName(OmicsService):
    """The list shows names of stores in capitals."""

    def list_answer(self, name: str, items: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
        changed = [{**item, "name": item["name"].upper()} if "name" in item else item for item in items]
        return super().list_answer(name, changed, token)


@mutant("job-list-turns-round", clause="ListReferenceImportJobs/items/order-stable", needs="list jobs twice")
class JobListTurns(OmicsService):
    """Every second list of jobs shows them the other way round."""

    def list_answer(self, name: str, items: list[dict[str, Any]], token: str | None) -> dict[str, Any]:
        self.__dict__["lists"] = self.__dict__.get("lists", 0) + 1
        turned = name == "importJobs" and self.__dict__["lists"] % 2 == 0
        return super().list_answer(name, items[::-1] if turned else items, token)


@mutant("store-list-turns-round", clause="ListReferenceStores/items/order-stable", needs="list stores twice")
class StoreListTurns(OmicsService):
    """Every second page shows its items the other way round."""

    def page_of(self, *arguments: Any, **options: Any) -> Any:
        page = super().page_of(*arguments, **options)
        self.__dict__["lists"] = self.__dict__.get("lists", 0) + 1
        return dataclasses.replace(page, items=page.items[::-1]) if self.__dict__["lists"] % 2 else page


@mutant(
    "deleted-store-imports", clause="StartReferenceImportJob/store/deleted", needs="start an import in a deleted store"
)
class DeletedImports(OmicsService):
    """An import can be started in a store that was deleted."""

    def start_import(self, call: Call) -> dict[str, Any]:
        identifier = call.labels.get("referenceStoreId", "")
        if identifier in self.stores or identifier not in self._ids:
            return super().start_import(call)
        request = self.read_body(call, self.start_import_rules)
        made = {"id": self.new_id(), "referenceStoreId": identifier, "roleArn": request["roleArn"]}
        return {**made, "status": Status.SUBMITTED, "creationTime": self.date(self.clock.now())}


@mutant(
    "token-refused-again",
    clause="StartReferenceImportJob/clientToken/repeated",
    needs="send a start with a token twice",
)
class TokenRefused(OmicsService):
    """A start with a token that was sent before is refused."""

    def known_job(self, store: Store, request: dict[str, Any]) -> ImportJob | None:
        if super().known_job(store, request) is not None:
            raise self.invalid("The client token was used before")
        return None


@mutant("token-conflicts", clause="StartReferenceImportJob/clientToken/reused", needs="use a token for another start")
class TokenConflicts(OmicsService):
    """Another start with the same token is refused with an error that the operation does not have."""

    def known_job(self, store: Store, request: dict[str, Any]) -> ImportJob | None:
        token = request.get("clientToken")
        known = [job for job in store.jobs if token is not None and job.request.get("clientToken") == token]
        if known and known[0].request != request:
            raise self.conflict("The client token was used with another request")
        return super().known_job(store, request)


@mutant(
    "second-import-conflicts",
    clause="StartReferenceImportJob/importJob/one-at-a-time",
    needs="start an import while another runs",
)
class SecondConflicts(OmicsService):
    """A start while another import runs is refused with an error that the operation does not have."""

    def known_job(self, store: Store, request: dict[str, Any]) -> ImportJob | None:
        now = self.clock.now()
        if any(self.status_of(job, now) is Status.IN_PROGRESS for job in store.unsettled):
            raise self.conflict("Another import is running")
        return super().known_job(store, request)
