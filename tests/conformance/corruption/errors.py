"""Breaks names, statuses and envelopes of refusals, and signatures."""

from __future__ import annotations

from conformance.answer import Kind
from conformance.history import Call
from conformance.oracles.ranges import refusal_for
from conformance.view import View, among
from specs import Clause, Refusal
from tests.conformance.corruption.answers import UNDOCUMENTED, other_status, refusal, success
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.ranges import refused_outside
from tests.conformance.corruption.registry import corruption


def _proven(clause: Clause, view: View) -> tuple[Call, Refusal] | None:
    """A refusal that the clause judges, and what the documents allow for it."""
    if clause.kind != "violation-error":
        calls = refused_outside(clause, view)
        return (calls[0], refusal_for(clause, view) or Refusal()) if calls else None
    for call in among(view.by_operation[clause.operation], "outside"):
        probed = view.clause(call.intent.clause)
        if probed is None or probed.kind != "constraint" or probed.data["violation"] != clause.data["violation"]:
            continue
        if view.answer(call).refused and view.bracketed(call):
            return call, refusal_for(probed, view) or Refusal()
    return None


@corruption(
    "a violation is refused with another status", "violation-error", "body-error", "unknown-id", "garbage-token"
)
def another_status(clause: Clause, view: View) -> Draft | None:
    found = _proven(clause, view)
    if found is None:
        return None
    call, allowed = found
    name = next(iter(allowed.names), None) or view.answer(call).name or UNDOCUMENTED
    return Draft(view).answer(call, refusal(view.spec, name, other_status(allowed.statuses)))


@corruption("a violation is refused by another name", "violation-error", "body-error", "unknown-id", "garbage-token")
def another_name(clause: Clause, view: View) -> Draft | None:
    found = _proven(clause, view)
    if found is None or not found[1].names:
        return None
    return Draft(view).answer(found[0], refusal(view.spec, UNDOCUMENTED, found[1].statuses[0]))


def _refused(clause: Clause, view: View) -> list[Call]:
    return [call for call in view.plain(clause.operation) if view.answer(call).refused and call.intent.role != "auth"]


@corruption("a refusal has a name nobody documented", "error-name")
def undocumented_name(clause: Clause, view: View) -> Draft | None:
    calls = _refused(clause, view)
    return Draft(view).answer(calls[0], refusal(view.spec, UNDOCUMENTED)) if calls else None


@corruption("a documented name comes with another status", "error-status")
def undocumented_status(clause: Clause, view: View) -> Draft | None:
    for call in view.plain(clause.operation):
        answer = view.answer(call)
        documented = view.spec.errors.statuses(answer.name) if answer.name else None
        if answer.kind is Kind.REFUSAL and answer.name and documented:
            return Draft(view).answer(call, refusal(view.spec, answer.name, other_status(documented)))
    return None


def _incomplete(part: str) -> None:
    @corruption(f"a refusal has no {part}", "error-envelope")
    def incomplete(clause: Clause, view: View) -> Draft | None:
        calls = _refused(clause, view)
        if not calls or part not in view.spec.errors.required:
            return None
        name = view.answer(calls[0]).name or "100"
        return Draft(view).answer(calls[0], refusal(view.spec, name, without=part))


for _part in ("code", "message", "request_id"):
    _incomplete(_part)


@corruption("a badly signed request is accepted", "auth")
def let_in(clause: Clause, view: View) -> Draft | None:
    calls = among(view.by_clause[clause.id], "auth")
    return Draft(view).answer(calls[0], success(view, clause.operation)) if calls else None


@corruption("a badly signed request is refused as something else", "auth")
def mistaken(clause: Clause, view: View) -> Draft | None:
    calls = [call for call in among(view.by_clause[clause.id], "auth") if view.bracketed(call)]
    if not calls:
        return None
    said = refusal(view.spec, UNDOCUMENTED, other_status(view.spec.auth.statuses))
    return Draft(view).answer(calls[0], said)
