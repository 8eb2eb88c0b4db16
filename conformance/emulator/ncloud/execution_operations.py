"""The operations on executions of a job."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.ncloud.body import BodyReader
from conformance.emulator.ncloud.condition import Condition, ConditionRules
from conformance.emulator.ncloud.job import Execution, Job
from conformance.emulator.ncloud.listing import Listing
from conformance.emulator.ncloud.query import QueryReader
from conformance.emulator.ncloud.refusal import Answer
from conformance.emulator.ncloud.register import new_id
from conformance.emulator.ncloud.source import Sources
from conformance.emulator.ncloud.state import State

if TYPE_CHECKING:
    from conformance.emulator.ncloud.asked import Asked


class ExecutionOperations(State, Sources, Listing, QueryReader, ConditionRules, BodyReader):
    """executeJob, getJobExecutions, getJobExecution, updateJobExecuteConfig and cancelJobExecution."""

    execute_status = 200

    def create_execution(self, asked: Asked) -> Answer:
        """Execute a job; the sources are looked at before the lock is taken, as that may take a while."""
        body = self.read_object(asked.content)
        given = self.read_execution_condition(body, required=self.edition.execute_required)
        parameters = self.read_execution_parameters(body)
        with self.lock:
            job = self.job_of(asked.job_id)
            self.check_may_execute(job)
        is_failing = self.is_bound_to_fail(job)
        reading_seconds = 0.0 if is_failing else self.reading_seconds(job)
        with self.lock:
            job = self.job_of(asked.job_id)
            self.check_may_execute(job)
            condition = self.combined_condition(job.condition, given)
            execution = self.new_execution(job, asked, condition, is_failing=is_failing, parameters=parameters)
            execution = replace(execution, reading_seconds=reading_seconds)
            self.register.keep_execution(execution)
            return Answer(status=self.execute_status, body=self.execution_row(execution, execution.created))

    def new_execution(
        self, job: Job, asked: Asked, condition: Condition, *, is_failing: bool, parameters: dict[str, Any] | None
    ) -> Execution:
        """Return an execution that begins now."""
        return Execution(
            execution_id=new_id(),
            job_id=job.job_id,
            condition=condition,
            parameters=condition.get("parameters", {}) if parameters is None else parameters,
            created=self.clock.now(),
            is_failing=is_failing,
            trigger_id=asked.arguments.get("triggerId"),
            workflow_id=asked.arguments.get("workflowId"),
        )

    def read_execution_condition(self, body: dict[str, Any], *, required: tuple[str, ...]) -> Condition:
        """Return the options in a body; where they may be absent, those of the job hold."""
        value = body.get("jobCondition")
        if value is not None:
            return self.read_condition(value, required=self.edition.condition_required)
        if "jobCondition" in required:
            raise self.bad_parameter("Expected the body to have jobCondition.")
        return {}

    def read_execution_parameters(self, body: dict[str, Any]) -> dict[str, Any] | None:
        """Return the parameters in a body, if any."""
        value = body.get("parameters")
        if value is not None and not isinstance(value, dict):
            raise self.bad_parameter("Expected parameters to be an object.")
        return value

    def check_may_execute(self, job: Job) -> None:
        """Refuse to execute an incomplete job, or one with as many executions under way as it may have."""
        if not self.is_runnable(job):
            raise self.bad_state("The definition of the job is not complete.")
        if self.active_count(self.runs_of(job), self.clock.now()) >= job.max_runs:
            raise self.bad_state("The job is running.")

    def get_executions(self, asked: Asked) -> Answer:
        """List the executions of a job."""
        page = self.read_page(asked.arguments, limit_minimum=self.execution_limit_minimum)
        with self.lock:
            now = self.clock.now()
            ordered = self.in_order(self.runs_of(self.job_of(asked.job_id)))
            rows = [self.execution_row(execution, now) for execution in self.cut(ordered, page)]
        return Answer(status=200, body=self.page_body(rows, page, matching=len(ordered)))

    def get_execution(self, asked: Asked) -> Answer:
        """Show one execution."""
        with self.lock:
            job = self.job_of(asked.job_id)
            execution = self.execution_of(job, asked.execution_id)
            return Answer(status=200, body=self.execution_detail(job, execution, self.clock.now()))

    def update_execution_config(self, asked: Asked) -> Answer:
        """Change the options stored with a job; the answer is the job."""
        body = self.read_object(asked.content)
        given = self.read_execution_condition(body, required=("jobCondition",))
        with self.lock:
            job = self.job_of(asked.job_id)
            condition = self.combined_condition(job.condition, given)
            job = replace(job, condition=condition, updated=self.clock.now())
            self.register.keep_job(job)
            return Answer(status=200, body=self.job_detail(job, self.runs_of(job), self.clock.now()))

    def cancel_execution(self, asked: Asked) -> Answer:
        """Cancel an execution that waits or runs."""
        with self.lock:
            now = self.clock.now()
            execution = self.execution_of(self.job_of(asked.job_id), asked.execution_id)
            self.check_may_cancel(execution, now)
            self.register.cancel_execution(execution, moment=now)
        return Answer(status=200, body=True)

    def check_may_cancel(self, execution: Execution, now: float) -> None:
        """Refuse to cancel an execution that has ended."""
        if not self.is_active(execution, now):
            raise self.bad_state("The execution has ended.")
