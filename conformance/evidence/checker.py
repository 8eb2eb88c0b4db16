"""The evidence checker: observations one at a time, in the order of their completion; contradictions as they appear."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from conformance.evidence.contradiction import Contradiction, Rule
from conformance.evidence.crowd import Crowd
from conformance.evidence.dependencies import Dependencies
from conformance.evidence.discipline import Discipline
from conformance.evidence.observation import Accepted, Asked, Listed, Observation, Opened, Refused, Seen
from conformance.evidence.progress import Progress

#: A job that comes back when it was over does not show that it kept its place all the while.
_NOT_BY_A_RETURN = frozenset({Rule.LIFECYCLE, Rule.CAPACITY, Rule.BUSY})
_ALIVE = frozenset({"waiting", "running", "active"})


class Checker:
    """Judges what is seen of one queue by one discipline.

    An observation that contradicts earlier ones is reported and left out, and judging goes on. What is said of jobs that
    were not accepted before, by others perhaps, is passed over.

    Args:
        discipline: the reading of the documents.
    """

    def __init__(self, discipline: Discipline) -> None:
        self._discipline = discipline
        self._dependencies = Dependencies()
        self._progress = Progress(discipline, self._dependencies.ran)
        self._places = self._progress.places
        self._crowd = Crowd(discipline.slots)
        self._related = False
        self._over: dict[int, Seen] = {}
        self._now = -math.inf

    def observe(self, observation: Observation) -> Sequence[Contradiction]:
        """What an observation contradicts; nothing, as a rule.

        Raises:
            ValueError: it ended before the one observed last.
        """
        ended = observation.ended
        if ended < self._now:
            raise ValueError(f"Expected observations in order of completion but got ended={ended} after {self._now}")
        self._now = ended
        if isinstance(observation, Seen):
            number = self._places.number.get(observation.job)
            return () if number is None else self._seen(number, observation)
        return self._other(observation)

    def _other(self, observation: Accepted | Refused | Asked | Opened | Listed) -> Sequence[Contradiction]:
        if isinstance(observation, Accepted):
            if observation.job not in self._places.number:
                self._progress.accepted(observation)
                self._related = self._related or bool(observation.after) or observation.unknown
                self._dependencies.accepted(observation)
            return ()
        if isinstance(observation, Refused):
            return self._progress.refused(observation)
        if isinstance(observation, Listed):
            return self._listed(observation)
        if isinstance(observation, Opened):
            if observation.settled:
                self._places.open.pop(observation.job, None)
            elif observation.job not in self._places.number:
                self._places.open[observation.job] = observation.began
        elif observation.job in self._places.number:
            self._places.loosen(self._places.number[observation.job], observation.began)
        return ()

    def _seen(self, number: int, seen: Seen) -> Sequence[Contradiction]:
        phase = seen.phase
        if phase == "started":
            self._progress.started(number, seen)
            return self._dependencies.ran(seen.job, seen)
        if phase not in _ALIVE:
            return self._ended(number, seen)
        if phase == "running":
            found = self._running(number, seen)
        else:
            waits = phase == "waiting"
            found = self._progress.waiting(number, seen) if waits else self._progress.running(number, seen)
            if self._related:
                found = [*found, *self._dependencies.active(seen.job, seen)]
        over = self._places.over.get(number)
        if over is not None and over <= seen.began:
            back = Contradiction(rule=Rule.LIFECYCLE, core=(self._over[number], seen))
            found = [back, *(each for each in found if each.rule not in _NOT_BY_A_RETURN)]
        return found

    def _running(self, number: int, seen: Seen) -> Sequence[Contradiction]:
        found = self._progress.running(number, seen)
        crowded = self._crowd.running(seen)
        if crowded:
            found = [*found, *crowded]
        if self._related:
            found = [*found, *self._dependencies.active(seen.job, seen)]
        if number not in self._places.begun:
            found = [*found, *self._dependencies.ran(seen.job, seen)]
            if not found:
                self._progress.started(number, seen)
        return found

    def _ended(self, number: int, seen: Seen) -> Sequence[Contradiction]:
        """A job is over: it may have started before, must have, or cannot have."""
        phase, places = seen.phase, self._places
        known = self._over.get(number)
        by_itself = phase == "cancelled" and number in places.kept
        if known is None or (known.phase == "over" and phase != "over" and not by_itself):
            self._over[number] = seen
            places.over.setdefault(number, seen.ended)
        elif phase not in {known.phase, "over"}:
            back = Contradiction(rule=Rule.LIFECYCLE, core=(known, seen))
            return [back, *(each for each in self._outcome(number, seen) if each.rule is not Rule.LIFECYCLE)]
        return self._outcome(number, seen)

    def _outcome(self, number: int, seen: Seen) -> Sequence[Contradiction]:
        progress, facts = self._progress, self._dependencies
        if seen.phase == "succeeded":
            progress.started(number, seen, over=True)
            return facts.succeeded(seen.job, seen)
        if seen.phase == "failed":
            found: list[Contradiction] = []
            if self._discipline.failure_starts:
                progress.started(number, seen, over=True)
                found += facts.ran(seen.job, seen)
            return [*found, *facts.failed(seen.job, seen)]
        if seen.phase == "unmet":
            if self._discipline.unmet_in_turn:
                progress.passed(number, seen)
            return facts.failed(seen.job, seen, unmet=True)
        if seen.phase == "cancelled":
            return facts.failed(seen.job, seen)
        self._places.denied(number)
        if number in self._places.loose:
            return ()
        if self._places.requests[number].after:
            progress.passed(number, seen)
            return ()
        progress.started(number, seen, over=True)
        return facts.ran(seen.job, seen)

    def _listed(self, listed: Listed) -> Sequence[Contradiction]:
        """All that waited at one moment, and so all that did not."""
        places = self._places
        shown = [places.number[job] for job in listed.waiting if job in places.number]
        over = next((self._over[each] for each in shown if places.over.get(each, math.inf) <= listed.began), None)
        if over is not None:
            return (Contradiction(rule=Rule.LIFECYCLE, core=(over, listed)),)
        gone = [
            number
            for number, request in enumerate(places.requests)
            if request.ended <= listed.began and request.job not in listed.waiting and number not in places.loose
        ]
        if shown and gone and gone[-1] > min(shown):
            return (Contradiction(rule=Rule.ORDER, core=(listed,)),)
        found: list[Contradiction] = []
        for number in shown:
            found += self._progress.waiting(number, listed)
        if gone and not found:
            self._progress.left(gone[-1], listed)
        return found


def contradictions(discipline: Discipline, observations: Iterable[Observation]) -> list[Contradiction]:
    """Everything that observations, given in order of completion, contradict."""
    checker = Checker(discipline)
    return [each for observation in observations for each in checker.observe(observation)]
