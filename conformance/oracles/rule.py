"""Rules of a queue: each finds two or three calls of a program that cannot all be true of a queue that keeps it.

Time proves nothing here, order does: a look shows a status that was true at some moment between its sending and its
answer, so one look is later than another only if it was sent after the other was answered.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.history import Call
from conformance.oracles.antecedent import active_throughout, holder, waiting_behind
from conformance.oracles.performance import Look, Part, Performance
from specs import MISSING

_RAN = ("running", "succeeded", "failed")
_UNSUCCESSFUL = ("failed", "cancelled", "dependency-failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What a rule found: the calls that contradict each other, what is allowed, and what was seen."""

    calls: tuple[Call, ...]
    expected: str
    actual: str


Rule = Callable[[Performance], Iterator[Breach]]


def _after(later: Look, earlier: Look) -> bool:
    return later.began >= earlier.ended


def _ordered(performance: Performance) -> list[Part]:
    return sorted(performance.accepted, key=lambda part: part.start.id)


def fifo(performance: Performance) -> Iterator[Breach]:
    """A later job was seen to have started, and after that an earlier one was still waiting."""
    for first, second in itertools.combinations(_ordered(performance), 2):
        if first.start.ended is None or second.start.started < first.start.ended:
            continue
        started, waits = second.first(*_RAN), first.last("waiting")
        if started is not None and waits is not None and _after(waits, started):
            yield Breach(
                calls=(started.call, waits.call), expected=f"{first.name}, accepted first, to start before {second.name}",
                actual=f"{second.name} was {started.status} while {first.name} was still {waits.status}",
            )  # fmt: skip


def one_at_a_time(performance: Performance) -> Iterator[Breach]:
    """Two jobs were each seen running before and after the same moment."""
    queue = performance.resource.queue
    if queue is None or queue.running != 1:
        return
    spans = [(part, part.first("running"), part.last("running")) for part in performance.accepted]
    known = [(part, first, last) for part, first, last in spans if first is not None and last is not None]
    for (one, one_first, one_last), (other, other_first, other_last) in itertools.combinations(known, 2):
        begin, end = max(one_first.ended, other_first.ended), min(one_last.began, other_last.began)
        if begin < end:
            latest_first, earliest_last = max((one_first, other_first), key=lambda x: x.ended), min((one_last, other_last), key=lambda x: x.began)
            calls = {call.id: call for call in (one_first.call, latest_first.call, earliest_last.call)}.values()
            yield Breach(calls=tuple(calls)[:3], expected="one running job at a time", actual=f"{one.name} and {other.name} were running at the same time")


def capacity_exceeded(performance: Performance) -> Iterator[Breach]:
    """A request was accepted while as many waited as may: the slot was held before and after it."""
    queue = performance.resource.queue
    for part in performance.accepted:
        taken = holder(performance, part.start)
        if taken is None or queue is None or queue.capacity is None or part.admission is MISSING:
            continue
        waiting = waiting_behind(performance, part.start)
        if len(waiting) > queue.capacity - 1 and len(waiting) + 1 > queue.capacity:
            proof = taken.last("running")
            calls = (part.start,) if proof is None else (part.start, proof.call)
            yield Breach(calls=calls, expected=f"a refusal, since {len(waiting)} jobs wait", actual=f"{part.answer.described()}: {part.name} was accepted as one more")


def refused_below_capacity(performance: Performance) -> Iterator[Breach]:
    """A request to be queued was refused though there was room under every reading of the limit.

    The limit may or may not count the running job, so a refusal with exactly one place left proves nothing; and where
    others use the queue too, no refusal proves anything.
    """
    queue = performance.resource.queue
    if queue is None or queue.capacity is None or not performance.alone:
        return
    for part in performance.parts.values():
        asked = part.admission in (queue.admit, queue.admit_text)
        if not asked or not part.answer.refused or part.after:
            continue
        open_jobs = [each for each in performance.accepted if each.start.id < part.start.id and not _over_before(each, part.start)]
        if len(open_jobs) < queue.capacity:
            yield Breach(calls=(part.start,), expected=f"to be queued, since no more than {len(open_jobs)} jobs are active", actual=f"{part.answer.described()} {part.answer.message or ''}".strip()[:200])


def _over_before(part: Part, call: Call) -> bool:
    return any(look.phase not in {"waiting", "running"} and look.ended <= call.started for look in part.looks)


def accepted_while_busy(performance: Performance) -> Iterator[Breach]:
    """A request that does not ask to be queued was accepted while another job was running before and after it."""
    queue = performance.resource.queue
    for part in performance.accepted:
        if queue is None or part.admission in (queue.admit, queue.admit_text):
            continue
        taken = holder(performance, part.start)
        proof = taken.last("running") if taken is not None else None
        if taken is not None and proof is not None and active_throughout(taken, part.start):
            yield Breach(calls=(part.start, proof.call), expected=f"a refusal, since {taken.name} is running", actual=f"{part.answer.described()}: {part.name} was accepted")


