"""What the server needs from an emulated API, and how one is made."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Protocol, cast, runtime_checkable

from werkzeug import Response

if TYPE_CHECKING:
    from werkzeug import Request

    from conformance.emulator.settings import Api, Settings


class Service(Protocol):
    """One emulated API.

    A service is called from many threads at once, one a connection. The body of the request is in memory already:
    ``request.get_data()`` never blocks. The request target as it was sent stands in ``request.environ["RAW_URI"]``.
    """

    def handle(self, request: Request) -> Response:
        """Answer one request; whatever it raises becomes an answer with status 500."""
        ...

    def close(self) -> None:
        """End all background work."""
        ...


@runtime_checkable
class Refuser(Protocol):
    """A service that words the answers to requests which never reach ``handle``.

    Optional: a service without it gets a plain JSON body.
    """

    def refuse(self, status: int, message: str) -> Response:
        """Return the API's own error body for a malformed request (400, 408) or for a fault of the emulator (500)."""
        ...


_CLASSES: dict[Api, tuple[str, str]] = {
    "neptune": ("conformance.emulator.neptune.service", "NeptuneService"),
    "s3control": ("conformance.emulator.s3control.service", "S3ControlService"),
    "omics": ("conformance.emulator.omics.service", "OmicsService"),
    "ncloud": ("conformance.emulator.ncloud.service", "NcloudService"),
}


def create_service(settings: Settings) -> Service:
    """Make the service ``settings.api`` asks for, or a mutant or variant of it; only its own modules are imported.

    Raises:
        UnknownMutantError: there is no such mutant.
        UnknownVariantError: there is no such variant.

    """
    if settings.variant is not None:
        catalogue = importlib.import_module("conformance.emulator.variants")
        return cast("Service", catalogue.find(settings.api, settings.variant).build(settings))
    if settings.mutant is not None:
        catalogue = importlib.import_module("conformance.emulator.mutants")
        return cast("Service", catalogue.find(settings.api, settings.mutant).build(settings))
    module, name = _CLASSES[settings.api]
    return cast("Service", getattr(importlib.import_module(module), name)(settings))


def refusal(service: Service, *, status: int, message: str) -> Response:
    """Return the answer to a request that ``service`` never saw, or failed on."""
    if isinstance(service, Refuser):
        return service.refuse(status, message)
    return Response('{"message": "' + message.replace('"', "'") + '"}', status=status, content_type="application/json")
