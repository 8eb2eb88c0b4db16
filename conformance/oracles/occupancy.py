"""What surely held the slots, and what surely waited, when a call was made; and how the target counts its places."""

from __future__ import annotations

from conformance.evidence import Rule
from conformance.history import Call
from conformance.oracles.performance import Part, Performance, over
from conformance.oracles.testimony import testimony


def is_active(performance: Performance, part: Part, call: Call) -> bool:
    """Whether a job was accepted before a call began and surely had not ended when it was answered."""
    return over(part.start) <= call.started and testimony(performance).standing.active.get(part.name, 0) >= over(call)


def ran_before(performance: Performance, part: Part, call: Call) -> bool:
    """Whether a job was seen running before a call began."""
    first = testimony(performance).running.get(part.name)
    return first is not None and first <= call.started


def holders(performance: Performance, call: Call) -> list[Part]:
    """The jobs that held all slots while a call was made, each seen running before it and not ended after it."""
    queue = performance.resource.queue
    found: list[Part] = []
    for name in testimony(performance).running:
        part = performance.parts[name]
        if is_active(performance, part, call) and ran_before(performance, part, call):
            found.append(part)
            if queue is not None and len(found) >= queue.running:
                return found
    return []


def waiting_at(performance: Performance, call: Call) -> list[Part]:
    """The jobs that surely waited while a call was made; none where the slots were not surely held by others.

    Waiting is shown by what came after: a job that was still waiting later, that ran later though the slots were held, or
    that was cancelled later and so had not ended before. A job that failed later may have done so at any time.
    """
    taken = holders(performance, call)
    if not taken:
        return []
    behind = max(over(part.start) for part in taken)
    steady, answered = testimony(performance).standing.steady, over(call)
    return [
        part
        for part in performance.accepted
        if part.start.started >= behind
        and over(part.start) <= call.started
        and part.untouched > answered
        and steady[part.name] >= answered
        and not part.over_before(call)
    ]


def limit(performance: Performance) -> int | None:
    """How many may wait, by the reading of the limit that the target shows."""
    queue = performance.resource.queue
    if queue is None or queue.capacity is None:
        return None
    return queue.capacity - 1 if counts_running(performance) else queue.capacity


def counts_running(performance: Performance) -> bool:
    """Whether only the reading is left that the running job takes a place."""
    told = testimony(performance)
    counting = any(each.rule in {Rule.ROOM, Rule.CAPACITY} for each in told.counting)
    return bool(told.about(Rule.ROOM)) and not counting