def refused_while_idle(performance: Performance) -> Iterator[Breach]:
    """A request that does not ask to be queued was refused though nothing was active."""
    queue = performance.resource.queue
    if not performance.alone or queue is None:
        return
    for part in performance.parts.values():
        others = [each for each in performance.accepted if each.start.id < part.start.id]
        if part.admission not in (queue.admit, queue.admit_text) and part.answer.refused and all(_over_before(each, part.start) for each in others):
            yield Breach(calls=(part.start,), expected="to be accepted, since nothing is active", actual=part.answer.described())


def started_after_cancel(performance: Performance) -> Iterator[Breach]:
    """A job that was seen cancelled was seen running or ended otherwise later."""
    for part in performance.accepted:
        done = part.first("cancelled")
        later = next((look for look in part.looks if done is not None and look.phase in _RAN and _after(look, done)), None)
        if done is not None and later is not None:
            yield Breach(calls=(done.call, later.call), expected=f"{part.name} to stay {done.status}", actual=f"{later.status} later")


def _dependents(performance: Performance) -> Iterator[tuple[Part, list[Part]]]:
    for part in performance.accepted:
        if part.after:
            yield part, performance.dependencies(part)


def started_before_dependency(performance: Performance) -> Iterator[Breach]:
    """A dependent was seen to have started, and after that a dependency of it was not over yet."""
    for part, needed in _dependents(performance):
        started = part.first(*_RAN)
        for each in needed:
            open_look = each.last("waiting", "running")
            if started is not None and open_look is not None and _after(open_look, started):
                yield Breach(calls=(started.call, open_look.call), expected=f"{part.name} to wait for {each.name}", actual=f"{part.name} was {started.status} while {each.name} was {open_look.status}")


def success_without_dependency(performance: Performance) -> Iterator[Breach]:
    """A dependent was executed though a dependency of it did not succeed, or does not exist."""
    for part, needed in _dependents(performance):
        ran = part.first("running", "succeeded")
        bad = next((look for each in needed if (look := each.last(*_UNSUCCESSFUL)) is not None), None)
        if ran is not None and bad is not None:
            yield Breach(calls=(ran.call, bad.call), expected=f"{part.name} not to be executed", actual=f"{part.name} was {ran.status}, and a dependency of it {bad.status}")
        elif ran is not None and len(needed) < len(set(part.after)):
            yield Breach(calls=(part.start, ran.call), expected=f"{part.name} not to be executed, since it depends on an unknown id", actual=f"it was {ran.status}")


def failed_for_no_reason(performance: Performance) -> Iterator[Breach]:
    """A dependent failed for its dependencies, and all of them succeeded; or it was refused for one that had."""
    for part, needed in _dependents(performance):
        unmet = part.last("dependency-failed")
        good = [each.last("succeeded") for each in needed]
        if unmet is not None and needed and len(needed) == len(set(part.after)) and all(good):
            proofs = tuple(look.call for look in good if look is not None)
            yield Breach(calls=(unmet.call, *proofs[:2]), expected=f"{part.name} to be executed, since its dependencies succeeded", actual=f"it is {unmet.status}")


def not_cascaded(performance: Performance) -> Iterator[Breach]:
    """A dependent of a job that did not succeed ended with another status than the documented ones, without running."""
    dependencies = performance.resource.dependencies
    if dependencies is None:
        return
    for part, needed in _dependents(performance):
        bad = next((each for each in needed if each.last(*_UNSUCCESSFUL) is not None), None)
        if bad is None or part.final is None or part.cancels:
            continue
        direct = bad.last("failed") is not None
        allowed = dependencies.unmet if direct else (*dependencies.unmet, *dependencies.cascade)
        proof = bad.last(*_UNSUCCESSFUL)
        if part.final.status not in allowed and part.final.phase in _UNSUCCESSFUL and proof is not None:
            yield Breach(calls=(proof.call, part.final.call), expected=f"{part.name} to be {' or '.join(allowed)}", actual=part.final.status)


RULES: dict[str, Rule] = {
    "fifo": fifo,
    "one-at-a-time": one_at_a_time,
    "capacity-exceeded": capacity_exceeded,
    "refused-below-capacity": refused_below_capacity,
    "accepted-while-busy": accepted_while_busy,
    "refused-while-idle": refused_while_idle,
    "started-after-cancel": started_after_cancel,
    "started-before-dependency": started_before_dependency,
    "success-without-dependency": success_without_dependency,
    "failed-for-no-reason": failed_for_no_reason,
    "not-cascaded": not_cascaded,
}
