"""Neptune with a fault in the shape of what it answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.status_document import StatusDocument, StatusQuery

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from conformance.emulator.neptune.load import ErrorLog, Feed, Load

mutant = declarer("neptune", "response-shape")


@mutant("list-without-status", clause="ListLoaderJobs/response.status/member", needs="list")
class ListWithoutStatus(NeptuneService):
    """The list comes without the status beside the payload."""

    def list(self, request: Request) -> dict[str, Any]:
        return {"payload": super().list(request)["payload"]}


@mutant("list-payload-is-array", clause="ListLoaderJobs/response.payload/member", needs="list")
class ListPayloadArray(NeptuneService):
    """The payload of the list is the array of ids itself."""

    def list(self, request: Request) -> dict[str, Any]:
        answer = super().list(request)
        return {**answer, "payload": answer["payload"]["loadIds"]}


@mutant(
    "list-ids-as-objects", clause="ListLoaderJobs/response.payload.loadIds[]/member", needs="list when there are loads"
)
class ListIdsAsObjects(NeptuneService):
    """The list holds an object a load instead of its id."""

    def list(self, request: Request) -> dict[str, Any]:
        answer = super().list(request)
        return {**answer, "payload": {"loadIds": [{"loadId": each} for each in answer["payload"]["loadIds"]]}}


@mutant(
    "empty-list-is-null",
    clause="ListLoaderJobs/response.payload.loadIds/member",
    needs="list on a cluster without loads, or hide the only ones there are",
)
class EmptyListNull(NeptuneService):
    """A list of nothing is null instead of an empty array."""

    def list(self, request: Request) -> dict[str, Any]:
        answer = super().list(request)
        return {**answer, "payload": {"loadIds": answer["payload"]["loadIds"] or None}}


@mutant("start-answered-202", clause="StartLoaderJob/response/status", needs="start a load")
class Start202(NeptuneService):
    """A load that was accepted is answered with status 202."""

    def handle(self, request: Request) -> Response:
        response = super().handle(request)
        if request.method == "POST" and response.status_code == 200:
            response.status_code = 202
        return response


@mutant("start-answered-as-text", clause="StartLoaderJob/response/media-type", needs="start a load")
class StartAsText(NeptuneService):
    """The answer to a start says that it is plain text."""

    def handle(self, request: Request) -> Response:
        response = super().handle(request)
        if request.method == "POST" and response.status_code == 200:
            response.content_type = "text/plain"
        return response


@mutant("load-id-as-number", clause="StartLoaderJob/response.payload.loadId/member", needs="start a load")
class LoadIdNumber(NeptuneService):
    """The id of a new load is a number."""

    def start(self, request: Request) -> dict[str, Any]:
        answer = super().start(request)
        return {**answer, "payload": {"loadId": int(answer["payload"]["loadId"][:8], 16)}}


@mutant("start-payload-is-list", clause="StartLoaderJob/response.payload/member", needs="start a load")
class StartPayloadList(NeptuneService):
    """The payload of a start is a list of one object."""

    def start(self, request: Request) -> dict[str, Any]:
        answer = super().start(request)
        return {**answer, "payload": [answer["payload"]]}


@mutant(
    "record-count-as-text",
    clause="GetLoaderJobStatus/response.payload.overallStatus.totalRecords/member",
    needs="read a load",
)
class RecordCountText(NeptuneService):
    """The number of records is a text."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            return {**section, "totalRecords": str(section["totalRecords"])}


