"""The gateway before the service: it looks at the address and the signature of every request."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from conformance.emulator.ncloud.refusal import Refusals
from conformance.emulator.signature import Keys, SignatureFault, SignedRequest, ncloud_v2_fault

if TYPE_CHECKING:
    import werkzeug


class Gate(Refusals):
    """Checks that come before the operation is looked up (API Gateway's error page)."""

    def pass_gate(self, request: werkzeug.Request) -> None:
        """Refuse a request that the gateway does not let through."""
        if not self.is_utf8(request):
            raise self.bad_encoding()
        if self.settings.auth:
            self.authenticate(request)

    def is_utf8(self, request: werkzeug.Request) -> bool:
        """Tell whether path and query are UTF-8 once decoded."""
        try:
            request.environ["PATH_INFO"].encode("latin-1").decode("utf-8")
            unquote_to_bytes(request.query_string).decode("utf-8")
        except UnicodeError:
            return False
        return True

    def authenticate(self, request: werkzeug.Request) -> None:
        """Refuse a request without a valid signature v2."""
        fault = self.signature_fault(request)
        if fault is not None:
            raise self.unauthenticated(self.authentication_details(fault))

    def signature_fault(self, request: werkzeug.Request) -> SignatureFault | None:
        """Return what is wrong with the signature of a request."""
        keys = Keys(access_key=self.settings.access_key, secret_key=self.settings.secret_key)
        return ncloud_v2_fault(SignedRequest.of(request), keys=keys, now=self.wall_time())

    def wall_time(self) -> datetime:
        """Return the time that timestamps are compared with."""
        return datetime.now(UTC)

    def authentication_details(self, fault: SignatureFault) -> str:
        """Return the explanation of a refusal; users quote these two."""
        if fault is SignatureFault.MISSING:
            return "Authentication information are missing."
        return "Invalid authentication information."
