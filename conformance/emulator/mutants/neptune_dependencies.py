"""Neptune with a fault in how loads wait for others that succeed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService

if TYPE_CHECKING:
    from conformance.emulator.neptune.load import Load
    from conformance.emulator.neptune.start_request import StartRequest

mutant = declarer("neptune", "dependency")


class LaxQueue(LoadQueue):
    """A queue with its own idea of which dependencies count, and of what satisfies them."""

    def counted(self, load: Load) -> tuple[str, ...]:
        """Return the dependencies that count."""
        return load.request.dependencies

    def is_satisfied(self, load: Load) -> bool:
        return all(self.is_success(self._loads.get(load_id)) for load_id in self.counted(load))

    def is_doomed(self, load: Load) -> bool:
        found = [self._loads.get(load_id) for load_id in self.counted(load)]
        return any(each is not None and not each.is_active and not self.is_success(each) for each in found)

    def doomed_by(self, ended: Load) -> list[Load]:
        return [load for load in self._waiting if ended.load_id in self.counted(load)]

    def depth(self, load: Load) -> int:
        """Return how long the longest chain of dependencies behind a load is."""
        needed = [self._loads.get(load_id) for load_id in load.request.dependencies]
        return max((1 + self.depth(each) for each in needed if each is not None), default=0)


class StuckQueue(LaxQueue, ABC):
    """A queue in which some loads never get their turn; others pass them by."""

    def _promote(self) -> None:
        left_out = [load for load in self._waiting if self.is_stuck(load)]
        for load in left_out:
            self._waiting.remove(load)
        super()._promote()
        self._waiting.extendleft(reversed(left_out))

    @abstractmethod
    def is_stuck(self, load: Load) -> bool:
        """Tell whether a load never gets its turn."""


class HastyQueue(LaxQueue):
    """A queue in which loads with dependencies start before all others as soon as those that count have completed."""

    def next_waiting(self) -> Load:
        ready = (load for load in self._waiting if load.request.dependencies and self.is_satisfied(load))
        load = next(ready, self._waiting[0])
        self._waiting.remove(load)
        return load


# --- Waiting ----------------------------------------------------------------------------------------------------------


@mutant(
    "dependent-starts-at-once",
    clause="StartLoaderJob/dependencies/waits",
    needs="look at a load while its dependency runs",
)
class StartsAtOnce(NeptuneService):
    """A load with dependencies runs beside the one it depends on."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def first_status(self, request: StartRequest) -> str:
                return statuses.IN_PROGRESS if request.dependencies else super().first_status(request)


@mutant("waits-for-first-only", clause="StartLoaderJob/dependencies/several", needs="let a load depend on two others")
class WaitsForFirst(NeptuneService):
    """A load starts as soon as the first of its dependencies has completed."""

    class LOADER(Loader):
        class QUEUE(HastyQueue):
            def counted(self, load: Load) -> tuple[str, ...]:
                return load.request.dependencies[:1]


@mutant("waits-for-last-only", clause="StartLoaderJob/dependencies/several", needs="let a load depend on two others")
class WaitsForLast(NeptuneService):
    """A load starts as soon as the last of its dependencies has completed."""

    class LOADER(Loader):
        class QUEUE(HastyQueue):
            def counted(self, load: Load) -> tuple[str, ...]:
                return load.request.dependencies[-1:]


@mutant("repeated-dependency-fails", clause="StartLoaderJob/dependencies/repeated", needs="name a dependency twice")
class RepeatedFails(NeptuneService):
    """A load that names a dependency twice fails for it."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_satisfied(self, load: Load) -> bool:
                named = load.request.dependencies
                return super().is_satisfied(load) and len(set(named)) == len(named)


@mutant(
    "repeated-dependency-never-satisfied",
    clause="StartLoaderJob/dependencies/repeated",
    needs="name a dependency twice",
)
class RepeatedStuck(NeptuneService):
    """A load that names a dependency twice waits for ever."""

    class LOADER(Loader):
        class QUEUE(StuckQueue):
            def is_stuck(self, load: Load) -> bool:
                return len(set(load.request.dependencies)) < len(load.request.dependencies)


@mutant(
    "finished-dependency-unknown",
    clause="StartLoaderJob/dependencies/finished",
    needs="depend on a load that has completed",
)
class FinishedUnknown(NeptuneService):
    """A dependency that has ended is refused as unknown."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def require_dependencies(self, request: StartRequest) -> None:
                super().require_dependencies(request)
                for load_id in request.dependencies:
                    if not self._loads[load_id].is_active:
                        raise NeptuneError("BulkLoadIdNotFoundException", self.UNKNOWN_MESSAGE.format(load_id=load_id))


@mutant(
    "finished-dependency-fails",
    clause="StartLoaderJob/dependencies/finished",
    needs="depend on a load that has completed",
)
class FinishedFails(NeptuneService):
    """A load fails if its dependency has ended before it was asked for."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_doomed(self, load: Load) -> bool:
                return any(not self._loads[load_id].is_active for load_id in load.request.dependencies)


@mutant(
    "finished-dependency-blocks",
    clause="StartLoaderJob/dependencies/finished",
    needs="depend on a load that has completed",
)
class FinishedBlocks(NeptuneService):
    """A load waits for ever if its dependency has ended before it was asked for."""

    class LOADER(Loader):
        class QUEUE(StuckQueue):
            def first_status(self, request: StartRequest) -> str:
                late = any(not self._loads[load_id].is_active for load_id in request.dependencies)
                self.__dict__.setdefault("late", set()).update({id(request)} if late else ())
                return super().first_status(request)

            def is_stuck(self, load: Load) -> bool:
                return id(load.request) in self.__dict__.get("late", ())


# --- Success ----------------------------------------------------------------------------------------------------------


@mutant(
    "success-taken-for-failure",
    clause="StartLoaderJob/dependencies/success-runs",
    needs="let a load complete that another depends on",
)
class SuccessIsFailure(NeptuneService):
    """A load whose dependencies completed while it waited fails because of them."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_satisfied(self, load: Load) -> bool:
                return not load.request.dependencies


@mutant(
    "success-fails-at-depth-3",
    clause="StartLoaderJob/dependencies/success-runs",
    needs="let a chain of four loads complete",
)
class SuccessFailsDeep(NeptuneService):
    """A load behind a chain of three others fails though they completed."""

    class LOADER(Loader):
        class QUEUE(LaxQueue):
            def is_satisfied(self, load: Load) -> bool:
                return super().is_satisfied(load) and self.depth(load) < 3


@mutant(
    "several-dependencies-fail",
    clause="StartLoaderJob/dependencies/success-runs",
    needs="let two loads complete that another depends on",
)
class SeveralFail(NeptuneService):
    """A load with two different dependencies fails though both completed."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_satisfied(self, load: Load) -> bool:
                return super().is_satisfied(load) and len(set(load.request.dependencies)) < 2


@mutant(
    "unqueued-dependent-fails",
    clause="StartLoaderJob/dependencies/unqueued",
    needs="start a load with a completed dependency without asking to be queued",
)
class UnqueuedDependentFails(NeptuneService):
    """A load with dependencies that did not ask to be queued fails though they completed."""

    class LOADER(Loader):
        class QUEUE(LaxQueue):
            def is_satisfied(self, load: Load) -> bool:
                return super().is_satisfied(load) and (load.request.queued or not load.request.dependencies)
