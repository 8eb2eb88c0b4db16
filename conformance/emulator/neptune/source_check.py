"""What StartLoaderJob finds out about its source before it accepts a load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.objects import (
    AccessDeniedError,
    NoSuchBucketError,
    NoSuchObjectError,
    ObjectError,
    UnreachableError,
    WrongRegionError,
)

if TYPE_CHECKING:
    from conformance.emulator.neptune.start_request import StartRequest
    from conformance.emulator.objects import ObjectStore
    from conformance.emulator.settings import Settings


class SourceCheck:
    """Asks S3 once (user guide, load-api-reference-load-errors, for the texts; names by their descriptions)."""

    def __init__(self, objects: ObjectStore, settings: Settings) -> None:
        self._objects = objects
        self._settings = settings

    def require(self, request: StartRequest) -> None:
        """Refuse a source that cannot be read."""
        if not self.is_own_region(request):
            raise self.wrong_region(request)
        if self._settings.s3_endpoint is None:
            raise NeptuneError("S3Exception", "No S3 endpoint is configured")
        try:
            empty = self._objects.is_empty(request.uri.bucket, request.uri.prefix)
        except ObjectError as error:
            raise self.refusal(error, request) from error
        if empty:
            raise self.nothing_there(request)

    def is_own_region(self, request: StartRequest) -> bool:
        """Tell whether the request names the region of the cluster, as it must."""
        return request.region == self._settings.region and request.uri.region in {None, self._settings.region}

    def wrong_region(self, request: StartRequest) -> NeptuneError:
        """Return the refusal of a bucket elsewhere."""
        return NeptuneError("S3Exception", f"Bucket is not in provided Region ({request.region})")

    def nothing_there(self, request: StartRequest) -> NeptuneError:
        """Return the refusal of a source that matches no object."""
        return NeptuneError("S3Exception", f"The source {request.source} does not exist/not reachable")

    def refusal(self, error: ObjectError, request: StartRequest) -> NeptuneError:
        """Return the refusal a failure of S3 leads to."""
        match error:
            case NoSuchBucketError():
                return NeptuneError("S3Exception", f"S3 bucket not found for source: {request.source}")
            case NoSuchObjectError():
                return self.nothing_there(request)
            case AccessDeniedError():
                return NeptuneError("LoadUrlAccessDeniedException", "Unable to perform S3 list operation")
            case WrongRegionError():
                return self.wrong_region(request)
            case UnreachableError():
                return NeptuneError(
                    "InternalFailureException",
                    f"Unable to connect to S3 endpoint. Provided source={request.source} and region={request.region}",
                )
        return NeptuneError("InternalFailureException", "Failed to start load because of unknown error from S3")
