"""Data Flow with a fault that shows only where requests race."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.service import NcloudService

if TYPE_CHECKING:
    from conformance.emulator.ncloud.asked import Asked
    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.ncloud.refusal import Answer

mutant = declarer("ncloud", "lifecycle")
_GAP = 0.1


@mutant(
    "running-checked-before-entry",
    clause="createJobExecution/execution/racing-starts",
    needs="execute one job from several clients at once",
)
class RunningGap(NcloudService):
    """Whether a job runs is looked at some time before its next execution is entered, without keeping others out."""

    def new_execution(self, *args: Any, **more: Any) -> Execution:
        self.lock.release()
        time.sleep(_GAP)
        self.lock.acquire()
        return super().new_execution(*args, **more)


@mutant(
    "racing-executions-share-an-id",
    clause="createJobExecution/execution/racing-ids",
    needs="execute different jobs from several clients at once",
)
class SharedIds(NcloudService):
    """The number that makes an id is read some time before the execution is entered."""

    def new_execution(self, *args: Any, **more: Any) -> Execution:
        execution = super().new_execution(*args, **more)
        number = sum(len(self.runs_of(job)) for job in self.register.jobs())
        self.lock.release()
        time.sleep(_GAP / 4)
        self.lock.acquire()
        return replace(execution, execution_id=f"execution{number:03d}")


@mutant(
    "racing-deletes-refuse-each-other",
    clause="deleteJob/job/racing-deletes",
    needs="delete one job from two clients at once",
)
class DeletesRefused(NcloudService):
    """A delete that finds another one of the same job under way is refused, and so is the other."""

    def check_may_delete(self, job: Job) -> None:
        under_way: dict[str, int] = self.__dict__.setdefault("under_way", {})
        under_way[job.job_id] = under_way.get(job.job_id, 0) + 1
        self.lock.release()
        time.sleep(_GAP)
        self.lock.acquire()
        if under_way[job.job_id] > 1:
            raise self.bad_state("The job is being deleted.")
        super().check_may_delete(job)


@mutant(
    "other-connections-see-the-past",
    clause="getJobExecution/execution/racing-reads",
    needs="read an execution from several clients while it changes",
)
class OthersSeeThePast(NcloudService):
    """A connection that was not the first to read an execution is shown for a second what it was shown first."""

    def get_execution(self, asked: Asked) -> Answer:
        copies: dict[Any, tuple[float, Answer]] = self.__dict__.setdefault("copies", {})
        owners: dict[Any, int] = self.__dict__.setdefault("owners", {})
        key, now = (asked.execution_id, threading.get_ident()), time.monotonic()
        if owners.setdefault(key[0], key[1]) == key[1]:
            return super().get_execution(asked)
        if key not in copies or now - copies[key][0] > 1:
            copies[key] = (now, super().get_execution(asked))
        return copies[key][1]
