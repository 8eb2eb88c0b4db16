"""Refusals: what the service and the gateway before it answer to a request that they do not carry out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from conformance.emulator.ncloud.rules import EditionRules


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A status and the JSON value to send with it."""

    status: int
    body: Any


class RefusedError(Exception):
    """A request is not carried out; ``answer`` says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"refused with {answer.status}: {answer.body}")
        self.answer = answer


class Refusals(EditionRules):
    """One method for each reason to refuse.

    Bodies follow the Data Flow overview and the API Gateway's error page: an ``error`` object with code, message and
    details. Codes are strings, as in the gateway's examples.
    """

    def refusal(self, status: int, code: str, message: str, details: str) -> RefusedError:
        """Build a refusal in the documented envelope."""
        body = {"error": {"errorCode": code, "message": message, "details": details}}
        return RefusedError(Answer(status=status, body=body))

    def bad_parameter(self, details: str) -> RefusedError:
        """Refuse a parameter of the wrong type or out of its range (overview: 400, bad-parameter)."""
        return self.refusal(400, "bad-parameter", "Bad Parameter", details)

    def bad_state(self, details: str) -> RefusedError:
        """Refuse what the current state does not allow (overview: 400, bad-state)."""
        return self.refusal(400, "bad-state", "Bad State", details)

    def malformed(self, details: str) -> RefusedError:
        """Refuse a body that is no JSON text (overview: 400 for syntax; no code is documented)."""
        return self.refusal(400, "bad-request", "Bad Request", details)

    def missing_job(self) -> RefusedError:
        """Refuse a job ID that names no job (the edition of 2023 lists 404; no code is documented)."""
        return self.refusal(404, "not-found", "Not Found", "No job has this ID.")

    def missing_execution(self) -> RefusedError:
        """Refuse an execution ID that names no execution of the job."""
        return self.refusal(404, "not-found", "Not Found", "No execution of the job has this ID.")

    def bad_encoding(self) -> RefusedError:
        """Refuse an address that is not UTF-8 (gateway: 100)."""
        return self.refusal(400, "100", "Bad Request Exception", "The address is not encoded in UTF-8.")

    def unreadable(self) -> RefusedError:
        """Refuse a request that cannot be read as HTTP (gateway: 100)."""
        return self.refusal(400, "100", "Bad Request Exception", "The request cannot be read.")

    def unauthenticated(self, details: str) -> RefusedError:
        """Refuse a missing, unknown, wrong or stale signature (gateway: 200)."""
        return self.refusal(401, "200", "Authentication Failed", details)

    def unknown_route(self) -> RefusedError:
        """Refuse a path, or a method on a path, that no operation has (gateway: 300)."""
        return self.refusal(404, "300", "Not Found Exception", "No operation has this method and path.")

    def too_large(self) -> RefusedError:
        """Refuse a body that is longer than the gateway takes (gateway: 430)."""
        return self.refusal(413, "430", "Request Entity Too Large", "The body is too long.")
