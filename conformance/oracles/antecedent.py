"""How often a program really put a clause of the queue to the test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from conformance.history import Call
from conformance.oracles.occupancy import holders, is_active, limit, waiting_at
from conformance.oracles.performance import Look, Part, Performance, over
from specs import MISSING

Antecedent = Callable[[Performance], Iterator[str]]


def beyond(performance: Performance) -> Iterator[Part]:
    """Jobs asked for while as many wait as may, by the target's own reading of the limit."""
    most = limit(performance)
    for part in performance.parts.values():
        if most is not None and part.asked and len(waiting_at(performance, part.start)) >= most:
            yield part


def full(performance: Performance) -> Iterator[str]:
    """A request beyond the capacity."""
    for part in beyond(performance):
        yield part.name


def full_with_dependent(performance: Performance) -> Iterator[str]:
    """A request beyond the capacity, while one of those that wait does so for its dependency."""
    for part in beyond(performance):
        if any(each.after for each in waiting_at(performance, part.start)):
            yield part.name


def filled(performance: Performance) -> Iterator[str]:
    """The last place of the queue was taken."""
    most = limit(performance)
    for part in performance.accepted:
        if most is not None and len(waiting_at(performance, part.start)) >= most - 1:
            yield part.name


def returned(name: str) -> Antecedent:
    """A request that took the last place, which it could not have if the place had not been given back."""

    def found(performance: Performance) -> Iterator[str]:
        part, most = performance.parts.get(name), limit(performance)
        if (
            part is not None
            and part.accepted
            and most is not None
            and len(waiting_at(performance, part.start)) >= most - 1
        ):
            yield name

    return found


def busy(*admissions: str) -> Antecedent:
    """A request that does not ask to be queued, while another job is active all the while."""

    def found(performance: Performance) -> Iterator[str]:
        for part in performance.parts.values():
            if _said(performance, part) in admissions and holders(performance, part.start) and not part.accepted:
                yield part.name

    return found


def _said(performance: Performance, part: Part) -> str:
    queue = performance.resource.queue
    if queue is None or part.admission is MISSING:
        return "absent"
    if isinstance(part.admission, str):
        return "admit-text" if part.admission == queue.admit_text else "refuse-text"
    return "admit" if part.admission == queue.admit else "refuse"


def queued_by_text(performance: Performance) -> Iterator[str]:
    """A request to be queued, by text, behind a slot that is held."""
    for part in performance.accepted:
        if _said(performance, part) == "admit-text" and holders(performance, part.start):
            yield part.name


def idle(performance: Performance) -> Iterator[str]:
    """A request that does not ask to be queued, accepted while nothing of ours is active."""
    for part in performance.accepted:
        others = [each for each in performance.accepted if each.start.id < part.start.id]
        if not part.asked and all(each.over_before(part.start) for each in others):
            yield _said(performance, part)


def ordered(*programs: str) -> Antecedent:
    """Two jobs that waited at the same time and both ran, in one of these programs."""

    def found(performance: Performance) -> Iterator[str]:
        if performance.program not in programs:
            return
        ran = [
            part
            for part in performance.accepted
            if part.first("waiting") and part.last("succeeded", "running", "failed")
        ]
        for first, second in itertools.combinations(ran, 2):
            if _later(first.last("waiting"), second.start):
                yield f"{first.name} before {second.name}"

    return found


def _later(look: Look | None, call: Call) -> bool:
    return look is not None and look.began >= over(call)


def seen_running(performance: Performance) -> Iterator[str]:
    """Two jobs seen running, one after the other."""
    running = [part for part in performance.accepted if part.first("running")]
    for first, second in itertools.pairwise(running):
        yield f"{first.name}, {second.name}"


def cancelled(performance: Performance) -> Iterator[str]:
    """A job that was seen waiting, cancelled, and seen cancelled in the end."""
    for part in performance.accepted:
        if (
            part.cancels
            and part.first("waiting")
            and part.final is not None
            and part.final.phase == "cancelled"
            and not part.first("running")
        ):
            yield part.name


