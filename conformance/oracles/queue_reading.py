"""Which of the behaviours that the documents leave open a target shows, by what came of the jobs of a program."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from conformance.oracles.antecedent import dependents
from conformance.oracles.occupancy import counts_running, limit, waiting_at
from conformance.oracles.performance import Part, Performance

Reading = Callable[[Performance], Iterator[str]]
_BAD = ("failed", "cancelled", "dependency-failed")


def places(performance: Performance) -> Iterator[str]:
    """Whether the running job takes one of the places of the queue; nothing while the queue was never full."""
    queue = performance.resource.queue
    if counts_running(performance):
        yield "the running job takes one of the places"
    elif queue is not None and any(
        len(waiting_at(performance, p.start)) == limit(performance) for p in performance.parts.values()
    ):
        yield "the running job takes none of the places"


def hopeless(performance: Performance) -> Iterator[str]:
    """What comes of a request whose dependency is unknown, or has failed before."""
    for part in performance.parts.values():
        needed = performance.dependencies(part)
        if part.after and (not performance.known(part) or any(each.over_before(part.start) for each in needed)):
            yield from _fate(part)


def indirect(performance: Performance) -> Iterator[str]:
    """How those end that depend on what failed, but not directly."""
    for part, needed in dependents(performance):
        far = needed and all(each.after and each.last(*_BAD) for each in needed)
        if far and part.final is not None and not part.cancels and part.final.phase in _BAD:
            yield f"indirect dependents end as {part.final.status}"


def unqueued(performance: Performance) -> Iterator[str]:
    """What comes of a request with dependencies that does not ask to be queued."""
    for part in performance.parts.values():
        if part.after and not part.asked:
            yield from _fate(part)


def _fate(part: Part) -> Iterator[str]:
    if part.answer.refused:
        yield "refused at once"
    elif part.accepted and part.final is not None and not part.cancels:
        yield f"accepted, and ended as {part.final.status}"


READINGS: dict[str, Reading] = {
    "capacity": places,
    "capacity-usable": places,
    "full-refusal": places,
    "failed-before": hopeless,
    "unknown-dependency": hopeless,
    "cascade": indirect,
    "unqueued": unqueued,
}
"""By the aspect of a queue clause whose documents leave something open."""
