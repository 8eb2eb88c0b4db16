"""Neptune with a fault in its queue: how many may wait, and who is let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import ErrorEnvelope, NeptuneError
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.start_request import StartRequest, StartRequestReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Response

    from conformance.emulator.neptune.load import Load

mutant = declarer("neptune", "queue")


class LeakyQueue(LoadQueue):
    """A queue that may lose places: ``lost`` of them are taken by nobody."""

    lost = 0

    def is_full(self) -> bool:
        return len(self._waiting) + self.lost >= self.CAPACITY


@mutant("capacity-65", clause="StartLoaderJob/queue/capacity", needs="queue 65 loads behind a running one")
class Capacity65(NeptuneService):
    """65 loads may wait."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            CAPACITY = 65


@mutant("capacity-unlimited", clause="StartLoaderJob/queue/capacity", needs="queue 65 loads behind a running one")
class CapacityUnlimited(NeptuneService):
    """Any number of loads may wait."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_full(self) -> bool:
                return False


@mutant(
    "capacity-forgotten-after-refusal",
    clause="StartLoaderJob/queue/capacity",
    needs="fill the queue, be refused, make room, and fill it again",
)
class CapacityForgotten(NeptuneService):
    """The limit holds until it has turned somebody away once."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_full(self) -> bool:
                before = self.__dict__.get("refused", False)
                full = super().is_full()
                self.__dict__["refused"] = before or full
                return full and not before


@mutant("running-load-counted-twice", clause="StartLoaderJob/queue/capacity-usable", needs="fill the queue")
class RunningCountedTwice(NeptuneService):
    """The running load takes two places in the queue."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_full(self) -> bool:
                return len(self._waiting) + 2 * (self._running is not None) >= self.CAPACITY


@mutant("capacity-10", clause="StartLoaderJob/queue/capacity-usable", needs="queue a dozen loads")
class Capacity10(NeptuneService):
    """Ten loads may wait."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            CAPACITY = 10


@mutant("full-named-as-not-found", clause="StartLoaderJob/queue/full-refusal", needs="fill the queue")
class FullNamedNotFound(NeptuneService):
    """The refusal of a full queue has the name of an unknown load."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def admit(self, request: StartRequest) -> None:
                if request.queued and self.is_full():
                    raise NeptuneError("BulkLoadIdNotFoundException", "There is no place in the queue")
                super().admit(request)


@mutant("full-answered-422", clause="StartLoaderJob/queue/full-refusal", needs="fill the queue")
class Full422(NeptuneService):
    """The refusal of a full queue has an undocumented status."""

    class ENVELOPE(ErrorEnvelope):
        def response(self, error: NeptuneError) -> Response:
            response = super().response(error)
            if "queue size limit" in error.detail:
                response.status_code = 422
            return response


@mutant(
    "place-kept-after-cancel",
    clause="StartLoaderJob/queue/returned-by-cancel",
    needs="fill the queue, cancel one that waits, and queue another",
)
class KeptAfterCancel(NeptuneService):
    """A load cancelled while it waited keeps its place."""

    class LOADER(Loader):
        class QUEUE(LeakyQueue):
            def cancel(self, load_id: str) -> None:
                self.lost += any(load.load_id == load_id for load in self._waiting)
                super().cancel(load_id)


@mutant(
    "place-kept-after-cancel-when-full",
    clause="StartLoaderJob/queue/returned-by-cancel",
    needs="cancel one of exactly 64 loads that wait, and queue another",
)
class KeptAfterCancelWhenFull(NeptuneService):
    """Only a load cancelled while the queue is full keeps its place."""

    class LOADER(Loader):
        class QUEUE(LeakyQueue):
            def cancel(self, load_id: str) -> None:
                waits = any(load.load_id == load_id for load in self._waiting)
                self.lost += waits and len(self._waiting) == self.CAPACITY
                super().cancel(load_id)


@mutant(
    "place-kept-after-start",
    clause="StartLoaderJob/queue/returned-by-start",
    needs="fill the queue, let one start, and queue another",
)
class KeptAfterStart(NeptuneService):
    """Loads that start while the queue is full keep their places."""

    class LOADER(Loader):
        class QUEUE(LeakyQueue):
            def next_waiting(self) -> Load:
                self.lost += self.is_full()
                return super().next_waiting()


@mutant(
    "place-kept-after-dependency-failure",
    clause="StartLoaderJob/queue/returned-by-failure",
    needs="fill the queue, let one fail for its dependency, and queue another",
)
class KeptAfterFailure(NeptuneService):
    """A load that fails for its dependency keeps its place."""

    class LOADER(Loader):
        class QUEUE(LeakyQueue):
            def doomed_by(self, ended: Load) -> list[Load]:
                doomed = super().doomed_by(ended)
                self.lost += len(doomed)
                return doomed


@mutant(
    "dependents-not-counted",
    clause="StartLoaderJob/queue/dependent-counts",
    needs="fill the queue with one load that depends on another",
)
class DependentsNotCounted(NeptuneService):
    """Loads with dependencies take no place in the queue."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_full(self) -> bool:
                return sum(not load.request.dependencies for load in self._waiting) >= self.CAPACITY


