"""The state that all operations share: the register, the lock around it, and the questions asked of both."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from conformance.emulator.ncloud.refusal import Refusals
from conformance.emulator.ncloud.register import Register
from conformance.emulator.ncloud.view import View

if TYPE_CHECKING:
    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.settings import Settings


class State(View, Refusals):
    """Jobs and executions under one lock; every method here expects its caller to hold it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.lock = threading.Lock()
        self.register = Register()

    def job_of(self, job_id: str) -> Job:
        """Return the job with an ID, or refuse."""
        job = self.register.job(job_id)
        if job is None:
            raise self.missing_job()
        return job

    def execution_of(self, job: Job, execution_id: str) -> Execution:
        """Return one execution of a job, or refuse."""
        execution = self.register.execution(job.job_id, execution_id)
        if execution is None:
            raise self.missing_execution()
        return execution

    def runs_of(self, job: Job) -> list[Execution]:
        """Return the executions of a job, oldest first."""
        return self.register.executions(job.job_id)
