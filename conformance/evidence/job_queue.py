"""The queue of jobs as a model: what it may do, by a reading of the documents.

Jobs wait in the order in which they were accepted, and run in the slots there are. How a run ended is left open until a
look at it or a dependent of it needs to know; jobs that nobody looks at one by one are a number, the crowd.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from conformance.evidence.model import Event

#: What may be known of a job that has ended: how it did, or only some of it.
POSSIBLE: Mapping[str, frozenset[str]] = {
    "over": frozenset({"succeeded", "failed", "cancelled"}),
    "over by itself": frozenset({"succeeded", "failed"}),
    "not succeeded": frozenset({"failed", "cancelled"}),
    **{outcome: frozenset({outcome}) for outcome in ("succeeded", "failed", "cancelled", "dependency-failed")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A request for a job; answered ``accepted``, refused as ``busy`` or ``full``, or ``refused`` for another reason."""

    job: str
    queued: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """A request to end a job; answered ``accepted`` or ``refused``."""

    job: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A read of a job; answered with the phase it shows."""

    job: str


class Jobs(NamedTuple):
    """A state: the jobs that wait, in order, those that run, those asked to end, how others ended, and the crowd."""

    waiting: tuple[str, ...] = ()
    running: frozenset[str] = frozenset()
    doomed: frozenset[str] = frozenset()
    ended: frozenset[tuple[str, str]] = frozenset()
    crowd: int = 0

    def outcome(self, job: str) -> str | None:
        """What is known of the end of a job; None for one that has not ended."""
        return next((outcome for name, outcome in self.ended if name == job), None)

    def end(self, job: str, outcome: str) -> Jobs:
        """The state after a job has ended, or once more is known of its end."""
        return self._replace(
            waiting=tuple(name for name in self.waiting if name != job), running=self.running - {job},
            doomed=self.doomed - {job}, ended=frozenset(each for each in self.ended if each[0] != job) | {(job, outcome)},
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class JobQueue:
    """The model.

    Attributes:
        slots: how many jobs run at once.
        limit: how many may be active at once for a request that does not ask to be queued; None for any number.
        capacity: how many may wait at once; None for any number.
        alone: whether nobody else starts or cancels jobs.
        counts_running: the reading by which running jobs take places of the queue as well.
        crowd: how many jobs that nobody looks at wait before the others.
        stay: how many of these surely waited all the while.
        after: what jobs depend on.
    """

    slots: int = 1
    limit: int | None = 1
    capacity: int | None = None
    alone: bool = False
    counts_running: bool = False
    crowd: int = 0
    stay: int = 0
    after: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def initial(self) -> Iterator[Jobs]:
        """Nothing but the crowd."""
        yield Jobs(crowd=self.crowd)

    def part(self, event: Event) -> Hashable:
        """A queue is one thing."""
        del event
        return None

    def changes(self, event: Event) -> bool:
        """Everything but a look may change something."""
        return not isinstance(event.asked, Look)

    def hidden(self, state: Jobs) -> Iterator[Jobs]:
        """A job starts, ends, is found invalid, is not run for its dependency, or is ended by a cancel."""
        if state.crowd > self.stay:
            yield state._replace(crowd=state.crowd - 1)
        for job in state.running:
            yield state.end(job, "over" if not self.alone or job in state.doomed else "over by itself")
        yield from self._starts(state)
        for job in state.waiting:
            yield state.end(job, "failed")
            if not self.alone or job in state.doomed:
                yield state.end(job, "cancelled")
            for name in self.after.get(job, ()):
                bad = POSSIBLE.get(state.outcome(name) or "", frozenset()) - {"succeeded"}
                if bad:
                    known = next((each for each in POSSIBLE if POSSIBLE[each] == bad), "not succeeded")
                    yield state.end(name, known).end(job, "dependency-failed")

    def _starts(self, state: Jobs) -> Iterator[Jobs]:
        """The first of those that wait starts, even if it was asked to end: no document says how soon a cancel takes effect."""
        if not state.waiting or state.crowd or len(state.running) >= self.slots:
            return
        first = state.waiting[0]
        for name in self.after.get(first, ()):
            if "succeeded" not in POSSIBLE.get(state.outcome(name) or "", ()):
                return
            state = state.end(name, "succeeded")
        yield state._replace(waiting=state.waiting[1:], running=state.running | {first})

    def step(self, state: Jobs, event: Event) -> list[Jobs]:
        """A call takes effect."""
        asked, told = event.asked, event.answered
        if isinstance(asked, Look):
            return self._shown(state, asked.job, told)
        found = []
        if told in {None, "accepted"}:
            found += self._accepted(state, asked) if isinstance(asked, Start) else self._cancelled(state, asked)
        if told != "accepted" and (told is None or self._may_refuse(state, asked, told)):
            found.append(state)
        return found

    def _accepted(self, state: Jobs, asked: Start) -> list[Jobs]:
        """A job enters; one for which there is no room may be found invalid later, which is a late refusal."""
        if self._has_room(state) if asked.queued else self._is_idle(state):
            return [state._replace(waiting=(*state.waiting, asked.job))]
        return [state.end(asked.job, "failed")]

    def _is_idle(self, state: Jobs) -> bool:
        active = state.crowd + len(state.waiting) + len(state.running) - len(state.doomed)
        return self.limit is None or active < self.limit

    def _places(self, state: Jobs) -> int:
        return state.crowd + len(state.waiting) + (len(state.running) if self.counts_running else 0)

    def _has_room(self, state: Jobs) -> bool:
        return self.capacity is None or self._places(state) - len(state.doomed) < self.capacity

    def _may_refuse(self, state: Jobs, asked: Hashable, told: Hashable) -> bool:
        """Whether a refusal is permitted: one whose reason is not in the queue always is."""
        if isinstance(asked, Cancel):  # of a job that is there: its id was not known before
            there = asked.job in state.running or state.outcome(asked.job) is not None
            return there or (asked.job in state.waiting and asked.job in state.doomed)
        if told == "busy":
            active = state.crowd + len(state.waiting) + len(state.running)
            return not self.alone or (self.limit is not None and active >= self.limit)
        if told == "full":
            return not self.alone or (self.capacity is not None and self._places(state) >= self.capacity)
        return True

    def _cancelled(self, state: Jobs, asked: Hashable) -> list[Jobs]:
        """The job ends, now or soon; for one that has ended there is nothing left to do."""
        assert isinstance(asked, Cancel)  # noqa: S101 - there are three kinds of requests
        if asked.job in state.waiting or asked.job in state.running:
            return [state.end(asked.job, "cancelled"), state._replace(doomed=state.doomed | {asked.job})]
        return [state] if state.outcome(asked.job) is not None else []

    def _shown(self, state: Jobs, job: str, phase: Hashable) -> list[Jobs]:
        if (
            phase is None
            or (phase == "waiting" and job in state.waiting)
            or (phase == "running" and job in state.running)
        ):
            return [state]
        return [state.end(job, str(phase))] if phase in POSSIBLE.get(state.outcome(job) or "", ()) else []
