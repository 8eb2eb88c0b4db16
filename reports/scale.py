"""From moments to places: always in their order, and wide where much happened."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Collection, Iterable

_LEFT, _RIGHT = 1.5, 98.5
_BY_TIME, _BY_ORDER, _BY_STRESS = 0.35, 0.35, 0.3
_STRESS_MOST = 0.06


class Scale:
    """Places in percent of the width.

    The width between two moments next to each other grows with the time between them, and no two come too close: what
    proves a breach is often the order of two calls a millisecond apart, in a program that took minutes.

    Args:
        moments: all that are shown, in any order.
        stressed: those that need room around them.
    """

    def __init__(self, moments: Iterable[float], *, stressed: Collection[float] = ()) -> None:
        self._moments = sorted(set(moments)) or [0.0]
        gaps = list(itertools.pairwise(self._moments))
        wanted = frozenset(stressed)
        close = [bool(wanted & {begin, end}) for begin, end in gaps]
        total = self._moments[-1] - self._moments[0]
        stress = min(_BY_STRESS / max(sum(close), 1), _STRESS_MOST)
        widths = [
            _BY_TIME * (end - begin) / total + _BY_ORDER / len(gaps) + (stress if is_close else 0.0)
            for (begin, end), is_close in zip(gaps, close, strict=True)
        ]
        whole = sum(widths) or 1.0
        self._places = [_LEFT, *(_LEFT + (_RIGHT - _LEFT) * part / whole for part in itertools.accumulate(widths))]

    def __call__(self, moment: float) -> float:
        """The place of a moment; one outside of those known is put at the nearer end."""
        at = bisect_right(self._moments, moment) - 1
        if at < 0:
            return self._places[0]
        if at >= len(self._moments) - 1:
            return round(self._places[-1], 2)
        begin, end = self._moments[at : at + 2]
        left, right = self._places[at : at + 2]
        return round(left + (right - left) * (moment - begin) / (end - begin), 2)

    def moment_at(self, place: float) -> float:
        """The moment that stands at a place."""
        at = min(max(bisect_right(self._places, place) - 1, 0), len(self._moments) - 1)
        if at >= len(self._moments) - 1:
            return self._moments[-1]
        left, right = self._places[at : at + 2]
        begin, end = self._moments[at : at + 2]
        return begin + (end - begin) * min(max((place - left) / (right - left), 0.0), 1.0)
