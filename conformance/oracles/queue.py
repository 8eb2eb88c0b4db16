"""Queue and dependencies: which program broke which rule, and whether the clause was put to the test at all."""

from __future__ import annotations

from conformance.oracles.antecedent import ANTECEDENTS, beyond, busy
from conformance.oracles.performance import Part, Performance, performances
from conformance.oracles.registry import Tally, oracle
from conformance.oracles.rule import RULES
from conformance.view import View
from specs import Clause, Refusal
from strategies import programs_for

#: Aspects of the capacity that are about a request made at a certain point of their program.
_ABOUT = {
    "returned-by-cancel": ("again",), "returned-by-start": ("after-start",), "returned-by-failure": ("again",),
    "text": ("queued-text",), "dependent-counts": ("over",),
}  # fmt: skip
_OTHERS = {"capacity-usable": ("again", "after-start", "queued-text")}


@oracle("queue-rule")
def queue_rule(clause: Clause, view: View, tally: Tally) -> None:
    """The programs written for the clause: its rules over each, and its antecedents counted."""
    aspect: str = clause.data["aspect"]
    resource = view.spec.resources[clause.data["resource"]]
    names = {program.name for program in programs_for(resource) if aspect in program.aspects}
    for performance in performances(view, resource):
        if performance.program not in names and not performance.program.startswith("random"):
            continue
        _broken(clause, aspect, performance, tally)
        if aspect == "full-refusal":
            _refusals(view, tally, list(beyond(performance)), resource.queue.full if resource.queue else Refusal())
        elif aspect == "busy-error":
            refused = set(busy("refuse", "refuse-text", "absent")(performance))
            _refusals(view, tally, [p for p in performance.parts.values() if p.name in refused], resource.queue.busy if resource.queue else Refusal())
        elif performance.program in names:
            for antecedent in ANTECEDENTS[aspect]:
                for case in antecedent(performance):
                    tally.hit(case)
    if not tally.hits and not tally.broken and any(p.program in names for p in performances(view, resource)):
        tally.undecided("the program was carried out, but the state it needs did not come about: jobs may end too quickly to hold a queue, or others use it too")


def _broken(clause: Clause, aspect: str, performance: Performance, tally: Tally) -> None:
    about, others = _ABOUT.get(aspect), _OTHERS.get(aspect, ())
    for rule in clause.data["rules"]:
        for breach in RULES[rule](performance):
            names = {call.intent.case for call in breach.calls if call.intent.role == "start"}
            if (about is not None and not names & set(about)) or names & set(others):
                continue
            tally.breach(*breach.calls, expected=breach.expected, actual=breach.actual)


def _refusals(view: View, tally: Tally, parts: list[Part], allowed: Refusal) -> None:
    for part in parts:
        if not part.answer.refused and part.answer.kind != "throttled":
            continue
        answer = part.answer
        if answer.status in allowed.statuses and allowed.allows_name(answer.name, suffix=view.spec.errors.suffix):
            tally.hit(part.name)
        else:
            tally.breach(part.start, expected=f"{' or '.join(allowed.names)} with HTTP {' or '.join(map(str, allowed.statuses))}", actual=answer.described())
