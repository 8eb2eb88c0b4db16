"""HealthOmics with a fault in what a refusal says or does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.service import OmicsService
from conformance.emulator.refusal import RefusalError

if TYPE_CHECKING:
    from werkzeug import Response

    from conformance.emulator.omics.reading import Call
    from conformance.emulator.omics.record import Store
    from conformance.emulator.table import Table

mutant = declarer("omics", "error-mapping")


@mutant("values-answered-422", clause="ListReferenceImportJobs/refusal/range", needs="list with a page of 0 jobs")
class Values422(OmicsService):
    """A value out of its limits is answered with status 422."""

    def invalid(self, message: str) -> RefusalError:
        return RefusalError(status=422, name="ValidationException", message=message)


@mutant("missing-named-as-conflict", clause="StartReferenceImportJob/refusal/missing", needs="start without a role")
class MissingNamedConflict(OmicsService):
    """A missing member is refused as a conflict, with the status of a bad request."""

    def invalid(self, message: str) -> RefusalError:
        name = "ConflictException" if "is required" in message else "ValidationException"
        return RefusalError(status=400, name=name, message=message)


@mutant(
    "invented-error-name", clause="ListReferenceImportJobs/refusal/names", needs="list with a value out of its limits"
)
class InventedName(OmicsService):
    """Values out of their limits are refused under a name of the service's own."""

    def invalid(self, message: str) -> RefusalError:
        return RefusalError(status=400, name="BadInputException", message=message)


@mutant(
    "unknown-store-answered-400",
    clause="ListReferenceImportJobs/referenceStoreId/unknown",
    needs="list a store there is not",
)
class UnknownStore400(OmicsService):
    """A store there is not is refused as a bad value."""

    def not_found(self, kind: str) -> RefusalError:
        return self.invalid(f"The {kind} was not found")


@mutant("not-found-answered-410", clause="GetReferenceImportJob/refusal/statuses", needs="read a job there is not")
class NotFound410(OmicsService):
    """What is not found is answered with status 410."""

    def not_found(self, kind: str) -> RefusalError:
        return RefusalError(status=410, name="ResourceNotFoundException", message=f"The {kind} was not found")


@mutant(
    "unknown-store-listed-as-empty",
    clause="ListReferenceImportJobs/referenceStoreId/unknown",
    needs="list a store there is not",
)
class UnknownStoreEmpty(OmicsService):
    """The jobs of a store there is not are an empty list."""

    def list_imports(self, call: Call) -> dict[str, Any]:
        try:
            return super().list_imports(call)
        except RefusalError as refusal:
            if refusal.status == 404:
                return {"importJobs": []}
            raise


@mutant("unknown-store-shown", clause="GetReferenceStore/id/unknown", needs="read a store there is not")
class UnknownStoreShown(OmicsService):
    """Reading a store there is not gives an empty object."""

    def get_store(self, call: Call) -> dict[str, Any]:
        try:
            return super().get_store(call)
        except RefusalError as refusal:
            if refusal.status == 404:
                return {}
            raise


@mutant("error-without-message", clause="StartReferenceImportJob/refusal/envelope", needs="any refusal")
class NoMessage(OmicsService):
    """Errors have a name and no message."""

    def error(self, status: int, name: str, message: str) -> Response:
        response = super().error(status, name, message)
        response.set_data("{}")
        return response


@mutant("error-name-left-out", clause="GetReferenceStore/refusal/envelope", needs="any refusal")
class NoName(OmicsService):
    """Errors have a message and no name."""

    def error(self, status: int, name: str, message: str) -> Response:
        response = super().error(status, name, message)
        del response.headers["x-amzn-errortype"]
        return response


@mutant("error-as-page", clause="ListReferenceStores/refusal/envelope", needs="any refusal")
class ErrorPage(OmicsService):
    """Errors are pages of HTML, as of a proxy."""

    def error(self, status: int, name: str, message: str) -> Response:
        response = super().error(status, name, message)
        response.set_data(f"<html><body><h1>{status}</h1></body></html>")
        response.content_type = "text/html"
        return response


@mutant(
    "cut-off-body-counts-as-empty", clause="ListReferenceImportJobs/body/malformed", needs="list with a cut-off body"
)
class CutOffAccepted(OmicsService):
    """A body that is cut off counts as one without members."""

    def members(self, body: bytes) -> dict[str, Any]:
        try:
            json.loads(body or b"{}")
        except ValueError:
            return {}
        return super().members(body)


@mutant(
    "refused-store-is-made",
    clause="CreateReferenceStore/refusal/no-effect",
    needs="list before and behind a refused creation",
)
class RefusedStoreMade(OmicsService):
    """A store is made before its description is looked at, and stays behind the refusal."""

    def read_body(self, call: Call, table: Table) -> dict[str, Any]:
        try:
            return super().read_body(call, table)
        except RefusalError as refusal:
            if table is self.create_store_rules and "'description'" in refusal.message:
                made = self.new_store({"name": "left behind"})
                self.stores[made.id] = made
            raise


@mutant(
    "refused-import-is-started",
    clause="StartReferenceImportJob/refusal/no-effect",
    needs="list before and behind a refused start",
)
class RefusedImportStarted(OmicsService):
    """A job is made before its sources are looked at, and stays behind the refusal."""

    def read_body(self, call: Call, table: Table) -> dict[str, Any]:
        try:
            return super().read_body(call, table)
        except RefusalError as refusal:
            store: Store | None = self.stores.get(call.labels.get("referenceStoreId", ""))
            if table is self.start_import_rules and "'sources" in refusal.message and store is not None:
                request = {"referenceStoreId": store.id, "roleArn": "arn:aws:iam::123456789012:role/left"}
                store.jobs.append(self.new_job(store, request, files={}, now=self.clock.now()))
            raise
