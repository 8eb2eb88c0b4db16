"""Neptune with a fault in what comes of a cancel, and in what a load counts."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.status_document import StatusDocument

if TYPE_CHECKING:
    from werkzeug import Request

    from conformance.emulator.neptune.load import Load

mutant = declarer("neptune", "lifecycle")
_CANCEL = "CancelLoaderJob/loadJob.cancel"


@mutant("running-load-not-cancelled", clause=f"{_CANCEL}/accepted", needs="cancel a running load")
class RunningNotCancelled(NeptuneService):
    """A running load cannot be cancelled."""

    def cancel(self, load_id: str) -> dict[str, Any]:
        if self.loader.queue.get(load_id).status == statuses.IN_PROGRESS:
            raise NeptuneError("BadRequestException", "The load is running")
        return super().cancel(load_id)


@mutant("ended-load-cancelled", clause=f"{_CANCEL}/refused", needs="cancel a load that has ended")
class EndedCancelled(NeptuneService):
    """To cancel a load that has ended is accepted, and changes nothing."""

    def cancel(self, load_id: str) -> dict[str, Any]:
        if self.loader.queue.get(load_id).is_active:
            return super().cancel(load_id)
        return {"status": self.STATUS_TEXT}


@mutant("late-cancel-misses-a-parameter", clause=f"{_CANCEL}/refusal", needs="cancel a load that has ended")
class LateCancelMissing(NeptuneService):
    """To cancel a load that has ended is refused as if a parameter were missing."""

    def cancel(self, load_id: str) -> dict[str, Any]:
        if not self.loader.queue.get(load_id).is_active:
            raise NeptuneError("MissingParameterException", "The load is not active")
        return super().cancel(load_id)


@mutant("cancel-without-effect", clause=f"{_CANCEL}/effect", needs="cancel a running load and look at it until it ends")
class CancelWithoutEffect(NeptuneService):
    """To cancel a running load is accepted, and the load runs on to its end."""

    def cancel(self, load_id: str) -> dict[str, Any]:
        if self.loader.queue.get(load_id).status == statuses.IN_PROGRESS:
            return {"status": self.STATUS_TEXT}
        return super().cancel(load_id)


@mutant("late-cancel-tells", clause=f"{_CANCEL}/absorbed", needs="cancel a completed load and read it")
class LateCancelTells(NeptuneService):
    """A load that has completed is shown as cancelled once somebody has tried to cancel it."""

    def cancel(self, load_id: str) -> dict[str, Any]:
        load = self.loader.queue.get(load_id)
        if load.status == statuses.COMPLETED:
            load.status = statuses.CANCELLED_BY_USER
        return super().cancel(load_id)


@mutant(
    "records-uncounted", clause="GetLoaderJobStatus/loadJob/counters-rise", needs="read a completed load several times"
)
class RecordsUncounted(NeptuneService):
    """Every second read of a load shows no record."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
            reads[load.load_id] += 1
            return section if reads[load.load_id] % 2 else {**section, "totalRecords": 0}


@mutant("run-number-falls", clause="GetLoaderJobStatus/loadJob/counters-rise", needs="read a load several times")
class RunNumberFalls(NeptuneService):
    """Every second read of a load shows the number of the run before."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
            reads[load.load_id] += 1
            return {**section, "runNumber": section["runNumber"] - (reads[load.load_id] % 2 == 0)}


@mutant(
    "counts-on-behind-the-end",
    clause="GetLoaderJobStatus/loadJob/counters-rest",
    needs="read an ended load several times",
)
class CountsOn(NeptuneService):
    """Every read of a load that has ended shows one more duplicate."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            reads: Counter[str] = self.__dict__.setdefault("reads", Counter())
            reads[load.load_id] += not load.is_active
            return {**section, "totalDuplicates": section["totalDuplicates"] + reads[load.load_id]}


@mutant("list-turns-round", clause="ListLoaderJobs/items/order-stable", needs="list twice")
class ListTurns(NeptuneService):
    """Every second list shows its loads the other way round."""

    def list(self, request: Request) -> dict[str, Any]:
        members = super().list(request)
        self.__dict__["lists"] = self.__dict__.get("lists", 0) + 1
        ids = members["payload"]["loadIds"]
        return members if self.__dict__["lists"] % 2 else {**members, "payload": {"loadIds": ids[::-1]}}
