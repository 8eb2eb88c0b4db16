"""Neptune with input it does not survive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from conformance.emulator.mutants.odd_answer import Dropped
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.parameter import ParameterReader
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.neptune.start_request import StartRequestReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from werkzeug import Request, Response
    from werkzeug.datastructures import MultiDict

mutant = declarer("neptune", "robustness")


@mutant(
    "huge-limit-fails", clause="ListLoaderJobs/input/no-server-error", needs="list with a limit of thousands of digits"
)
class HugeLimitFails(NeptuneService):
    """A limit of more than 19 digits overflows, and the service fails."""

    class QUERY(ParameterReader):
        def query_text(self, query: MultiDict[str, str], name: str) -> str | None:
            text = super().query_text(query, name)
            if text is not None and text.isdigit() and len(text) > 19:
                raise OverflowError(name)
            return text


@mutant("repeated-flag-fails", clause="GetLoaderJobStatus/input/no-server-error", needs="read with details given twice")
class RepeatedFails(NeptuneService):
    """A query parameter that is given twice makes the service fail."""

    class QUERY(ParameterReader):
        def query_text(self, query: MultiDict[str, str], name: str) -> str | None:
            given: list[str | None] = [*query.getlist(name)] or [None]
            (text,) = given
            return text


@mutant("deep-body-fails", clause="StartLoaderJob/input/no-server-error", needs="start with a body nested very deep")
class DeepBodyFails(NeptuneService):
    """A body that is nested very deep exhausts the stack."""

    class START(StartRequestReader):
        def document(self, media_type: str, data: bytes) -> Mapping[str, Any]:
            if data.startswith(b'{"a":{"a":{"a":'):
                json.loads(data)
            return super().document(media_type, data)


@mutant("form-body-drops-connection", clause="StartLoaderJob/input/answered", needs="start with a form's media type")
class FormDrops(NeptuneService):
    """A body that says it is a form ends the connection without an answer."""

    def handle(self, request: Request) -> Response:
        return Dropped() if request.mimetype.startswith("multipart/") else super().handle(request)


@mutant(
    "undecodable-id-fails", clause="CancelLoaderJob/input/no-server-error", needs="cancel with odd bytes in the path"
)
class UndecodableIdFails(NeptuneService):
    """An id in the path that is not UTF-8 makes the service fail."""

    def route(self, request: Request) -> dict[str, Any]:
        unquote(request.environ["RAW_URI"].partition("?")[0], errors="strict")
        return super().route(request)


@mutant("unknown-method-drops-connection", clause="ListLoaderJobs/input/answered", needs="a method nobody knows")
class UnknownMethodDrops(NeptuneService):
    """A method that HTTP does not name ends the connection without an answer."""

    def handle(self, request: Request) -> Response:
        known = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
        return super().handle(request) if request.method in known else Dropped()
