"""S3 Control with a fault in what a refusal says or does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.refusal import RefusalError
from conformance.emulator.s3control import document
from conformance.emulator.s3control.document import element, leaf
from conformance.emulator.s3control.job import Status
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from werkzeug import Response

    from conformance.emulator.s3control.reading import Call

mutant = declarer("s3control", "error-mapping")


@mutant("list-refuses-under-foreign-name", clause="ListJobs/refusal/names", needs="list with a page of -1 jobs")
class ForeignName(S3ControlService):
    """ListJobs refuses under a name that only its neighbours have."""

    invalid_names = {}  # noqa: RUF012 - as in the base


@mutant("values-answered-422", clause="CreateJob/refusal/range", needs="create with a priority of -1")
class Values422(S3ControlService):
    """A value out of its limits is answered with status 422."""

    def invalid(self, operation: str, message: str) -> RefusalError:
        refusal = super().invalid(operation, message)
        return RefusalError(status=422, name=refusal.name, message=message)


@mutant("missing-named-as-wrong-state", clause="CreateJob/refusal/missing", needs="create without a role")
class MissingNamedState(S3ControlService):
    """A missing element is refused as a wrong status of the job."""

    def invalid(self, operation: str, message: str) -> RefusalError:
        name = "JobStatusException" if "is required" in message else super().invalid(operation, message).name
        return RefusalError(status=400, name=name, message=message)


@mutant("not-found-answered-410", clause="DescribeJob/refusal/statuses", needs="read a job there is not")
class NotFound410(S3ControlService):
    """What is not found is answered with status 410."""

    def not_found(self) -> RefusalError:
        return RefusalError(status=410, name="NotFoundException", message="The specified job does not exist")


@mutant("not-found-named-as-bad-request", clause="DescribeJob/id/unknown", needs="read a job there is not")
class NotFoundBadRequest(S3ControlService):
    """A job there is not is refused as a bad value."""

    def not_found(self) -> RefusalError:
        return RefusalError(status=400, name="BadRequestException", message="The specified job does not exist")


@mutant("unknown-job-cancelled", clause="UpdateJobStatus/id/unknown", needs="cancel a job there is not")
class UnknownCancelled(S3ControlService):
    """Cancelling a job there is not succeeds."""

    def update_job_status(self, call: Call) -> str:
        try:
            return super().update_job_status(call)
        except RefusalError as refusal:
            if refusal.name != "NotFoundException":
                raise
            return element("UpdateJobStatusResult", leaf("JobId", call.labels["id"]) + leaf("Status", Status.CANCELLED))


@mutant("error-without-message", clause="CreateJob/refusal/envelope", needs="any refusal")
class NoMessage(S3ControlService):
    """Errors have a code and no message."""

    def error(self, status: int, name: str, message: str) -> Response:
        return super().error(status, name, "")


@mutant("error-without-request-id", clause="ListJobs/refusal/envelope", needs="any refusal")
class NoRequestId(S3ControlService):
    """Errors do not say the id of the request."""

    def error(self, status: int, name: str, message: str) -> Response:
        root = element("ErrorResponse", element("Error", leaf("Code", name) + leaf("Message", message)))
        response = self._response(status, root, request_id="", host_id=self.host_id())
        del response.headers["x-amz-request-id"]
        return response


@mutant("error-in-json", clause="DescribeJob/refusal/envelope", needs="any refusal")
class ErrorInJson(S3ControlService):
    """Errors are JSON, though the API speaks XML."""

    def error(self, status: int, name: str, message: str) -> Response:
        response = super().error(status, name, message)
        response.set_data(f'{{"Code": "{name}", "Message": "refused"}}')
        return response


@mutant("malformed-body-named-as-idempotency", clause="CreateJob/body/malformed", needs="create with a cut-off body")
class MalformedIdempotency(S3ControlService):
    """A body that cannot be read is refused as a repeated request."""

    def invalid(self, operation: str, message: str) -> RefusalError:
        name = "IdempotencyException" if "well-formed" in message else super().invalid(operation, message).name
        return RefusalError(status=400, name=name, message=message)


@mutant("refused-job-is-made", clause="CreateJob/refusal/no-effect", needs="list before and behind a refused creation")
class RefusedJobMade(S3ControlService):
    """A job is made before its description is looked at, and stays behind the refusal."""

    def create_job(self, call: Call) -> str:
        try:
            return super().create_job(call)
        except RefusalError as refusal:
            if "'Description'" in refusal.message:
                tree = document.read(call.body, root="CreateJobRequest", table=self.create_job_rules)
                del tree["Description"]
                manifest = self.manifest_of(tree)
                self.ledger.add(self.new_job(call.account, tree, manifest=manifest, now=self.clock.now()))
            raise


@mutant(
    "refused-update-cancels",
    clause="UpdateJobStatus/refusal/no-effect",
    needs="read a job before and behind a refused cancel",
)
class RefusedUpdateCancels(S3ControlService):
    """A job is cancelled before the reason is looked at, and stays so behind the refusal."""

    def update_job_status(self, call: Call) -> str:
        try:
            return super().update_job_status(call)
        except RefusalError as refusal:
            job = self.ledger.job(call.account, call.labels["id"])
            if "'StatusUpdateReason'" in refusal.message and job is not None:
                self.cancel(job, self.clock.now())
            raise
