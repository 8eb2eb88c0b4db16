"""How often a program really put a clause of the queue to the test."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from conformance.history import Call
from conformance.oracles.performance import Look, Part, Performance
from specs import MISSING

Antecedent = Callable[[Performance], Iterator[str]]
_ACTIVE = ("waiting", "running")


def active_throughout(part: Part, call: Call) -> bool:
    """Whether a job was accepted before a call began and was seen not ended after it was answered."""
    over = call.ended if call.ended is not None else call.started
    started = part.start.ended
    return started is not None and started <= call.started and any(look.phase in _ACTIVE and look.began >= over for look in part.looks)


def holder(performance: Performance, call: Call) -> Part | None:
    """A job that was seen running before a call and not ended after it: the slot was taken all the while."""
    for part in performance.accepted:
        running = any(look.phase == "running" and look.ended <= call.started for look in part.looks)
        if running and active_throughout(part, call):
            return part
    return None


def waiting_behind(performance: Performance, call: Call) -> list[Part]:
    """Jobs accepted before a call, behind a slot that is held, and not asked to be cancelled by then: they wait."""
    taken = holder(performance, call)
    if taken is None:
        return []
    return [part for part in performance.accepted if part is not taken and part.start.id > taken.start.id and part.start.id < call.id and not any(c.id < call.id for c in part.cancels)]


def beyond(performance: Performance) -> Iterator[Part]:
    """Jobs asked for while as many wait as may."""
    queue = performance.resource.queue
    for part in performance.parts.values():
        if queue is not None and queue.capacity is not None and queue.admit == part.admission and len(waiting_behind(performance, part.start)) >= queue.capacity:
            yield part


def full(performance: Performance) -> Iterator[str]:
    """A request beyond the capacity."""
    for part in beyond(performance):
        yield part.name


def filled(performance: Performance) -> Iterator[str]:
    """The last place of the queue was taken."""
    queue = performance.resource.queue
    for part in performance.accepted:
        if queue is not None and queue.capacity is not None and len(waiting_behind(performance, part.start)) >= queue.capacity - 1 and holder(performance, part.start):
            yield part.name


def returned(name: str) -> Antecedent:
    """A request after a place was given back, in a program whose queue was full before."""

    def found(performance: Performance) -> Iterator[str]:
        part = performance.parts.get(name)
        if part is not None and part.accepted and any(other.start.id < part.start.id and other.answer.refused for other in performance.parts.values()):
            yield name

    return found


def busy(*admissions: str) -> Antecedent:
    """A request that does not ask to be queued, while another job is active all the while."""

    def found(performance: Performance) -> Iterator[str]:
        for part in performance.parts.values():
            if _said(performance, part) in admissions and holder(performance, part.start) is not None and not part.accepted:
                yield part.name

    return found


def _said(performance: Performance, part: Part) -> str:
    queue = performance.resource.queue
    if queue is None or part.admission is MISSING:
        return "absent"
    spelled = {id(queue.admit): "admit", id(queue.refuse): "refuse"}
    if isinstance(part.admission, str):
        return "admit-text" if part.admission == queue.admit_text else "refuse-text"
    return spelled.get(id(part.admission), "admit" if part.admission == queue.admit else "refuse")


def queued_by_text(performance: Performance) -> Iterator[str]:
    """A request to be queued, by text, behind a slot that is held."""
    for part in performance.accepted:
        if _said(performance, part) == "admit-text" and holder(performance, part.start) is not None:
            yield part.name


def idle(performance: Performance) -> Iterator[str]:
    """A request that does not ask to be queued, accepted while nothing of ours is active."""
    for part in performance.accepted:
        others = [each for each in performance.accepted if each.start.id < part.start.id]
        if _said(performance, part) in {"refuse", "refuse-text", "absent"} and all(_over(each, part.start) for each in others):
            yield _said(performance, part)


def _over(part: Part, call: Call) -> bool:
    return any(look.phase not in _ACTIVE and look.ended <= call.started for look in part.looks)


def ordered(program: str) -> Antecedent:
    """Two jobs that waited at the same time and both ran, in this program."""

    def found(performance: Performance) -> Iterator[str]:
        if performance.program != program:
            return
        ran = [part for part in performance.accepted if part.first("waiting") and part.last("succeeded", "running", "failed")]
        for first, second in itertools.combinations(ran, 2):
            if _later(first.last("waiting"), second.start):
                yield f"{first.name} before {second.name}"

    return found


def _later(look: Look | None, call: Call) -> bool:
    return look is not None and call.ended is not None and look.began >= call.ended


def seen_running(performance: Performance) -> Iterator[str]:
    """Two jobs seen running, one after the other."""
    running = [part for part in performance.accepted if part.first("running")]
    for first, second in itertools.pairwise(running):
        yield f"{first.name}, {second.name}"


def cancelled(performance: Performance) -> Iterator[str]:
    """A job that was seen waiting, cancelled, and seen cancelled in the end."""
    for part in performance.accepted:
        if part.cancels and part.first("waiting") and part.final is not None and part.final.phase == "cancelled" and not part.first("running"):
            yield part.name


def _dependents(performance: Performance) -> Iterator[tuple[Part, list[Part]]]:
    for part in performance.accepted:
        if part.after:
            yield part, performance.dependencies(part)


def held_back(performance: Performance) -> Iterator[str]:
    """A dependent seen waiting while a dependency of it was not over yet."""
    for part, needed in _dependents(performance):
        for look in part.looks:
            if look.phase == "waiting" and any(active_throughout(each, look.call) for each in needed):
                yield part.name


def satisfied(several: Callable[[Part], bool] = lambda _: True) -> Antecedent:
    """A dependent that ran after all its dependencies succeeded."""

    def found(performance: Performance) -> Iterator[str]:
        for part, needed in _dependents(performance):
            if several(part) and needed and all(each.last("succeeded") for each in needed) and part.last("succeeded", "running"):
                yield part.name

    return found


def unmet(choose: Callable[[Performance, Part, list[Part]], bool]) -> Antecedent:
    """A dependent with a dependency that did not succeed, seen at its end, or refused for it."""

    def found(performance: Performance) -> Iterator[str]:
        for part, needed in _dependents(performance):
            bad = [each for each in needed if each.last("failed", "cancelled", "dependency-failed")]
            if bad and part.final is not None and choose(performance, part, bad):
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
    "full-refusal": (full,),
    "returned-by-cancel": (returned("again"),),
    "returned-by-start": (returned("after-start"),),
    "returned-by-failure": (returned("again"),),
    "dependent-counts": (full,),
    "busy-refusal": (busy("refuse", "refuse-text"),),
    "busy-error": (busy("refuse", "refuse-text", "absent"),),
    "absent": (busy("absent"),),
    "text": (queued_by_text,),
    "idle-accepts": (idle,),
    "fifo": (ordered("order"),),
    "fifo-after-cancel": (ordered("order-after-cancel"),),
    "fifo-with-dependents": (ordered("order-with-dependents"), ordered("good-chain")),
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
    "cascade": (unmet(lambda _p, _j, bad: any(each.last("dependency-failed", "cancelled") and each.after for each in bad)),),
    "unmet-status": (unmet(lambda _p, _j, _b: True),),
    "unknown-dependency": (unknown,),
}
