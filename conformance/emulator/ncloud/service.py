"""The emulated service: which operation a request means, and how its answer is sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import werkzeug
from werkzeug.exceptions import HTTPException

from conformance.emulator.ncloud.asked import Asked
from conformance.emulator.ncloud.execution_operations import ExecutionOperations
from conformance.emulator.ncloud.gate import Gate
from conformance.emulator.ncloud.job_operations import JobOperations
from conformance.emulator.ncloud.refusal import Answer, RefusedError
from conformance.emulator.route import Match, Route, match, segments_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.emulator.settings import Settings


class NcloudService(JobOperations, ExecutionOperations, Gate):
    """NAVER Cloud Data Flow: jobs and their executions, in the edition that the settings name."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._routes = self.routes()

    def routes(self) -> tuple[Route, ...]:
        """Return the operations of the edition; those with the same path differ by their method."""
        jobs, job = "/api/v1/jobs", "/api/v1/jobs/{jobId}"
        executions, execution = f"{job}/executions", f"{job}/executions/{{executionId}}"
        cancel = (Route(operation="cancelJobExecution", method="POST", path=f"{execution}/cancel"),)
        return (
            Route(operation="getJobs", method="GET", path=jobs),
            Route(operation="createJob", method="POST", path=jobs),
            Route(operation="verifyJob", method="POST", path=f"{jobs}/verify"),
            Route(operation="getJob", method="GET", path=job),
            Route(operation="updateJob", method=self.edition.update_method, path=job),
            Route(operation="deleteJob", method="DELETE", path=job),
            Route(operation="createJobExecution", method="POST", path=executions),
            Route(operation="getJobExecutions", method="GET", path=executions),
            Route(operation="updateJobExecutionConfig", method="PUT", path=executions),
            Route(operation="getJobExecution", method="GET", path=execution),
            *(cancel if self.edition.has_cancel else ()),
        )

    def operation(self, name: str) -> Callable[[Asked], Answer]:
        """Return what carries out an operation; the names are those of the latest edition."""
        operations: dict[str, Callable[[Asked], Answer]] = {
            "getJobs": self.get_jobs,
            "createJob": self.create_job,
            "verifyJob": self.verify_job,
            "getJob": self.get_job,
            "updateJob": self.update_job,
            "deleteJob": self.delete_job,
            "createJobExecution": self.create_execution,
            "getJobExecutions": self.get_executions,
            "updateJobExecutionConfig": self.update_execution_config,
            "getJobExecution": self.get_execution,
            "cancelJobExecution": self.cancel_execution,
        }
        return operations[name]

    def handle(self, request: werkzeug.Request) -> werkzeug.Response:
        """Answer one request."""
        try:
            answer = self.answer(request)
        except RefusedError as refused:
            answer = refused.answer
        except HTTPException:
            answer = self.unreadable().answer
        return self.sent(answer)

    def answer(self, request: werkzeug.Request) -> Answer:
        """Carry out one request."""
        content = self.read_bytes(request)
        self.pass_gate(request)
        found = match(self._routes, method=request.method, segments=segments_of(request))
        if found.operation is None or not self.has_ids(found):
            raise self.unknown_route()
        asked = Asked(labels=found.labels, arguments=request.args, content=content)
        return self.operation(found.operation)(asked)

    def has_ids(self, found: Match) -> bool:
        """Tell whether every ID in a path has at least one character, which a path with a slash at its end lacks."""
        return all(found.labels.values())

    def sent(self, answer: Answer) -> werkzeug.Response:
        """Write an answer as JSON; in ASCII, so that any text a client sent can be sent back."""
        text = json.dumps(answer.body, allow_nan=False)
        return werkzeug.Response(text, status=answer.status, content_type="application/json;charset=UTF-8")

    def refuse(self, status: int, message: str) -> werkzeug.Response:
        """Word the refusal of a request that was not HTTP, or on which the emulator failed, as the gateway would."""
        code, title = ("900", "Unexpected Error") if status >= 500 else ("100", "Bad Request Exception")
        return self.sent(self.refusal(status, code, title, message).answer)

    def close(self) -> None:
        """Do nothing: there is no background work, as all states follow from the clock."""
