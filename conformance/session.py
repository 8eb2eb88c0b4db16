"""A conversation with a target: sends calls, keeps to the budget, and writes everything into the history."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

from conformance.answer import Answer, Kind, answer_of
from conformance.errors import BudgetError, CredentialsError, WithheldError
from conformance.guard import Guard
from conformance.history import Call, History, Intent
from conformance.pace import Pace
from conformance.redaction import Redaction
from conformance.target import Connection, Reply, Tampering, Target
from conformance.view import ODD
from specs import Operation, Request, Response, Spec, build

#: How many bytes of answers a run keeps; nobody needs more, and a target must not be able to fill our memory.
KEPT_CAP = 256 * 1024 * 1024
_NAP = 0.05
#: Role of a call that was answered with a word on expired keys: it says nothing of what was asked.
EXPIRED = "expired"
_AUTH_STATUSES = frozenset({400, 401, 403})
_SAID = 4096
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")
Listener = Callable[[Call], None]


@dataclass(slots=True)
class _Ledger:
    """What the clients of a run have in common: requests sent, when the last was, and how much is kept of the answers.

    ``before`` is how many calls of the history are of earlier parts of the run, and ``since`` when this one began.
    """

    lock: threading.RLock = field(default_factory=threading.RLock)
    sent: int = 0
    sent_at: float = float("-inf")
    kept: int = 0
    group: int = 0
    before: int = 0
    since: float = 0.0


@dataclass(slots=True, kw_only=True)
class Session:
    """One client of a target; several clients of one run share its history, its budget and its clock.

    ``listeners`` are told of every call once it is complete, ``announced`` before a request is sent that may have an effect. A server error or a dropped connection is tried once more
    with the same bytes, since only what repeats proves anything; *not now* answers are waited out, up to the target's
    ``throttle_max`` in all. ``stopped`` is asked before every request and while waiting. ``sheltered`` is entered for as long
    as a request is under way, and ``over`` is called once nothing more is to be driven. ``pace`` decides when to look again
    at what takes its time; ``asleep`` is for how many seconds nothing was done so far.
    """

    spec: Spec
    target: Target
    connection: Connection
    history: History = field(default_factory=History)
    process: int = 0
    listeners: list[Listener] = field(default_factory=list)
    announced: list[Listener] = field(default_factory=list)
    stopped: Callable[[], bool] = lambda: False
    sheltered: Callable[[], AbstractContextManager[None]] = nullcontext
    over: Callable[[], None] = lambda: None
    connect: Callable[[], Connection] | None = None
    """Opens one more connection to the target; None where there can be no other."""
    pace: Pace = field(init=False)
    asleep: float = 0.0
    _began: float = field(default_factory=time.monotonic)
    reserve: Callable[[int], int] = lambda _: 0
    """How many requests it takes to clean up what there is, given how many are left; they are kept back from drivers."""
    cleaning: bool = False
    """Whether nothing is driven any more: what was kept back may be used, and a limit in time is not looked at."""
    _guard: Guard | None = None
    _ledger: _Ledger = field(default_factory=_Ledger)
    _patience: float = 0.0
    _redaction: Redaction = field(init=False)

    def __post_init__(self) -> None:
        """Learn what is secret, and what may be sent."""
        self.pace = Pace(nap=self.nap)
        self._redaction = Redaction.of(self.target)
        self._guard = self._guard or Guard(spec=self.spec, target=self.target)

    @property
    def guard(self) -> Guard:
        """What says which requests may be sent; one for all clients of a run."""
        assert self._guard is not None  # noqa: S101 - made at the beginning
        return self._guard

    def now(self) -> float:
        """Seconds since the session began."""
        return time.monotonic() - self._began

    def group(self) -> int:
        """A new number for calls that belong together."""
        with self._ledger.lock:
            self._ledger.group += 1
            return self._ledger.group

    def take_up(self, calls: Sequence[Call], moment: float) -> None:
        """Go on where other parts of the run have ended: their calls come first, and it is later than all of them."""
        with self._ledger.lock:
            self.history.calls.extend(calls)
            self._ledger.before, self._ledger.since = len(self.history), moment
            self._ledger.group = max((call.intent.group for call in calls), default=0)
            self._ledger.kept = sum(len(call.response.body) for call in calls if call.response is not None)
        self._began = time.monotonic() - moment

    def client(self, process: int, connection: Connection) -> Session:
        """Another client of the same run, with a number and a connection of its own; it may be used by another thread."""
        return replace(self, process=process, connection=connection, _patience=0.0)

    def answer(self, call: Call) -> Answer:
        """What the answer of a call says."""
        return answer_of(self.spec, call.response)

    def call(
        self, operation: Operation, arguments: Mapping[str, Any], intent: Intent, *, tampering: Tampering | None = None
    ) -> Call:
        """Send a request of an operation; placeholders must be resolved already.

        Raises:
            BudgetError: the run has no requests left.
            WithheldError: the request must not be sent.
        """
        request = build(operation, arguments, headers=self.spec.headers)
        return self.send(operation.name, request, replace(intent, arguments=dict(arguments)), tampering=tampering)

    def send(self, operation: str, request: Request, intent: Intent, *, tampering: Tampering | None = None) -> Call:
        """Send any request; returns the last attempt.

        Raises:
            BudgetError: the run has no requests left, or no time.
            WithheldError: the request must not be sent.
            CredentialsError: the keys have expired.
            KeyboardInterrupt: the run was stopped.
        """
        call = self._once(operation, request, intent, tampering)
        if call.trouble in {"dropped", "garbage"} or self.answer(call).kind is Kind.SERVER_ERROR:
            with contextlib.suppress(WithheldError):  # it may have been the last job there was leave for
                call = self._once(operation, request, intent, tampering)
        pause, patience = 0.05, self.target.timeouts.throttle_max
        while self.answer(call).kind is Kind.THROTTLED and self._patience < patience:
            pause = min(max(pause, _retry_after(call.response)), patience - self._patience)
            self.nap(pause)
            self._patience, pause = self._patience + pause, min(2 * pause, 2.0)
            call = self._once(operation, request, intent, tampering)
        if self.answer(call).success:
            self._patience = min(self._patience, patience / 2)
        return call

    def _once(self, operation: str, request: Request, intent: Intent, tampering: Tampering | None) -> Call:
        starts = self.guard.admit(operation, request, intent.arguments)
        try:
            self._pace()
        except BaseException:
            if starts:
                self.guard.forgo()
            raise
        with self.sheltered():
            call = self._sent(operation, request, intent, tampering)
        if starts:
            self.guard.settle(self.answer(call))
        if call.intent.role == EXPIRED:
            raise CredentialsError(f"the credentials have expired: {self.answer(call).described()}")
        return call

    def _sent(self, operation: str, request: Request, intent: Intent, tampering: Tampering | None) -> Call:
        if self.target.credentials.renew is not None:
            self._redaction = self._redaction.knowing(self.target.credentials.current())
        started = self.now()
        if self.announced and not self._harmless(operation, intent):
            self._announce(operation, self._redaction.request(request), intent, started)
        reply = self._kept_small(self.connection.send(request, tampering=tampering))
        ended = None if reply.response is None else self.now()
        sent, response = self._redaction.request(reply.sent), reply.response
        if tampering is None and self._is_expiry(response):
            intent = Intent(scenario=intent.scenario, role=EXPIRED, arguments=intent.arguments)
        if tampering is not None:
            sent = replace(sent, headers={**sent.headers, "X-Conformance-Note": f"signature: {tampering}"})
        with self._ledger.lock:
            call = Call(
                id=len(self.history) + 1, process=self.process, operation=operation, request=sent,
                response=None if response is None else self._redaction.response(response, reply.sent),
                started=started, ended=ended, trouble=reply.trouble,
                detail=self._redaction.text(reply.detail, reply.sent), intent=intent,
            )  # fmt: skip
            self.history.append(call)
            # All are told, also where one of them ends the run: other clients may still write behind this call.
            with contextlib.ExitStack() as told:
                for listener in reversed(self.listeners):
                    told.callback(listener, call)
        return call

    def _is_expiry(self, response: Response | None) -> bool:
        """Whether an answer to a signed request says that its keys have expired, wherever in it that stands."""
        if self.target.credentials.scheme == "none" or response is None or response.status not in _AUTH_STATUSES:
            return False
        told = response.headers.get("x-amzn-errortype", "").encode("utf-8", "replace") + response.body[:_SAID]
        return any(name.encode() in told for name in self.spec.auth.expired_names)

    def _harmless(self, operation: str, intent: Intent) -> bool:
        """Whether a request surely changes nothing, so that nobody need know of it before it is answered."""
        described = self.spec.operations.get(operation)
        return described is not None and described.effect == "read" and intent.role not in ODD

    def _announce(self, operation: str, request: Request, intent: Intent, started: float) -> None:
        """Tell that a request is about to be sent: if the suite ends now, it may have happened."""
        open_call = Call(
            id=0, process=self.process, operation=operation, request=request, response=None, started=started, ended=None,
            trouble="unheard", detail="the suite ended before the answer", intent=intent,
        )  # fmt: skip
        with self._ledger.lock:
            for listener in self.announced:
                listener(open_call)

    def _kept_small(self, reply: Reply) -> Reply:
        """The reply, without its response when the history would grow too large by it."""
        size = 0 if reply.response is None else len(reply.response.body)
        with self._ledger.lock:
            if self._ledger.kept + size <= KEPT_CAP:
                self._ledger.kept += size
                return reply
        detail = f"the answers of this run take more than {KEPT_CAP} bytes; this one has {size}"
        return replace(reply, response=None, trouble="too-large", detail=detail)

    def _pace(self) -> None:
        if self.stopped():
            raise KeyboardInterrupt
        limits = self.target.limits
        with self._ledger.lock:
            if limits.requests is not None:
                sent = max(self._ledger.sent, len(self.history) - self._ledger.before)
                if sent >= limits.requests or (
                    not self.cleaning and sent + self.reserve(limits.requests - sent) >= limits.requests
                ):
                    raise BudgetError(limits.requests)
            if limits.seconds is not None and not self.cleaning and self.now() - self._ledger.since >= limits.seconds:
                raise BudgetError(limits.seconds, "seconds")
            self._ledger.sent += 1
            due = self.now()
            if limits.requests_per_second is not None:
                due = max(due, self._ledger.sent_at + 1 / limits.requests_per_second)
            self._ledger.sent_at = due
        self.nap(due - self.now())

    def nap(self, seconds: float) -> None:
        """Wait, but no longer than until the run is stopped; raises KeyboardInterrupt then."""
        began = time.monotonic()
        try:
            while (left := began + seconds - time.monotonic()) > 0:
                time.sleep(min(left, _NAP))
                if self.stopped():
                    raise KeyboardInterrupt
        finally:
            self.asleep += time.monotonic() - began


def _retry_after(response: Response | None) -> float:
    """The seconds an answer asks to wait, as a number of seconds or as a date; 0 where it does not say."""
    value = "" if response is None else response.headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return 0.0
