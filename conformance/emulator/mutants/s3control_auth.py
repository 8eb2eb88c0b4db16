"""S3 Control with a fault in whom it lets in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.refusal import RefusalError
from conformance.emulator.s3control.service import S3ControlService
from conformance.emulator.signature import SignedRequest, sigv4_fault

if TYPE_CHECKING:
    from werkzeug import Request

mutant = declarer("s3control", "auth")


@mutant("list-unsigned-accepted", clause="ListJobs/auth/unsigned", needs="list without a signature")
class ListUnsigned(S3ControlService):
    """The list of jobs is given to everybody, signed or not."""

    def check_signature(self, request: Request) -> None:
        if request.method != "GET" or not request.path.endswith("/jobs"):
            super().check_signature(request)


@mutant(
    "priority-unsigned-accepted",
    clause="UpdateJobPriority/auth/unsigned",
    needs="change a priority without a signature",
)
class PriorityUnsigned(S3ControlService):
    """Everybody may change a priority, signed or not."""

    def check_signature(self, request: Request) -> None:
        if not request.path.endswith("/priority"):
            super().check_signature(request)


@mutant("stale-signature-accepted", clause="CreateJob/auth/stale", needs="create with an old signature")
class StaleAccepted(S3ControlService):
    """The time of a signature is not looked at."""

    def check_signature(self, request: Request) -> None:
        try:
            super().check_signature(request)
        except RefusalError as refusal:
            if refusal.name != "RequestTimeTooSkewed":
                raise


@mutant("unknown-key-accepted", clause="DescribeJob/auth/unknown-key", needs="read with a key nobody has")
class UnknownKey(S3ControlService):
    """A signature with a key nobody has is accepted."""

    def check_signature(self, request: Request) -> None:
        try:
            super().check_signature(request)
        except RefusalError as refusal:
            if refusal.name != "InvalidAccessKeyId":
                raise


@mutant(
    "body-hash-not-checked", clause="CreateJob/auth/tampered-body", needs="create with a body changed after signing"
)
class BodyHashUnchecked(S3ControlService):
    """The declared hash of a body is believed without looking at the body."""

    def check_signature(self, request: Request) -> None:
        signed = SignedRequest.of(request)
        for size in range(len(signed.body), max(len(signed.body) - 3, -1), -1):
            shorter = replace(signed, body=signed.body[:size])
            if sigv4_fault(shorter, keys=self._keys, now=datetime.now(UTC)) is None:
                return
        super().check_signature(request)


@mutant(
    "query-not-signed",
    clause="ListJobs/auth/tampered-query",
    needs="list with a parameter added to the query after signing",
)
class QueryUnsigned(S3ControlService):
    """A parameter of the query that the service does not know is left out before signatures are compared."""

    def check_signature(self, request: Request) -> None:
        signed = SignedRequest.of(request)
        known = "&".join(pair for pair in signed.query.split("&") if not pair.startswith("tampered"))
        if sigv4_fault(replace(signed, query=known), keys=self._keys, now=datetime.now(UTC)) is not None:
            super().check_signature(request)


@mutant(
    "wrong-signature-accepted",
    clause="UpdateJobStatus/auth/wrong-signature",
    needs="confirm or cancel with a signature made with another secret",
)
class WrongSignature(S3ControlService):
    """The signature of a change of status is read, and never compared with the right one."""

    def check_signature(self, request: Request) -> None:
        try:
            super().check_signature(request)
        except RefusalError as refusal:
            if not request.path.endswith("/status") or "wrong-signature" not in refusal.message:
                raise
