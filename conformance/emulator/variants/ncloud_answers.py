"""Data Flow with other answers: bodies of errors, statuses, dates, lists, in each edition."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, TypeVar

from conformance.emulator.ncloud.refusal import Answer, RefusedError
from conformance.emulator.ncloud.service import NcloudService
from conformance.emulator.variants.manner import Busy, Unsteady
from conformance.emulator.variants.registry import declarer

if TYPE_CHECKING:
    from collections.abc import Sequence

    import werkzeug

    from conformance.emulator.ncloud.asked import Asked
    from conformance.emulator.ncloud.job import Execution, Job
    from conformance.emulator.ncloud.query import Page

variant = declarer("ncloud")
Item = TypeVar("Item")


#: The operations of all editions, each of which has a clause about the media type of its answers.
OPERATIONS = (
    "createJob", "createJobExecution", "deleteJob", "getJob", "getJobExecution", "getJobExecutions", "getJobs",
    "updateJob", "updateJobExecutionConfig", "verifyJob",
)  # fmt: skip


@variant("edition-of-2023", fact="the documents have three editions", settings={"edition": "2023"})
class Of2023(NcloudService):
    """The plain emulator of the edition of 2023."""


@variant("edition-of-2026", fact="the documents have three editions", settings={"edition": "2026"})
class Of2026(NcloudService):
    """The plain emulator of the edition of 2026."""


class _Reworded(NcloudService, ABC):
    def refusal(self, status: int, code: str, message: str, details: str) -> RefusedError:
        return RefusedError(Answer(status=status, body=self.reworded(code, message, details)))

    @abstractmethod
    def reworded(self, code: str, message: str, details: str) -> Any: ...


@variant("errors-of-the-vendors-sample", fact="B11: the vendor's sample reads detail and errorType")
class SampleErrors(_Reworded):
    """Errors have the members `detail` and `errorType`."""

    def reworded(self, code: str, message: str, details: str) -> Any:
        return {"detail": f"{message}: {details}", "errorType": code}


@variant("flat-errors", fact="B11: live answers were flat")
class FlatErrors(_Reworded):
    """Errors have their members at the top."""

    def reworded(self, code: str, message: str, details: str) -> Any:
        return {"errorCode": code, "message": message, "details": details}


@variant("codes-are-numbers", fact="B12: the gateway's table types errorCode as an integer")
class NumericCodes(_Reworded):
    """Codes that are digits are written as numbers."""

    def reworded(self, code: str, message: str, details: str) -> Any:
        return {"error": {"errorCode": int(code) if code.isdigit() else code, "message": message, "details": details}}


@variant("no-details", fact="B.3: the gateway's errors need no details")
class NoDetails(NcloudService):
    """The gateway's errors have no details."""

    def refusal(self, status: int, code: str, message: str, details: str) -> RefusedError:
        if not code.isdigit():
            return super().refusal(status, code, message, details)
        return RefusedError(Answer(status=status, body={"error": {"errorCode": code, "message": message}}))


@variant("missing-jobs-are-bad-parameters", fact="B13: a missing job is 404 in one edition and 400 in a sister API")
class Missing400(NcloudService):
    """A job that is not known is a bad parameter."""

    def missing_job(self) -> RefusedError:
        return self.bad_parameter("No job has this ID.")

    def missing_execution(self) -> RefusedError:
        return self.bad_parameter("No execution has this ID.")


@variant("wrong-states-conflict", fact="B14: the rest of the table of codes could not be had; 409 is usual")
class State409(NcloudService):
    """What the state of a job does not allow is a conflict."""

    def bad_state(self, details: str) -> RefusedError:
        return self.refusal(409, "bad-state", "Bad State", details)


@variant("signatures-are-forbidden", fact="B26: a failed authentication may be 403")
class Forbidden(NcloudService):
    """Whatever is wrong with a signature, the request is forbidden."""

    def unauthenticated(self, details: str) -> RefusedError:
        return self.refusal(403, "230", "Forbidden", details)


