"""Rules of a queue: each finds calls of a program that cannot all be true of a queue that keeps it.

What they find comes from the evidence checker; here it is told in words and by call, and tied to the clauses it is about.
What that checker has no word for is found here: names of statuses, and refusals that only a dependency can explain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from conformance.evidence import Accepted, Contradiction, Observation
from conformance.evidence import Rule as Kind
from conformance.history import Call
from conformance.oracles.antecedent import dependents
from conformance.oracles.occupancy import holders
from conformance.oracles.performance import Look, Part, Performance, over
from conformance.oracles.testimony import called, looked, testimony
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


def _about(performance: Performance, kind: Kind) -> list[Contradiction]:
    return testimony(performance).about(kind)


def _part(performance: Performance, observation: Observation) -> Part:
    """The job an observation is about."""
    return performance.parts[str(getattr(observation, "job", ""))]


def _status(observation: Observation) -> str:
    look = looked(observation)
    return look.status if look is not None else observation.kind


def _pairs(performance: Performance, kind: Kind) -> Iterator[tuple[Part, Observation, Part, Observation]]:
    """The job that went on though a later one had started, what shows it, the later job, what shows it."""
    for each in _about(performance, kind):
        started, still = each.core[0], each.core[-1]
        yield _part(performance, still), still, _part(performance, started), started


def fifo(performance: Performance) -> Iterator[Breach]:
    """A later job was seen to have started, and after that an earlier one was still waiting."""
    for first, still, second, started in _pairs(performance, Kind.ORDER):
        yield Breach(
            calls=(called(started), called(still)), expected=f"{first.name}, accepted first, to start before {second.name}",
            actual=f"{second.name} was {_status(started)} while {first.name} was still {_status(still)}",
            about=_order(performance, first, second, started),
        )  # fmt: skip
    if _about(performance, Kind.ORDER) or _about(performance, Kind.SLOTS):
        return
    for first, still, second, started in _pairs(performance, Kind.ORDER_OR_SLOTS):
        yield Breach(
            calls=(called(started), called(still)),
            expected=f"{first.name}, accepted first, to be over when {second.name} starts",
            actual=f"{second.name} was {_status(started)}, and later {first.name} was {_status(still)}: either it was "
            f"overtaken, or both ran at once",
            about=_order(performance, first, second, started),
        )


def _order(performance: Performance, first: Part, second: Part, started: Observation) -> frozenset[str]:
    """What a broken order is about, by the jobs between the two."""
    between = [part for part in performance.accepted if first.start.id <= part.start.id <= second.start.id]
    linked = any(part.after for part in between)
    cancelled = any(
        part.cancels and part.untouched <= started.began and part.first("running") is None for part in between
    )
    return frozenset({"fifo-with-dependents" if linked else "fifo-after-cancel" if cancelled else "fifo"})


def held_back(performance: Performance) -> Iterator[Breach]:
    """A job with dependencies was passed over by a later one, though nothing that it depends on was open any more."""
    for first, still, second, started in _pairs(performance, Kind.ORDER):
        needed = performance.dependencies(first)
        good = [each.first("succeeded") for each in needed]
        bad = next((look for each in needed if (look := each.first("failed", "dependency-failed"))), None)
        actual = f"{first.name} was still {_status(still)} after the later {second.name} was {_status(started)}"
        if first.after and performance.known(first) and all(good):
            about = "repeated" if len(set(first.after)) < len(first.after) else "finished"
            yield Breach(
                calls=(called(started), called(still)),
                expected=f"{first.name} to start in its turn, since its dependencies succeeded",
                actual=actual,
                about=frozenset({about}),
            )
        elif bad is not None:
            yield Breach(
                calls=(bad.call, called(started), called(still)), expected=f"{first.name} to end, since a dependency of it was {bad.status}", actual=actual,
                about=frozenset({"cascade"} if bad.phase == "dependency-failed" else {"failure-direct"}),
            )  # fmt: skip


def one_at_a_time(performance: Performance) -> Iterator[Breach]:
    """More jobs ran at once than may, before anybody asked for a cancel of them."""
    queue = performance.resource.queue
    for each in _about(performance, Kind.SLOTS):
        names = dict.fromkeys(_part(performance, seen).name for seen in each.core)
        yield Breach(
            calls=tuple(called(seen) for seen in each.core),
            expected=f"at most {queue.running if queue else 1} running at a time",
            actual=f"{' and '.join(names)} ran at the same time",
        )


def capacity_exceeded(performance: Performance) -> Iterator[Breach]:
    """A request was accepted to wait while as many waited as may."""
    queue = performance.resource.queue
    plain = {each.core[0] for each in testimony(performance).plain if each.rule is Kind.CAPACITY}
    for each in _about(performance, Kind.CAPACITY):
        request = each.core[0]
        part = _part(performance, request)
        yield Breach(
            calls=tuple(called(seen) for seen in each.core), expected=f"a refusal, since {queue.capacity if queue else 0} jobs wait",
            actual=f"{part.answer.described()}: {part.name} was accepted as one more",
            about=frozenset({"capacity", "dependent-counts"} if request in plain and not part.after else {"dependent-counts"}),
        )  # fmt: skip


def refused_below_capacity(performance: Performance) -> Iterator[Breach]:
    """A request to be queued was refused though there was room under every reading of the limit.

    The limit may or may not count the running job. If it does not, a refusal proves that too few waited; if it does, the
    same refusal, or that more were accepted before.
    """
    told = testimony(performance)
    counting = {called(each.core[-1]).id: each for each in told.counting if each.rule is Kind.ROOM}
    proven = next((each for each in told.counting if each.rule is Kind.CAPACITY), None)
    for each in told.about(Kind.ROOM):
        call = called(each.core[-1])
        other = counting.get(call.id)
        if other is None and proven is None:
            continue
        accepted = () if other is not None or proven is None else (called(proven.core[0]),)
        most = performance.active_at_most(call)
        part = next(part for part in performance.parts.values() if part.start is call)
        yield Breach(
            calls=(*accepted, *(called(seen) for seen in each.core)),
            expected=f"to be queued, since no more than {most} jobs are active",
            actual=f"{part.answer.described()} {part.answer.message or ''}".strip()[:200],
        )


def accepted_while_busy(performance: Performance) -> Iterator[Breach]:
    """A request that does not ask to be queued was accepted while another job was running before and after it."""
    for each in _about(performance, Kind.BUSY):
        part = _part(performance, next(seen for seen in each.core if isinstance(seen, Accepted)))
        yield Breach(
            calls=tuple(called(seen) for seen in each.core),
            expected=f"a refusal, since {_part(performance, each.core[-1]).name} is running",
            actual=f"{part.answer.described()}: {part.name} was accepted",
            about=frozenset({"absent"} if part.admission is MISSING else {"busy-refusal"}),
        )


def refused_while_idle(performance: Performance) -> Iterator[Breach]:
    """A request that does not ask to be queued was refused, as busy, though nothing was active."""
    for each in _about(performance, Kind.IDLE):
        call = called(each.core[-1])
        part = next(part for part in performance.parts.values() if part.start is call)
        yield Breach(
            calls=tuple(called(seen) for seen in each.core),
            expected="to be accepted, since nothing is active",
            actual=part.answer.described(),
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
    taken = holders(performance, waited[-1].call) if accepted and waited else []
    return bool(taken) and part not in taken


def started_before_dependency(performance: Performance) -> Iterator[Breach]:
    """A dependent was seen to have started, and after that a dependency of it was not over yet."""
    for still_on, still, part, started in _pairs(performance, Kind.DEPENDENCY_ORDER):
        yield Breach(
            calls=(called(started), called(still)), expected=f"{part.name} to wait for {still_on.name}",
            actual=f"{part.name} was {_status(started)} while {still_on.name} was {_status(still)}", about=_amount(part),
        )  # fmt: skip


def _amount(part: Part) -> frozenset[str]:
    """What a broken wait is about: one dependency, several, or a repeated one."""
    distinct = len(set(part.after))
    return frozenset({"several" if distinct > 1 else "repeated" if distinct < len(part.after) else "waits"})


def success_without_dependency(performance: Performance) -> Iterator[Breach]:
    """A dependent was executed though a dependency of it did not succeed, or does not exist."""
    for each in _about(performance, Kind.DEPENDENCY_SUCCESS):
        looks = [look for seen in each.core if (look := looked(seen)) is not None]
        bad = next(look for look in looks if look.phase in _UNSUCCESSFUL)
        ran = next(look for look in looks if look is not bad)
        part, needed = (_named(performance, look) for look in (ran, bad))
        yield Breach(
            calls=(ran.call, bad.call), expected=f"{part.name} not to be executed",
            actual=f"{part.name} was {ran.status}, and {needed.name}, which it depends on, was {bad.status}",
            about=_failure(part, performance.dependencies(part), needed, bad),
        )  # fmt: skip
    for each in _about(performance, Kind.DEPENDENCY_UNKNOWN):
        request, seen = each.core
        part = _part(performance, request)
        yield Breach(
            calls=(part.start, called(seen)),
            expected=f"{part.name} not to be executed, since it depends on an unknown id",
            actual=f"it was {_status(seen)}",
            about=frozenset({"unknown-dependency"}),
        )


def _named(performance: Performance, look: Look) -> Part:
    return performance.parts[look.call.intent.case]


def _failure(part: Part, needed: list[Part], dependency: Part, bad: Look) -> frozenset[str]:
    """What an executed dependent is about, by how its dependencies ended."""
    if dependency not in needed:
        return frozenset({"cascade"})
    if any(each.last("succeeded") for each in needed):
        return frozenset({"several-one-fails"})
    if dependency.cancels and bad.phase == "cancelled":
        return frozenset({"cancelled-dependency"})
    if bad.phase == "dependency-failed" or dependency.after:
        return frozenset({"cascade"})
    return frozenset({"failed-before" if dependency.over_before(part.start) else "failure-direct"})


def failed_for_no_reason(performance: Performance) -> Iterator[Breach]:
    """A dependent failed for its dependencies, and all of them succeeded; or it was refused for one that had."""
    for each in _about(performance, Kind.NO_REASON):
        unmet = next(
            look for seen in each.core if (look := looked(seen)) is not None and look.phase == "dependency-failed"
        )
        part = _named(performance, unmet)
        if not all(needed.last("succeeded") for needed in performance.dependencies(part)):
            continue  # only that another job started says so, and that may be what is wrong
        yield Breach(
            calls=tuple(called(seen) for seen in each.core),
            expected=f"{part.name} to be executed, since its dependencies succeeded",
            actual=f"it is {unmet.status}",
            about=_success(part, performance.dependencies(part)),
        )
    for part in performance.parts.values():
        if not part.answer.refused or not part.after or not performance.known(part):
            continue
        needed = performance.dependencies(part)
        good = [look for each in needed if (look := each.last("succeeded")) and each.over_before(part.start)]
        if len(good) == len(needed) and _refused_for_it(performance, part):
            yield Breach(
                calls=(part.start, *(look.call for look in good[:2])),
                expected=f"{part.name} to be accepted, since its dependencies have succeeded",
                actual=part.answer.described(),
                about=_success(part, needed),
            )


def _success(part: Part, needed: list[Part]) -> frozenset[str]:
    """What an unjust failure is about, by the dependencies that succeeded."""
    if not part.asked:
        return frozenset({"unqueued"})
    if len(set(part.after)) < len(part.after):
        return frozenset({"repeated"})
    finished = needed and all(each.over_before(part.start) for each in needed)
    return frozenset({"finished" if finished else "success-runs"})


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
