"""HealthOmics with a fault in whom it lets in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conformance.emulator.mutants.registry import declarer
from conformance.emulator.omics.service import OmicsService
from conformance.emulator.refusal import RefusalError
from conformance.emulator.signature import SignedRequest, sigv4_fault

if TYPE_CHECKING:
    from werkzeug import Request

mutant = declarer("omics", "auth")


@mutant(
    "store-list-unsigned-accepted", clause="ListReferenceStores/auth/unsigned", needs="list stores without a signature"
)
class StoreListUnsigned(OmicsService):
    """The list of stores is given to everybody, signed or not."""

    def check_signature(self, request: Request) -> None:
        if request.path != "/referencestores":
            super().check_signature(request)


@mutant("deletion-unsigned-accepted", clause="DeleteReferenceStore/auth/unsigned", needs="delete without a signature")
class DeletionUnsigned(OmicsService):
    """Everybody may delete a store, signed or not."""

    def check_signature(self, request: Request) -> None:
        if request.method != "DELETE":
            super().check_signature(request)


@mutant("stale-signature-accepted", clause="ListReferenceImportJobs/auth/stale", needs="list with an old signature")
class StaleAccepted(OmicsService):
    """The time of a signature is not looked at."""

    def check_signature(self, request: Request) -> None:
        try:
            super().check_signature(request)
        except RefusalError as refusal:
            if refusal.name != "RequestExpired":
                raise


@mutant("unknown-key-accepted", clause="GetReferenceImportJob/auth/unknown-key", needs="read with a key nobody has")
class UnknownKey(OmicsService):
    """Reading does not ask whose key a signature was made with."""

    def check_signature(self, request: Request) -> None:
        try:
            super().check_signature(request)
        except RefusalError as refusal:
            if request.method != "GET" or refusal.name != "UnrecognizedClientException":
                raise


@mutant(
    "wrong-signature-accepted",
    clause="StartReferenceImportJob/auth/wrong-signature",
    needs="start with a signature made with another secret",
)
class WrongSignature(OmicsService):
    """The signature of a start is read, and never compared with the right one."""

    def check_signature(self, request: Request) -> None:
        try:
            super().check_signature(request)
        except RefusalError as refusal:
            if not request.path.endswith("/importjob") or "wrong-signature" not in refusal.message:
                raise


@mutant(
    "body-trimmed-before-hashing",
    clause="CreateReferenceStore/auth/tampered-body",
    needs="create with a body changed after signing",
)
class BodyTrimmed(OmicsService):
    """White space around a body is cut off before its hash is compared."""

    def check_signature(self, request: Request) -> None:
        signed = SignedRequest.of(request)
        trimmed = replace(signed, body=signed.body.strip())
        if self.settings.auth and sigv4_fault(trimmed, keys=self._keys, now=datetime.now(UTC)) is not None:
            super().check_signature(request)


@mutant(
    "query-not-signed",
    clause="GetReferenceStore/auth/tampered-query",
    needs="read with a parameter added to the query after signing",
)
class QueryUnsigned(OmicsService):
    """Parameters of the query that a read does not know are dropped before signatures are compared."""

    def check_signature(self, request: Request) -> None:
        signed = SignedRequest.of(request)
        known = replace(signed, query="")
        if request.method != "GET" or sigv4_fault(known, keys=self._keys, now=datetime.now(UTC)) is not None:
            super().check_signature(request)
