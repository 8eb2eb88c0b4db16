"""Answers as an implementation could give them: refusals by the API's envelope, successes that were really seen."""

from __future__ import annotations

import json
from collections.abc import Iterable

from conformance.history import Call
from conformance.view import ODD, View
from specs import Operation, Refusal, Response, Spec
from tests.conformance.corruption.body import as_xml, put

UNDOCUMENTED = "ConformanceMadeThisUpException"
_STATUSES = (400, 404, 409, 410, 422, 451)


def refusal(spec: Spec, name: str, status: int = 400, *, without: str = "") -> Response:
    """A refusal with every part the envelope has, but for one."""
    envelope = spec.errors.envelopes[0]
    parts = {
        "code": (envelope.code, name),
        "message": (envelope.message, "made up"),
        "request_id": (envelope.request_id, "r-1"),
    }
    headers = {"content-type": "application/xml" if spec.media == "xml" else "application/json"}
    tree: dict[str, object] = {}
    for part, (places, value) in parts.items():
        if part == without or not places:
            continue
        if places[0].startswith("header:"):
            headers[places[0].removeprefix("header:").lower()] = value
        else:
            put(tree, places[0], value)
    body = as_xml("ErrorResponse", tree, {}) if spec.media == "xml" else json.dumps(tree).encode()
    return Response(status=status, headers=headers, body=body)


def other_status(*taken: Iterable[int]) -> int:
    """The status of a refusal that is none of these."""
    return next(status for status in _STATUSES if all(status not in each for each in taken))


def known_name(spec: Spec, operation: Operation) -> str:
    """A documented error name of an operation that is not about *not now*."""
    return next(name for name in operation.errors if name not in spec.errors.throttled_names)


def plain_refusal(view: View, operation: Operation, avoid: Refusal | None = None) -> Response:
    """A refusal by a documented name and status, outside a set of refusals."""
    for name in (*operation.errors, *view.spec.errors.common):
        statuses = view.spec.errors.statuses(name) or (400,)
        status = next(
            (each for each in statuses if 400 <= each < 500 and each not in view.spec.errors.throttled_statuses), None
        )
        if status is None or name in view.spec.errors.throttled_names:
            continue
        if avoid is None or status not in avoid.statuses or not avoid.allows_name(name, suffix=view.spec.errors.suffix):
            return refusal(view.spec, name, status)
    return refusal(view.spec, known_name(view.spec, operation), other_status(avoid.statuses if avoid else ()))


def successes(view: View, operation: str) -> list[Call]:
    """The accepted calls of an operation that were sent as documented."""
    method = view.spec.operations[operation].method
    return [
        call
        for call in view.by_operation[operation]
        if call.intent.role not in {*ODD, "auth"} and call.request.method == method and view.answer(call).success
    ]


def success(view: View, operation: str, *, besides: Call | None = None) -> Response | None:
    """An answer by which an operation accepted another request; None where none was ever accepted."""
    found = (call.response for call in successes(view, operation) if call is not besides)
    return next(found, None)
