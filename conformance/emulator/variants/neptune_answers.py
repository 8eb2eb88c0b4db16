"""Neptune with other answers: names of errors, forms of bodies, order of lists, what is let pass."""

from __future__ import annotations

import json
import random
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from werkzeug import Response

from conformance.emulator.neptune import status as statuses
from conformance.emulator.neptune.error import ErrorEnvelope, NeptuneError
from conformance.emulator.neptune.load_queue import LoadQueue
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.parameter import ParameterReader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.start_request import REGIONS, StartRequestReader
from conformance.emulator.neptune.status_document import StatusDocument
from conformance.emulator.variants.manner import Busy, Unsteady
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug import Request
    from werkzeug.datastructures import MultiDict

    from conformance.emulator.neptune.load import Feed, Load
    from conformance.emulator.neptune.status_document import StatusQuery

variant = declarer("neptune")


@variant("all-bad-requests", fact="N15: no document maps a parameter's violation to one name")
class AllBadRequests(NeptuneService):
    """Every parameter that is wrong is a bad request."""

    class QUERY(ParameterReader):
        MISSING = BAD_VALUE = BAD_TYPE = "BadRequestException"

    class START(StartRequestReader):
        MISSING = BAD_VALUE = BAD_TYPE = "BadRequestException"


@variant("constraint-violations", fact="N15: no document maps a parameter's violation to one name")
class ConstraintViolations(NeptuneService):
    """Every parameter that is wrong violates a constraint."""

    class QUERY(ParameterReader):
        MISSING = BAD_VALUE = BAD_TYPE = "ConstraintViolationException"

    class START(StartRequestReader):
        MISSING = BAD_VALUE = BAD_TYPE = "ConstraintViolationException"


@variant("invalid-arguments", fact="N15: no document maps a parameter's violation to one name")
class InvalidArguments(NeptuneService):
    """What is missing is an invalid parameter, what is not allowed an invalid argument, a wrong type an illegal one."""

    class QUERY(ParameterReader):
        MISSING, BAD_VALUE = "InvalidParameterException", "InvalidArgumentException"
        BAD_TYPE = "IllegalArgumentException"

    class START(StartRequestReader):
        MISSING, BAD_VALUE = "InvalidParameterException", "InvalidArgumentException"
        BAD_TYPE = "IllegalArgumentException"


@variant("errors-of-three-members", fact="N8: some live bodies lack `message`")
class ThreeMembers(NeptuneService):
    """Errors have no member `message` beside the detailed one."""

    class ENVELOPE(ErrorEnvelope):
        def members(self, error: NeptuneError, request_id: str) -> dict[str, str]:
            members = super().members(error, request_id)
            del members["message"]
            return members


@variant("errors-as-amz-json", fact="N34: the user guide's example has this content type")
class AmzJson(NeptuneService):
    """Errors are sent as application/x-amz-json-1.0."""

    class ENVELOPE(ErrorEnvelope):
        CONTENT_TYPE = "application/x-amz-json-1.0"


@variant("unknown-ids-are-bad-requests", fact="N10: status and cancel of an unknown id may be answered with 400")
class UnknownIds400(NeptuneService):
    """A load that is not known is a bad request."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def get(self, load_id: str) -> Load:
                try:
                    return super().get(load_id)
                except NeptuneError as error:
                    raise NeptuneError("BadRequestException", error.detail) from None

            def cancel(self, load_id: str) -> None:
                try:
                    super().cancel(load_id)
                except NeptuneError as error:
                    raise NeptuneError("InvalidParameterException", error.detail) from None


@variant("cancel-answers-nothing", fact="N9: the user guide gives a cancel no body")
class EmptyCancel(NeptuneService):
    """A cancel is answered with an empty body."""

    def handle(self, request: Request) -> Response:
        response = super().handle(request)
        empty = request.method == "DELETE" and response.status_code == 200
        return Response(b"", status=200) if empty else response


@variant("finished-loads-are-not-listed", fact="N32: the list is of active loads, says its first sentence")
class ActiveOnly(NeptuneService):
    """The list shows no load that has ended."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def listed(self, waiting: Iterable[Load], others: Iterable[Load]) -> list[Load]:
                return super().listed(waiting, [load for load in others if load.is_active])


