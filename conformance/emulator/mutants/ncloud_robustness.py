"""Data Flow with input it does not survive."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from conformance.emulator.mutants.odd_answer import Dropped
from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.service import NcloudService

if TYPE_CHECKING:
    import werkzeug

mutant = declarer("ncloud", "robustness")


@mutant("deep-body-fails", clause="createJob/input/no-server-error", needs="create with a body nested very deep")
class DeepBodyFails(NcloudService):
    """A body that is nested very deep exhausts the stack."""

    def read_object(self, content: bytes) -> dict[str, Any]:
        if content.startswith(b'{"a":{"a":{"a":'):
            json.loads(content)
        return super().read_object(content)


@mutant("huge-page-fails", clause="getJobs/input/no-server-error", needs="list with a page of thousands of digits")
class HugePageFails(NcloudService):
    """A number of thousands of digits makes the service fail."""

    def is_integer(self, text: str) -> bool:
        if len(text) > 4_000:
            raise OverflowError
        return super().is_integer(text)


@mutant(
    "byte-order-mark-fails",
    clause="updateJob/input/no-server-error",
    needs="change a job with a body that begins with a byte order mark",
)
class ByteOrderMarkFails(NcloudService):
    """A byte order mark before the body makes the service fail."""

    def parse(self, content: bytes) -> Any:
        if content.startswith(b"\xef\xbb\xbf"):
            content.decode("ascii")
        return super().parse(content)


@mutant("patch-drops-connection", clause="getJobExecution/input/answered", needs="the method PATCH")
class PatchDrops(NcloudService):
    """The method PATCH ends the connection without an answer."""

    def handle(self, request: werkzeug.Request) -> werkzeug.Response:
        return Dropped() if request.method == "PATCH" else super().handle(request)


@mutant("odd-accept-drops-connection", clause="getJobs/input/answered", needs="an Accept header of images")
class OddAcceptDrops(NcloudService):
    """A client that wants an image ends the connection without an answer."""

    def handle(self, request: werkzeug.Request) -> werkzeug.Response:
        return Dropped() if "image/" in request.headers.get("Accept", "") else super().handle(request)
