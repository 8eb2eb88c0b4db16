"""What the tests of the emulated HealthOmics send."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from werkzeug import Request
from werkzeug.test import Client

from conformance.emulator.omics.service import OmicsService
from conformance.emulator.settings import Settings

if TYPE_CHECKING:
    from conformance.emulator.clock import Clock

ROLE = "arn:aws:iam::123456789012:role/r"
SOURCE = {"sourceFile": "s3://bucket/genome.fa", "name": "genome"}


class OmicsClient:
    """Sends raw requests to a service in this process."""

    def __init__(
        self, *, service: type[OmicsService] = OmicsService, clock: Clock | None = None, **settings: Any
    ) -> None:
        self.service = service(Settings(api="omics", **settings), clock=clock)
        self._client = Client(Request.application(self.service.handle))

    def raw(self, method: str, path: str, body: bytes = b"") -> Any:
        return self._client.open(path, method=method, data=body)

    def send(self, method: str, path: str, body: Any = None) -> tuple[int, dict[str, Any]]:
        response = self.raw(method, path, b"" if body is None else json.dumps(body).encode())
        content = response.get_data()
        return response.status_code, json.loads(content) if content else {}

    def error(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        response = self.raw(method, path, body if isinstance(body, bytes) else json.dumps(body).encode())
        message = json.loads(response.get_data())["message"]
        assert isinstance(message, str)
        assert message
        return response.status_code, response.headers["x-amzn-errortype"]

    def good(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        status, answer = self.send(method, path, body)
        assert status == 200, answer
        return answer

    def create(self, **members: Any) -> str:
        return self.good("POST", "/referencestore", {"name": "store", **members})["id"]

    def start(self, store: str, **members: Any) -> str:
        body = {"roleArn": ROLE, "sources": [SOURCE], **members}
        return self.good("POST", f"/referencestore/{store}/importjob", body)["id"]

    def job(self, store: str, job: str) -> dict[str, Any]:
        return self.good("GET", f"/referencestore/{store}/importjob/{job}")

    def list(self, store: str, query: str = "", **conditions: Any) -> dict[str, Any]:
        body = {"filter": conditions} if conditions else {}
        return self.good("POST", f"/referencestore/{store}/importjobs{query}", body)

    def ids(self, store: str, query: str = "", **conditions: Any) -> Sequence[str]:
        return [item["id"] for item in self.list(store, query, **conditions)["importJobs"]]
