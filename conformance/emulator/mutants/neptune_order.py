"""Neptune with a fault in the order of its queue: who starts when, and who must not start any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService

if TYPE_CHECKING:
    from conformance.emulator.neptune.load import Load

mutant = declarer("neptune", "queue")


class PickingQueue(LoadQueue):
    """A queue that may take another load than the first."""

    def next_waiting(self) -> Load:
        load = self._waiting[self.picked() if len(self._waiting) > 1 else 0]
        self._waiting.remove(load)
        return load

    def picked(self) -> int:
        """Return the index of the load to take, of two or more."""
        return 0


@mutant("last-in-first-out", clause="StartLoaderJob/queue/fifo", needs="queue several loads and watch them")
class LastInFirstOut(NeptuneService):
    """The load that came last starts first."""

    class LOADER(Loader):
        class QUEUE(PickingQueue):
            def picked(self) -> int:
                return -1


@mutant("last-first-when-full", clause="StartLoaderJob/queue/fifo", needs="let a load start while exactly 64 wait")
class LastFirstWhenFull(NeptuneService):
    """Only while the queue is full, the load that came last starts first."""

    class LOADER(Loader):
        class QUEUE(PickingQueue):
            def picked(self) -> int:
                return -1 if len(self._waiting) == self.CAPACITY else 0


@mutant("neighbours-swapped", clause="StartLoaderJob/queue/fifo", needs="queue several loads and watch them")
class NeighboursSwapped(NeptuneService):
    """The second load in the queue starts before the first."""

    class LOADER(Loader):
        class QUEUE(PickingQueue):
            def picked(self) -> int:
                return 1


@mutant("neighbours-swapped-when-two-wait", clause="StartLoaderJob/queue/fifo", needs="let a load start while two wait")
class LastTwoSwapped(NeptuneService):
    """The last two loads in the queue swap places, and no others."""

    class LOADER(Loader):
        class QUEUE(PickingQueue):
            def picked(self) -> int:
                return 1 if len(self._waiting) == 2 else 0


@mutant("every-third-start-overtakes", clause="StartLoaderJob/queue/fifo", needs="queue several loads and watch them")
class EveryThird(NeptuneService):
    """Every third start from a queue of several takes the second load."""

    class LOADER(Loader):
        class QUEUE(PickingQueue):
            EVERY = 3

            def picked(self) -> int:
                starts = self.__dict__["starts"] = self.__dict__.get("starts", 0) + 1
                return 1 if starts % self.EVERY == 0 else 0


@mutant(
    "every-tenth-start-overtakes",
    clause="StartLoaderJob/queue/fifo",
    needs="let many loads start while others wait, and watch them",
    profile="thorough",
)
class EveryTenth(NeptuneService):
    """Every tenth start from a queue of several takes the second load."""

    class LOADER(EveryThird.LOADER):
        class QUEUE(EveryThird.LOADER.QUEUE):
            EVERY = 10


@mutant(
    "newest-first-behind-a-third", clause="StartLoaderJob/queue/fifo", needs="let a load start while three or more wait"
)
class NewestBehindThird(NeptuneService):
    """As long as three or more wait, the one that came last starts first."""

    class LOADER(Loader):
        class QUEUE(PickingQueue):
            def picked(self) -> int:
                return -1 if len(self._waiting) >= 3 else 0


@mutant(
    "cancel-reverses-order",
    clause="StartLoaderJob/queue/fifo-after-cancel",
    needs="cancel one in the middle of several that wait, and watch them",
)
class CancelReverses(NeptuneService):
    """A cancel turns the order of those that wait round."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def cancel(self, load_id: str) -> None:
                with self._changed:
                    waits = any(load.load_id == load_id for load in self._waiting)
                super().cancel(load_id)
                if waits:
                    with self._changed:
                        self._waiting.reverse()