@variant("signatures-fail-without-json", fact="B25: whether a 401 has a JSON body is disputed")
class PlainUnauthorized(NcloudService):
    """A failed authentication is answered in plain text."""

    def sent(self, answer: Answer) -> werkzeug.Response:
        response = super().sent(answer)
        if answer.status == 401:
            response.set_data("Authentication Failed")
            response.content_type = "text/plain"
        return response


@variant("made-jobs-are-201", fact="B15: a creation may be answered with 200, 201 or 202")
class Created201(NcloudService):
    """A creation is answered with 201."""

    def create_job(self, asked: Asked) -> Answer:
        return Answer(status=201, body=super().create_job(asked).body)


@variant("executions-are-accepted", fact="B15: an execution may be answered with 202")
class Accepted202(NcloudService):
    """An execution is answered with 202."""

    execute_status = 202


@variant("deleted-without-content", fact="B16: the table of statuses has 204")
class Deleted204(NcloudService):
    """A deletion is answered with 204 and nothing else."""

    def sent(self, answer: Answer) -> werkzeug.Response:
        response = super().sent(answer)
        if answer.status == 204:
            response.set_data(b"")
        return response

    def delete_job(self, asked: Asked) -> Answer:
        super().delete_job(asked)
        return Answer(status=204, body=None)


@variant("deleted-with-an-object", fact="B16: a client models the result of a deletion as an object")
class DeletedObject(NcloudService):
    """A deletion is answered with an object."""

    def delete_job(self, asked: Asked) -> Answer:
        return Answer(status=200, body={"success": super().delete_job(asked).body})


@variant(
    "text-plain",
    fact="B.1: success was seen as text/plain",
    advice=tuple(f"{operation}/response/media-type" for operation in OPERATIONS),
)
class TextPlain(NcloudService):
    """Answers are sent as plain text in UTF-8."""

    def sent(self, answer: Answer) -> werkzeug.Response:
        response = super().sent(answer)
        response.content_type = "text/plain;charset=UTF-8"
        return response


@variant("oldest-first", fact="B10: no order of the lists is documented")
class OldestFirst(NcloudService):
    """Lists come oldest first."""

    def in_order(self, items: Sequence[Item]) -> list[Item]:
        return list(items)


@variant("an-order-of-its-own", fact="B10: no order of the lists is documented")
class OwnOrder(NcloudService):
    """Jobs come in an order that is always the same and means nothing."""

    def in_order(self, items: Sequence[Item]) -> list[Item]:
        return sorted(items, key=lambda item: getattr(item, "execution_id", None) or item.job_id[::-1])  # type: ignore[attr-defined]


@variant("counts-of-all", fact="B4: count is the total or what is shown")
class CountsTotal(NcloudService):
    """`count` says how many there are on all pages."""

    def count(self, *, matching: int, shown: int) -> int:
        return matching


@variant("counts-of-the-page", fact="B4: count is the total or what is shown", settings={"edition": "2023"})
class CountsShown(NcloudService):
    """`count` says how many are shown, in the edition of 2023."""

    def count(self, *, matching: int, shown: int) -> int:
        return shown


@variant("limit-zero-is-the-default", fact="B1: what a limit of 0 means is not said")
class ZeroDefault(NcloudService):
    """A limit of 0 is none at all."""

    def cut(self, items: Sequence[Item], page: Page) -> Sequence[Item]:
        return super().cut(items, page) if page.limit else items[:1000]


@variant("beyond-the-end-refused", fact="B5: a page behind the last may be refused")
class BeyondRefused(NcloudService):
    """A page behind the last is a bad parameter."""

    def cut(self, items: Sequence[Item], page: Page) -> Sequence[Item]:
        if page.number and self.page_start(page) >= len(items):
            raise self.bad_parameter("There is no such page.")
        return super().cut(items, page)


