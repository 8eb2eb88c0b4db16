"""The operations on reference import jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.omics.catalog import Catalog
from conformance.emulator.omics.record import ImportJob, Source, Store
from conformance.emulator.omics.source import SourceReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.emulator.omics.reading import Call
    from conformance.emulator.omics.record import SourceFile


class ImportOperations(Catalog, SourceReader):
    """Starts, lists and shows import jobs."""

    def start_import(self, call: Call) -> dict[str, Any]:
        """Carry out StartReferenceImportJob; no document says that a running import refuses another one."""
        request = self.read_body(call, self.start_import_rules)
        files = self.source_files(source.get("sourceFile", "") for source in (request.get("sources") or []))
        with self.lock:
            now = self.clock.now()
            store = self.store(request["referenceStoreId"], now)
            job = self.known_job(store, request)
            if job is None:
                job = self.new_job(store, request, files=files, now=now)
                store.jobs.append(job)
                store.unsettled.append(job)
            return self.started_job_members(job, now)

    def known_job(self, store: Store, request: dict[str, Any]) -> ImportJob | None:
        """Return the job an earlier call with the same client token has started."""
        token = request.get("clientToken")
        if token is None:
            return None
        job = next((job for job in store.jobs if job.request.get("clientToken") == token), None)
        if job is not None and job.request != request:
            raise self.invalid("The client token was used with another request")
        return job

    def new_job(
        self, store: Store, request: dict[str, Any], *, files: Mapping[str, SourceFile], now: float
    ) -> ImportJob:
        """Make a job."""
        sources = tuple(
            Source(request=source, file=files[source.get("sourceFile", "")], reference_id=self.new_id())
            for source in (request.get("sources") or [])
        )
        return ImportJob(
            number=self.next_number(),
            id=self.new_id(),
            store_id=store.id,
            request=request,
            sources=sources,
            created=now,
            schedule=self.planned_schedule(store, sources, now),
        )

    def get_import(self, call: Call) -> dict[str, Any]:
        """Carry out GetReferenceImportJob."""
        wanted = self.read_labels(call, self.one_import_rules)
        with self.lock:
            now = self.clock.now()
            store = self.store(wanted["referenceStoreId"], now)
            return self.job_members(self.job(store, wanted["id"]), now)

    def list_imports(self, call: Call) -> dict[str, Any]:
        """Carry out ListReferenceImportJobs."""
        wanted = self.read_list(call, self.list_imports_rules)
        conditions = self.filter_of(wanted)
        with self.lock:
            now = self.clock.now()
            store = self.store(wanted["referenceStoreId"], now)
            scope = self.token_scope(f"imports of {store.id}", wanted)
            page = self.page_of(
                self.listed_jobs(store),
                matches=lambda job: self.is_wanted_job(job, conditions, now),
                limit=self.page_size(wanted["maxResults"]),
                position=self.start_of(wanted, scope),
                scope=scope,
            )
            items = [self.job_item_members(job, now) for job in page.items]
            return self.list_answer("importJobs", items, page.token)

    def listed_jobs(self, store: Store) -> list[ImportJob]:
        """Return the jobs a list is about: those of its store."""
        return store.jobs

    def is_wanted_job(self, job: ImportJob, conditions: Mapping[str, str], now: float) -> bool:
        """Whether a job passes the filter."""
        return self.has_wanted_status(job, conditions, now) and self.is_created_within(job.created, conditions)

    def has_wanted_status(self, job: ImportJob, conditions: Mapping[str, str], now: float) -> bool:
        """Whether a job has the status asked for."""
        return self.is_equal(conditions, "status", self.status_of(job, now))
