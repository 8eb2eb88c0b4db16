"""What earlier loads from a source leave for a later one to do."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import NeptuneError

if TYPE_CHECKING:
    from conformance.emulator.neptune.load import Load
    from conformance.emulator.neptune.start_request import StartRequest


@dataclass(slots=True, kw_only=True)
class _Past:
    runs: int = 0
    loaded: set[str] = field(default_factory=set)


class Resumption:
    """Remembers by source which files were loaded (Data API reference, StartLoaderJob, ``mode``)."""

    MAX_SOURCES = 4_096
    NOTHING_MESSAGE = "No previous load from the source {source} was found to resume"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pasts: OrderedDict[str, _Past] = OrderedDict()

    def run_number(self, request: StartRequest) -> int:
        """Return the number of the run a request begins, or refuse to resume what never began."""
        with self._lock:
            past = self._pasts.get(request.source)
        if request.mode == "RESUME" and past is None:
            raise self.nothing_to_resume(request)
        return past.runs + 1 if past is not None and self.resumes(request) else 1

    def resumes(self, request: StartRequest) -> bool:
        """Tell whether a request goes on where an earlier one ended, if there was one."""
        return request.mode in {"RESUME", "AUTO"}

    def nothing_to_resume(self, request: StartRequest) -> NeptuneError:
        """Return the refusal: the documents say that the loader stops, not how."""
        return NeptuneError("PreconditionsFailedException", self.NOTHING_MESSAGE.format(source=request.source))

    def begin(self, load: Load) -> None:
        """Note that a load from its source was accepted."""
        with self._lock:
            past = self._pasts.setdefault(load.request.source, _Past())
            past.runs = max(past.runs, load.run_number)
            self._pasts.move_to_end(load.request.source)
            while len(self._pasts) > self.MAX_SOURCES:
                self._pasts.popitem(last=False)

    def is_loaded(self, load: Load, key: str) -> bool:
        """Tell whether ``load`` may leave a file out, as an earlier load has loaded it."""
        with self._lock:
            past = self._pasts.get(load.request.source)
            return self.resumes(load.request) and past is not None and key in past.loaded

    def end(self, load: Load) -> None:
        """Note which files a load has loaded."""
        with self._lock:
            past = self._pasts.get(load.request.source)
            if past is not None:
                past.loaded.update(feed.key for feed in load.feeds if feed.status == statuses.COMPLETED)
                past.loaded.difference_update(feed.key for feed in load.feeds if feed.status != statuses.COMPLETED)
