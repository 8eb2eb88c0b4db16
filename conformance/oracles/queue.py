"""Queue and dependencies: which program broke which rule, and whether the clause was put to the test at all."""

from __future__ import annotations

from collections.abc import Callable

from conformance.answer import Kind
from conformance.oracles.antecedent import ANTECEDENTS, beyond, busy
from conformance.oracles.performance import Part, Performance, performances
from conformance.oracles.queue_reading import READINGS
from conformance.oracles.registry import Tally, oracle
from conformance.oracles.rule import RULES, Breach
from conformance.view import View
from specs import Clause, Refusal
from strategies import programs_for

#: Aspects that are about a request made at a certain point of their program.
_ABOUT = {
    "returned-by-cancel": ("again",), "returned-by-start": ("after-start",), "returned-by-failure": ("again", "again2"),
    "text": ("queued-text",), "dependent-counts": ("over",),
}  # fmt: skip
_OTHERS = {"capacity-usable": ("again", "again2", "after-start", "queued-text")}
#: A job that waits for ever is one way to break these; the queue's order brings it to light.
_STUCK = frozenset({"finished", "repeated", "failure-direct", "cascade"})
_RANDOM = "random"
_BAD = ("failed", "cancelled", "dependency-failed")


def _full(performance: Performance) -> tuple[list[Part], Refusal]:
    queue = performance.resource.queue
    return list(beyond(performance)), queue.full if queue else Refusal()


def _busy(performance: Performance) -> tuple[list[Part], Refusal]:
    queue, refused = performance.resource.queue, set(busy("refuse", "refuse-text", "absent")(performance))
    return [part for part in performance.parts.values() if part.name in refused], queue.busy if queue else Refusal()


def _hopeless(performance: Performance) -> tuple[list[Part], Refusal]:
    """Requests whose dependencies are unknown, or over without success before."""
    dependencies = performance.resource.dependencies
    parts = [
        part for part in performance.parts.values()
        if part.after and part.asked and (
            not performance.known(part) or any(each.last(*_BAD) and each.over_before(part.start) for each in performance.dependencies(part))
        )
    ]  # fmt: skip
    return parts, dependencies.unknown if dependencies else Refusal()


def _unqueued(performance: Performance) -> tuple[list[Part], Refusal]:
    dependencies = performance.resource.dependencies
    parts = [part for part in performance.parts.values() if part.after and not part.asked]
    return parts, dependencies.unqueued if dependencies else Refusal()


#: Aspects whose refusals must carry what is documented for them.
_REFUSED: dict[str, Callable[[Performance], tuple[list[Part], Refusal]]] = {
    "full-refusal": _full, "busy-error": _busy, "unknown-dependency": _hopeless, "failed-before": _hopeless, "unqueued": _unqueued,
}  # fmt: skip


@oracle("queue-rule")
def queue_rule(clause: Clause, view: View, tally: Tally) -> None:
    """The programs written for the clause: its rules over each, and its antecedents counted."""
    aspect: str = clause.data["aspect"]
    resource = view.spec.resources[clause.data["resource"]]
    names = {program.name for program in programs_for(resource) if aspect in program.aspects}
    carried_out = performances(view, resource)
    shown: dict[str, None] = {}
    for performance in carried_out:
        scripted = performance.program in names
        if not scripted and not performance.program.startswith(_RANDOM):
            continue
        _broken(clause, aspect, performance, tally)
        shown.update(dict.fromkeys(READINGS[aspect](performance)) if scripted and aspect in READINGS else {})
        if aspect in _REFUSED:
            parts, allowed = _REFUSED[aspect](performance)
            _refusals(view, tally, parts, allowed)
        if scripted:
            for antecedent in ANTECEDENTS.get(aspect, ()):
                for case in antecedent(performance):
                    tally.hit(case)
    tally.reading = "; ".join(shown) or None
    if not tally.hits and not tally.broken and any(p.program in names for p in carried_out):
        tally.undecided(
            "the program was carried out, but the state it needs did not come about: jobs may end too quickly to hold a queue, or others use it too"
        )


def _broken(clause: Clause, aspect: str, performance: Performance, tally: Tally) -> None:
    for rule in (*clause.data["rules"], *(("held-back",) if aspect in _STUCK else ())):
        for breach in RULES[rule](performance):
            if _concerns(aspect, rule, performance, breach):
                tally.breach(*breach.calls, expected=breach.expected, actual=breach.actual)


def _concerns(aspect: str, rule: str, performance: Performance, breach: Breach) -> bool:
    """Whether a breach of a rule breaks this clause, and not only another one that rests on the same rule."""
    scripted = not performance.program.startswith(_RANDOM)
    if breach.about and aspect not in breach.about and not (scripted and rule == "fifo"):
        return False
    about, others = _ABOUT.get(aspect), _OTHERS.get(aspect, ())
    if rule not in {"capacity-exceeded", "refused-below-capacity"}:
        return True
    names = {call.intent.case for call in breach.calls if call.intent.role == "start"}
    return not names & set(others) and (about is None or bool(names & set(about)))


def _refusals(view: View, tally: Tally, parts: list[Part], allowed: Refusal) -> None:
    for part in parts:
        answer = part.answer
        if not answer.refused and answer.kind is not Kind.THROTTLED:
            continue
        if allowed.allows(answer.name, answer.status, suffix=view.spec.errors.suffix):
            tally.hit(part.name)
        else:
            tally.breach(
                part.start,
                expected=f"{' or '.join(allowed.names)} with HTTP {' or '.join(map(str, allowed.statuses))}",
                actual=answer.described(),
            )
