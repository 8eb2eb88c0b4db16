"""A conversation with a target: sends calls, keeps to the budget, and writes everything into the history."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.answer import Answer, Kind, answer_of
from conformance.errors import BudgetError
from conformance.history import Call, History, Intent
from conformance.target import Connection, Reply, Tampering, Target
from specs import Operation, Request, Response, Spec, build

_REDACTED = "[redacted]"
_SECRET_HEADERS = frozenset({
    "authorization", "x-amz-security-token", "x-ncp-apigw-signature-v2", "x-ncp-iam-access-key", "cookie",
})  # fmt: skip
Listener = Callable[[Call], None]


@dataclass(slots=True, kw_only=True)
class Session:
    """One client of a target.

    ``listeners`` are told of every call once it is complete. A server error or a dropped connection is tried once more
    with the same bytes, since only what repeats proves anything; *not now* answers are waited out.
    """

    spec: Spec
    target: Target
    connection: Connection
    history: History = field(default_factory=History)
    process: int = 0
    listeners: list[Listener] = field(default_factory=list)
    stopped: Callable[[], bool] = lambda: False
    _began: float = field(default_factory=time.monotonic)
    _group: int = 0
    _sent_at: float = 0.0
    _patience: float = 0.0

    def now(self) -> float:
        """Seconds since the session began."""
        return time.monotonic() - self._began

    def group(self) -> int:
        """A new number for calls that belong together."""
        self._group += 1
        return self._group

    def answer(self, call: Call) -> Answer:
        """What the answer of a call says."""
        return answer_of(self.spec, call.response)

    def call(self, operation: Operation, arguments: Mapping[str, Any], intent: Intent, *, tampering: Tampering | None = None) -> Call:
        """Send a request of an operation; placeholders must be resolved already.

        Raises:
            BudgetError: the run has no requests left.
        """
        request = build(operation, arguments, headers=self.spec.headers)
        return self.send(operation.name, request, replace(intent, arguments=dict(arguments)), tampering=tampering)

    def send(self, operation: str, request: Request, intent: Intent, *, tampering: Tampering | None = None) -> Call:
        """Send any request; returns the last attempt. Raises BudgetError."""
        call = self._once(operation, request, intent, tampering)
        if call.response is None and call.trouble in {"dropped", "garbage"} or self.answer(call).kind is Kind.SERVER_ERROR:
            call = self._once(operation, request, intent, tampering)
        pause, patience = 0.05, self.target.timeouts.throttle_max
        while self.answer(call).kind is Kind.THROTTLED and self._patience < patience:
            pause = max(pause, _retry_after(call.response))
            time.sleep(min(pause, patience))
            self._patience, pause = self._patience + pause, min(2 * pause, 2.0)
            call = self._once(operation, request, intent, tampering)
        if self.answer(call).success:
            self._patience = min(self._patience, patience / 2)
        return call

    def _once(self, operation: str, request: Request, intent: Intent, tampering: Tampering | None) -> Call:
        self._pace()
        started = self.now()
        reply = self.connection.send(request, tampering=tampering)
        ended = None if reply.response is None else self.now()
        call = Call(
            id=len(self.history) + 1, process=self.process, operation=operation, request=self._redacted(reply, tampering),
            response=self._clean(reply.response), started=started, ended=ended, trouble=reply.trouble,
            detail=reply.detail, intent=intent,
        )  # fmt: skip
        self.history.append(call)
        for listener in self.listeners:
            listener(call)
        return call

    def _pace(self) -> None:
        limits = self.target.limits
        if limits.requests is not None and len(self.history) >= limits.requests:
            raise BudgetError(limits.requests)
        if self.stopped():
            raise KeyboardInterrupt
        if limits.requests_per_second is not None:
            time.sleep(max(0.0, self._sent_at + 1 / limits.requests_per_second - self.now()))
            self._sent_at = self.now()

    def _redacted(self, reply: Reply, tampering: Tampering | None) -> Request:
        sent = reply.sent
        headers = {name: _REDACTED if name.lower() in _SECRET_HEADERS else value for name, value in sent.headers.items()}
        return replace(sent, headers=headers if tampering is None else {**headers, "X-Conformance-Note": f"signature: {tampering}"})

    def _clean(self, response: Response | None) -> Response | None:
        secret = self.target.credentials.secret_key
        if response is None or not secret or len(secret) < 4:
            return response
        if secret.encode() in response.body or any(secret in value for value in response.headers.values()):
            headers = {name: value.replace(secret, _REDACTED) for name, value in response.headers.items()}
            return replace(response, headers=headers, body=response.body.replace(secret.encode(), _REDACTED.encode()))
        return response


def _retry_after(response: Response | None) -> float:
    value = "" if response is None else response.headers.get("retry-after", "")
    try:
        return min(max(float(value), 0.0), 30.0)
    except ValueError:
        return 0.0