@mutant(
    "last-takes-place-of-cancelled",
    clause="StartLoaderJob/queue/fifo-after-cancel",
    needs="cancel one in the middle of several that wait, and watch them",
)
class LastMovesUp(NeptuneService):
    """The last load in the queue takes the place of a cancelled one in the middle."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def cancel(self, load_id: str) -> None:
                with self._changed:
                    place = next((n for n, load in enumerate(self._waiting) if load.load_id == load_id), None)
                super().cancel(load_id)
                with self._changed:
                    if place is not None and place < len(self._waiting):
                        self._waiting.insert(place, self._waiting.pop())


@mutant(
    "dependents-served-last",
    clause="StartLoaderJob/queue/fifo-with-dependents",
    needs="queue loads with and without dependencies in turns",
)
class DependentsLast(NeptuneService):
    """Loads with dependencies start when no other waits."""

    class LOADER(Loader):
        class QUEUE(PickingQueue):
            def picked(self) -> int:
                free = (n for n, load in enumerate(self._waiting) if not load.request.dependencies)
                return next(free, 0)


@mutant(
    "dependents-served-first",
    clause="StartLoaderJob/queue/fifo-with-dependents",
    needs="queue loads with and without dependencies in turns",
)
class DependentsFirst(NeptuneService):
    """Loads whose dependencies have completed start before all others."""

    class LOADER(Loader):
        class QUEUE(PickingQueue):
            def picked(self) -> int:
                ready = (
                    n for n, load in enumerate(self._waiting) if load.request.dependencies and self.is_satisfied(load)
                )
                return next(ready, 0)


@mutant("two-run-at-once", clause="StartLoaderJob/queue/one-running", needs="queue several loads and watch them")
class TwoAtOnce(NeptuneService):
    """The load that is due next runs beside the one that runs."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            LEAST = 1

            def take(self) -> Load | None:
                load = super().take()
                with self._changed:
                    if load is not None and len(self._waiting) >= self.LEAST:
                        self._waiting[0].status = statuses.IN_PROGRESS
                return load


@mutant(
    "two-run-when-three-wait",
    clause="StartLoaderJob/queue/one-running",
    needs="let a load start while three others wait",
)
class TwoWhenThreeWait(NeptuneService):
    """A second load runs beside the first when three or more wait."""

    class LOADER(TwoAtOnce.LOADER):
        class QUEUE(TwoAtOnce.LOADER.QUEUE):
            LEAST = 3


class IgnoringQueue(LoadQueue):
    """A queue in which some loads that wait stay where they are when they are cancelled."""

    def cancel(self, load_id: str) -> None:
        with self._changed:
            ignored = next((load for load in self._waiting if load.load_id == load_id and self.ignores(load)), None)
            if ignored is not None:
                ignored.status = self.shown(ignored)
                return
        super().cancel(load_id)

    def ignores(self, load: Load) -> bool:
        """Tell whether the cancel of a load that waits is ignored."""
        del load
        return True

    def shown(self, load: Load) -> str:
        """Return the status that a load has after its cancel was ignored."""
        return load.status


@mutant(
    "cancel-of-waiting-ignored",
    clause="StartLoaderJob/queue/cancelled-never-runs",
    needs="cancel a load that waits, and watch it",
)
class CancelIgnored(NeptuneService):
    """A load cancelled while it waits runs all the same."""

    class LOADER(Loader):
        class QUEUE(IgnoringQueue):
            pass


@mutant(
    "cancel-in-the-middle-ignored",
    clause="StartLoaderJob/queue/cancelled-never-runs",
    needs="cancel one in the middle of several that wait, and watch it",
)
class CancelInMiddleIgnored(NeptuneService):
    """A load that waits between two others runs though it was cancelled; the first and the last do not."""

    class LOADER(Loader):
        class QUEUE(IgnoringQueue):
            def ignores(self, load: Load) -> bool:
                return load is not self._waiting[0] and load is not self._waiting[-1]


@mutant(
    "cancelled-runs-later",
    clause="StartLoaderJob/queue/cancelled-never-runs",
    needs="cancel a load that waits, and watch it",
)
class CancelledRunsLater(NeptuneService):
    """A load cancelled while it waits is shown as cancelled until its turn comes, and then runs."""

    class LOADER(Loader):
        class QUEUE(IgnoringQueue):
            def shown(self, load: Load) -> str:
                del load
                return statuses.CANCELLED_BY_USER
