"""The emulated HealthOmics, written from the ListReferenceImportJobs document and the HealthOmics model."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from werkzeug import Response

from conformance.emulator.clock import Clock
from conformance.emulator.objects import ObjectStore
from conformance.emulator.omics.import_operation import ImportOperations
from conformance.emulator.omics.reading import Call
from conformance.emulator.omics.reference_operation import ReferenceOperations
from conformance.emulator.omics.store_operation import StoreOperations
from conformance.emulator.refusal import RefusalError
from conformance.emulator.route import Route, match, segments_of
from conformance.emulator.signature import Keys, SignatureFault, SignedRequest, sigv4_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug import Request

    from conformance.emulator.settings import Settings

_STORE = "/referencestore/{referenceStoreId}"


class OmicsService(StoreOperations, ImportOperations, ReferenceOperations):
    """Reference stores of one account, their import jobs and references."""

    routes = (
        Route(operation="CreateReferenceStore", method="POST", path="/referencestore"),
        Route(operation="ListReferenceStores", method="POST", path="/referencestores"),
        Route(operation="GetReferenceStore", method="GET", path="/referencestore/{id}"),
        Route(operation="DeleteReferenceStore", method="DELETE", path="/referencestore/{id}"),
        Route(operation="StartReferenceImportJob", method="POST", path=f"{_STORE}/importjob"),
        Route(operation="GetReferenceImportJob", method="GET", path=f"{_STORE}/importjob/{{id}}"),
        Route(operation="ListReferenceImportJobs", method="POST", path=f"{_STORE}/importjobs"),
        Route(operation="ListReferences", method="POST", path=f"{_STORE}/references"),
        Route(operation="GetReferenceMetadata", method="GET", path=f"{_STORE}/reference/{{id}}/metadata"),
        Route(operation="DeleteReference", method="DELETE", path=f"{_STORE}/reference/{{id}}"),
    )
    signing_name = "omics"
    signature_refusals: ClassVar[Mapping[SignatureFault, tuple[int, str]]] = {
        SignatureFault.MISSING: (403, "AccessDeniedException"),
        SignatureFault.MALFORMED: (403, "IncompleteSignature"),
        SignatureFault.UNKNOWN_KEY: (403, "UnrecognizedClientException"),
        SignatureFault.WRONG_SCOPE: (403, "AccessDeniedException"),
        SignatureFault.WRONG_SIGNATURE: (403, "AccessDeniedException"),
        SignatureFault.STALE: (400, "RequestExpired"),
    }
    """Statuses and names of the errors common to all AWS services, and the operations' own for lacking access."""
    fault_names: ClassVar[Mapping[int, str]] = {408: "RequestTimeoutException", 500: "InternalServerException"}

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        super().__init__()
        self.settings = settings
        self.clock = clock or Clock()
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
        self._operations: dict[str, Callable[[Call], dict[str, Any] | None]] = {
            "CreateReferenceStore": self.create_store,
            "ListReferenceStores": self.list_stores,
            "GetReferenceStore": self.get_store,
            "DeleteReferenceStore": self.delete_store,
            "StartReferenceImportJob": self.start_import,
            "GetReferenceImportJob": self.get_import,
            "ListReferenceImportJobs": self.list_imports,
            "ListReferences": self.list_references,
            "GetReferenceMetadata": self.get_reference_metadata,
            "DeleteReference": self.delete_reference,
        }

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        found = match(self.routes, method=request.method, segments=segments_of(request))
        if found.operation is None:
            return self.unrouted(found.methods)
        try:
            self.check_signature(request)
            return self.answer(self._operations[found.operation](self.call_of(request, found.labels)))
        except RefusalError as refusal:
            return self.error(refusal.status, refusal.name, refusal.message)

    def unrouted(self, methods: tuple[str, ...]) -> Response:
        """Answer a request that no operation takes, with the methods its path would take."""
        if not methods:
            return self.error(404, "UnknownOperationException", "No operation has this path")
        answer = self.error(405, "NotSupportedOperationException", "No operation has this method on this path")
        answer.headers["Allow"] = ", ".join(methods)
        return answer

    def close(self) -> None:
        """Nothing runs in the background."""

    def refuse(self, status: int, message: str) -> Response:
        """Answer a request that never became an operation."""
        return self.error(status, self.fault_names.get(status, "MalformedHttpRequestException"), message)

    def call_of(self, request: Request, labels: Mapping[str, str]) -> Call:
        """Take from a request what the operations look at; its media type is not among that."""
        query = {name: request.args.getlist(name) for name in request.args}
        return Call(labels=labels, query=query, body=request.get_data(parse_form_data=False))

    def check_signature(self, request: Request) -> None:
        """Refuse a request that is not signed as it should be."""
        if not self.settings.auth:
            return
        fault = sigv4_fault(SignedRequest.of(request), keys=self._keys, now=datetime.now(UTC))
        if fault is not None:
            status, name = self.signature_refusals[fault]
            raise RefusalError(status=status, name=name, message=f"The signature is refused: {fault.value}")

    def answer(self, members: Mapping[str, Any] | None) -> Response:
        """Return a result; a deletion has an empty body."""
        return self._response(200, b"" if members is None else json.dumps(members).encode())

    def error(self, status: int, name: str, message: str) -> Response:
        """Return an error: its name stands in a header, its message in the body."""
        response = self._response(status, json.dumps({"message": message}).encode())
        response.headers["x-amzn-errortype"] = name
        return response

    def _response(self, status: int, body: bytes) -> Response:
        headers = {"x-amzn-requestid": str(uuid.uuid4())}
        return Response(body, status=status, headers=headers, content_type="application/json")