@variant("oldest-others-first", fact="N27: the order of loads that do not wait is not said")
class OldestFirst(NeptuneService):
    """Behind the waiting loads, the others are listed oldest first."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def listed(self, waiting: Iterable[Load], others: Iterable[Load]) -> list[Load]:
                return [*self.newest_first(waiting), *reversed(self.newest_first(others))]


@variant("others-in-any-order", fact="N27: the order of loads that do not wait is not said")
class AnyOrder(NeptuneService):
    """Behind the waiting loads, the others are listed in an order of their own, always the same."""

    class LOADER(Loader):
        class QUEUE(LoadQueue):
            def listed(self, waiting: Iterable[Load], others: Iterable[Load]) -> list[Load]:
                return [*self.newest_first(waiting), *sorted(others, key=lambda load: load.load_id)]


@variant("unknown-members-refused", fact="N29: the documents are silent on unknown fields")
class Strict(NeptuneService):
    """A member or query parameter that is not documented is refused."""

    class START(StartRequestReader):
        KNOWN = frozenset(
            [
                "source",
                "format",
                "region",
                "iamRoleArn",
                "mode",
                "failOnError",
                "parallelism",
                "parserConfiguration",
                "queueRequest",
                "dependencies",
                "updateSingleCardinalityProperties",
                "userProvidedEdgeIds",
                "edgeOnlyLoad",
                "accessKey",
                "secretKey",
            ]
        )

        def document(self, media_type: str, data: bytes) -> Mapping[str, Any]:
            body = super().document(media_type, data)
            strange = sorted(set(body) - self.KNOWN)
            if strange:
                raise NeptuneError("InvalidParameterException", f"Request contains unknown parameters: {strange}")
            return body

    def route(self, request: Request) -> dict[str, Any]:
        known = {"loadId", "limit", "includeQueuedLoads", "details", "errors", "page", "errorsPerPage"}
        strange = sorted(set(request.args) - known)
        if strange and request.method == "GET":
            raise NeptuneError("InvalidParameterException", f"Request contains unknown parameters: {strange}")
        return super().route(request)


@variant("an-older-engine", fact="N1, N2: edgeOnlyLoad and thirteen regions are of later editions")
class OlderEngine(NeptuneService):
    """Only the first 23 regions are known, and `edgeOnlyLoad` is not."""

    class START(StartRequestReader):
        REGIONS = REGIONS[:23]

        def document(self, media_type: str, data: bytes) -> Mapping[str, Any]:
            body = super().document(media_type, data)
            if "edgeOnlyLoad" in body:
                raise NeptuneError("UnsupportedOperationException", "edgeOnlyLoad is not known")
            return body


@variant("any-letter-case", fact="N29: whether the case of letters counts is not said")
class AnyCase(NeptuneService):
    """Formats, modes and parallelisms are understood in any letter case."""

    class START(StartRequestReader):
        def _choice(self, text: str, name: str, choices: Iterable[str]) -> str:
            known = {choice.lower() if name != "region" else choice: choice for choice in choices}
            text = text.lower() if name != "region" else text
            if text not in known:
                raise self.invalid(name, text)
            return known[text]


class _Times(StatusDocument, ABC):
    @abstractmethod
    def changed(self, section: dict[str, Any]) -> dict[str, Any]: ...

    def _section(self, load: Load, uri: str, part: Load | Feed) -> dict[str, Any]:
        return self.changed(super()._section(load, uri, part))


@variant("times-are-fractions", fact="N30: the documented examples write 3.0")
class FloatTimes(NeptuneService):
    """Times are numbers with a fraction."""

    class DOCUMENT(_Times):
        def changed(self, section: dict[str, Any]) -> dict[str, Any]:
            for name in {"totalTimeSpent", "startTime"} & set(section):
                section[name] += 0.5
            return section


@variant("no-start-time", fact="N30: two documented examples lack startTime")
class NoStartTime(NeptuneService):
    """Nothing says when a load started."""

    class DOCUMENT(_Times):
        def changed(self, section: dict[str, Any]) -> dict[str, Any]:
            return {name: value for name, value in section.items() if name != "startTime"}


@variant("no-feeds-while-waiting", fact="a live answer about a waiting load had no feedCount; N31")
class NoFeeds(NeptuneService):
    """A waiting load has no `feedCount`, and one without failed feeds no `failedFeeds`."""

    class DOCUMENT(StatusDocument):
        def render(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            payload = super().render(load, query)
            if load.status == statuses.IN_QUEUE:
                del payload["feedCount"]
            if not payload.get("failedFeeds", True):
                del payload["failedFeeds"]
            return payload


@variant("pages-are-strict", fact="N25, N26: paging without errors=TRUE, and pages past the end, may be refused")
class StrictPages(NeptuneService):
    """Paging without errors is refused, and so is a page behind the last."""

    def status_query(self, request: Request) -> StatusQuery:
        query = super().status_query(request)
        if not query.errors and {"page", "errorsPerPage"} & set(request.args):
            raise NeptuneError("InvalidParameterException", "page and errorsPerPage need errors=TRUE")
        return query

    class DOCUMENT(StatusDocument):
        def errors(self, load: Load, query: StatusQuery) -> dict[str, Any]:
            shown = super().errors(load, query)
            if query.page > 1 and not shown["errorLogs"]:
                raise NeptuneError("InvalidParameterException", f"There is no page {query.page}")
            return shown


@variant("several-feeds-counted", fact="a live load of one file had two entries in feedCount")
class OddFeeds(NeptuneService):
    """A load that ended counts one feed more than it has files."""

    class DOCUMENT(StatusDocument):
        def feed_count(self, load: Load) -> list[dict[str, int]]:
            counted = super().feed_count(load)
            return counted if load.is_active else [{statuses.FAILED: 1}, *counted]


@variant("queries-in-capitals", fact="documents and clients write TRUE, true and True; others are not documented")
class Capitals(NeptuneService):
    """Booleans are understood in the three ways that clients write, and no others."""

    class QUERY(ParameterReader):
        def query_flag(self, query: MultiDict[str, str], name: str, *, default: bool) -> bool:
            text = self.query_text(query, name)
            if text is not None and text not in {"TRUE", "FALSE", "true", "false", "True", "False"}:
                raise self.invalid(name, text)
            return super().query_flag(query, name, default=default)


@variant("busy-with-429", fact="A.0.2: every operation may answer TooManyRequestsException, 429")
class Busy429(Busy, NeptuneService):
    """One request in forty is put off with 429, at times with the seconds to wait."""

    def not_now(self) -> Response:
        return self.envelope.response(NeptuneError("TooManyRequestsException", "Too many requests"))


@variant("busy-with-503", fact="a gateway before the cluster may say 503, which is about this moment and no clause")
class Busy503(Busy, NeptuneService):
    """One request in forty is put off with 503 by something before the service."""

    def not_now(self) -> Response:
        return Response("Service Unavailable", status=503, content_type="text/plain")


@variant("unsteady", fact="no document bounds the time of an answer")
class Slowish(Unsteady, NeptuneService):
    """Every tenth answer takes up to 150 ms."""


@variant("members-in-any-order", fact="JSON gives the order of members no meaning, nor white space between them")
class Shuffled(NeptuneService):
    """Members of bodies come in another order each time, spread over lines."""

    def handle(self, request: Request) -> Response:
        response = super().handle(request)
        if not (response.content_type or "").startswith("application/json"):
            return response
        content = self._shuffled(json.loads(response.get_data()))
        response.set_data(json.dumps(content, indent=3))
        return response

    def _shuffled(self, value: Any) -> Any:
        if isinstance(value, dict):
            names = random.sample(list(value), len(value))
            return {name: self._shuffled(value[name]) for name in names}
        return [self._shuffled(item) for item in value] if isinstance(value, list) else value
