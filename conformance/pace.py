"""How long to wait between looks at something that takes its time: by what such things were seen to take."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

_FIRST = 0.004
_LONGEST = 1.0
#: Of the time gone by, the share that is waited next where nothing is known: looks grow like its logarithm.
_SHARE = 0.6
#: Of the time expected, when the one look between the first and the due one comes, how far apart the ones behind that
#: are at first, and how much sooner the due one comes next time if it was late: no more than so much is lost.
_EARLY, _APART, _SOONER = 0.3, 0.08, 0.9
#: Below this, something is there about as soon as it is asked for.
_SHORT = 0.01


@dataclass(slots=True, kw_only=True)
class Pace:
    """Looks at things until they are there, with few looks, and learns for each kind how long that takes.

    ``nap`` waits some seconds. What is learned decides when to look, and nothing else.
    """

    nap: Callable[[float], None]
    _expected: dict[Hashable, float] = field(default_factory=dict)

    def until(self, kind: Hashable, look: Callable[[], Any], *, seconds: float, looked: bool = False) -> bool:
        """Look until ``look`` is true, or some seconds are over; whether it was. ``looked`` tells that one just has."""
        began = time.monotonic()
        expected = self._expected.get(kind, 0.0)
        plan = [_EARLY * expected, expected] if expected > _SHORT else []
        step, without = _APART * expected, 0.0
        while looked or not look():
            looked, gone = False, time.monotonic() - began
            without = max(gone, _FIRST)
            if gone > seconds:
                return False
            while plan and plan[0] <= gone:
                plan.pop(0)
            if plan:
                pause = plan[0] - gone
            elif expected > _SHORT:
                pause, step = min(step, max(_LONGEST, _APART * gone)), 1.6 * step
            else:
                pause = min(max(_FIRST, _SHARE * gone), max(_LONGEST, _APART * gone))
            self.nap(max(0.0, min(pause, seconds - gone)))
        if without:
            # Found by a planned look, it may well have been there before.
            found = time.monotonic() - began
            self._expected[kind] = [without, _SOONER * expected, (without + found) / 2][len(plan)]
        return True
