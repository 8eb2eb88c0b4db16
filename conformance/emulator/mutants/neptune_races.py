"""Neptune with a fault in its queue that shows only where requests race."""

from __future__ import annotations

import contextlib
import itertools
import threading
import time
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService

if TYPE_CHECKING:
    from conformance.emulator.neptune.load import Load
    from conformance.emulator.neptune.start_request import StartRequest
    from conformance.emulator.settings import Settings

mutant = declarer("neptune", "queue")
_GAP = 0.1
_NEAR = 8


class UnlockedLoader(Loader):
    """A loader that lets several requests reach the queue at once."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._start_lock = contextlib.nullcontext()  # type: ignore[assignment]


class GapQueue(LoadQueue):
    """A queue that lets go of its lock between a check and what rests on it, where ``gapes`` says so."""

    def __init__(self) -> None:
        super().__init__()
        self.number = itertools.count(1)

    def gapes(self, request: StartRequest) -> bool:
        return not request.queued

    def admit(self, request: StartRequest) -> None:
        super().admit(request)
        if self.gapes(request):
            self.gap()

    def gap(self) -> None:
        self._changed.release()
        time.sleep(_GAP)
        self._changed.acquire()

    @property
    def is_nearly_full(self) -> bool:
        return len(self._waiting) >= self.CAPACITY - _NEAR


@mutant(
    "busy-checked-before-entry",
    clause="StartLoaderJob/queue/racing-starts",
    needs="start loads unqueued at once while none is active",
)
class BusyGap(NeptuneService):
    """Whether a load is active is looked at some time before the next one is entered, without keeping others out."""

    class LOADER(UnlockedLoader):
        QUEUE = GapQueue


@mutant(
    "busy-checked-before-entry-once-in-ten",
    clause="StartLoaderJob/queue/racing-starts",
    needs="start loads unqueued at once while none is active, many times",
    profile="thorough",
)
class RareBusyGap(NeptuneService):
    """Every tenth load that is let in unqueued does not keep others out while it is entered."""

    class LOADER(UnlockedLoader):
        class QUEUE(GapQueue):
            def gapes(self, request: StartRequest) -> bool:
                return not request.queued and next(self.number) % 10 == 0


@mutant(
    "places-counted-before-entry",
    clause="StartLoaderJob/queue/racing-places",
    needs="let several requests race for the last place of the queue",
)
class PlacesGap(NeptuneService):
    """The places that are left are counted some time before one of them is taken."""

    class LOADER(UnlockedLoader):
        class QUEUE(GapQueue):
            def gapes(self, request: StartRequest) -> bool:
                return request.queued and self.is_nearly_full


@mutant(
    "two-enter-one-place",
    clause="StartLoaderJob/queue/racing-places",
    needs="let several requests race for the last place of the queue",
)
class TwoInOnePlace(NeptuneService):
    """The last place is given to everybody who asked before it was taken."""

    class LOADER(UnlockedLoader):
        class QUEUE(GapQueue):
            def gapes(self, request: StartRequest) -> bool:
                return request.queued and len(self._waiting) == self.CAPACITY - 1


@mutant(
    "queue-in-use-told-as-full",
    clause="StartLoaderJob/queue/racing-below-capacity",
    needs="let several requests race for places that are enough for all",
)
class InUseIsFull(NeptuneService):
    """A request that finds the queue in use by another one is told that it is full."""

    class LOADER(UnlockedLoader):
        class QUEUE(GapQueue):
            entry = threading.Lock()

            def admit(self, request: StartRequest) -> None:
                if not self.is_nearly_full or not request.queued:
                    super().admit(request)
                    return
                if not self.entry.acquire(blocking=False):
                    raise NeptuneError("BadRequestException", self.FULL_MESSAGE.format(source=request.source))
                try:
                    super().admit(request)
                    self.gap()
                finally:
                    self.entry.release()


@mutant(
    "places-reserved-twice",
    clause="StartLoaderJob/queue/racing-below-capacity",
    needs="let several requests race for places that are enough for all",
)
class ReservedTwice(NeptuneService):
    """A request on its way in takes four places until it is in."""

    class LOADER(UnlockedLoader):
        class QUEUE(GapQueue):
            entering = 0

            def is_full(self) -> bool:
                return len(self._waiting) + 4 * self.entering >= self.CAPACITY

            def gapes(self, request: StartRequest) -> bool:
                return request.queued and self.is_nearly_full

            def gap(self) -> None:
                self.entering += 1
                super().gap()
                self.entering -= 1


class Overlaps(GapQueue):
    """A queue that knows how many requests are on their way in."""

    entering = 0

    def admit(self, request: StartRequest) -> None:
        LoadQueue.admit(self, request)
        self.entering += 1
        if len(self._waiting) < _NEAR:
            self.gap()


@mutant(
    "racing-load-goes-ahead",
    clause="StartLoaderJob/queue/racing-order",
    needs="queue loads from two clients at once, each one after the other",
)
class RacingGoesAhead(NeptuneService):
    """A load that is entered while another request is on its way goes to the head of the queue."""

    class LOADER(UnlockedLoader):
        class QUEUE(Overlaps):
            def _enter(self, load: Load) -> None:
                super()._enter(load)
                if self.entering > 1 and load in self._waiting:
                    self._waiting.remove(load)
                    self._waiting.appendleft(load)
                self.entering -= 1


@mutant(
    "racing-load-goes-ahead-at-times",
    clause="StartLoaderJob/queue/racing-order",
    needs="queue loads from two clients at once, each one after the other, many times",
    profile="thorough",
)
class RacingGoesAheadAtTimes(NeptuneService):
    """Every fifth load that is entered while another request is on its way goes to the head of the queue."""

    class LOADER(UnlockedLoader):
        class QUEUE(Overlaps):
            def _enter(self, load: Load) -> None:
                super()._enter(load)
                if self.entering > 1 and load in self._waiting and next(self.number) % 5 == 0:
                    self._waiting.remove(load)
                    self._waiting.appendleft(load)
                self.entering -= 1


@mutant(
    "cancel-does-not-see-the-start",
    clause="CancelLoaderJob/loadJob/racing-cancel",
    needs="cancel a waiting load while the one before it is cancelled, many times, and look at it until it has ended",
    profile="thorough",
)
class CancelMissesStart(NeptuneService):
    """A load that starts while it is being cancelled is told to be cancelled, and runs on."""

    class LOADER(Loader):
        class QUEUE(GapQueue):
            def cancel(self, load_id: str) -> None:
                with self._changed:
                    load = self._loads.get(load_id)
                    waited = load is not None and load in self._waiting
                if load is None or not waited:
                    super().cancel(load_id)
                    return
                time.sleep(_GAP)
                with self._changed:
                    if load in self._waiting:
                        self._waiting.remove(load)
                    self._end(load, statuses.CANCELLED_BY_USER)


@mutant(
    "racing-cancels-refuse-each-other",
    clause="CancelLoaderJob/loadJob/racing-cancel",
    needs="cancel one waiting load from two clients at once",
)
class CancelsRefused(NeptuneService):
    """A cancel that finds another one of the same load under way is refused, and so is the other."""

    class LOADER(Loader):
        class QUEUE(GapQueue):
            def cancel(self, load_id: str) -> None:
                under_way: dict[str, int] = self.__dict__.setdefault("under_way", {})
                with self._changed:
                    under_way[load_id] = under_way.get(load_id, 0) + 1
                    self.gap()
                    contested = under_way[load_id] > 1
                if contested:
                    raise NeptuneError("BulkLoadIdNotFoundException", self.INACTIVE_MESSAGE.format(load_id=load_id))
                super().cancel(load_id)
                under_way.pop(load_id, None)


lifecycle = declarer("neptune", "lifecycle")


class SameMoment(LoadQueue):
    """A queue that numbers loads by those there are, and enters them some time later."""

    def start(self, request: StartRequest, *, run_number: int = 1) -> Load:
        number = len(self._loads)
        time.sleep(_GAP / 4)
        load = super().start(request, run_number=run_number)
        with self._changed:
            del self._loads[load.load_id]
            load.load_id = f"00000000-0000-4000-8000-{number:012d}"
            self._loads[load.load_id] = load
        return load


@lifecycle(
    "racing-loads-share-an-id",
    clause="StartLoaderJob/loadJob/racing-ids",
    needs="start different loads from several clients at once",
)
class SharedIds(NeptuneService):
    """The number that makes an id is read some time before the load is entered."""

    class LOADER(UnlockedLoader):
        QUEUE = SameMoment


@lifecycle(
    "other-connections-see-the-past",
    clause="GetLoaderJobStatus/loadJob/racing-reads",
    needs="look at a load from several clients while it changes",
)
class OthersSeeThePast(NeptuneService):
    """A connection that did not start a load is shown for a second what it was shown first."""

    def get(self, load_id: str, request: Any) -> dict[str, Any]:
        copies: dict[Any, tuple[float, dict[str, Any]]] = self.__dict__.setdefault("copies", {})
        owners: dict[str, int] = self.__dict__.setdefault("owners", {})
        key, now = (load_id, threading.get_ident()), time.monotonic()
        if owners.setdefault(load_id, key[1]) == key[1]:
            return super().get(load_id, request)
        if key not in copies or now - copies[key][0] > 1:
            copies[key] = (now, super().get(load_id, request))
        return copies[key][1]
