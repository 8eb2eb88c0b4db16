"""Neptune with a fault in its list of loads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService

if TYPE_CHECKING:
    from collections.abc import Iterable

    from conformance.emulator.neptune.load import Load

mutant = declarer("neptune", "list-semantics")


@mutant(
    "queued-not-left-out",
    clause="ListLoaderJobs/includeQueuedLoads/hides",
    needs="list with includeQueuedLoads=false while a load waits",
)
class QueuedNotLeftOut(NeptuneService):
    """Queued loads are listed even where they are to be left out."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def load_ids(self, *, limit: int, queued: bool) -> list[str]:
                return super().load_ids(limit=limit, queued=True)


@mutant(
    "running-left-out-with-queued",
    clause="ListLoaderJobs/includeQueuedLoads/hides",
    needs="list with includeQueuedLoads=false while a load runs",
)
class RunningLeftOut(NeptuneService):
    """Where queued loads are left out, the running one is left out too."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def load_ids(self, *, limit: int, queued: bool) -> list[str]:
                listed = super().load_ids(limit=limit, queued=queued)
                running = None if self._running is None else self._running.load_id
                return listed if queued else [each for each in listed if each != running]


@mutant(
    "waiting-oldest-first",
    clause="ListLoaderJobs/items/order",
    needs="list while two loads wait",
)
class OldestFirst(NeptuneService):
    """Loads are listed in the order they came."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def newest_first(self, loads: Iterable[Load]) -> list[Load]:
                return super().newest_first(loads)[::-1]


@mutant("waiting-behind-others", clause="ListLoaderJobs/items/order", needs="list while a load runs and another waits")
class WaitingLast(NeptuneService):
    """Waiting loads stand behind all others."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def listed(self, waiting: Iterable[Load], others: Iterable[Load]) -> list[Load]:
                return super().listed(others, waiting)


@mutant("running-listed-twice", clause="ListLoaderJobs/items/unique", needs="list while a load runs")
class RunningTwice(NeptuneService):
    """The running load stands in the list twice."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def listed(self, waiting: Iterable[Load], others: Iterable[Load]) -> list[Load]:
                running = [] if self._running is None else [self._running]
                return [*running, *super().listed(waiting, others)]


@mutant("list-holds-one-too-many", clause="ListLoaderJobs/limit/bounds-page", needs="list fewer loads than there are")
class OneTooMany(NeptuneService):
    """The list holds one load more than its limit."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def load_ids(self, *, limit: int, queued: bool) -> list[str]:
                return super().load_ids(limit=limit + 1, queued=queued)


@mutant("list-holds-one-too-few", clause="ListLoaderJobs/limit/fills-page", needs="list two loads of three")
class OneTooFew(NeptuneService):
    """A list that is cut by its limit holds one load less than it might."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def load_ids(self, *, limit: int, queued: bool) -> list[str]:
                return super().load_ids(limit=max(limit - 1, 1), queued=queued)


@mutant("running-not-listed", clause="ListLoaderJobs/items/listed", needs="list while a load runs")
class RunningNotListed(NeptuneService):
    """The load that runs is not in the list until it has ended."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def newest_first(self, loads: Iterable[Load]) -> list[Load]:
                return [load for load in super().newest_first(loads) if load.status != statuses.IN_PROGRESS]
