"""What the tests of the emulated S3 Control send, and how they read its answers."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring
from werkzeug import Request
from werkzeug.test import Client

from conformance.emulator.s3control.service import S3ControlService
from conformance.emulator.settings import Settings

if TYPE_CHECKING:
    from conformance.emulator.clock import Clock

ACCOUNT = "123456789012"
OPERATION = "<Operation><S3DeleteObjectTagging/></Operation>"
REPORT = "<Report><Enabled>false</Enabled></Report>"
MANIFEST = (
    "<Manifest><Spec><Format>S3BatchOperations_CSV_20180820</Format>"
    "<Fields><member>Bucket</member><member>Key</member></Fields></Spec>"
    "<Location><ObjectArn>arn:aws:s3:::bucket/manifest.csv</ObjectArn><ETag>abc</ETag></Location></Manifest>"
)
GENERATOR = (
    "<ManifestGenerator><S3JobManifestGenerator><SourceBucket>arn:aws:s3:::bucket</SourceBucket>"
    "<EnableManifestOutput>false</EnableManifestOutput></S3JobManifestGenerator></ManifestGenerator>"
)


def create_body(**parts: str | None) -> str:
    """Return the smallest CreateJob body; each part replaces an element of it or, when None, removes it."""
    elements: dict[str, str | None] = {
        "ConfirmationRequired": "<ConfirmationRequired>false</ConfirmationRequired>",
        "Operation": OPERATION,
        "Report": REPORT,
        "ClientRequestToken": f"<ClientRequestToken>{uuid.uuid4()}</ClientRequestToken>",
        "Manifest": MANIFEST,
        "Priority": "<Priority>10</Priority>",
        "RoleArn": "<RoleArn>arn:aws:iam::123456789012:role/r</RoleArn>",
    }
    elements.update(parts)
    content = "".join(element for element in elements.values() if element)
    return f'<CreateJobRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">{content}</CreateJobRequest>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    headers: Any
    root: Element

    def text(self, path: str) -> str | None:
        return self.root.findtext(path)

    def texts(self, path: str) -> list[str]:
        return [element.text or "" for element in self.root.findall(path)]

    @property
    def code(self) -> str | None:
        return self.text("Error/Code")

    @property
    def error(self) -> tuple[int, str | None]:
        return self.status, self.code


class S3ControlClient:
    """Sends raw requests to a service in this process."""

    def __init__(
        self, *, service: type[S3ControlService] = S3ControlService, clock: Clock | None = None, **settings: Any
    ) -> None:
        self.service = service(Settings(api="s3control", **settings), clock=clock)
        self._client = Client(Request.application(self.service.handle))

    def send(self, method: str, path: str, *, body: str | bytes = b"", account: str | None = ACCOUNT) -> Answer:
        headers = {} if account is None else {"x-amz-account-id": account}
        response = self._client.open(path, method=method, data=body, headers=headers)
        content = response.get_data()
        root = fromstring(content) if content else Element("None")
        return Answer(status=response.status_code, headers=response.headers, root=root)

    def create(self, *, account: str = ACCOUNT, **parts: str | None) -> str:
        answer = self.send("POST", "/v20180820/jobs", body=create_body(**parts), account=account)
        assert answer.status == 200, answer.text("Error/Message")
        job_id = answer.text("JobId")
        assert job_id is not None
        return job_id

    def refusal(self, **parts: str | None) -> tuple[int, str | None]:
        return self.send("POST", "/v20180820/jobs", body=create_body(**parts)).error

    def list(self, query: str = "", *, account: str | None = ACCOUNT) -> Answer:
        return self.send("GET", f"/v20180820/jobs{query}", account=account)

    def ids(self, query: str = "", *, account: str = ACCOUNT) -> Sequence[str]:
        return self.list(query, account=account).texts("Jobs/JobListDescriptor/JobId")

    def describe(self, job_id: str) -> Answer:
        return self.send("GET", f"/v20180820/jobs/{job_id}")

    def status(self, job_id: str) -> str | None:
        return self.describe(job_id).text("Job/Status")

    def ask(self, job_id: str, status: str, extra: str = "") -> Answer:
        return self.send("POST", f"/v20180820/jobs/{job_id}/status?requestedJobStatus={status}{extra}")
