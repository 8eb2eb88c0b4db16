"""Lets what must come to nothing come to something."""

from __future__ import annotations

from conformance.view import View, among
from specs import Clause
from tests.conformance.corruption.answers import refusal
from tests.conformance.corruption.draft import Draft
from tests.conformance.corruption.exhibit import made_job, read_of
from tests.conformance.corruption.registry import corruption

_ID = "9000000777"


@corruption("it is accepted, and its job succeeds", "attempt")
def succeeds(clause: Clause, view: View) -> Draft | None:
    resource = view.spec.resources[clause.data["resource"]]
    tried = among(view.by_clause[clause.id], "attempt")
    if not tried:
        return None
    read = read_of(
        view, resource, _ID, resource.phases.get("succeeded", ())[0], resource.attempts[clause.data["attempt"]].done
    )
    accepted = made_job(view, resource, _ID).response
    return Draft(view).answer(tried[-1], accepted).after(tried[-1], read)


@corruption("it is refused under a name that means something else", "attempt")
def misnamed(clause: Clause, view: View) -> Draft | None:
    tried = among(view.by_clause[clause.id], "attempt")
    if not tried:
        return None
    return Draft(view).answer(tried[-1], refusal(view.spec, "ClientTimeoutException", 408))
