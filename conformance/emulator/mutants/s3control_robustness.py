"""S3 Control with input it does not survive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.odd_answer import Dropped
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.s3control.service import S3ControlService

if TYPE_CHECKING:
    from werkzeug import Request, Response

    from conformance.emulator.s3control.reading import Call
    from conformance.emulator.table import Table

mutant = declarer("s3control", "robustness")


@mutant("entities-fail", clause="CreateJob/input/no-server-error", needs="create with a body that defines entities")
class EntitiesFail(S3ControlService):
    """A body with a document type makes the service fail."""

    def read_document(self, call: Call, *, root: str, table: Table) -> dict[str, Any]:
        if b"<!DOCTYPE" in call.body:
            raise RuntimeError
        return super().read_document(call, root=root, table=table)


@mutant(
    "undecodable-body-fails", clause="CreateJob/input/no-server-error", needs="create with a body that is not UTF-8"
)
class UndecodableFails(S3ControlService):
    """A body that is not UTF-8 makes the service fail."""

    def read_document(self, call: Call, *, root: str, table: Table) -> dict[str, Any]:
        call.body.decode("utf-8")
        return super().read_document(call, root=root, table=table)


@mutant("repeated-page-size-fails", clause="ListJobs/input/no-server-error", needs="list with maxResults given twice")
class RepeatedFails(S3ControlService):
    """A query parameter that is given twice makes the service fail."""

    def single(self, call: Call, name: str) -> str | None:
        given: list[str | None] = [*call.query.get(name, [])] or [None]
        (text,) = given
        return text


@mutant("options-drops-connection", clause="DescribeJob/input/answered", needs="the method OPTIONS")
class OptionsDrops(S3ControlService):
    """The method OPTIONS ends the connection without an answer."""

    def handle(self, request: Request) -> Response:
        return Dropped() if request.method == "OPTIONS" else super().handle(request)


@mutant(
    "long-address-drops-connection",
    clause="ListJobs/input/answered",
    needs="list with thousands of characters in the query",
)
class LongAddressDrops(S3ControlService):
    """A request with a very long address ends the connection without an answer."""

    def handle(self, request: Request) -> Response:
        return Dropped() if len(request.environ["RAW_URI"]) > 4_000 else super().handle(request)
