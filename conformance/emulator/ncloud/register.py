"""The register of all jobs and executions; whoever uses it holds the service's lock."""

from __future__ import annotations

import secrets
import string
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.emulator.ncloud.job import Execution, Job

_ID_ALPHABET = string.ascii_letters + string.digits
_ID_LENGTH = 12


def new_id() -> str:
    """Return an ID that looks like those in the documents: twelve letters and digits."""
    return "".join(secrets.choice(_ID_ALPHABET) for _ in range(_ID_LENGTH))


class Register:
    """Jobs and executions in the order of their creation."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._executions: dict[str, dict[str, Execution]] = {}

    def jobs(self) -> list[Job]:
        """Return all jobs, oldest first."""
        return list(self._jobs.values())

    def job(self, job_id: str) -> Job | None:
        """Return the job with an ID, if there is one."""
        return self._jobs.get(job_id)

    def keep_job(self, job: Job) -> None:
        """Add a job, or replace the one with its ID."""
        self._jobs[job.job_id] = job
        self._executions.setdefault(job.job_id, {})

    def drop_job(self, job_id: str) -> None:
        """Forget a job and its executions."""
        del self._jobs[job_id]
        del self._executions[job_id]

    def executions(self, job_id: str) -> list[Execution]:
        """Return the executions of a job, oldest first."""
        return list(self._executions[job_id].values())

    def execution(self, job_id: str, execution_id: str) -> Execution | None:
        """Return one execution of a job, if there is one."""
        return self._executions[job_id].get(execution_id)

    def keep_execution(self, execution: Execution) -> None:
        """Add an execution, or replace the one with its ID."""
        self._executions[execution.job_id][execution.execution_id] = execution

    def cancel_execution(self, execution: Execution, *, moment: float) -> None:
        """Mark an execution as cancelled."""
        self.keep_execution(replace(execution, cancelled=moment))
