"""How many jobs surely ran at the same time, whatever the order in which they started."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Hashable, Sequence

from conformance.evidence.contradiction import Contradiction, Rule
from conformance.evidence.observation import Seen


class Crowd:
    """Judges nothing but the number of slots.

    A job ran all the time between two looks that show it running. With one slot, a look at another job within that time
    is a contradiction; with several, as many other jobs as there are slots that all ran at one moment of it.
    """

    __slots__ = ("_best", "_first", "_last", "_other", "_slots", "_times")

    def __init__(self, slots: int) -> None:
        self._slots = slots
        self._first: dict[Hashable, Seen] = {}
        self._last: dict[Hashable, Seen] = {}
        """With several slots: the last looks, the oldest first."""
        self._times: list[float] = []
        self._best: list[Seen] = []
        """By completion: the look that began last of those completed."""
        self._other: list[Seen | None] = []
        """By completion: the look at another job that did."""

    def running(self, look: Seen) -> Sequence[Contradiction]:
        """A job was seen running."""
        first = self._first.setdefault(look.job, look)
        later = first.ended <= look.began
        if self._slots == 1:
            found = self._enclosed(first, look) if later and self._times else ()
            self._note(look)
            return found
        self._last.pop(look.job, None)
        self._last[look.job] = look
        return self._crowded(first, look) if later else ()

    def _note(self, look: Seen) -> None:
        if not self._times:
            best, other = look, None
        else:
            best, other = self._best[-1], self._other[-1]
            if look.began >= best.began:
                if best.job != look.job:
                    other = best
                best = look
            elif look.job != best.job and (other is None or look.began > other.began):
                other = look
            else:
                return
        self._times.append(look.ended)
        self._best.append(best)
        self._other.append(other)

    def _enclosed(self, first: Seen, look: Seen) -> Sequence[Contradiction]:
        """A look at another job between two at this one."""
        latest = self._besides(look, -1)
        if latest is None or latest.began < first.ended:
            return ()
        place = bisect_right(self._times, look.began) - 1
        inner = self._besides(look, place) if place >= 0 else None
        if inner is None or inner.began < first.ended:
            return ()
        return (Contradiction(rule=Rule.SLOTS, core=(first, inner, look)),)

    def _besides(self, look: Seen, place: int) -> Seen | None:
        best = self._best[place]
        return best if best.job != look.job else self._other[place]

    def _crowded(self, first: Seen, look: Seen) -> Sequence[Contradiction]:
        """Other jobs that all ran at one moment between two looks at this one."""
        beside: list[tuple[Seen, Seen]] = []
        for job, last in reversed(self._last.items()):
            if last.ended < first.ended:
                break
            if job != look.job:
                beside.append((self._first[job], last))
        moments: list[tuple[float, float, Seen | None]] = [(first.ended, first.ended, None)]
        moments += [(one.ended, one.ended, None) for one, _ in beside]
        moments += [(last.began, last.ended, last) for _, last in beside]  # a look shows one moment of its window
        for begin, end, shown in moments:
            if first.ended > begin or end > look.began:
                continue
            there = [last for one, last in beside if (one.ended <= begin and end <= last.began) or last is shown]
            if len(there) >= self._slots:
                core = sorted((*there[: self._slots], look), key=lambda each: each.ended)
                return (Contradiction(rule=Rule.SLOTS, core=tuple(core)),)
        return ()
