"""Neptune with a fault in what becomes of loads that wait for others that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.mutants.neptune_dependencies import LaxQueue, StuckQueue
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.start_request import StartRequest, StartRequestReader

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from conformance.emulator.neptune.load import Load

mutant = declarer("neptune", "dependency")
NEED_FAILURE = "let a load fail that others depend on"


@mutant("dependencies-ignored", clause="StartLoaderJob/dependencies/failure-direct", needs=NEED_FAILURE)
class Ignored(NeptuneService):
    """Dependencies are not read at all."""

    class START(StartRequestReader):
        def texts(self, body: Mapping[str, Any], name: str) -> tuple[str, ...]:
            found = super().texts(body, name)
            return () if name == "dependencies" else found


@mutant("failed-dependency-satisfies", clause="StartLoaderJob/dependencies/failure-direct", needs=NEED_FAILURE)
class FailedSatisfies(NeptuneService):
    """A load is executed although its dependency failed."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_success(self, load: Load | None) -> bool:
                return super().is_success(load) or (load is not None and load.status == statuses.FAILED)


@mutant(
    "seventeenth-dependent-runs",
    clause="StartLoaderJob/dependencies/failure-direct",
    needs="let a load fail that 17 others depend on",
)
class SeventeenthRuns(NeptuneService):
    """Only the first sixteen loads that depend on a failed one are kept from running."""

    class LOADER(Loader):
        class QUEUE(LaxQueue):
            def doomed_by(self, ended: Load) -> list[Load]:
                doomed = super().doomed_by(ended)
                self.__dict__.setdefault("spared", set()).update(load.load_id for load in doomed[16:])
                return doomed[:16]

            def counted(self, load: Load) -> tuple[str, ...]:
                return () if load.load_id in self.__dict__.get("spared", ()) else super().counted(load)


@mutant("dependent-of-failed-waits-for-ever", clause="StartLoaderJob/dependencies/failure-direct", needs=NEED_FAILURE)
class FailedBlocks(NeptuneService):
    """A load whose dependency failed is neither executed nor ended."""

    class LOADER(Loader):
        class QUEUE(StuckQueue):
            def doomed_by(self, ended: Load) -> list[Load]:
                return [] if ended.status == statuses.FAILED else super().doomed_by(ended)

            def is_stuck(self, load: Load) -> bool:
                needed = [self._loads.get(load_id) for load_id in load.request.dependencies]
                return any(each is not None and each.status == statuses.FAILED for each in needed)


@mutant("only-first-dependency-fails", clause="StartLoaderJob/dependencies/several-one-fails", needs=NEED_FAILURE)
class OnlyFirstFails(NeptuneService):
    """Only the first of several dependencies is looked at."""

    class LOADER(Loader):
        class QUEUE(LaxQueue):
            def counted(self, load: Load) -> tuple[str, ...]:
                return load.request.dependencies[:1]


@mutant("only-last-dependency-fails", clause="StartLoaderJob/dependencies/several-one-fails", needs=NEED_FAILURE)
class OnlyLastFails(NeptuneService):
    """Only the last of several dependencies is looked at."""

    class LOADER(Loader):
        class QUEUE(LaxQueue):
            def counted(self, load: Load) -> tuple[str, ...]:
                return load.request.dependencies[-1:]


@mutant("one-success-is-enough", clause="StartLoaderJob/dependencies/several-one-fails", needs=NEED_FAILURE)
class OneIsEnough(NeptuneService):
    """A load is executed if any one of its dependencies completed."""

    class LOADER(Loader):
        class QUEUE(LaxQueue):
            def counted(self, load: Load) -> tuple[str, ...]:
                needed = load.request.dependencies
                done = any(self._loads[each].status == statuses.COMPLETED for each in needed if each in self._loads)
                return () if done else needed


@mutant(
    "failed-before-satisfies",
    clause="StartLoaderJob/dependencies/failed-before",
    needs="depend on a load that has failed",
)
class FailedBefore(NeptuneService):
    """A dependency that has ended before it is named counts as satisfied, however it ended."""

    class LOADER(Loader):
        class QUEUE(LaxQueue):
            def is_doomed(self, load: Load) -> bool:
                ended = {each for each in load.request.dependencies if not self._loads[each].is_active}
                self.__dict__.setdefault("ended", {})[load.load_id] = ended
                return False

            def counted(self, load: Load) -> tuple[str, ...]:
                ended = self.__dict__.get("ended", {}).get(load.load_id, ())
                return tuple(each for each in load.request.dependencies if each not in ended)


