"""How far a queue has surely come by when: a staircase that only rises."""

from __future__ import annotations

from bisect import bisect_right

from conformance.evidence.observation import Observation


class Marks:
    """Places reached, each with the time by which it was reached and the observation that shows it.

    Observations come in order of completion, so a mark that is no higher than the last one says nothing new, and both
    times and places are sorted.
    """

    __slots__ = ("alive", "places", "proofs", "times", "top")

    def __init__(self) -> None:
        self.top = -1
        self.times: list[float] = []
        self.places: list[int] = []
        self.proofs: list[Observation] = []
        self.alive: list[dict[int, Observation]] = []
        """By mark: the jobs below it that were surely not over then, filled where there are several slots."""

    def reach(self, place: int, proof: Observation) -> None:
        """Take note that a place was reached by the end of an observation."""
        if place > self.top:
            self.top = place
            self.times.append(proof.ended)
            self.places.append(place)
            self.proofs.append(proof)
            self.alive.append({})

    def last(self, moment: float) -> int:
        """Which mark is the last that was surely reached by a moment; -1 for none."""
        times = self.times
        if not times or times[-1] <= moment:
            return len(times) - 1
        return bisect_right(times, moment) - 1
