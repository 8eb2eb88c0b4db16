"""The jobs of a queue in the order of their acceptance, and which of them surely keep their place."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable

from conformance.evidence.observation import Accepted


class Places:
    """Jobs by number. A *firm* job leaves the queue only by starting, and nothing is known to the contrary.

    Where requests overlapped in time, the order of these jobs is not known: they are never counted on, and a job is
    surely behind another only if it was asked for when the other had been answered.
    """

    def __init__(self) -> None:
        self.requests: list[Accepted] = []
        self.number: dict[Hashable, int] = {}
        self.behind: list[int] = []
        """By job: how many jobs were surely accepted before it."""
        self.steady: list[float] = []
        self.over: dict[int, float] = {}
        """By job: when it was surely over."""
        self.begun: set[int] = set()
        """Jobs that surely have started."""
        self.loose: set[int] = set()
        """Jobs that may leave without starting, or whose place is not known."""
        self.open: dict[Hashable, float] = {}
        """Requests of which nobody knows yet whether they made a job."""
        self.kept: set[int] = set()
        """Jobs that were over before anybody asked for a cancel that was not refused."""
        self._ended: list[float] = []
        self._asked: Counter[int] = Counter()
        self._overlapping: set[int] = set()

    def add(self, request: Accepted) -> int:
        """Give a job its number."""
        number = len(self.requests)
        began = request.began
        behind = number if not number or self._ended[-1] <= began else bisect_right(self._ended, began)
        self.requests.append(request)
        self.number[request.job] = number
        self.behind.append(behind)
        self.steady.append(request.steady)
        self._ended.append(request.ended)
        if behind < number:
            overlapping = range(behind, number + 1)
            self._overlapping.update(overlapping)
            self.loose.update(overlapping)
        if request.steady < math.inf or not request.counts:
            self.loose.add(number)
        if self.open:
            self.open.pop(request.job, None)
        return number

    def started(self, number: int) -> None:
        """A job has started: it left the queue in its turn."""
        self.begun.add(number)
        if self.loose and number in self.loose and number not in self._overlapping:
            self.steady[number] = math.inf
            if self.requests[number].counts:
                self.loose.discard(number)

    def loosen(self, number: int, moment: float) -> None:
        """From a moment on a job may leave the queue without starting, unless it has started already."""
        if number in self.begun:
            return
        self._asked[number] += 1
        self.steady[number] = min(self.steady[number], moment)
        self.loose.add(number)

    def denied(self, number: int) -> None:
        """The cancel asked for last was refused; if it was the only one, the job kept its place all the same."""
        self._asked[number] -= 1
        request = self.requests[number]
        if self._asked[number]:
            return
        self.kept.add(number)
        if request.counts and request.steady == math.inf and number not in self._overlapping:
            self.steady[number] = math.inf
            self.loose.discard(number)

    def last_firm(self, count: int, below: int, moment: float) -> int:
        """The ``count``-th last of the jobs below a number that keep their place up to a moment; -1 if there are fewer."""
        if count <= 0:
            return -1
        if not self.loose:
            return below - count if below >= count else -1
        for number in range(below - 1, -1, -1):
            if number not in self.loose or self._counted(number, moment):
                count -= 1
                if count == 0:
                    return number
        return -1

    def _counted(self, number: int, moment: float) -> bool:
        return number not in self._overlapping and self.requests[number].counts and self.steady[number] >= moment

    def candidates(self, began: float, ended: float) -> tuple[int, list[int]]:
        """Of the jobs that may have been there all through a window: how many are uncertain, and which are firm, in order.

        Only where no job is loose is the list left out: then all are firm.
        """
        uncertain = len(self.open)
        firm: list[int] = []
        for number, request in enumerate(self.requests):
            if self.over.get(number, math.inf) <= began:
                continue
            loose = number in self.loose and (number in self._overlapping or self.steady[number] < ended)
            if loose or request.ended > began:
                uncertain += 1
            else:
                firm.append(number)
        return uncertain, firm
