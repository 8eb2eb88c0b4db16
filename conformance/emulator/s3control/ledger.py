"""The jobs an emulated S3 Control remembers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.emulator.s3control.job import Job


class Ledger:
    """All jobs in the order they were made, by account, by id and by client token."""

    def __init__(self) -> None:
        self._jobs: dict[str, list[Job]] = {}
        self._by_id: dict[tuple[str, str], Job] = {}
        self._by_token: dict[tuple[str, str], Job] = {}
        self._made = 0

    def next_number(self) -> int:
        """Return the number for the next job."""
        self._made += 1
        return self._made

    def add(self, job: Job) -> None:
        """Remember a job."""
        self._jobs.setdefault(job.account, []).append(job)
        self._by_id[job.account, job.id] = job
        token = job.request.get("ClientRequestToken")
        if token is not None:
            self._by_token[job.account, token] = job

    def job(self, account: str, job_id: str) -> Job | None:
        """Return the job of an account that has an id."""
        return self._by_id.get((account, job_id))

    def job_by_token(self, account: str, token: str | None) -> Job | None:
        """Return the latest job of an account that was made with a client token."""
        return None if token is None else self._by_token.get((account, token))

    def jobs(self, account: str) -> list[Job]:
        """Return the jobs of an account, oldest first."""
        return self._jobs.get(account, [])