def dependents(performance: Performance) -> Iterator[tuple[Part, list[Part]]]:
    """The accepted jobs that depend on others, each with those of them that are known."""
    for part in performance.accepted:
        if part.after:
            yield part, performance.dependencies(part)


def held_back(performance: Performance) -> Iterator[str]:
    """A dependent seen waiting while a dependency of it was not over yet."""
    for part, needed in dependents(performance):
        for look in part.looks:
            if look.phase == "waiting" and any(is_active(performance, each, look.call) for each in needed):
                yield part.name


def satisfied(several: Callable[[Part], bool] = lambda _: True) -> Antecedent:
    """A dependent that ran after all its dependencies succeeded."""

    def found(performance: Performance) -> Iterator[str]:
        for part, needed in dependents(performance):
            if (
                several(part)
                and needed
                and all(each.last("succeeded") for each in needed)
                and part.last("succeeded", "running")
            ):
                yield part.name

    return found


def unmet(choose: Callable[[Performance, Part, list[Part]], bool]) -> Antecedent:
    """A dependent with a dependency that did not succeed, seen at its end without having been cancelled by us."""

    def found(performance: Performance) -> Iterator[str]:
        for part, needed in dependents(performance):
            bad = [each for each in needed if each.last("failed", "cancelled", "dependency-failed")]
            if bad and part.final is not None and part.final.ended <= part.untouched and choose(performance, part, bad):
                yield part.name

    return found


def refused_dependents(performance: Performance) -> Iterator[str]:
    """A dependent that was refused at once, for a dependency that is over or unknown."""
    for part in performance.parts.values():
        if part.after and part.answer.refused:
            yield part.name


def unknown(performance: Performance) -> Iterator[str]:
    """A request that depends on an id nobody has: refused, or ended without running."""
    for part in performance.parts.values():
        if part.after and not performance.dependencies(part) and (part.answer.refused or part.final is not None):
            yield part.name


ANTECEDENTS: dict[str, tuple[Antecedent, ...]] = {
    "capacity": (full,),
    "capacity-usable": (filled,),
    "returned-by-cancel": (returned("again"),),
    "returned-by-start": (returned("after-start"),),
    "returned-by-failure": (returned("again2"),),
    "dependent-counts": (full_with_dependent,),
    "busy-refusal": (busy("refuse", "refuse-text"),),
    "absent": (busy("absent"),),
    "text": (queued_by_text,),
    "idle-accepts": (idle,),
    "fifo": (ordered("order", "fill"),),
    "fifo-after-cancel": (ordered("order-after-cancel"),),
    "fifo-with-dependents": (ordered("order-with-dependents", "good-chain"),),
    "one-running": (seen_running,),
    "cancelled-never-runs": (cancelled,),
    "waits": (held_back,),
    "success-runs": (satisfied(),),
    "several": (satisfied(lambda part: len(set(part.after)) > 1),),
    "repeated": (satisfied(lambda part: len(part.after) > len(set(part.after))),),
    "finished": (satisfied(),),
    "failure-direct": (unmet(lambda _p, _j, bad: any(each.last("failed") for each in bad)),),
    "several-one-fails": (unmet(lambda p, j, bad: len(p.dependencies(j)) > len(bad)),),
    "failed-before": (unmet(lambda _p, _j, bad: any(each.last("failed") for each in bad)), refused_dependents),
    "cancelled-dependency": (unmet(lambda _p, _j, bad: any(each.last("cancelled") for each in bad)),),
    "cascade": (
        unmet(lambda _p, _j, bad: any(each.last("dependency-failed", "cancelled") and each.after for each in bad)),
    ),
    "unmet-status": (unmet(lambda _p, _j, _b: True),),
    "unknown-dependency": (unknown,),
    "unqueued": (satisfied(lambda part: not part.asked),),
}
