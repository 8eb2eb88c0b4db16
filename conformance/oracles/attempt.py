"""Creations that must come to nothing: refused, or accepted and over without success."""

from __future__ import annotations

from conformance.answer import Kind
from conformance.history import Call
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import Attempt, Clause, Resource, point

AT_ONCE = "refused at once"


@oracle("attempt")
def attempt(clause: Clause, view: View, tally: Tally) -> None:
    """Every try of it, and what its job came to where it was accepted."""
    resource = view.spec.resources[clause.data["resource"]]
    tried = resource.attempts[clause.data["attempt"]]
    readings: set[str] = set()
    for call in among(view.by_clause[clause.id], "attempt"):
        answer = view.answer(call)
        if answer.kind is Kind.SUCCESS and tried.refused:
            tally.breach(call, expected="a refusal", actual=answer.described())
        elif answer.kind is Kind.SUCCESS:
            readings |= _followed(view, tally, resource, tried, call)
        elif not answer.refused or not view.bracketed(call):
            tally.undecided(f"the answer may have another reason: {answer.described()}")
        elif tried.refusal.allows(answer.name, answer.status, suffix=view.spec.errors.suffix):
            tally.hit(AT_ONCE)
            readings.add(AT_ONCE)
        else:
            names = " or ".join(tried.refusal.names) or "a documented name"
            statuses = " or ".join(map(str, tried.refusal.statuses))
            tally.breach(call, expected=f"{names} with HTTP {statuses}", actual=answer.described())
    tally.reading = " and ".join(sorted(readings)) or None


def _followed(view: View, tally: Tally, resource: Resource, tried: Attempt, call: Call) -> set[str]:
    """What an accepted try came to; the reading that it shows, if it shows one."""
    identifier = point(view.tree(call), resource.id)
    seen = view.sightings(resource).get(str(identifier), [])
    final = next((each for each in reversed(seen) if resource.is_terminal(each.status)), None)
    if final is None:
        tally.undecided("it was accepted, and its job was not seen at its end")
        return set()
    if resource.phase(final.status) == "succeeded":
        done = point(final.tree, tried.done) if tried.done is not None else None
        if done != 0 or isinstance(done, bool):
            tally.breach(
                call, final.call, expected="a refusal, or a job that does not succeed",
                actual=f"{final.status} with {tried.done} = {done}" if tried.done else str(final.status),
            )  # fmt: skip
            return set()
        tally.hit("nothing done")
        return {f"accepted, and {final.status} with nothing done"}
    if resource.phase(final.status) == "cancelled":
        tally.undecided(f"its job was {final.status}, which another client may have done")
        return set()
    tally.hit(str(final.status))
    return {f"accepted, and {final.status} later"}