@mutant(
    "start-time-as-date",
    clause="GetLoaderJobStatus/response.payload.overallStatus.startTime/member",
    needs="read a load that has begun",
)
class StartTimeDate(NeptuneService):
    """The start time of a load is a date in words instead of seconds."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            if "startTime" in section:
                section["startTime"] = datetime.fromtimestamp(section["startTime"], UTC).isoformat()
            return section


@mutant("feed-count-is-object", clause="GetLoaderJobStatus/response.payload.feedCount/member", needs="read a load")
class FeedCountObject(NeptuneService):
    """The counts of feeds are one object instead of an array of objects."""

    class DOCUMENT(StatusDocument):
        def render(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            payload = super().render(load, query)
            return {
                **payload,
                "feedCount": {name: number for each in payload["feedCount"] for name, number in each.items()},
            }


@mutant(
    "retry-number-null",
    clause="GetLoaderJobStatus/response.payload.overallStatus.retryNumber/member",
    needs="read a load",
)
class RetryNumberNull(NeptuneService):
    """The retry number of a load that was never retried is null."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            return {**super().overall(load), "retryNumber": None}


@mutant(
    "status-without-overall-status",
    clause="GetLoaderJobStatus/response.payload.overallStatus/member",
    needs="read a load that has just been started",
)
class NoOverallStatus(NeptuneService):
    """The first answer about a load lacks its overall status."""

    class DOCUMENT(StatusDocument):
        def render(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            payload = super().render(load, query)
            seen: set[str] = self.__dict__.setdefault("seen", set())
            if load.load_id not in seen:
                seen.add(load.load_id)
                del payload["overallStatus"]
            return payload


@mutant(
    "time-spent-not-a-number", clause="GetLoaderJobStatus/response/body", needs="read a load that has just been started"
)
class TimeSpentNan(NeptuneService):
    """The time spent on a load is NaN, which JSON does not have, in the first answer about it."""

    class DOCUMENT(StatusDocument):
        def overall(self, load: Load) -> dict[str, Any]:
            section = super().overall(load)
            seen: set[str] = self.__dict__.setdefault("seen", set())
            first = load.load_id not in seen
            seen.add(load.load_id)
            return {**section, "totalTimeSpent": float("nan")} if first else section


@mutant(
    "failed-feeds-as-number",
    clause="GetLoaderJobStatus/response.payload.failedFeeds/member",
    needs="read a load with details=true",
)
class FailedFeedsNumber(NeptuneService):
    """The details tell how many feeds failed instead of which."""

    class DOCUMENT(StatusDocument):
        def render(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            payload = super().render(load, query)
            return {**payload, "failedFeeds": len(payload["failedFeeds"])} if "failedFeeds" in payload else payload


@mutant(
    "failed-feed-as-text",
    clause="GetLoaderJobStatus/response.payload.failedFeeds[]/member",
    needs="read a failed load with details=true",
)
class FailedFeedText(NeptuneService):
    """The details name the failed feeds only by their address."""

    class DOCUMENT(StatusDocument):
        def feed(self, load: Load, feed: Feed) -> Any:
            return feed.uri


@mutant(
    "error-index-as-text",
    clause="GetLoaderJobStatus/response.payload.errors.startIndex/member",
    needs="read a load with errors=true",
)
class ErrorIndexText(NeptuneService):
    """The first index of a page of errors is a text."""

    class DOCUMENT(StatusDocument):
        def errors(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            page = super().errors(load, query)
            return {**page, "startIndex": str(page["startIndex"])}


@mutant(
    "record-number-below-zero",
    clause="GetLoaderJobStatus/response.payload.errors.errorLogs[].recordNum/member",
    needs="read a load that met an error with errors=true",
)
class RecordNumberNegative(NeptuneService):
    """Entries of the error log have -1 as the number of their record."""

    class DOCUMENT(StatusDocument):
        def error_log(self, entry: ErrorLog) -> dict[str, Any]:
            return {**super().error_log(entry), "recordNum": -1}


@mutant("cancel-status-as-number", clause="CancelLoaderJob/response.status/member", needs="cancel a load that runs")
class CancelStatusNumber(NeptuneService):
    """The status in the answer to a cancel is a number."""

    def cancel(self, load_id: str) -> dict[str, Any]:
        super().cancel(load_id)
        return {"status": 200}
