"""Error mapping: names, statuses and envelopes of refusals."""

from __future__ import annotations

from conformance.answer import Kind
from conformance.history import Call
from conformance.oracles.ranges import inside_is_accepted, outside_is_refused, refusal_for
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import Clause, Refusal


@oracle("violation-error")
def violation_error(clause: Clause, view: View, tally: Tally) -> None:
    """Refusals of one kind of violation carry a name and a status the documents allow for it."""
    for call in view.by_operation[clause.operation]:
        probed = view.clause(call.intent.clause)
        if call.intent.role != "outside" or probed is None or probed.data.get("violation") != clause.data["violation"]:
            continue
        if probed.kind == "constraint" and view.answer(call).refused:
            _named(probed, view, tally, call)


def _named(probed: Clause, view: View, tally: Tally, call: Call) -> None:
    allowed: Refusal | None = refusal_for(probed, view)
    answer = view.answer(call)
    if not view.bracketed(call):
        tally.undecided(f"{call.intent.case}: a request without the violation was not accepted either")
        return
    if allowed is None:
        allowed = Refusal()
    if answer.status not in allowed.statuses:
        tally.breach(
            call, expected=f"HTTP {_listed(allowed.statuses)}", actual=f"{answer.described()} to {call.intent.case}"
        )
    elif answer.name is None and allowed.names:
        tally.undecided(f"{call.intent.case}: the answer has no error name")
    elif not allowed.allows_name(answer.name, suffix=view.spec.errors.suffix):
        tally.breach(
            call, expected=f"one of {', '.join(allowed.names)}", actual=f"{answer.described()} to {call.intent.case}"
        )
    else:
        tally.hit(probed.data.get("field", "body"))


def _listed(values: tuple[int, ...]) -> str:
    return " or ".join(map(str, values))


@oracle("body-error")
def body_error(clause: Clause, view: View, tally: Tally) -> None:
    """Bodies that are no bodies are refused, by an allowed name."""
    calls = among(view.by_clause[clause.id], "outside")
    outside_is_refused(clause, view, tally, calls)
    if not tally.broken:
        _names(clause, view, tally, calls)


@oracle("unknown-id")
@oracle("garbage-token")
def unknown(clause: Clause, view: View, tally: Tally) -> None:
    """Ids and tokens that name nothing are refused, by an allowed name."""
    calls = among(view.by_clause[clause.id], "outside")
    outside_is_refused(clause, view, tally, calls)
    inside_is_accepted(clause, view, tally, among(view.by_clause[clause.id], "inside"))
    if not tally.broken:
        _names(clause, view, tally, calls)


def _names(clause: Clause, view: View, tally: Tally, calls: list[Call]) -> None:
    checked = Tally()
    for call in calls:
        if view.answer(call).refused and view.bracketed(call):
            _named(clause, view, checked, call)
    if checked.broken:
        tally.broken, tally.expected, tally.actual, tally.evidence = (
            True,
            checked.expected,
            checked.actual,
            checked.evidence,
        )


@oracle("error-name")
def error_name(clause: Clause, view: View, tally: Tally) -> None:
    """Every refusal carries a name from the operation's list, or from those common to all operations."""
    operation, errors = view.spec.operations[clause.operation], view.spec.errors
    known = Refusal(names=(*operation.errors, *errors.common, *view.spec.auth.names))
    for call in view.plain(clause.operation):
        answer = view.answer(call)
        if answer.kind in {Kind.REFUSAL, Kind.SERVER_ERROR} and answer.name is not None:
            if known.allows_name(answer.name, suffix=errors.suffix):
                tally.hit(answer.name[:60])
            else:
                tally.breach(call, expected=f"one of {', '.join(operation.errors)}", actual=answer.described())


@oracle("error-status")
def error_status(clause: Clause, view: View, tally: Tally) -> None:
    """Every documented error name comes with its documented status."""
    for call in view.by_operation[clause.operation]:
        answer = view.answer(call)
        if answer.name is None or answer.status is None or answer.kind in {Kind.SUCCESS, Kind.NONE}:
            continue
        documented = view.spec.errors.statuses(answer.name)
        if documented is None:
            continue
        if answer.status in documented:
            tally.hit(answer.name[:60])
        else:
            tally.breach(call, expected=f"HTTP {_listed(documented)} for {answer.name}", actual=f"HTTP {answer.status}")


@oracle("error-envelope")
def error_envelope(clause: Clause, view: View, tally: Tally) -> None:
    """Every refusal of a request that is not odd in its form has a complete error body."""
    for call in view.plain(clause.operation):
        answer = view.answer(call)
        if not answer.refused or call.intent.role == "auth":
            continue
        parts = {"code": answer.name, "message": answer.message, "request_id": answer.request_id}
        missing = [part for part in view.spec.errors.required if parts[part] is None]
        if missing:
            what = answer.malformed or f"an answer without {', '.join(missing)}"
            tally.breach(
                call,
                expected=f"an error body with {', '.join(view.spec.errors.required)}",
                actual=f"HTTP {answer.status}: {what}",
            )
        else:
            tally.hit()
