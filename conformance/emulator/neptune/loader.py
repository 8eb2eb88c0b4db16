"""The loader behind the operations: queue, source check and the thread that runs the loads."""

from __future__ import annotations

import sys
import threading
import traceback
from typing import TYPE_CHECKING

from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.graph import Graph
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.load_run import LoadRun
from conformance.emulator.neptune.resumption import Resumption
from conformance.emulator.neptune.source_check import SourceCheck
from conformance.emulator.objects import ObjectStore

if TYPE_CHECKING:
    from conformance.emulator.neptune.load import Load
    from conformance.emulator.neptune.start_request import StartRequest
    from conformance.emulator.settings import Settings


class Loader:
    """Accepts loads and runs them one after the other; its parts can be replaced by subclassing."""

    QUEUE: type[LoadQueue] = LoadQueue
    CHECK: type[SourceCheck] = SourceCheck
    RESUMPTION: type[Resumption] = Resumption
    RUN: type[LoadRun] = LoadRun
    OBJECTS: type[ObjectStore] = ObjectStore
    GRAPH: type[Graph] = Graph

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.objects = self.OBJECTS(settings)
        self.queue = self.QUEUE()
        self.check = self.CHECK(self.objects, settings)
        self.resumption = self.RESUMPTION()
        self.graph = self.GRAPH()
        self._start_lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, name="loader", daemon=True)
        self._thread.start()

    def start(self, request: StartRequest) -> Load:
        """Accept a load or raise the refusal that is due: parameters come before S3, and S3 before the queue."""
        self.queue.require_dependencies(request)
        self.resumption.run_number(request)
        self.check.require(request)
        with self._start_lock:
            load = self.queue.start(request, run_number=self.resumption.run_number(request))
            self.resumption.begin(load)
            return load

    def close(self) -> None:
        """End the running load and the thread."""
        self.queue.close()
        self._thread.join(timeout=1)
        if not self._thread.is_alive():
            self.graph.close()

    def _work(self) -> None:
        if self.settings.s3_endpoint is not None:
            self.objects.warm_up()
        while (load := self.queue.take()) is not None:
            try:
                status = self._run(load)
            except Exception:  # noqa: BLE001 - a fault of the emulator must be seen, and must not stop the queue
                traceback.print_exc(file=sys.stderr)
                status = statuses.UNEXPECTED_ERROR
            self.resumption.end(load)
            self.queue.finish(load, status)

    def _run(self, load: Load) -> str:
        return self.RUN(
            load,
            objects=self.objects,
            graph=self.graph,
            resumption=self.resumption,
            seconds=self.settings.job_seconds,
        ).run()
