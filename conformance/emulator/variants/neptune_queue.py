"""Neptune with another queue, where the documents leave it open: capacity, starts, cancels, checks, resumption."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.resumption import Resumption
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.source_check import SourceCheck
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.emulator.neptune.load import Load
    from conformance.emulator.neptune.start_request import StartRequest

variant = declarer("neptune")
_CONFLICTS = "LOAD_COMMITTED_W_WRITE_CONFLICTS"
_DUE_TO_ERRORS = "LOAD_CANCELLED_DUE_TO_ERRORS"


def _later(seconds: float, work: object) -> None:
    timer = threading.Timer(seconds, work)  # type: ignore[arg-type]
    timer.daemon = True
    timer.start()


@variant("instant-loads", fact="no document says how long a load takes", settings={"job_seconds": 0.001})
class Instant(NeptuneService):
    """Loads end as soon as they have begun."""


@variant("slow-loads", fact="no document says how long a load takes", settings={"job_seconds": 0.4})
class Slow(NeptuneService):
    """Loads take their time."""


@variant("the-running-load-counts", fact="N16: whether the 64 include the running load is open")
class RunningCounts(NeptuneService):
    """The queue is full when 63 wait and one runs."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_full(self) -> bool:
                return len(self._waiting) + (self._running is not None) >= self.CAPACITY


@variant("full-is-429", fact="N14: TooManyRequestsException is among the errors of a start")
class Full429(NeptuneService):
    """A full queue is too many requests."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def admit(self, request: StartRequest) -> None:
                if request.queued and self.is_full():
                    raise NeptuneError("TooManyRequestsException", self.FULL_MESSAGE.format(source=request.source))
                super().admit(request)


@variant("busy-only-while-one-runs", fact="queueRequest: a request fails if another load is running")
class BusyWhileRunning(NeptuneService):
    """A request that must not wait is refused because of a running load only; those that wait have one before them."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_busy(self) -> bool:
                return self._running is not None


class LateQueue(LoadQueue):
    """A queue whose new loads are seen a little later by status and list."""

    SECONDS = 0.25

    def __init__(self) -> None:
        super().__init__()
        self._born: dict[str, float] = {}

    def start(self, request: StartRequest, *, run_number: int = 1) -> Load:
        load = super().start(request, run_number=run_number)
        self._born[load.load_id] = time.monotonic()
        return load

    def is_seen(self, load_id: str) -> bool:
        """Tell whether a load is old enough."""
        return time.monotonic() - self._born.get(load_id, 0.0) >= self.SECONDS

    def listed(self, waiting: Iterable[Load], others: Iterable[Load]) -> list[Load]:
        return [load for load in super().listed(waiting, others) if self.is_seen(load.load_id)]

    def get(self, load_id: str) -> Load:
        if not self.is_seen(load_id):
            raise NeptuneError("BulkLoadIdNotFoundException", self.UNKNOWN_MESSAGE.format(load_id=load_id))
        return super().get(load_id)

    def cancel(self, load_id: str) -> None:
        if not self.is_seen(load_id):
            raise NeptuneError("BulkLoadIdNotFoundException", self.INACTIVE_MESSAGE.format(load_id=load_id))
        super().cancel(load_id)


@variant("seen-later", fact="a client of the live service waits for a second before it asks for a new load (GN)")
class SeenLater(NeptuneService):
    """A new load is known to status, cancel and list after a quarter of a second."""

    class LOADER(Loader):
        class QUEUE(LateQueue):
            pass


@variant(
    "seen-after-a-second", fact="a client of the live service waits for a second before it asks for a new load (GN)"
)
class SeenAfterSecond(NeptuneService):
    """A new load is known to status, cancel and list after a second."""

    class LOADER(Loader):
        class QUEUE(LateQueue):
            SECONDS = 1.0


@variant("not-started-for-a-while", fact="LOAD_NOT_STARTED: recorded, not started; no document says for how long")
class NotStarted(NeptuneService):
    """A load stays recorded for a while before it is in progress."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            SECONDS = 0.06

            def take(self) -> Load | None:
                with self._changed:
                    self._changed.wait_for(lambda: self._closed or (self._running is not None and not self._taken))
                    if self._closed or self._running is None:
                        return None
                    self._taken = True
                    load = self._running
                    self._changed.wait_for(lambda: self._closed, timeout=self.SECONDS)
                    load.status = statuses.IN_PROGRESS
                    return load


@variant("a-pause-between-loads", fact="no document says how soon a waiting load starts")
class Pause(NeptuneService):
    """Between two loads from the queue nothing runs for a moment."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            SECONDS = 0.04
            _pausing = False
            _rested = False

            def _promote(self) -> None:
                urgent = any(load.status == statuses.NOT_STARTED for load in self._waiting)
                if self._running is not None or not self._waiting:
                    return
                if urgent or self._rested:
                    super()._promote()
                elif not self._pausing:
                    self._pausing = True
                    _later(self.SECONDS, self._resume)

            def _resume(self) -> None:
                with self._changed:
                    self._pausing, self._rested = False, True
                    self._promote()
                    self._rested = False


