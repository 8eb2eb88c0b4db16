"""What surely held the slot, and what surely waited, when a call was made; and how the target counts its places."""

from __future__ import annotations

from conformance.answer import Kind
from conformance.history import Call
from conformance.oracles.performance import ACTIVE, Look, Part, Performance, over


def active_look(part: Part, call: Call) -> Look | None:
    """A look that shows a job not ended after a call was answered, its effect not asked to be ended by then."""
    begun = over(call)
    return next(
        (look for look in part.looks if look.phase in ACTIVE and look.began >= begun and look.ended <= part.untouched),
        None,
    )


def is_active(part: Part, call: Call) -> bool:
    """Whether a job was accepted before a call began and was seen not ended after it was answered."""
    return over(part.start) <= call.started and active_look(part, call) is not None


def running_look(part: Part, call: Call) -> Look | None:
    """A look that shows a job running before a call began."""
    return next((look for look in part.looks if look.phase == "running" and look.ended <= call.started), None)


def holder(performance: Performance, call: Call) -> Part | None:
    """A job that was seen running before a call and not ended after it: the slot was taken all the while."""
    for part in performance.accepted:
        if (
            part.looks
            and over(part.start) <= call.started
            and running_look(part, call) is not None
            and active_look(part, call) is not None
        ):
            return part
    return None


def waiting_at(performance: Performance, call: Call) -> list[Part]:
    """The jobs that surely waited while a call was made; none where the slot was not surely held by another.

    Waiting is shown by what came after: a job that was still waiting later, that ran later though the slot was held, or
    that was cancelled later and so had not ended before. A job that failed later may have done so at any time.
    """
    taken = holder(performance, call)
    queue = performance.resource.queue
    if taken is None or queue is None or queue.running != 1:
        return []
    found: list[Part] = []
    for part in performance.accepted:
        if (
            part is taken
            or over(part.start) > call.started
            or part.start.started < over(taken.start)
            or part.untouched <= over(call)
        ):
            continue
        if waits(performance, part, call, found):
            found.append(part)
    return found


def waits(performance: Performance, part: Part, call: Call, waiting: list[Part]) -> bool:
    """Whether a job behind a held slot had not ended while a call was made; ``waiting`` are those known to wait."""
    if part.over_before(call):
        return False
    if any(look.phase in ACTIVE and look.began >= over(call) for look in part.looks) or part.last("succeeded"):
        return True
    if part.last("cancelled") is not None and part.cancels and not part.after:
        return True
    needed = performance.dependencies(part)
    unended = all(each in waiting or is_active(each, call) for each in needed)
    return (
        bool(part.after)
        and performance.known(part)
        and unended
        and part.last("dependency-failed", "cancelled") is not None
    )


def full_at(performance: Performance, part: Part) -> bool:
    """Whether a request to be queued was turned away in the way of a full queue, or put off."""
    queue = performance.resource.queue
    if queue is None or not part.asked or part.after:
        return False
    answer = part.answer
    return answer.kind is Kind.THROTTLED or (answer.refused and part.repeatable and queue.full.allows_name(answer.name))


def limit(performance: Performance) -> int | None:
    """How many may wait, by the reading of the limit that the target shows."""
    queue = performance.resource.queue
    if queue is None or queue.capacity is None:
        return None
    return queue.capacity - 1 if counts_running(performance) else queue.capacity


def counts_running(performance: Performance) -> bool:
    """Whether the target counts the running job: it turned one away that only the running one left no place for."""
    queue = performance.resource.queue
    if (
        queue is None
        or queue.capacity is None
        or not performance.alone
        or proven_places(performance, queue.capacity) is not None
    ):
        return False
    return any(
        full_at(performance, part) and performance.active_at_most(part.start) == queue.capacity
        and len(waiting_at(performance, part.start)) == queue.capacity - 1
        for part in performance.parts.values()
    )  # fmt: skip


def proven_places(performance: Performance, places: int) -> Part | None:
    """A job that surely was one of so many that waited at once, beside a running one."""
    for number, part in enumerate(performance.accepted):
        if (
            part.asked
            and number >= places
            and len(waiting_at(performance, part.start)) >= places - 1
            and waits(performance, part, part.start, [])
        ):
            return part
    return None
