"""Robustness: no input gives a server error, and every request is answered."""

from __future__ import annotations

import weakref
from collections import defaultdict

from conformance.answer import Kind
from conformance.history import Call
from conformance.oracles.registry import Tally, oracle
from conformance.view import View
from specs import Clause, Request

#: Headers that differ between two requests though they say the same: times and signatures.
_FLEETING = ("authorization", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token", "x-ncp-")


def _same(request: Request) -> tuple[str, str, bytes, frozenset[tuple[str, str]]]:
    """What makes two requests the same: all that was sent, but for what a signature adds."""
    headers = frozenset((n.lower(), v) for n, v in request.headers.items() if not n.lower().startswith(_FLEETING))
    return request.method, request.target, request.body, headers


Requests = dict[tuple[str, str, bytes, frozenset[tuple[str, str]]], list[Call]]
_READ: weakref.WeakKeyDictionary[View, dict[str, Requests]] = weakref.WeakKeyDictionary()


def _by_request(clause: Clause, view: View) -> Requests:
    """The calls of an operation by what was sent, throttled answers left out."""
    known = _READ.setdefault(view, {})
    if clause.operation not in known:
        known[clause.operation] = _grouped(clause, view)
    return known[clause.operation]


def _grouped(clause: Clause, view: View) -> Requests:
    found: Requests = defaultdict(list)
    for call in view.by_operation[clause.operation]:
        if view.answer(call).kind is not Kind.THROTTLED:
            found[_same(call.request)].append(call)
    return found


@oracle("no-server-error")
def no_server_error(clause: Clause, view: View, tally: Tally) -> None:
    """A server error that comes each time the same bytes are sent, at least twice, is the input's doing."""
    for calls in _by_request(clause, view).values():
        failed = [call for call in calls if view.answer(call).kind is Kind.SERVER_ERROR]
        answered = [call for call in calls if view.answer(call).kind in {Kind.SUCCESS, Kind.REFUSAL}]
        if len(failed) >= 2 and not answered:
            tally.breach(
                failed[0],
                failed[1],
                expected="no answer of HTTP 5xx",
                actual=f"{view.answer(failed[0]).described()}, twice, to {failed[0].intent.case or 'a request'}",
            )
        elif answered:
            tally.hits["requests"] += len(answered)
        elif failed:
            tally.undecided("a server error was seen once, and the same request was not sent again")


@oracle("answered")
def answered(clause: Clause, view: View, tally: Tally) -> None:
    """A connection that ends without an answer, or gets something that is not HTTP, each time the same bytes are sent."""
    for calls in _by_request(clause, view).values():
        lost = [call for call in calls if call.trouble in {"dropped", "garbage"}]
        good = [call for call in calls if call.response is not None]
        if len(lost) >= 2 and not good:
            tally.breach(lost[0], lost[1], expected="an answer", actual=f"{lost[0].trouble}, twice: {lost[0].detail}")
        elif good:
            tally.hits["requests"] += len(good)
        elif any(call.trouble in {"timeout", "too-large"} for call in calls):
            tally.undecided(f"{calls[0].trouble}: {calls[0].detail}")
