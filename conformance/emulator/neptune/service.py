"""The four operations of the loader, as HTTP."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from werkzeug import Response

from conformance.emulator.neptune.error import ErrorEnvelope, NeptuneError
from conformance.emulator.neptune.loader import Loader
from conformance.emulator.neptune.parameter import ParameterReader
from conformance.emulator.neptune.start_request import StartRequestReader
from conformance.emulator.neptune.status_document import StatusDocument, StatusQuery
from conformance.emulator.signature import Keys, SignatureFault, SignedRequest, sigv4_fault

if TYPE_CHECKING:
    from werkzeug import Request

    from conformance.emulator.settings import Settings

_LOAD_PATH = re.compile(r"/loader/([^/]+)")


class NeptuneService:
    """Serves ``/loader`` (Neptune Data API reference; user guide, load-api-reference)."""

    LOADER: type[Loader] = Loader
    START: type[StartRequestReader] = StartRequestReader
    QUERY: type[ParameterReader] = ParameterReader
    DOCUMENT: type[StatusDocument] = StatusDocument
    ENVELOPE: type[ErrorEnvelope] = ErrorEnvelope

    LIST_DEFAULT = 100
    LIST_LEAST = 1
    LIST_MOST = 100
    PAGE_LEAST = 1
    PAGE_DEFAULT = 1
    PER_PAGE_DEFAULT = 10
    INCLUDE_QUEUED_DEFAULT = True
    STATUS_TEXT = "200 OK"

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.loader = self.LOADER(settings)
        self.start_reader = self.START()
        self.query_reader = self.QUERY()
        self.document = self.DOCUMENT()
        self.envelope = self.ENVELOPE()
        self._keys = Keys(
            access_key=settings.access_key,
            secret_key=settings.secret_key,
            region=settings.region,
            service="neptune-db",
        )

    def handle(self, request: Request) -> Response:
        """Answer one request."""
        try:
            self.authenticate(request)
            members = self.route(request)
        except NeptuneError as error:
            return self.envelope.response(error)
        return Response(json.dumps(members), content_type="application/json")

    def refuse(self, status: int, message: str) -> Response:
        """Word the answer to a request that is not even HTTP, and to a fault of the emulator."""
        names = {408: "ClientTimeoutException", 500: "InternalFailureException"}
        return self.envelope.response(NeptuneError(names.get(status, "BadRequestException"), message))

    def close(self) -> None:
        """End the loader."""
        self.loader.close()

    # --- Access and routes --------------------------------------------------------------------------------------

    def authenticate(self, request: Request) -> None:
        """Refuse an unsigned or wrongly signed request, if signatures are asked for."""
        if not self.settings.auth:
            return
        fault = sigv4_fault(SignedRequest.of(request), keys=self._keys, now=datetime.now(UTC))
        if fault is not None:
            raise self.access_denied(fault)

    def access_denied(self, fault: SignatureFault) -> NeptuneError:
        """Return the refusal; only the text for missing signatures is documented."""
        if fault is SignatureFault.MISSING:
            return NeptuneError("AccessDeniedException", "Missing Authentication Token")
        return NeptuneError("AccessDeniedException", f"The request signature is not accepted: {fault.value}")

    def route(self, request: Request) -> dict[str, Any]:
        """Call the operation that method and path name; a load id stands in the path or in the query."""
        path = request.environ["RAW_URI"].partition("?")[0]
        in_path = _LOAD_PATH.fullmatch(path)
        if path != "/loader" and not in_path:
            raise NeptuneError("BadRequestException", f"Bad route: {path[:200]}")
        load_id = unquote(in_path[1]) if in_path else self.query_reader.query_text(request.args, "loadId")
        match request.method:
            case "POST" if not in_path:
                return self.start(request)
            case "GET" if load_id is not None:
                return self.get(load_id, request)
            case "GET":
                return self.list(request)
            case "DELETE" if load_id is not None:
                return self.cancel(load_id)
            case "DELETE":
                raise NeptuneError("MissingParameterException", "The parameter 'loadId' is required")
        raise NeptuneError("MethodNotAllowedException", f"The method {request.method[:40]} is not allowed here")

    # --- Operations ---------------------------------------------------------------------------------------------

    def start(self, request: Request) -> dict[str, Any]:
        """StartLoaderJob."""
        load = self.loader.start(self.start_reader.read(request.mimetype, request.get_data()))
        return {"status": self.STATUS_TEXT, "payload": {"loadId": load.load_id}}

    def list(self, request: Request) -> dict[str, Any]:
        """ListLoaderJobs; unknown query parameters are let pass, as the documents are silent on them."""
        limit = self.query_reader.query_integer(
            request.args, "limit", default=self.LIST_DEFAULT, least=self.LIST_LEAST, most=self.LIST_MOST
        )
        queued = self.query_reader.query_flag(request.args, "includeQueuedLoads", default=self.INCLUDE_QUEUED_DEFAULT)
        return {
            "status": self.STATUS_TEXT,
            "payload": {"loadIds": self.loader.queue.load_ids(limit=limit, queued=queued)},
        }

    def get(self, load_id: str, request: Request) -> dict[str, Any]:
        """GetLoaderJobStatus."""
        query = self.status_query(request)
        return {
            "status": self.STATUS_TEXT,
            "payload": self.document.render(self.loader.queue.get(load_id), query),
        }

    def status_query(self, request: Request) -> StatusQuery:
        """Read the query of GetLoaderJobStatus; paging without ``errors=TRUE`` has no effect."""
        reader, arguments = self.query_reader, request.args
        return StatusQuery(
            details=reader.query_flag(arguments, "details", default=False),
            errors=reader.query_flag(arguments, "errors", default=False),
            page=reader.query_integer(arguments, "page", default=self.PAGE_DEFAULT, least=self.PAGE_LEAST),
            errors_per_page=reader.query_integer(
                arguments, "errorsPerPage", default=self.PER_PAGE_DEFAULT, least=self.PAGE_LEAST
            ),
        )

    def cancel(self, load_id: str) -> dict[str, Any]:
        """CancelLoaderJob."""
        self.loader.queue.cancel(load_id)
        return {"status": self.STATUS_TEXT}
