"""Data Flow with a fault in what a refusal says or does."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.definition import Definition
from conformance.emulator.ncloud.refusal import Answer, RefusedError
from conformance.emulator.ncloud.service import NcloudService

if TYPE_CHECKING:
    from conformance.emulator.ncloud.asked import Asked

mutant = declarer("ncloud", "error-mapping")
_EMPTY = Definition(name="left-behind", type=None, nodes=(), is_temporary=None, max_runs=None, condition=None)


@mutant("values-answered-422", clause="getJobs/refusal/range", needs="list page -1")
class Values422(NcloudService):
    """A value out of its limits is answered with status 422."""

    def bad_parameter(self, details: str) -> RefusedError:
        return self.refusal(422, "bad-parameter", "Bad Parameter", details)


@mutant("missing-answered-404", clause="createJob/refusal/missing", needs="create without a name")
class Missing404(NcloudService):
    """A body without a required member is answered with status 404."""

    def check_definition_complete(self, given: dict[str, Any], *, required: tuple[str, ...]) -> None:
        if any(name not in given for name in required):
            raise self.missing_job()


@mutant("malformed-body-answered-415", clause="createJob/body/malformed", needs="create with a cut-off body")
class Malformed415(NcloudService):
    """A body that cannot be read is answered with status 415."""

    def malformed(self, details: str) -> RefusedError:
        return self.refusal(415, "bad-request", "Bad Request", details)


@mutant("list-as-body-answered-409", clause="updateJobExecutionConfig/body/wrong-root", needs="send a list as body")
class ListAsBody(NcloudService):
    """A body that is no object is answered with status 409."""

    def read_object(self, content: bytes) -> dict[str, Any]:
        if content.lstrip()[:1] in {b"[", b'"', b"7"}:
            raise self.refusal(409, "bad-state", "Bad State", "The body is no object.")
        return super().read_object(content)


@mutant("unknown-job-shown-as-empty", clause="getJob/jobId/unknown", needs="read a job there is not")
class UnknownJobShown(NcloudService):
    """Reading a job there is not gives an empty object."""

    def get_job(self, asked: Asked) -> Answer:
        try:
            return super().get_job(asked)
        except RefusedError:
            return Answer(status=200, body={})


@mutant(
    "unknown-execution-answered-410",
    clause="getJobExecution/executionId/unknown",
    needs="read an execution there is not",
)
class UnknownExecution410(NcloudService):
    """An execution there is not is answered with status 410."""

    def missing_execution(self) -> RefusedError:
        return self.refusal(410, "gone", "Gone", "No execution of the job has this ID.")


@mutant("unknown-job-deleted", clause="deleteJob/jobId/unknown", needs="delete a job there is not")
class UnknownJobDeleted(NcloudService):
    """Deleting a job there is not succeeds."""

    def delete_job(self, asked: Asked) -> Answer:
        try:
            return super().delete_job(asked)
        except RefusedError as refused:
            if refused.answer.status != 404:
                raise
            return Answer(status=200, body=True)


@mutant("error-without-message", clause="createJob/refusal/envelope", needs="any refusal")
class NoMessage(NcloudService):
    """Errors have a code and no message."""

    def refusal(self, status: int, code: str, message: str, details: str) -> RefusedError:
        return RefusedError(Answer(status=status, body={"error": {"errorCode": code, "details": details}}))


@mutant("error-as-text", clause="getJobs/refusal/envelope", needs="any refusal")
class ErrorText(NcloudService):
    """An error is a text alone."""

    def refusal(self, status: int, code: str, message: str, details: str) -> RefusedError:
        return RefusedError(Answer(status=status, body=f"{code}: {message}"))


@mutant("error-in-list", clause="getJobExecution/refusal/envelope", needs="any refusal")
class ErrorList(NcloudService):
    """Errors are a list of one error."""

    def refusal(self, status: int, code: str, message: str, details: str) -> RefusedError:
        body = {"errors": [{"errorCode": code, "message": message, "details": details}]}
        return RefusedError(Answer(status=status, body=body))


@mutant("refused-job-is-made", clause="createJob/refusal/no-effect", needs="list before and behind a refused creation")
class RefusedJobMade(NcloudService):
    """A job is made before its nodes are looked at, and stays behind the refusal."""

    def create_job(self, asked: Asked) -> Answer:
        try:
            return super().create_job(asked)
        except RefusedError as refused:
            if "nodes" in str(refused.answer.body):
                self.register.keep_job(self.new_job(_EMPTY, self.clock.now()))
            raise


@mutant(
    "refused-update-leaves-a-draft",
    clause="updateJob/refusal/no-effect",
    needs="read a job before and behind a refused change",
)
class RefusedUpdateChanges(NcloudService):
    """A change with bad nodes is refused, and turns the job into a draft all the same."""

    def update_job(self, asked: Asked) -> Answer:
        try:
            return super().update_job(asked)
        except RefusedError:
            job = self.register.job(asked.job_id)
            if job is not None:
                self.register.keep_job(replace(job, nodes=()))
            raise
