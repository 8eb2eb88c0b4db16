"""The operations on jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.ncloud.body import BodyReader
from conformance.emulator.ncloud.definition import Definition, DefinitionRules
from conformance.emulator.ncloud.job import Job
from conformance.emulator.ncloud.listing import Listing
from conformance.emulator.ncloud.query import QueryReader
from conformance.emulator.ncloud.refusal import Answer
from conformance.emulator.ncloud.register import new_id
from conformance.emulator.ncloud.state import State

if TYPE_CHECKING:
    from conformance.emulator.ncloud.asked import Asked


class JobOperations(State, Listing, QueryReader, DefinitionRules, BodyReader):
    """getJobs, createJob, verifyJob, getJob, updateJob and deleteJob."""

    runs_default = 1
    """Executions of a job that may be under way at once, unless its ``maxConcurrentRuns`` says otherwise."""

    def get_jobs(self, asked: Asked) -> Answer:
        """List jobs."""
        wanted = self.read_job_filter(asked.arguments)
        page = self.read_page(asked.arguments, limit_minimum=self.edition.limit_minimum)
        with self.lock:
            now = self.clock.now()
            ordered = self.in_order(self.register.jobs())
            matching = [job for job in ordered if self.is_match(job, self.runs_of(job), wanted, now)]
            rows = [self.job_row(job, self.runs_of(job), now) for job in self.cut(matching, page)]
        return Answer(status=200, body=self.page_body(rows, page, matching=len(matching)))

    def create_job(self, asked: Asked) -> Answer:
        """Create a job."""
        body = self.read_object(asked.content)
        definition = self.read_definition(body, required=self.edition.create_required)
        with self.lock:
            now = self.clock.now()
            job = self.new_job(definition, now)
            self.register.keep_job(job)
            return Answer(status=self.edition.create_status, body=self.job_detail(job, [], now))

    def new_job(self, definition: Definition, now: float) -> Job:
        """Return the job that a complete definition describes."""
        return Job(
            job_id=new_id(),
            name=definition.name or "",
            type=definition.type or self.edition.default_type or "",
            nodes=definition.nodes or (),
            is_temporary=self.is_temporary_at_create(),
            max_runs=self.runs_default if definition.max_runs is None else definition.max_runs,
            condition={**self.default_condition(), **(definition.condition or {})},
            created=now,
            updated=now,
        )

    def is_temporary_at_create(self) -> bool:
        """Tell whether a new job is saved for the time being only; only updateJob has ``isTemp``."""
        return False

    def verify_job(self, asked: Asked) -> Answer:
        """Check the body of a job without creating one; the form of the answer is not documented."""
        self.read_definition(self.read_object(asked.content), required=self.edition.verify_required)
        return Answer(status=200, body=True)

    def get_job(self, asked: Asked) -> Answer:
        """Show one job."""
        with self.lock:
            job = self.job_of(asked.job_id)
            return self.shown_job(job)

    def shown_job(self, job: Job) -> Answer:
        """Answer with a job as it is now."""
        return Answer(status=200, body=self.job_detail(job, self.runs_of(job), self.clock.now()))

    def update_job(self, asked: Asked) -> Answer:
        """Change the definition of a job."""
        definition = self.read_definition(self.read_object(asked.content), required=self.edition.update_required)
        with self.lock:
            job = self.job_of(asked.job_id)
            self.check_may_update(job)
            job = replace(job, **self.changes(job, definition), updated=self.clock.now())
            self.register.keep_job(job)
            return self.shown_job(job)

    def changes(self, job: Job, definition: Definition) -> dict[str, Any]:
        """Return what a definition changes in a job; what it does not mention stays as it is."""
        named = {"name": definition.name, "type": definition.type, "nodes": definition.nodes}
        changes: dict[str, Any] = {name: value for name, value in named.items() if value is not None}
        changes["is_temporary"] = self.is_temporary_after(definition)
        if definition.max_runs is not None:
            changes["max_runs"] = definition.max_runs
        if definition.condition is not None:
            changes["condition"] = self.combined_condition(job.condition, definition.condition)
        return changes

    def is_temporary_after(self, definition: Definition) -> bool:
        """Tell whether an update is saved for the time being only; without ``isTemp`` it is complete at once."""
        return self.edition.needs_nodes and bool(definition.is_temporary)

    def delete_job(self, asked: Asked) -> Answer:
        """Delete a job, which is forgotten at once; that it might stay listed as DELETED is only a possible reading."""
        with self.lock:
            job = self.job_of(asked.job_id)
            self.check_may_delete(job)
            self.register.drop_job(job.job_id)
        return Answer(status=200, body=True)

    def check_may_update(self, job: Job) -> None:
        """Refuse to change a job that is running."""
        self.refuse_while_running(job)

    def check_may_delete(self, job: Job) -> None:
        """Refuse to delete a job that is running."""
        self.refuse_while_running(job)

    def refuse_while_running(self, job: Job) -> None:
        """Refuse while any execution of a job is under way."""
        if self.active_count(self.runs_of(job), self.clock.now()):
            raise self.bad_state("The job is running.")
