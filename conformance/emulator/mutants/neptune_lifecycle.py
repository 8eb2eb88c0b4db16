"""Neptune with a fault in the life of a single load."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.resumption import Resumption
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.source_check import SourceCheck
from conformance.emulator.neptune.status_document import StatusDocument
from conformance.emulator.objects import NoSuchBucketError

if TYPE_CHECKING:
    from werkzeug import Request

    from conformance.emulator.neptune.load import Load
    from conformance.emulator.neptune.start_request import StartRequest
    from conformance.emulator.objects import ObjectError

mutant = declarer("neptune", "lifecycle")


@mutant("load-id-reused", clause="StartLoaderJob/loadJob/unique-id", needs="start loads with optional parameters")
class LoadIdReused(NeptuneService):
    """A load with a parallelism gets the id of the load before it."""

    def start(self, request: Request) -> dict[str, Any]:
        answer = super().start(request)
        before: str | None = self.__dict__.get("id_before")
        load_id = self.__dict__["id_before"] = answer["payload"]["loadId"]
        reused = before is not None and b'"parallelism"' in request.get_data()
        return {**answer, "payload": {"loadId": before if reused else load_id}}


@mutant(
    "undocumented-status-shown",
    clause="GetLoaderJobStatus/loadJob/status-known",
    needs="read a load until it has ended",
)
class UnknownStatus(NeptuneService):
    """A load that has just completed is shown once under a status that is not documented."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            seen: set[str] = self.__dict__.setdefault("seen", set())
            if section["status"] != statuses.COMPLETED or load.load_id in seen:
                return section
            seen.add(load.load_id)
            return {**section, "status": "LOAD_COMMITTING"}


@mutant(
    "completed-runs-again",
    clause="GetLoaderJobStatus/loadJob/terminal",
    needs="read a completed load several times",
)
class CompletedRunsAgain(NeptuneService):
    """Every third read of a completed load shows it as running."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
            reads[load.load_id] += section["status"] == statuses.COMPLETED
            again = reads[load.load_id] % 3 == 2
            return {**section, "status": statuses.IN_PROGRESS} if again else section


@mutant(
    "cancelled-becomes-failed",
    clause="GetLoaderJobStatus/loadJob/terminal",
    needs="read a cancelled load several times",
)
class CancelledBecomesFailed(NeptuneService):
    """A cancelled load is shown as cancelled once, and as failed ever after."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            seen: set[str] = self.__dict__.setdefault("seen", set())
            if section["status"] == statuses.CANCELLED_BY_USER:
                if load.load_id in seen:
                    return {**section, "status": statuses.FAILED}
                seen.add(load.load_id)
            return section


@mutant(
    "running-waits-again",
    clause="GetLoaderJobStatus/loadJob/status-forward",
    needs="read a running load several times",
)
class RunningWaitsAgain(NeptuneService):
    """Every second read of a running load shows it as queued."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
            reads[load.load_id] += section["status"] == statuses.IN_PROGRESS
            back = section["status"] == statuses.IN_PROGRESS and reads[load.load_id] % 2 == 0
            return {**section, "status": statuses.IN_QUEUE} if back else section


@mutant(
    "source-forgotten-at-the-end",
    clause="GetLoaderJobStatus/loadJob/immutable",
    needs="read a load before and behind its end",
)
class SourceForgotten(NeptuneService):
    """The source of a load that has ended loses its last part."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            return section if load.is_active else {**section, "fullUri": section["fullUri"].rpartition("/")[0]}


@mutant(
    "new-mode-cannot-be-read", clause="GetLoaderJobStatus/loadJob/readable", needs="start with mode=NEW and read it"
)
class NewModeUnreadable(NeptuneService):
    """Loads that were started with mode=NEW cannot be read."""

    def get(self, load_id: str, request: Request) -> dict[str, Any]:
        if self.loader.queue.get(load_id).request.mode == "NEW":
            raise NeptuneError("BulkLoadIdNotFoundException", f"The load with id = {load_id} does not exist")
        return super().get(load_id, request)


@mutant("resumes-what-never-was", clause="StartLoaderJob/loadJob/resume-nothing", needs="resume a source never loaded")
class ResumesNothing(NeptuneService):
    """Resuming a source that was never loaded loads it."""

    class LOADER(Loader):
        class RESUMPTION(Resumption):
            def run_number(self, request: StartRequest) -> int:
                try:
                    return super().run_number(request)
                except NeptuneError:
                    return 1


@mutant("empty-source-completes", clause="StartLoaderJob/loadJob/source-missing", needs="load a prefix with no object")
class EmptySourceCompletes(NeptuneService):
    """A source that matches no object is a load of nothing, which completes."""

    class LOADER(Loader):
        class CHECK(SourceCheck):
            def require(self, request: StartRequest) -> None:
                try:
                    super().require(request)
                except NeptuneError as error:
                    if "does not exist" not in error.detail:
                        raise


@mutant(
    "bucket-blamed-on-the-caller", clause="StartLoaderJob/loadJob/bucket-missing", needs="load from a bucket nobody has"
)
class BucketBlamedOnTheCaller(NeptuneService):
    """A bucket that is not there is answered as a request that took too long."""

    class LOADER(Loader):
        class CHECK(SourceCheck):
            def refusal(self, error: ObjectError, request: StartRequest) -> NeptuneError:
                if isinstance(error, NoSuchBucketError):
                    return NeptuneError("ClientTimeoutException", "Connection timed out")
                return super().refusal(error, request)
