"""A client of the emulated Data Flow within the test's process, whose clock the test moves."""

from __future__ import annotations

from typing import Any

from werkzeug import Request
from werkzeug.test import Client

from conformance.emulator.ncloud import NcloudService
from conformance.emulator.settings import Settings
from tests.emulator.manual_clock import ManualClock

JOBS = "/api/v1/jobs"
EDITIONS = ("2023", "2025", "2026")
NODES = [
    {"type": "SOURCE_OBS", "id": 1, "name": "in", "parentNodeIds": [], "bucketName": "aitems", "prefix": "p"},
    {"type": "TRANSFORM_FILTER", "id": 2, "name": "filter", "parentNodeIds": [1]},
    {"type": "TARGET_OBS", "id": 3, "name": "out", "parentNodeIds": [2], "bucketName": "aitems"},
]
CONDITION = {"nrn": "nrn:PUB:IAM::1:Role/a", "scriptPath": "b/scripts/", "logPath": "b/logs/"}
JOB_TYPES = {"2023": "DATAFLOW", "2025": "DATAFLOW", "2026": "VISUAL"}
UPDATES = {"2023": "PUT", "2025": "PUT", "2026": "PATCH"}


class Dataflow:
    """Sends requests to one service; a job takes 10 s, the first 2 of them as READY."""

    def __init__(self, edition: Any = "2025", service: type[NcloudService] = NcloudService, **settings: Any) -> None:
        self.edition = edition
        self.service = service(Settings(api="ncloud", edition=edition, **{"job_seconds": 10, **settings}))
        self.clock = ManualClock()
        self.service.clock = self.clock
        self.client = Client(self._answer)

    def _answer(self, environ, start_response):
        return self.service.handle(Request(environ))(environ, start_response)

    def send(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        response = self.client.open(path, method=method, **options)
        assert response.content_type == "application/json;charset=UTF-8"
        return response.status_code, response.json if response.data else None

    def good(self, method: str, path: str, **options: Any) -> Any:
        status, body = self.send(method, path, **options)
        assert status in {200, 201}, body
        return body

    def refused(self, method: str, path: str, **options: Any) -> tuple[int, str]:
        status, body = self.send(method, path, **options)
        error = body["error"]
        assert set(error) == {"errorCode", "message", "details"}
        assert all(isinstance(member, str) and member for member in error.values())
        return status, error["errorCode"]

    def definition(self, **changes: Any) -> dict[str, Any]:
        body = {"name": "job001", "nodes": NODES, **changes}
        return {"type": JOB_TYPES[self.edition], **body} if self.edition == "2026" else body

    def create(self, **changes: Any) -> str:
        return self.good("POST", JOBS, json=self.definition(**changes))["jobId"]

    def execute(self, job_id: str, **condition: Any) -> str:
        body = {"jobCondition": {**CONDITION, **condition}}
        return self.good("POST", f"{JOBS}/{job_id}/executions", json=body)["jobExecutionId"]

    def job(self, job_id: str) -> dict[str, Any]:
        return self.good("GET", f"{JOBS}/{job_id}")

    def execution(self, job_id: str, execution_id: str) -> dict[str, Any]:
        return self.good("GET", f"{JOBS}/{job_id}/executions/{execution_id}")

    def names(self, query: str = "") -> list[str]:
        return [job["name"] for job in self.good("GET", f"{JOBS}{query}")["list"]]