@mutant("busy-let-in", clause="StartLoaderJob/queue/busy-refusal", needs="start a load unqueued while another runs")
class BusyLetIn(NeptuneService):
    """Loads that do not ask to be queued are queued all the same, if they say so; without a word they are refused."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            return super().flag(body, name, default=default) or (name == "queueRequest" and name in body)


@mutant(
    "false-as-text-means-true",
    clause="StartLoaderJob/queue/busy-refusal",
    needs='start a load with queueRequest "FALSE" while another runs',
)
class FalseTextTrue(NeptuneService):
    """Any text in queueRequest asks to be queued."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            value = super().flag(body, name, default=default)
            return value or (name == "queueRequest" and isinstance(body.get(name), str))


@mutant(
    "false-means-true",
    clause="StartLoaderJob/queue/busy-refusal",
    needs="start a load with queueRequest false while another runs",
)
class FalseTrue(NeptuneService):
    """The mere presence of a boolean queueRequest asks to be queued."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            value = super().flag(body, name, default=default)
            return value or (name == "queueRequest" and isinstance(body.get(name), bool))


@mutant(
    "busy-only-when-others-wait",
    clause="StartLoaderJob/queue/busy-refusal",
    needs="start a load unqueued while another runs and none waits",
)
class BusyOnlyWaiting(NeptuneService):
    """A running load alone does not make the loader busy."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_busy(self) -> bool:
                return bool(self._waiting)


@mutant(
    "absent-asks-to-be-queued",
    clause="StartLoaderJob/queue/absent",
    needs="start a load without queueRequest while another runs",
)
class AbsentQueues(NeptuneService):
    """Leaving out queueRequest asks to be queued."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            return super().flag(body, name, default=default or name == "queueRequest")


@mutant(
    "busy-named-as-not-found",
    clause="StartLoaderJob/queue/busy-error",
    needs="start a load unqueued while another runs",
)
class BusyNamedNotFound(NeptuneService):
    """The refusal while another load runs has the name of an unknown load."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def admit(self, request: StartRequest) -> None:
                if not request.queued and self.is_busy():
                    raise NeptuneError("BulkLoadIdNotFoundException", "Another load runs")
                super().admit(request)


@mutant("busy-answered-409", clause="StartLoaderJob/queue/busy-error", needs="start a load unqueued while another runs")
class Busy409(NeptuneService):
    """The refusal while another load runs has an undocumented status."""

    class ENVELOPE(ErrorEnvelope):
        def response(self, error: NeptuneError) -> Response:
            response = super().response(error)
            if "concurrent load limit" in error.detail:
                response.status_code = 409
            return response


@mutant(
    "true-as-text-not-understood", clause="StartLoaderJob/queue/text", needs='queue a load with queueRequest "TRUE"'
)
class TrueTextFalse(NeptuneService):
    """Only a boolean asks to be queued."""

    class START(StartRequestReader):
        def flag(self, body: Mapping[str, Any], name: str, *, default: bool) -> bool:
            value = super().flag(body, name, default=default)
            return value and not (name == "queueRequest" and isinstance(body.get(name), str))


@mutant(
    "unqueued-always-refused",
    clause="StartLoaderJob/queue/idle-accepts",
    needs="start a load unqueued while nothing runs",
)
class UnqueuedRefused(NeptuneService):
    """Loads that do not ask to be queued are refused even when nothing runs."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_busy(self) -> bool:
                return True


@mutant(
    "busy-for-ever-after-a-load",
    clause="StartLoaderJob/queue/idle-accepts",
    needs="start a load unqueued when another has ended",
)
class BusyForEver(NeptuneService):
    """Once a load has ended, the loader counts as busy."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_busy(self) -> bool:
                return super().is_busy() or any(load.status == statuses.COMPLETED for load in self._loads.values())
