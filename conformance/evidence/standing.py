"""Until when jobs surely kept their place, found from everything that was seen of them, also later.

Where a waiting job may end at any time (found invalid, fallen with another), nothing holds it to its place but what is
seen of it afterwards: a job that was active later had not ended before, and one that ever started left the queue by starting.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from conformance.evidence.observation import Accepted, Asked, Observation, Seen

_STARTED = frozenset({"running", "started", "succeeded"})
_ALIVE = frozenset({"waiting", "running", "active"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of jobs by the end.

    Attributes:
        steady: by job, until when it surely did not leave the queue but by starting; for ever, if it started.
        active: by job, the last moment at which it surely was not over.
    """

    steady: dict[Hashable, float] = field(default_factory=dict)
    active: dict[Hashable, float] = field(default_factory=dict)

    @classmethod
    def of(cls, observations: Iterable[Observation]) -> Standing:
        """Read everything.

        A job that ended for its dependencies, or was cancelled, had not ended while all of these were active and nobody
        had asked for its cancel.
        """
        found = cls()
        requests: list[Accepted] = []
        fallen: set[Hashable] = set()
        asked: dict[Hashable, float] = {}
        started: set[Hashable] = set()
        for seen in observations:
            if isinstance(seen, Accepted):
                requests.append(seen)
                found.active.setdefault(seen.job, seen.began)
            elif isinstance(seen, Seen):
                if seen.phase in _ALIVE:
                    found.active[seen.job] = max(found.active.get(seen.job, seen.began), seen.began)
                if seen.phase in _STARTED:
                    started.add(seen.job)
                elif seen.phase in {"unmet", "cancelled"}:
                    fallen.add(seen.job)
            elif isinstance(seen, Asked):
                asked.setdefault(seen.job, seen.began)
        for each in requests:
            if each.job in fallen and each.after and not each.unknown:
                held = min(found.active.get(needed, -math.inf) for needed in each.after)
                held = min(held, asked.get(each.job, math.inf))
                found.active[each.job] = max(found.active[each.job], held)
            found.steady[each.job] = math.inf if each.job in started else found.active[each.job]
        return found


def steadied(observations: Sequence[Observation]) -> list[Observation]:
    """The same observations, each acceptance with what is known of its job's standing."""
    steady = Standing.of(observations).steady
    return [replace(each, steady=steady[each.job]) if isinstance(each, Accepted) else each for each in observations]
