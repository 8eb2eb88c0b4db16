"""Admission, order and end of loads."""

from __future__ import annotations

import itertools
import threading
import time
from collections import deque
from typing import TYPE_CHECKING

from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.load import Load

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.emulator.neptune.start_request import StartRequest


class LoadQueue:
    """All loads the service remembers; at most one runs.

    Sources: Data API reference, StartLoaderJob (``queueRequest``, ``dependencies``); user guide,
    load-api-reference-load-errors (texts of the refusals), load-api-reference-status (retention, order of the list),
    load-api-reference-cancel.
    """

    CAPACITY = 64
    """Loads that may wait; the running one does not count."""
    RETENTION = 1_024
    LIMIT_MESSAGE = "Failed to start new load for the source {source}. Max concurrent load limit breached. Limit is 1"
    FULL_MESSAGE = (
        'Failed to start new load for the source "{source}". Max load task queue size limit breached. Limit is 64'
    )
    INACTIVE_MESSAGE = "The load with id = {load_id} does not exist or not active"
    UNKNOWN_MESSAGE = "The load with id = {load_id} does not exist"

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._loads: dict[str, Load] = {}
        self._waiting: deque[Load] = deque()
        self._running: Load | None = None
        self._taken = False
        self._closed = False
        self._numbers = itertools.count(1)

    # --- What the API asks for -----------------------------------------------------------------------------------

    def start(self, request: StartRequest, *, run_number: int = 1) -> Load:
        """Admit a load, or raise the documented refusal."""
        with self._changed:
            self.require_dependencies(request)
            self.admit(request)
            load = Load(
                request=request, status=self.first_status(request), number=next(self._numbers), run_number=run_number
            )
            self._loads[load.load_id] = load
            self._enter(load)
            self._forget()
            return load

    def cancel(self, load_id: str) -> None:
        """End an active load: a waiting one at once, the running one soon."""
        with self._changed:
            load = self._loads.get(load_id)
            if load is None or not self.is_cancellable(load):
                raise NeptuneError("BulkLoadIdNotFoundException", self.INACTIVE_MESSAGE.format(load_id=load_id))
            load.cancelled.set()
            if load in self._waiting:
                self._waiting.remove(load)
                self._end(load, statuses.CANCELLED_BY_USER)

    def get(self, load_id: str) -> Load:
        """Return a load that is still remembered."""
        with self._changed:
            load = self._loads.get(load_id)
        if load is None:
            raise NeptuneError("BulkLoadIdNotFoundException", self.UNKNOWN_MESSAGE.format(load_id=load_id))
        return load

    def load_ids(self, *, limit: int, queued: bool) -> list[str]:
        """Return load ids as ListLoaderJobs does."""
        with self._changed:
            waiting = list(self._waiting)
            others = [load for load in self._loads.values() if load.status != statuses.IN_QUEUE]
        return [load.load_id for load in self.listed(waiting if queued else [], others)][:limit]

    # --- Decisions ----------------------------------------------------------------------------------------------

    def require_dependencies(self, request: StartRequest) -> None:
        """Refuse a dependency that is not remembered."""
        for load_id in request.dependencies:
            if load_id not in self._loads:
                raise NeptuneError("BulkLoadIdNotFoundException", self.UNKNOWN_MESSAGE.format(load_id=load_id))

    def admit(self, request: StartRequest) -> None:
        """Refuse what may not enter now."""
        if not request.queued and self.is_busy():
            raise NeptuneError("BadRequestException", self.LIMIT_MESSAGE.format(source=request.source))
        if request.queued and self.is_full():
            raise NeptuneError("BadRequestException", self.FULL_MESSAGE.format(source=request.source))

    def is_busy(self) -> bool:
        """Tell whether a load runs or waits."""
        return self._running is not None or bool(self._waiting)

    def is_full(self) -> bool:
        """Tell whether no more loads may wait."""
        return len(self._waiting) >= self.CAPACITY

    def first_status(self, request: StartRequest) -> str:
        """Return the status of a load just accepted."""
        return statuses.IN_QUEUE if request.queued else statuses.NOT_STARTED

    def next_waiting(self) -> Load:
        """Take the load that is due next: first in, first out."""
        return self._waiting.popleft()

    def is_satisfied(self, load: Load) -> bool:
        """Tell whether every dependency completed successfully; a forgotten one had ended, and how is not known."""
        return all(self.is_success(self._loads.get(load_id)) for load_id in load.request.dependencies)

    def is_doomed(self, load: Load) -> bool:
        """Tell whether some dependency has ended without success."""
        dependencies = [self._loads.get(load_id) for load_id in load.request.dependencies]
        return any(
            dependency is not None and not dependency.is_active and not self.is_success(dependency)
            for dependency in dependencies
        )

    def is_success(self, load: Load | None) -> bool:
        """Tell whether ``load`` lets its dependents run."""
        return load is None or load.status == statuses.COMPLETED

    def is_cancellable(self, load: Load) -> bool:
        """Tell whether a cancel has something to end; a second cancel of a running load is as good as the first."""
        return load.is_active

    def doomed_by(self, ended: Load) -> list[Load]:
        """Return the waiting loads that can no longer run because ``ended`` has failed."""
        return [load for load in self._waiting if ended.load_id in load.request.dependencies]

    def listed(self, waiting: Iterable[Load], others: Iterable[Load]) -> list[Load]:
        """Order the list: queued loads first, the latest first; then the others, the latest first."""
        return [*self.newest_first(waiting), *self.newest_first(others)]

    def newest_first(self, loads: Iterable[Load]) -> list[Load]:
        """Order loads by their requests, the latest first."""
        return sorted(loads, key=lambda load: load.number, reverse=True)

    def final_status(self, load: Load, status: str) -> str:
        """Return the status a run ends with: a cancel that was answered with success wins."""
        return statuses.CANCELLED_BY_USER if load.cancelled.is_set() else status

    # --- What the runner asks for -------------------------------------------------------------------------------

    def take(self) -> Load | None:
        """Wait for the load to run next and mark it as in progress; None once the queue is closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or (self._running is not None and not self._taken))
            if self._closed or self._running is None:
                return None
            self._taken = True
            self._running.status = statuses.IN_PROGRESS
            return self._running

    def finish(self, load: Load, status: str) -> None:
        """Record how the running load ended, and let the next one run."""
        with self._changed:
            self._running = None
            self._taken = False
            self._end(load, self.final_status(load, status))
            self._promote()

    def close(self) -> None:
        """Stop the runner and the load it runs."""
        with self._changed:
            self._closed = True
            if self._running is not None:
                self._running.cancelled.set()
            self._changed.notify_all()

    # --- State changes, under the lock --------------------------------------------------------------------------

    def _enter(self, load: Load) -> None:
        if self.is_doomed(load):
            self._end(load, statuses.DEPENDENCY_NOT_SATISFIED)
            return
        self._waiting.append(load)
        self._promote()

    def _promote(self) -> None:
        while self._running is None and self._waiting:
            load = self.next_waiting()
            if not self.is_satisfied(load):
                self._end(load, statuses.DEPENDENCY_NOT_SATISFIED)
                continue
            load.status = statuses.NOT_STARTED
            load.started = time.time()
            self._running = load
            self._changed.notify_all()

    def _end(self, load: Load, status: str) -> None:
        load.status = status
        load.ended = time.time()
        if self.is_success(load):
            return
        for dependent in self.doomed_by(load):
            # An earlier round of this loop may have reached it by another way.
            if dependent in self._waiting:
                self._waiting.remove(dependent)
                self._end(dependent, statuses.DEPENDENCY_NOT_SATISFIED)

    def _forget(self) -> None:
        while len(self._loads) > self.RETENTION:
            oldest = next((load_id for load_id, load in self._loads.items() if not load.is_active), None)
            if oldest is None:
                return
            del self._loads[oldest]