@variant("large-numbers-refused", fact="B2: the upper bounds of page and limit are not said")
class LargeRefused(NcloudService):
    """A page or a limit above 100,000 is a bad parameter."""

    def read_integer(self, arguments: Any, name: str, *, default: int, minimum: int) -> int:
        value = super().read_integer(arguments, name, default=default, minimum=minimum)
        if value > 100_000:
            raise self.bad_parameter(f"Expected {name} to be smaller.")
        return value


@variant("names-must-be-equal", fact="B9: how names are matched is not said")
class ExactNames(NcloudService):
    """The filter by name wants the whole name."""

    def has_name(self, job: Job, name: str | None) -> bool:
        return name is None or name == job.name


@variant("names-in-any-case", fact="B9: how names are matched is not said")
class AnyCase(NcloudService):
    """The filter by name wants a part of the name, in any letter case."""

    def has_name(self, job: Job, name: str | None) -> bool:
        return name is None or name.lower() in job.name.lower()


@variant("unknown-statuses-match-nothing", fact="B7: an unknown status may give an empty list")
class UnknownStatus(NcloudService):
    """A status that there is not matches no job."""

    def read_status(self, arguments: Any) -> str | None:
        text: str | None = arguments.get("status")
        return text


@variant(
    "status-refused", fact="B6: the parameter that an edition removed may be refused", settings={"edition": "2026"}
)
class StatusRefused(NcloudService):
    """In the edition of 2026, a filter by status is a bad parameter."""

    def read_status(self, arguments: Any) -> str | None:
        if "status" in arguments:
            raise self.bad_parameter("status is not known.")
        return None


@variant("dates-with-milliseconds", fact="B22: dates come with and without offset and milliseconds")
class Milliseconds(NcloudService):
    """Dates have milliseconds and an offset."""

    def date(self, moment: float) -> str:
        return self.clock.date(moment).isoformat(timespec="milliseconds")


@variant("dates-without-offset", fact="B22: dates come with and without offset and milliseconds")
class NoOffset(NcloudService):
    """Dates are in local time and do not say so."""

    def date(self, moment: float) -> str:
        return super().date(moment).removesuffix("+09:00")


@variant("nothing-is-null", fact="B23: what a job says of an execution it never had is not said")
class Nulls(NcloudService):
    """A job that never ran says null of its last execution."""

    def last_execution(self, executions: Sequence[Execution], now: float) -> dict[str, Any]:
        nothing = {"lastExecutionStatus": None, "lastExecutionDate": None}
        return {**nothing, **super().last_execution(executions, now)}


@variant("busy-with-429", fact="B.3: the gateway may answer 429 with its codes 400, 410 and 420")
class Busy429(Busy, NcloudService):
    """One request in forty is put off with 429, at times with the seconds to wait."""

    def not_now(self) -> werkzeug.Response:
        return self.sent(self.refusal(429, "410", "Throttle Limited", "Too many requests.").answer)


@variant("busy-with-503", fact="B.3: the gateway may answer 503 with its code 500")
class Busy503(Busy, NcloudService):
    """One request in forty is put off with 503, at times with the seconds to wait."""

    def not_now(self) -> werkzeug.Response:
        return self.sent(self.refusal(503, "500", "Endpoint Error", "The endpoint is not available.").answer)


@variant("unsteady", fact="no document bounds the time of an answer")
class Slowish(Unsteady, NcloudService):
    """Every tenth answer takes up to 150 ms."""


@variant("text-beyond-ascii", fact="JSON may write characters as they are, with white space between its parts")
class Unescaped(NcloudService):
    """JSON is written over lines, and no character is escaped without need."""

    def sent(self, answer: Answer) -> werkzeug.Response:
        response = super().sent(answer)
        text = json.dumps(answer.body, ensure_ascii=False, indent=1)
        response.set_data(text.encode("utf-8", "replace"))
        return response