class SlowCancelQueue(LoadQueue):
    """A queue that carries cancels out a little later."""

    SECONDS = 0.12

    def cancel(self, load_id: str) -> None:
        with self._changed:
            load = self._loads.get(load_id)
            if load is None or not self.is_cancellable(load):
                raise NeptuneError("BulkLoadIdNotFoundException", self.INACTIVE_MESSAGE.format(load_id=load_id))
        _later(self.SECONDS, lambda: self._cancel_now(load))

    def _cancel_now(self, load: Load) -> None:
        with self._changed:
            if not load.is_active:
                return
            load.cancelled.set()
            if load in self._waiting:
                self._waiting.remove(load)
                self._end(load, statuses.CANCELLED_BY_USER)
                self._promote()


@variant(
    "cancels-come-later",
    fact="a cancel takes effect asynchronously: a client of the live service waits for five seconds",
    advice=("CancelLoaderJob/loadJob.cancel/effect",),
)
class SlowCancel(NeptuneService):
    """A cancel is carried out some time after it was answered, if the load has not ended by then."""

    class LOADER(Loader):
        class QUEUE(SlowCancelQueue):
            pass


@variant(
    "a-cancel-may-lose",
    fact="no document says that a cancel which was answered wins over the end of the load",
    advice=("CancelLoaderJob/loadJob.cancel/effect",),
)
class CancelLoses(NeptuneService):
    """A running load that was cancelled just before its end is completed all the same."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def final_status(self, _load: Load, status: str) -> str:
                return status

        class RUN(LoadRun):
            def run(self) -> str:
                kept, self.load.cancelled = self.load.cancelled, threading.Event()
                kept.wait(self.seconds / 2)
                if kept.is_set():
                    return statuses.CANCELLED_BY_USER
                return super().run()


@variant("finished-cancels-are-bad-requests", fact="N11: a cancel of a finished load may be answered with 400")
class FinishedCancel400(NeptuneService):
    """To cancel a load that has ended is a bad request."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def cancel(self, load_id: str) -> None:
                with self._changed:
                    load = self._loads.get(load_id)
                if load is not None and not load.is_active:
                    raise NeptuneError("BadRequestException", "The load has ended")
                super().cancel(load_id)


@variant("sources-are-looked-at-later", fact="N21: LOAD_FAILED_INVALID_REQUEST says that some checks come late")
class LateSources(NeptuneService):
    """A source that is not there is found out when the load runs."""

    class LOADER(Loader):
        class CHECK(SourceCheck):
            def require(self, request: StartRequest) -> None:
                if not self.is_own_region(request):
                    raise self.wrong_region(request)

        class RUN(LoadRun):
            def run(self) -> str:
                status, uri = super().run(), self.load.request.uri
                if status != statuses.COMPLETED or self.load.feeds:
                    return status
                # What is there may have been loaded before.
                return statuses.INVALID_REQUEST if self.objects.is_empty(uri.bucket, uri.prefix) else status


@variant("flaws-cancel-the-load", fact="A.1.4: no document maps failOnError to a status")
class FlawsCancel(NeptuneService):
    """A load that stops at a flaw is cancelled because of errors."""

    class LOADER(Loader):
        class RUN(LoadRun):
            def run(self) -> str:
                status = super().run()
                return _DUE_TO_ERRORS if status == statuses.FAILED else status


@variant("conflicts-on-the-way", fact="LOAD_COMMITTED_W_WRITE_CONFLICTS may change while the load goes on")
class Conflicts(NeptuneService):
    """A load shows write conflicts before it is completed."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_doomed(self, load: Load) -> bool:
                ends = [self._loads.get(load_id) for load_id in load.request.dependencies]
                return any(
                    end is not None and not end.is_active and end.status not in {statuses.COMPLETED, _CONFLICTS}
                    for end in ends
                )

            def is_cancellable(self, load: Load) -> bool:
                return load.is_active or load.status == _CONFLICTS

        class RUN(LoadRun):
            def run(self) -> str:
                status = super().run()
                if status == statuses.COMPLETED:
                    self.load.status = _CONFLICTS
                    self.load.cancelled.wait(0.03)
                return status


@variant("nothing-to-resume-fails-later", fact="N22: the loader stops when there is nothing to resume; how is not said")
class ResumeFails(NeptuneService):
    """A load that has nothing to resume is accepted, and fails."""

    class LOADER(Loader):
        class RESUMPTION(Resumption):
            def run_number(self, request: StartRequest) -> int:
                with self._lock:
                    past = self._pasts.get(request.source)
                return past.runs + 1 if past is not None and self.resumes(request) else 1

        class RUN(LoadRun):
            def run(self) -> str:
                first = self.load.request.mode == "RESUME" and self.load.run_number == 1
                return statuses.FAILED if first else super().run()


@variant("resumed-loads-keep-their-id", fact="N23: whether a resumed load has a new id is not said; runNumber grows")
class KeepId(NeptuneService):
    """A load that takes up an earlier one of its source which has ended goes on under the id of that one."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def start(self, request: StartRequest, *, run_number: int = 1) -> Load:
                with self._changed:
                    past = self._past(request)
                    if past is None or past.is_active or run_number == 1:
                        return super().start(request, run_number=run_number)
                    self.require_dependencies(request)
                    self.admit(request)
                    del self._loads[past.load_id]
                    past.request, past.status, past.number = request, self.first_status(request), next(self._numbers)
                    past.run_number, past.started, past.ended, past.feeds = past.run_number + 1, None, None, []
                    past.cancelled.clear()
                    self._loads[past.load_id] = past
                    self._enter(past)
                    return past

            def _past(self, request: StartRequest) -> Load | None:
                same = [load for load in self._loads.values() if load.request.source == request.source]
                return max(same, key=lambda load: load.number, default=None)
