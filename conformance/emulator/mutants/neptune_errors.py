"""Neptune with a fault in what a refusal says or does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.error import STATUSES, ErrorEnvelope, NeptuneError
from conformance.emulator.neptune.parameter import ParameterReader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.start_request import StartRequestReader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from werkzeug import Request, Response
    from werkzeug.datastructures import MultiDict

mutant = declarer("neptune", "error-mapping")


@mutant(
    "wrong-type-named-as-s3-error", clause="StartLoaderJob/refusal/type", needs="start with a value of a wrong type"
)
class TypeNamedS3(NeptuneService):
    """A value of a wrong type is refused as if S3 had failed."""

    class START(StartRequestReader):
        BAD_TYPE = "S3Exception"


@mutant(
    "missing-named-as-not-found", clause="StartLoaderJob/refusal/missing", needs="start without a required parameter"
)
class MissingNamedNotFound(NeptuneService):
    """A missing parameter is refused as an unknown load id."""

    class START(StartRequestReader):
        MISSING = "BulkLoadIdNotFoundException"


@mutant(
    "unknown-region-named-as-s3-error", clause="StartLoaderJob/refusal/enum", needs="start with a region there is not"
)
class RegionNamedS3(NeptuneService):
    """The region is looked at only when the bucket is, so that one there is not ends as an S3 error."""

    class START(StartRequestReader):
        def required_choice(self, body: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
            return self.required_text(body, name) if name == "region" else super().required_choice(body, name, choices)


@mutant("malformed-body-named-as-s3-error", clause="StartLoaderJob/body/malformed", needs="start with a cut-off body")
class MalformedNamedS3(NeptuneService):
    """A body that cannot be read is refused as if S3 had failed."""

    class START(StartRequestReader):
        MALFORMED = "S3Exception"


@mutant("list-range-named-preconditions-failed", clause="ListLoaderJobs/refusal/range", needs="list with a limit of 0")
class RangeNamedPreconditions(NeptuneService):
    """A limit out of range is refused under a name that stands for something else."""

    class QUERY(ParameterReader):
        BAD_VALUE = "PreconditionsFailedException"


@mutant(
    "list-refuses-under-foreign-name",
    clause="ListLoaderJobs/refusal/names",
    needs="list with a limit that is no number",
)
class ListForeignName(NeptuneService):
    """A limit that is no number is refused under a name that the list operation does not have."""

    class QUERY(ParameterReader):
        def query_text(self, query: MultiDict[str, str], name: str) -> str | None:
            text = super().query_text(query, name)
            if name == "limit" and text is not None and not text.isdigit():
                raise NeptuneError("S3Exception", f"The limit '{text}' is no number")
            return text


@mutant("unknown-load-answered-400", clause="GetLoaderJobStatus/refusal/statuses", needs="read a load there is not")
class UnknownLoad400(NeptuneService):
    """The error of an unknown load comes with status 400 instead of its documented 404."""

    class ENVELOPE(ErrorEnvelope):
        STATUSES = {**STATUSES, "BulkLoadIdNotFoundException": 400}  # noqa: RUF012 - as in the base


@mutant("values-answered-422", clause="StartLoaderJob/refusal/enum", needs="start with a mode there is not")
class Values422(NeptuneService):
    """A value that is not allowed is answered with status 422."""

    class ENVELOPE(ErrorEnvelope):
        STATUSES = {**STATUSES, "InvalidParameterException": 422}  # noqa: RUF012 - as in the base


@mutant("unknown-load-cancelled", clause="CancelLoaderJob/loadId/unknown", needs="cancel a load there is not")
class UnknownCancelled(NeptuneService):
    """Cancelling a load there is not succeeds."""

    def cancel(self, load_id: str) -> dict[str, Any]:
        try:
            return super().cancel(load_id)
        except NeptuneError:
            return {"status": self.STATUS_TEXT}


@mutant("unknown-load-shown-as-empty", clause="GetLoaderJobStatus/loadId/unknown", needs="read a load there is not")
class UnknownShown(NeptuneService):
    """Reading a load there is not gives a load that has not started."""

    def get(self, load_id: str, request: Request) -> dict[str, Any]:
        try:
            return super().get(load_id, request)
        except NeptuneError as error:
            if error.name != "BulkLoadIdNotFoundException":
                raise
            return {"status": self.STATUS_TEXT, "payload": {"overallStatus": {"status": "LOAD_NOT_STARTED"}}}


@mutant("error-without-request-id", clause="StartLoaderJob/refusal/envelope", needs="any refusal")
class NoRequestId(NeptuneService):
    """Errors do not say the id of the request."""

    class ENVELOPE(ErrorEnvelope):
        def members(self, error: NeptuneError, request_id: str) -> dict[str, str]:
            return {name: value for name, value in super().members(error, request_id).items() if name != "requestId"}


@mutant("error-without-message", clause="ListLoaderJobs/refusal/envelope", needs="any refusal")
class NoMessage(NeptuneService):
    """Errors hold an empty message."""

    class ENVELOPE(ErrorEnvelope):
        def members(self, error: NeptuneError, request_id: str) -> dict[str, str]:
            return {**super().members(error, request_id), "detailedMessage": "", "message": ""}


@mutant("error-code-under-other-name", clause="CancelLoaderJob/refusal/envelope", needs="cancel a load there is not")
class CodeElsewhere(NeptuneService):
    """The name of an error stands in a member that nobody documents."""

    class ENVELOPE(ErrorEnvelope):
        def members(self, error: NeptuneError, request_id: str) -> dict[str, str]:
            members = super().members(error, request_id)
            return {"exception": members.pop("code"), **members}


@mutant("error-as-plain-text", clause="GetLoaderJobStatus/refusal/envelope", needs="read a load there is not")
class PlainText(NeptuneService):
    """Errors are plain text."""

    class ENVELOPE(ErrorEnvelope):
        def response(self, error: NeptuneError) -> Response:
            response = super().response(error)
            response.set_data(f"{error.name}: {error.detail}")
            return response


@mutant(
    "refused-start-leaves-a-load",
    clause="StartLoaderJob/refusal/no-effect",
    needs="list before and behind a start with a parallelism there is not",
)
class RefusedStartRuns(NeptuneService):
    """The parallelism is looked at when the load is in the queue already, where it stays behind the refusal."""

    def start(self, request: Request) -> dict[str, Any]:
        try:
            return super().start(request)
        except NeptuneError as error:
            if "'parallelism'" in error.detail:
                members = json.loads(request.get_data())
                del members["parallelism"]
                self.loader.start(self.start_reader.read(request.mimetype, json.dumps(members).encode()))
            raise