@mutant(
    "cancelled-dependency-satisfies",
    clause="StartLoaderJob/dependencies/cancelled-dependency",
    needs="cancel a load that others depend on",
)
class CancelledSatisfies(NeptuneService):
    """A load is executed although its dependency was cancelled."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_success(self, load: Load | None) -> bool:
                return super().is_success(load) or (load is not None and load.status == statuses.CANCELLED_BY_USER)


@mutant(
    "dependency-cancelled-waiting-satisfies",
    clause="StartLoaderJob/dependencies/cancelled-dependency",
    needs="cancel a load that waits and that others depend on",
)
class CancelledWaitingSatisfies(NeptuneService):
    """A load is executed although its dependency was cancelled, if that had not started."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def is_success(self, load: Load | None) -> bool:
                cancelled = load is not None and load.status == statuses.CANCELLED_BY_USER and load.started is None
                return super().is_success(load) or cancelled


# --- Cascade ----------------------------------------------------------------------------------------------------------


class ShallowQueue(LaxQueue):
    """A queue in which a failure does not reach beyond a depth."""

    DEPTH = 1

    def is_success(self, load: Load | None) -> bool:
        failed = load is not None and load.status == statuses.DEPENDENCY_NOT_SATISFIED
        return super().is_success(load) or (failed and load is not None and self.depth(load) >= self.DEPTH)


@mutant(
    "cascade-of-one-level",
    clause="StartLoaderJob/dependencies/cascade",
    needs="let a load fail behind which others wait in a chain",
)
class OneLevel(NeptuneService):
    """A failure reaches the loads that depend on it directly, and no others."""

    class LOADER(Loader):
        class QUEUE(ShallowQueue):
            pass


@mutant(
    "cascade-ends-at-depth-3",
    clause="StartLoaderJob/dependencies/cascade",
    needs="let a load fail behind which a chain of four waits",
)
class ThreeLevels(NeptuneService):
    """A failure reaches three levels of loads that depend on it, and not the fourth."""

    class LOADER(Loader):
        class QUEUE(ShallowQueue):
            DEPTH = 3


@mutant(
    "indirect-dependents-wait-for-ever",
    clause="StartLoaderJob/dependencies/cascade",
    needs="let a load fail behind which others wait in a chain",
)
class IndirectStuck(NeptuneService):
    """Loads that depend on a failure indirectly are neither executed nor ended."""

    class LOADER(Loader):
        class QUEUE(StuckQueue):
            def doomed_by(self, ended: Load) -> list[Load]:
                return [] if ended.status == statuses.DEPENDENCY_NOT_SATISFIED else super().doomed_by(ended)

            def is_stuck(self, load: Load) -> bool:
                needed = [self._loads.get(load_id) for load_id in load.request.dependencies]
                return any(each is not None and each.status == statuses.DEPENDENCY_NOT_SATISFIED for each in needed)


class RenamingQueue(LaxQueue):
    """A queue that ends loads with unmet dependencies with a status of its own."""

    LEAST_DEPTH = 1
    STATUS = statuses.FAILED

    def _end(self, load: Load, status: str) -> None:
        renamed = status == statuses.DEPENDENCY_NOT_SATISFIED and self.depth(load) >= self.LEAST_DEPTH
        super()._end(load, self.STATUS if renamed else status)


@mutant("unmet-shown-as-failed", clause="StartLoaderJob/dependencies/unmet-status", needs=NEED_FAILURE)
class UnmetFailed(NeptuneService):
    """A load that is not executed for its dependency is shown as failed."""

    class LOADER(Loader):
        class QUEUE(RenamingQueue):
            pass


@mutant("unmet-shown-as-cancelled", clause="StartLoaderJob/dependencies/unmet-status", needs=NEED_FAILURE)
class UnmetCancelled(NeptuneService):
    """A load that is not executed for its dependency is shown as cancelled by the user."""

    class LOADER(Loader):
        class QUEUE(RenamingQueue):
            STATUS = statuses.CANCELLED_BY_USER


@mutant(
    "unmet-at-depth-3-shown-as-error",
    clause="StartLoaderJob/dependencies/unmet-status",
    needs="let a load fail behind which a chain of three waits",
)
class UnmetDeepError(NeptuneService):
    """A load that is not executed for a dependency three levels away ends with an unexpected error."""

    class LOADER(Loader):
        class QUEUE(RenamingQueue):
            LEAST_DEPTH = 3
            STATUS = statuses.UNEXPECTED_ERROR


@mutant(
    "unknown-dependency-runs",
    clause="StartLoaderJob/dependencies/unknown-dependency",
    needs="depend on a load there is not",
)
class UnknownRuns(NeptuneService):
    """A dependency on a load there is not is passed over."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def require_dependencies(self, request: StartRequest) -> None:
                pass
