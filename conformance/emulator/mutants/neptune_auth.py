"""Neptune with a fault in whom it lets in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.neptune.error import NeptuneError
from conformance.emulator.neptune.service import NeptuneService
from conformance.emulator.signature import SignedRequest, sigv4_fault

if TYPE_CHECKING:
    from werkzeug import Request

mutant = declarer("neptune", "auth")
_KNOWN = frozenset({"details", "errors", "page", "errorsPerPage", "limit", "includeQueuedLoads", "loadId"})


@mutant("list-unsigned-accepted", clause="ListLoaderJobs/auth/unsigned", needs="list without a signature")
class ListUnsigned(NeptuneService):
    """The list is given to everybody, signed or not."""

    def authenticate(self, request: Request) -> None:
        if request.method != "GET" or request.path != "/loader":
            super().authenticate(request)


@mutant("cancel-unsigned-accepted", clause="CancelLoaderJob/auth/unsigned", needs="cancel without a signature")
class CancelUnsigned(NeptuneService):
    """Everybody may cancel a load, signed or not."""

    def authenticate(self, request: Request) -> None:
        if request.method != "DELETE":
            super().authenticate(request)


@mutant("stale-signature-accepted", clause="StartLoaderJob/auth/stale", needs="start with a signature of yesterday")
class StaleAccepted(NeptuneService):
    """The time of a signature is not looked at."""

    def authenticate(self, request: Request) -> None:
        try:
            super().authenticate(request)
        except NeptuneError as error:
            if "stale" not in error.detail:
                raise


@mutant("unknown-key-accepted", clause="GetLoaderJobStatus/auth/unknown-key", needs="read with a key nobody has")
class UnknownKeyAccepted(NeptuneService):
    """A signature with a key nobody has is accepted."""

    def authenticate(self, request: Request) -> None:
        try:
            super().authenticate(request)
        except NeptuneError as error:
            if "unknown-key" not in error.detail:
                raise


@mutant(
    "cancel-signature-not-compared",
    clause="CancelLoaderJob/auth/wrong-signature",
    needs="cancel with a signature made with another secret",
)
class CancelNotCompared(NeptuneService):
    """The signature of a cancel is read, and never compared with the right one."""

    def authenticate(self, request: Request) -> None:
        try:
            super().authenticate(request)
        except NeptuneError as error:
            if request.method != "DELETE" or "wrong-signature" not in error.detail:
                raise


@mutant(
    "body-trimmed-before-hashing",
    clause="StartLoaderJob/auth/tampered-body",
    needs="start with a body changed after signing",
)
class BodyTrimmed(NeptuneService):
    """White space around a body is cut off before its hash is compared."""

    def authenticate(self, request: Request) -> None:
        signed = SignedRequest.of(request)
        if self.settings.auth:
            trimmed = replace(signed, body=signed.body.strip())
            fault = sigv4_fault(trimmed, keys=self._keys, now=datetime.now(UTC))
            if fault is not None:
                raise self.access_denied(fault)


@mutant(
    "unknown-query-not-signed",
    clause="GetLoaderJobStatus/auth/tampered-query",
    needs="read with a parameter added to the query after signing",
)
class UnknownQueryUnsigned(NeptuneService):
    """Parameters of the query that no operation knows are left out before the signature is compared."""

    def authenticate(self, request: Request) -> None:
        signed = SignedRequest.of(request)
        known = "&".join(pair for pair in signed.query.split("&") if pair.partition("=")[0] in _KNOWN)
        if self.settings.auth:
            fault = sigv4_fault(replace(signed, query=known), keys=self._keys, now=datetime.now(UTC))
            if fault is not None:
                raise self.access_denied(fault)


@mutant("unsigned-answered-not-found", clause="StartLoaderJob/auth/unsigned", needs="start without a signature")
class UnsignedNotFound(NeptuneService):
    """A start without a signature is refused as if the route were unknown, with a status that says nothing of access."""

    def authenticate(self, request: Request) -> None:
        try:
            super().authenticate(request)
        except NeptuneError as error:
            if request.method == "POST" and "Missing" in error.detail:
                raise NeptuneError("BulkLoadIdNotFoundException", error.detail) from error
            raise
