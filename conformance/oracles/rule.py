"""Rules of a queue: each finds two or three calls of a program that cannot all be true of a queue that keeps it.

Time proves nothing here, order does: a look shows a status that was true at some moment between its sending and its
answer, so one look is later than another only if it was sent after the other was answered. That a job failed does not
prove that it started: it may have been found invalid while it waited, or been ended along with another.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.history import Call
from conformance.oracles.antecedent import dependents
from conformance.oracles.occupancy import active_look, full_at, holder, proven_places, running_look, waiting_at, waits
from conformance.oracles.performance import Look, Part, Performance, over
from specs import MISSING

_STARTED = ("running", "succeeded")
_UNSUCCESSFUL = ("failed", "cancelled", "dependency-failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """What a rule found: the calls that contradict each other, what is allowed, and what was seen.

    ``about`` tells the clauses of one rule apart: what the breach is about, by the names of their aspects; empty where
    the rule does not distinguish any.
    """

    calls: tuple[Call, ...]
    expected: str
    actual: str
    about: frozenset[str] = frozenset()


Rule = Callable[[Performance], Iterator[Breach]]


def _after(later: Look, earlier: Look) -> bool:
    return later.began >= earlier.ended


def _overtaken(performance: Performance) -> Iterator[tuple[Part, Look, Part, Look]]:
    """A job seen waiting after a later one was seen to have started: the earlier, its look, the later, its look."""
    queue = performance.resource.queue
    if queue is None or queue.running != 1:
        return
    for first, second in itertools.combinations(sorted(performance.accepted, key=lambda part: part.start.started), 2):
        if second.start.started < over(first.start):
            continue
        started = second.first(*_STARTED)
        still = first.undisturbed("waiting")
        if started is not None and still and _after(still[-1], started):
            yield first, still[-1], second, started


def fifo(performance: Performance) -> Iterator[Breach]:
    """A later job was seen to have started, and after that an earlier one was still waiting."""
    for first, waiting, second, started in _overtaken(performance):
        between = [part for part in performance.accepted if first.start.id <= part.start.id <= second.start.id]
        linked = any(part.after for part in between)
        cancelled = any(
            part.cancels and part.untouched <= started.began and part.first("running") is None for part in between
        )
        yield Breach(
            calls=(started.call, waiting.call), expected=f"{first.name}, accepted first, to start before {second.name}",
            actual=f"{second.name} was {started.status} while {first.name} was still {waiting.status}",
            about=frozenset({"fifo-with-dependents" if linked else "fifo-after-cancel" if cancelled else "fifo"}),
        )  # fmt: skip


def held_back(performance: Performance) -> Iterator[Breach]:
    """A job with dependencies was passed over by a later one, though nothing that it depends on was open any more."""
    for first, waiting, second, started in _overtaken(performance):
        needed = performance.dependencies(first)
        good = [each.first("succeeded") for each in needed]
        bad = next((look for each in needed if (look := each.first("failed", "dependency-failed"))), None)
        actual = f"{first.name} was still {waiting.status} after the later {second.name} was {started.status}"
        if first.after and performance.known(first) and all(good):
            about = "repeated" if len(set(first.after)) < len(first.after) else "finished"
            yield Breach(
                calls=(started.call, waiting.call),
                expected=f"{first.name} to start in its turn, since its dependencies succeeded",
                actual=actual,
                about=frozenset({about}),
            )
        elif bad is not None:
            yield Breach(
                calls=(bad.call, started.call, waiting.call), expected=f"{first.name} to end, since a dependency of it was {bad.status}", actual=actual,
                about=frozenset({"cascade"} if bad.phase == "dependency-failed" else {"failure-direct"}),
            )  # fmt: skip


def one_at_a_time(performance: Performance) -> Iterator[Breach]:
    """A job was seen running between two looks that show another running, before anybody asked for a cancel of them."""
    queue = performance.resource.queue
    if queue is None or queue.running != 1:
        return
    seen = [part for part in performance.accepted if part.undisturbed("running")]
    for outer, inner in itertools.permutations(seen, 2):
        calls = _enclosed(outer.undisturbed("running"), inner.undisturbed("running"))
        if calls is not None:
            yield Breach(
                calls=calls,
                expected="one running job at a time",
                actual=f"{inner.name} was running between two looks that show {outer.name} running",
            )


def _enclosed(outer: list[Look], inner: list[Look]) -> tuple[Call, ...] | None:
    """A look of one job between two of another, all three of which show it running."""
    for look in inner:
        if _after(look, outer[0]) and _after(outer[-1], look):
            return outer[0].call, look.call, outer[-1].call
    return None


def capacity_exceeded(performance: Performance) -> Iterator[Breach]:
    """A request was accepted to wait while as many waited as may: the slot was held before and after it."""
    queue = performance.resource.queue
    if queue is None or queue.capacity is None:
        return
    for number, part in enumerate(performance.accepted):
        if number < queue.capacity or not waits(performance, part, part.start, []):
            continue
        taken = holder(performance, part.start)
        waiting = waiting_at(performance, part.start)
        proof = active_look(taken, part.start) if taken is not None else None
        if len(waiting) < queue.capacity or proof is None:
            continue
        plain = sum(not each.after for each in waiting) >= queue.capacity and not part.after
        yield Breach(
            calls=(part.start, proof.call), expected=f"a refusal, since {len(waiting)} jobs wait",
            actual=f"{part.answer.described()}: {part.name} was accepted as one more",
            about=frozenset({"capacity", "dependent-counts"} if plain else {"dependent-counts"}),
        )  # fmt: skip


def refused_below_capacity(performance: Performance) -> Iterator[Breach]:
    """A request to be queued was refused though there was room under every reading of the limit.

    The limit may or may not count the running job. A refusal with exactly one place left proves something only where as
    many jobs as the limit were seen to wait beside a running one, before; and where others use the queue too, no refusal
    proves anything.
    """
    queue = performance.resource.queue
    if queue is None or queue.capacity is None or not performance.alone:
        return
    proven = proven_places(performance, queue.capacity)
    for part in performance.parts.values():
        if not full_at(performance, part) or not part.answer.refused:
            continue
        most = performance.active_at_most(part.start)
        beside = proven is not None and most == queue.capacity and holder(performance, part.start) is not None
        if most < queue.capacity or (beside and proven is not None):
            calls = (part.start,) if most < queue.capacity or proven is None else (proven.start, part.start)
            yield Breach(
                calls=calls,
                expected=f"to be queued, since no more than {most} jobs are active",
                actual=f"{part.answer.described()} {part.answer.message or ''}".strip()[:200],
            )


def accepted_while_busy(performance: Performance) -> Iterator[Breach]:
    """A request that does not ask to be queued was accepted while another job was running before and after it."""
    for part in performance.accepted:
        if part.asked or part.last("failed") is not None:
            continue  # a job that was accepted and then failed may have been refused late
        taken = holder(performance, part.start)
        if taken is None:
            continue
        before, proof = running_look(taken, part.start), active_look(taken, part.start)
        calls = tuple(look.call for look in (before, proof) if look is not None)
        yield Breach(
            calls=(part.start, *calls), expected=f"a refusal, since {taken.name} is running", actual=f"{part.answer.described()}: {part.name} was accepted",
            about=frozenset({"absent"} if part.admission is MISSING else {"busy-refusal"}),
        )  # fmt: skip


def refused_while_idle(performance: Performance) -> Iterator[Breach]:
    """A request that does not ask to be queued was refused, as busy, though nothing was active."""
    queue = performance.resource.queue
    if not performance.alone or queue is None:
        return
    for part in performance.parts.values():
        asks = (
            not part.asked
            and not part.after
            and part.answer.refused
            and part.repeatable
            and queue.busy.allows_name(part.answer.name)
        )
        if asks and performance.active_at_most(part.start) == 0:
            yield Breach(
                calls=(part.start,), expected="to be accepted, since nothing is active", actual=part.answer.described()
            )


def started_after_cancel(performance: Performance) -> Iterator[Breach]:
    """A job was seen cancelled and started later; or its cancel was accepted while it waited, and it ran to its end."""
    for part in performance.accepted:
        done = part.first("cancelled")
        later = next(
            (look for look in part.looks if done is not None and look.phase in _STARTED and _after(look, done)), None
        )
        if done is not None and later is not None:
            yield Breach(
                calls=(done.call, later.call),
                expected=f"{part.name} to stay {done.status}",
                actual=f"{later.status} later",
            )
        proof = next((call for call in part.cancels if done is None and _waited_for(performance, part, call)), None)
        ran = part.last("succeeded")
        if proof is not None and ran is not None:
            yield Breach(
                calls=(proof, ran.call),
                expected=f"{part.name}, cancelled while it waited, not to start",
                actual=ran.status,
            )


def _waited_for(performance: Performance, part: Part, cancel: Call) -> bool:
    """Whether a cancel was accepted, and the job still waited after the target had been given time to let it take effect.

    The time given is the program's: it looks at the job until it has ended, and only then at another.
    """
    accepted = cancel.response is not None and 200 <= cancel.response.status < 300
    waited = [look for look in part.looks if look.phase == "waiting" and look.began >= over(cancel)]
    taken = holder(performance, waited[-1].call) if accepted and waited else None
    return taken is not None and taken is not part


def started_before_dependency(performance: Performance) -> Iterator[Breach]:
    """A dependent was seen to have started, and after that a dependency of it was not over yet."""
    for part, needed in dependents(performance):
        started = part.first(*_STARTED)
        for each in needed:
            still = each.undisturbed("waiting", "running")
            if started is not None and still and _after(still[-1], started):
                yield Breach(
                    calls=(started.call, still[-1].call), expected=f"{part.name} to wait for {each.name}",
                    actual=f"{part.name} was {started.status} while {each.name} was {still[-1].status}", about=_amount(part),
                )  # fmt: skip


def _amount(part: Part) -> frozenset[str]:
    """What a broken wait is about: one dependency, several, or a repeated one."""
    distinct = len(set(part.after))
    return frozenset({"several" if distinct > 1 else "repeated" if distinct < len(part.after) else "waits"})


def success_without_dependency(performance: Performance) -> Iterator[Breach]:
    """A dependent was executed though a dependency of it did not succeed, or does not exist."""
    for part, needed in dependents(performance):
        ran = part.first(*_STARTED)
        if ran is None:
            continue
        for each in needed:
            bad = each.last(*_UNSUCCESSFUL)
            if bad is not None:
                yield Breach(
                    calls=(ran.call, bad.call), expected=f"{part.name} not to be executed",
                    actual=f"{part.name} was {ran.status}, and its dependency {each.name} {bad.status}", about=_failure(part, needed, each, bad),
                )  # fmt: skip
        if not performance.known(part):
            yield Breach(
                calls=(part.start, ran.call),
                expected=f"{part.name} not to be executed, since it depends on an unknown id",
                actual=f"it was {ran.status}",
                about=frozenset({"unknown-dependency"}),
            )


def _failure(part: Part, needed: list[Part], dependency: Part, bad: Look) -> frozenset[str]:
    """What an executed dependent is about, by how its dependencies ended."""
    if any(each.last("succeeded") for each in needed):
        return frozenset({"several-one-fails"})
    if dependency.cancels and bad.phase == "cancelled":
        return frozenset({"cancelled-dependency"})
    if bad.phase == "dependency-failed" or dependency.after:
        return frozenset({"cascade"})
    return frozenset({"failed-before" if dependency.over_before(part.start) else "failure-direct"})


def failed_for_no_reason(performance: Performance) -> Iterator[Breach]:
    """A dependent failed for its dependencies, and all of them succeeded; or it was refused for one that had."""
    for part in performance.parts.values():
        needed = performance.dependencies(part)
        good = [look for each in needed if (look := each.last("succeeded")) is not None]
        if not needed or not performance.known(part) or len(good) < len(needed):
            continue
        finished = all(each.over_before(part.start) for each in needed)
        about = frozenset(
            {"repeated" if len(set(part.after)) < len(part.after) else "finished" if finished else "success-runs"}
        )
        proofs = tuple(look.call for look in good[:2])
        unmet = part.last("dependency-failed")
        if unmet is not None:
            yield Breach(
                calls=(unmet.call, *proofs),
                expected=f"{part.name} to be executed, since its dependencies succeeded",
                actual=f"it is {unmet.status}",
                about=about,
            )
        elif finished and _refused_for_it(performance, part):
            yield Breach(
                calls=(part.start, *proofs),
                expected=f"{part.name} to be accepted, since its dependencies have succeeded",
                actual=part.answer.described(),
                about=about,
            )


def _refused_for_it(performance: Performance, part: Part) -> bool:
    """Whether only its dependencies can be the reason of a refusal: the rest is accepted at other times, and there is room."""
    queue = performance.resource.queue
    room = (
        queue is not None
        and queue.capacity is not None
        and performance.alone
        and performance.active_at_most(part.start) < queue.capacity
    )
    return part.answer.refused and part.repeatable and part.asked and room


def not_cascaded(performance: Performance) -> Iterator[Breach]:
    """A dependent of a job that did not succeed ended with another status than the documented ones, without running."""
    resource = performance.resource
    if resource.dependencies is None:
        return
    for part, needed in dependents(performance):
        looks = [(each, look) for each in needed if (look := each.last(*_UNSUCCESSFUL)) is not None]
        if (
            not looks
            or part.final is None
            or part.cancels
            or part.first(*_STARTED)
            or part.final.phase not in _UNSUCCESSFUL
        ):
            continue
        if part.final.phase == "cancelled" and not performance.alone:
            continue  # another client may have cancelled it
        direct = all(look.phase == "failed" and not each.after for each, look in looks)
        allowed = (
            resource.dependencies.unmet if direct else (*resource.dependencies.unmet, *resource.dependencies.cascade)
        )
        if part.final.status not in (*allowed, *resource.late_refusal):
            yield Breach(
                calls=(looks[0][1].call, part.final.call),
                expected=f"{part.name} to be {' or '.join(allowed)}",
                actual=part.final.status,
            )


RULES: dict[str, Rule] = {
    "fifo": fifo,
    "held-back": held_back,
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
