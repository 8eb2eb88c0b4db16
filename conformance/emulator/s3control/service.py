"""The emulated S3 Control, written from the ListJobs document and the S3 user guide."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar

from werkzeug import Response

from conformance.emulator.clock import Clock
from conformance.emulator.objects import ObjectStore
from conformance.emulator.refusal import RefusalError
from conformance.emulator.route import Route, match, segments_of
from conformance.emulator.s3control.document import document, element, leaf
from conformance.emulator.s3control.ledger import Ledger
from conformance.emulator.s3control.operation import Operations
from conformance.emulator.s3control.reading import Call
from conformance.emulator.signature import Keys, SignatureFault, SignedRequest, sigv4_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug import Request

    from conformance.emulator.settings import Settings

_JOBS = "/v20180820/jobs"
_JOB = f"{_JOBS}/{{id}}"


class S3ControlService(Operations):
    """Jobs of S3 Batch Operations, each account with its own."""

    routes = (
        Route(operation="ListJobs", method="GET", path=_JOBS),
        Route(operation="CreateJob", method="POST", path=_JOBS),
        Route(operation="DescribeJob", method="GET", path=_JOB),
        Route(operation="UpdateJobStatus", method="POST", path=f"{_JOB}/status"),
        Route(operation="UpdateJobPriority", method="POST", path=f"{_JOB}/priority"),
        Route(operation="GetJobTagging", method="GET", path=f"{_JOB}/tagging"),
        Route(operation="PutJobTagging", method="PUT", path=f"{_JOB}/tagging"),
        Route(operation="DeleteJobTagging", method="DELETE", path=f"{_JOB}/tagging"),
    )
    signing_name = "s3"
    signature_refusals: ClassVar[Mapping[SignatureFault, tuple[int, str]]] = {
        SignatureFault.MISSING: (403, "AccessDenied"),
        SignatureFault.MALFORMED: (400, "AuthorizationHeaderMalformed"),
        SignatureFault.UNKNOWN_KEY: (403, "InvalidAccessKeyId"),
        SignatureFault.WRONG_SCOPE: (400, "AuthorizationHeaderMalformed"),
        SignatureFault.WRONG_SIGNATURE: (403, "SignatureDoesNotMatch"),
        SignatureFault.STALE: (403, "RequestTimeTooSkewed"),
    }
    """Statuses and names of S3's general list of errors."""
    fault_names: ClassVar[Mapping[int, str]] = {408: "RequestTimeout", 500: "InternalServiceException"}

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.clock = clock or Clock()
        self.ledger = Ledger()
        self.lock = threading.Lock()
        self.objects = ObjectStore(settings) if settings.s3_endpoint else None
        if self.objects is not None:
            self.objects.warm_up()
        self._keys = Keys(
            access_key=settings.access_key,
            secret_key=settings.secret_key,
            region=settings.region,
            service=self.signing_name,
        )
        self._operations: dict[str, Callable[[Call], str]] = {
            "ListJobs": self.list_jobs,
            "CreateJob": self.create_job,
            "DescribeJob": self.describe_job,
            "UpdateJobStatus": self.update_job_status,
            "UpdateJobPriority": self.update_job_priority,
            "GetJobTagging": self.get_job_tagging,
            "PutJobTagging": self.put_job_tagging,
            "DeleteJobTagging": self.delete_job_tagging,
        }

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        found = match(self.routes, method=request.method, segments=segments_of(request))
        if found.operation is None:
            return self.unrouted(found.methods)
        try:
            self.check_signature(request)
            call = self.call_of(request, found.operation, found.labels)
            self.check_account(call.operation, call.account)
            return self.answer(200, self._operations[call.operation](call))
        except RefusalError as refusal:
            return self.error(refusal.status, refusal.name, refusal.message)

    def unrouted(self, methods: tuple[str, ...]) -> Response:
        """Answer a request that no operation takes, with the methods its path would take."""
        if not methods:
            return self.error(404, "UnknownOperationException", "No operation has this path")
        answer = self.error(405, "MethodNotAllowed", "The method is not allowed against this resource")
        answer.headers["Allow"] = ", ".join(methods)
        return answer

    def close(self) -> None:
        """Nothing runs in the background."""

    def refuse(self, status: int, message: str) -> Response:
        """Answer a request that never became an operation."""
        return self.error(status, self.fault_names.get(status, "InvalidRequest"), message)

    def call_of(self, request: Request, operation: str, labels: Mapping[str, str]) -> Call:
        """Take from a request what the operations look at."""
        return Call(
            operation=operation,
            account=request.headers.get("x-amz-account-id", ""),
            labels=labels,
            query={name: request.args.getlist(name) for name in request.args},
            body=request.get_data(parse_form_data=False),
        )

    def check_signature(self, request: Request) -> None:
        """Refuse a request that is not signed as it should be."""
        if not self.settings.auth:
            return
        fault = sigv4_fault(SignedRequest.of(request), keys=self._keys, now=datetime.now(UTC))
        if fault is not None:
            status, name = self.signature_refusals[fault]
            raise RefusalError(status=status, name=name, message=f"The signature is refused: {fault.value}")

    def answer(self, status: int, root: str) -> Response:
        """Return a root element as a whole answer."""
        return self._response(status, root, request_id=self.request_id(), host_id=self.host_id())

    def error(self, status: int, name: str, message: str) -> Response:
        """Return an error in the envelope of the live service."""
        request_id, host_id = self.request_id(), self.host_id()
        fault = element("Error", leaf("Code", name) + leaf("Message", message))
        root = element("ErrorResponse", fault + leaf("RequestId", request_id) + leaf("HostId", host_id))
        return self._response(status, root, request_id=request_id, host_id=host_id)

    def request_id(self) -> str:
        """Return a new request id."""
        return secrets.token_hex(8).upper()

    def host_id(self) -> str:
        """Return what the service calls the extended request id."""
        return secrets.token_urlsafe(32)

    def _response(self, status: int, root: str, *, request_id: str, host_id: str) -> Response:
        headers = {"x-amz-request-id": request_id, "x-amz-id-2": host_id}
        return Response(document(root), status=status, headers=headers, content_type="application/xml")
