"""A program's calls as observations for the evidence checker, and what that finds in them, once a performance."""

from __future__ import annotations

import math
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from conformance.evidence import (
    Accepted,
    Asked,
    Contradiction,
    Discipline,
    Observation,
    Opened,
    Phase,
    Refused,
    Rule,
    Seen,
    Standing,
    contradictions,
)
from conformance.history import Call
from conformance.oracles.performance import ACTIVE, Look, Part, Performance, full_at, over

_PHASES: dict[str, Phase] = {
    "waiting": "waiting", "running": "running", "succeeded": "succeeded", "failed": "failed", "cancelled": "cancelled",
    "dependency-failed": "unmet",
}  # fmt: skip
_SETTLED, _SEEN, _BEGUN = range(3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Testimony:
    """What a performance says of its queue.

    Attributes:
        standing: until when its jobs surely kept their place, by name.
        running: when each job was seen running for the first time, by name.
        found: the contradictions, by the reading that the running job takes no place in the queue.
        plain: the same where jobs that depend on others are not counted.
        counting: the same by the reading that the running job takes a place.
    """

    standing: Standing
    running: dict[str, float]
    found: tuple[Contradiction, ...]
    plain: tuple[Contradiction, ...]
    counting: tuple[Contradiction, ...]

    def about(self, rule: Rule) -> list[Contradiction]:
        """The contradictions about a rule."""
        return [each for each in self.found if each.rule is rule]


_KNOWN: weakref.WeakKeyDictionary[Performance, Testimony] = weakref.WeakKeyDictionary()


def testimony(performance: Performance) -> Testimony:
    """What a performance says; found once."""
    known = _KNOWN.get(performance)
    if known is None:
        known = _KNOWN[performance] = _testimony(performance)
    return known


def _testimony(performance: Performance) -> Testimony:
    queue = performance.resource.queue
    if queue is None:
        return Testimony(standing=Standing(), running={}, found=(), plain=(), counting=())
    told = _observations(performance)
    standing = Standing.of(told)
    told = [replace(each, steady=standing.steady[each.job]) if isinstance(each, Accepted) else each for each in told]
    discipline = Discipline(
        slots=queue.running, capacity=queue.capacity, exclusive=performance.alone, busy="running", failure_starts=False,
        held_early=True, unmet_in_turn=False,
    )  # fmt: skip
    found = plain = tuple(contradictions(discipline, told))
    if any(part.after for part in performance.accepted):
        apart = [
            replace(each, counts=not each.after and not each.unknown) if isinstance(each, Accepted) else each
            for each in told
        ]
        plain = tuple(contradictions(discipline, apart))
    running: dict[str, float] = {}
    for each in told:
        if isinstance(each, Seen) and each.phase == "running":
            running.setdefault(str(each.job), each.ended)
    return Testimony(
        standing=standing, running=running, found=found, plain=plain,
        counting=tuple(contradictions(replace(discipline, counts_running=True), told)),
    )  # fmt: skip


def _observations(performance: Performance) -> list[Observation]:
    """All observations in order of completion; what begins at a moment comes after what ends at it."""
    found: list[tuple[float, int, int, Observation]] = []
    names = {part.identifier: part.name for part in performance.accepted}
    ghosts = {call.id for call in performance.ghosts}
    for part in performance.parts.values():
        for stage, each in (*_request(performance, part, names, ghosts), *_looks(part)):
            found.append((each.ended, stage, len(found), each))
    return [each for _, _, _, each in sorted(found, key=lambda row: row[:3])]


def _request(
    performance: Performance, part: Part, names: dict[str | None, str], ghosts: set[int]
) -> Iterator[tuple[int, Observation]]:
    call = part.start
    yield _BEGUN, Opened(job=part.name, began=call.started)
    if part.accepted:
        after = tuple(names[each] for each in dict.fromkeys(part.after) if each in names)
        yield _SEEN, Accepted(
            job=part.name, began=call.started, ended=_end(call), queued=part.asked, after=after, source=call,
            unknown=len(after) < len(set(part.after)), holds=part.last("failed") is None,
        )  # fmt: skip
    elif call.id not in ghosts and call.ended is not None:
        yield _SETTLED, Opened(job=part.name, began=_end(call), settled=True)
        reason = _reason(performance, part)
        if reason is not None:
            yield _SEEN, Refused(reason=reason, began=call.started, ended=_end(call), source=call)


def _reason(performance: Performance, part: Part) -> Literal["full", "busy"] | None:
    """What a refusal says of the queue, where nothing else can be its reason."""
    queue = performance.resource.queue
    if queue is None or part.after or not part.answer.refused or not part.repeatable:
        return None
    if part.asked:
        return "full" if full_at(performance, part) else None
    return "busy" if queue.busy.allows_name(part.answer.name) else None


def _looks(part: Part) -> Iterator[tuple[int, Observation]]:
    """The looks at a job. Once a cancel was asked for, its effect may lag: that the job goes on shows nothing any more."""
    if not part.accepted:
        return
    for call in part.cancels:
        yield _BEGUN, Asked(job=part.name, began=call.started, source=call)
    for look in part.looks:
        phase = _PHASES[look.phase]
        if look.phase in ACTIVE and look.ended > part.untouched:
            if phase == "waiting":
                continue
            phase = "started"
        yield _SEEN, Seen(job=part.name, phase=phase, began=look.began, ended=_end(look.call), source=look)
    asked = min(part.cancels, key=lambda call: call.started, default=None)
    ended = part.last("cancelled")
    if asked is not None and ended is not None and not part.after and ended.began >= asked.started:
        # It was we who ended it, so it had not ended before.
        yield (
            _SEEN,
            Seen(
                job=part.name,
                phase="active",
                began=asked.started,
                ended=math.nextafter(asked.started, math.inf),
                source=ended,
            ),
        )


def _end(call: Call) -> float:
    """When a call was answered: at least a hair after it was sent."""
    return max(over(call), math.nextafter(call.started, math.inf))


def looked(observation: Observation) -> Look | None:
    """The look behind an observation of a job."""
    return observation.source if isinstance(observation, Seen) and isinstance(observation.source, Look) else None


def called(observation: Observation) -> Call:
    """The call behind an observation."""
    source = observation.source
    if isinstance(source, Look):
        return source.call
    assert isinstance(source, Call)  # noqa: S101 - nothing else is a source
    return source
