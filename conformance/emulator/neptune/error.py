"""The loader's errors and the body they travel in."""

from __future__ import annotations

import json
import uuid

from werkzeug import Response

STATUSES = {
    "AccessDeniedException": 403,
    "BadRequestException": 400,
    "BulkLoadIdNotFoundException": 404,
    "ClientTimeoutException": 408,
    "ConstraintViolationException": 400,
    "IllegalArgumentException": 400,
    "InternalFailureException": 500,
    "InvalidArgumentException": 400,
    "InvalidParameterException": 400,
    "LoadUrlAccessDeniedException": 400,
    "MethodNotAllowedException": 405,
    "MissingParameterException": 400,
    "PreconditionsFailedException": 400,
    "S3Exception": 400,
    "TooManyRequestsException": 429,
    "UnsupportedOperationException": 400,
}
"""HTTP status by exception name (Data API reference, "Errors" of each loader operation; errors-engine-codes)."""


class NeptuneError(Exception):
    """A refusal by the loader, under one of the documented names."""

    def __init__(self, name: str, detail: str) -> None:
        super().__init__(detail)
        self.name = name
        self.detail = detail


class ErrorEnvelope:
    """Writes errors as user guide, errors-engine-codes shows them, with the ``message`` that live answers carry too."""

    STATUSES = STATUSES
    CONTENT_TYPE = "application/json"

    def response(self, error: NeptuneError) -> Response:
        """Return the answer that reports ``error``."""
        request_id = str(uuid.uuid4())
        return Response(
            json.dumps(self.members(error, request_id)),
            status=self.STATUSES[error.name],
            headers={"x-amzn-RequestId": request_id},
            content_type=self.CONTENT_TYPE,
        )

    def members(self, error: NeptuneError, request_id: str) -> dict[str, str]:
        """Return the members of the body."""
        return {
            "requestId": request_id,
            "code": error.name,
            "detailedMessage": error.detail,
            "message": error.detail,
        }
