"""Neptune with other dependencies, where the documents leave it open: who is refused, who ends when and how."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from conformance.emulator.neptune.load import Load
    from conformance.emulator.neptune.start_request import StartRequest

variant = declarer("neptune")
_DUE_TO_ERRORS = "LOAD_CANCELLED_DUE_TO_ERRORS"
_ENDED_BADLY = frozenset({statuses.FAILED, statuses.CANCELLED_BY_USER, statuses.INVALID_REQUEST})


@variant("dependents-end-at-their-turn", fact="N19, N20: when dependents of a failed load are cancelled is not said")
class AtTheirTurn(NeptuneService):
    """A load whose dependency has failed stays in the queue until its turn comes."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def doomed_by(self, ended: Load) -> list[Load]:
                return []

            def is_doomed(self, load: Load) -> bool:
                return False


class IndirectQueue(LoadQueue):
    """A queue in which loads behind an unsatisfied dependency of another load end in another way."""

    STATUS = _DUE_TO_ERRORS

    def _end(self, load: Load, status: str) -> None:
        ends = [self._loads.get(load_id) for load_id in load.request.dependencies]
        direct = any(e is not None and e.status in _ENDED_BADLY and not self.is_indirect(e) for e in ends)
        if status == statuses.DEPENDENCY_NOT_SATISFIED and not direct:
            status = self.STATUS
        super()._end(load, status)

    def is_indirect(self, load: Load) -> bool:
        """Tell whether a load has ended because of its dependencies."""
        return bool(load.request.dependencies) and load.started is None and not load.cancelled.is_set()


@variant("indirect-dependents-are-cancelled-by-errors", fact="N19: DOC001 says that indirect dependents are cancelled")
class IndirectErrors(NeptuneService):
    """A load whose dependency was never tried ends as cancelled because of errors."""

    class LOADER(Loader):
        class QUEUE(IndirectQueue):
            pass


@variant("indirect-dependents-are-cancelled", fact="N19: DOC001 says that indirect dependents are cancelled")
class IndirectCancelled(NeptuneService):
    """A load whose dependency was never tried ends as cancelled by its user."""

    class LOADER(Loader):
        class QUEUE(IndirectQueue):
            STATUS = statuses.CANCELLED_BY_USER


@variant("unknown-dependencies-are-bad-requests", fact="N18: silent on unknown dependencies")
class UnknownDependency400(NeptuneService):
    """A dependency that is not known is a bad request."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def require_dependencies(self, request: StartRequest) -> None:
                if any(load_id not in self._loads for load_id in request.dependencies):
                    raise NeptuneError("BadRequestException", "A dependency is not known")


@variant(
    "unknown-dependencies-fail-later",
    fact="N18, N21: checks may come late; LOAD_FAILED_BECAUSE_DEPENDENCY_NOT_SATISFIED",
)
class UnknownDependencyLate(NeptuneService):
    """A load with a dependency that is not known is accepted, and fails for it."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def require_dependencies(self, request: StartRequest) -> None:
                pass

            def is_success(self, load: Load | None) -> bool:
                return load is not None and load.status == statuses.COMPLETED

            def is_doomed(self, load: Load) -> bool:
                return super().is_doomed(load) or any(each not in self._loads for each in load.request.dependencies)


@variant("failed-dependencies-are-refused", fact="N18: a dependency that has failed may be refused at once")
class FailedDependencyRefused(NeptuneService):
    """A load is not accepted when one of its dependencies has failed already."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def admit(self, request: StartRequest) -> None:
                super().admit(request)
                known = [self._loads.get(load_id) for load_id in request.dependencies]
                if any(each is not None and not each.is_active and not self.is_success(each) for each in known):
                    raise NeptuneError("PreconditionsFailedException", "A dependency has failed")


@variant("dependencies-need-a-queue", fact="N17: silent on dependencies of a request that is not queued")
class NeedQueue(NeptuneService):
    """Dependencies of a request that must not wait are refused."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def require_dependencies(self, request: StartRequest) -> None:
                if request.dependencies and not request.queued:
                    raise NeptuneError("BadRequestException", "dependencies need queueRequest")
                super().require_dependencies(request)


@variant("dependencies-ignored-without-queue", fact="N17: silent on dependencies of a request that is not queued")
class IgnoredWithoutQueue(NeptuneService):
    """Dependencies of a request that must not wait count for nothing."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def require_dependencies(self, request: StartRequest) -> None:
                if request.queued:
                    super().require_dependencies(request)

            def is_satisfied(self, load: Load) -> bool:
                return not load.request.queued or super().is_satisfied(load)

            def is_doomed(self, load: Load) -> bool:
                return load.request.queued and super().is_doomed(load)
