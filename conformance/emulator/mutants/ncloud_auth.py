"""Data Flow with a fault in whom its gateway lets in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.ncloud.service import NcloudService
from conformance.emulator.signature import Keys, SignatureFault, SignedRequest, ncloud_v2_fault

if TYPE_CHECKING:
    import werkzeug

mutant = declarer("ncloud", "auth")


@mutant("list-unsigned-accepted", clause="getJobs/auth/unsigned", needs="list without a signature")
class ListUnsigned(NcloudService):
    """The list of jobs is given to everybody, signed or not."""

    def authenticate(self, request: werkzeug.Request) -> None:
        if request.method != "GET" or not request.path.endswith("/jobs"):
            super().authenticate(request)


@mutant("deletion-unsigned-accepted", clause="deleteJob/auth/unsigned", needs="delete without a signature")
class DeletionUnsigned(NcloudService):
    """Everybody may delete a job, signed or not."""

    def authenticate(self, request: werkzeug.Request) -> None:
        if request.method != "DELETE":
            super().authenticate(request)


@mutant("stale-signature-accepted", clause="createJob/auth/stale", needs="create with an old signature")
class StaleAccepted(NcloudService):
    """The time of a signature is not looked at."""

    def signature_fault(self, request: werkzeug.Request) -> SignatureFault | None:
        fault = super().signature_fault(request)
        return None if fault is SignatureFault.STALE else fault


@mutant("unknown-key-accepted", clause="getJob/auth/unknown-key", needs="read with a key nobody has")
class UnknownKey(NcloudService):
    """A signature with a key nobody has is accepted."""

    def signature_fault(self, request: werkzeug.Request) -> SignatureFault | None:
        fault = super().signature_fault(request)
        return None if fault is SignatureFault.UNKNOWN_KEY else fault


@mutant(
    "wrong-signature-accepted",
    clause="createJobExecution/auth/wrong-signature",
    needs="execute with a signature made with another secret",
)
class WrongSignature(NcloudService):
    """The signature of an execution is read, and never compared with the right one."""

    def signature_fault(self, request: werkzeug.Request) -> SignatureFault | None:
        fault = super().signature_fault(request)
        return None if request.path.endswith("/executions") and fault is SignatureFault.WRONG_SIGNATURE else fault


@mutant(
    "query-not-signed",
    clause="getJobs/auth/tampered-query",
    needs="list with a parameter added to the query after signing",
)
class QueryUnsigned(NcloudService):
    """A parameter of the query that the service does not know is left out before signatures are compared."""

    def signature_fault(self, request: werkzeug.Request) -> SignatureFault | None:
        signed = SignedRequest.of(request)
        known = "&".join(pair for pair in signed.query.split("&") if not pair.startswith("tampered"))
        keys = Keys(access_key=self.settings.access_key, secret_key=self.settings.secret_key)
        return ncloud_v2_fault(replace(signed, query=known), keys=keys, now=self.wall_time())


@mutant(
    "refused-signature-answered-400",
    clause="getJobs/auth/wrong-signature",
    needs="list with a signature made with another secret",
)
class Refused400(NcloudService):
    """A wrong signature is refused as a bad request."""

    def authenticate(self, request: werkzeug.Request) -> None:
        if self.signature_fault(request) is SignatureFault.WRONG_SIGNATURE:
            raise self.bad_parameter("The signature is wrong.")
        super().authenticate(request)
