"""HealthOmics with input it does not survive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.odd_answer import Dropped
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.service import OmicsService

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from conformance.emulator.omics.reading import Call
    from conformance.emulator.table import Table

mutant = declarer("omics", "robustness")


@mutant(
    "deep-body-fails", clause="ListReferenceImportJobs/input/no-server-error", needs="list with a body nested very deep"
)
class DeepBodyFails(OmicsService):
    """A body that is nested very deep exhausts the stack."""

    def members(self, body: bytes) -> dict[str, Any]:
        if body.startswith(b'{"a":{"a":{"a":'):
            json.loads(body)
        return super().members(body)


@mutant(
    "repeated-page-size-fails",
    clause="ListReferenceStores/input/no-server-error",
    needs="list with maxResults given twice",
)
class RepeatedFails(OmicsService):
    """A query parameter that is given twice makes the service fail."""

    def coerced(self, call: Call, name: str, table: Table) -> object:
        (_,) = call.query.get(name, [""])
        return super().coerced(call, name, table)


@mutant(
    "surrogate-fails",
    clause="CreateReferenceStore/input/no-server-error",
    needs="create with half a surrogate pair in a text",
)
class SurrogateFails(OmicsService):
    """Half a surrogate pair in a text makes the service fail."""

    def members(self, body: bytes) -> dict[str, Any]:
        if b"\\ud8" in body:
            "\ud800".encode()
        return super().members(body)


@mutant(
    "long-header-drops-connection",
    clause="GetReferenceImportJob/input/answered",
    needs="a header of some thousand characters",
)
class LongHeaderDrops(OmicsService):
    """A long header ends the connection without an answer."""

    def handle(self, request: Request) -> Response:
        return Dropped() if any(len(value) > 2_000 for _, value in request.headers) else super().handle(request)


@mutant(
    "unknown-parameter-drops-connection",
    clause="GetReferenceStore/input/answered",
    needs="a query parameter nobody knows",
)
class UnknownParameterDrops(OmicsService):
    """A query parameter that the service does not know ends the connection without an answer."""

    def handle(self, request: Request) -> Response:
        return Dropped() if "no-such-parameter" in request.args else super().handle(request)
