"""Auth: requests that are not signed rightly are refused."""

from __future__ import annotations

from conformance.answer import Kind
from conformance.oracles.registry import Tally, oracle
from conformance.view import View, among
from specs import Clause


@oracle("auth")
def auth(clause: Clause, view: View, tally: Tally) -> None:
    """An unsigned or wrongly signed request is refused with an auth status; signed controls around it are accepted."""
    if not view.signed:
        tally.inapplicable = "the target is declared to take unsigned requests"
        return
    statuses = view.spec.auth.statuses
    for call in among(view.by_clause[clause.id], "auth"):
        answer = view.answer(call)
        if answer.kind in {Kind.THROTTLED, Kind.NONE, Kind.SERVER_ERROR}:
            tally.undecided(answer.described())
        elif answer.success:
            tally.breach(
                call,
                expected=f"a refusal with HTTP {' or '.join(map(str, statuses))}",
                actual=f"{answer.described()}: the request was accepted",
            )
        elif not view.bracketed(call):
            tally.undecided("refused, but rightly signed requests were not accepted either")
        elif answer.status not in statuses:
            tally.breach(call, expected=f"HTTP {' or '.join(map(str, statuses))}", actual=answer.described())
        else:
            tally.hit(answer.name or str(answer.status))
