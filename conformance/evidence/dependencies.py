"""Jobs that wait for others, as Horn facts: what succeeded is closed forward, each fact is derived once.

A job that started proves that all it depends on succeeded, and so did what those depend on. A job that did not succeed is
a negative fact; one that ended for its dependencies says that not all of them succeeded. There is a contradiction if and
only if a negative fact lies within the closure. All in all this costs as much as there are dependencies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable

from conformance.evidence.contradiction import Contradiction, Rule
from conformance.evidence.observation import Accepted, Observation


class Dependencies:
    """What is known of who depends on whom, and of how they ended."""

    def __init__(self) -> None:
        self._requests: dict[Hashable, Accepted] = {}
        self._dependents: dict[Hashable, list[Hashable]] = defaultdict(list)
        self._ran: dict[Hashable, Observation] = {}
        self._good: dict[Hashable, Observation] = {}
        self._bad: dict[Hashable, Observation] = {}
        self._unmet: dict[Hashable, Observation] = {}
        self._open: dict[Hashable, int] = {}
        """By job that ended for its dependencies: how many of them are not known to have succeeded."""
        self._closed: dict[Hashable, Observation] = {}
        """By job: the observation by whose end it was over, since something that depends on it had started."""

    def accepted(self, request: Accepted) -> None:
        """A job was accepted."""
        self._requests[request.job] = request
        for needed in request.after:
            self._dependents[needed].append(request.job)

    def active(self, job: Hashable, seen: Observation) -> list[Contradiction]:
        """A job was not over: nothing that depends on it may have started before."""
        closed = self._closed.get(job)
        if closed is None or closed.ended > seen.began:
            return []
        direct = [self._ran[each] for each in self._dependents[job] if each in self._ran]
        started = [each for each in direct if each.ended <= seen.began] or [closed]
        return [Contradiction(rule=Rule.DEPENDENCY_ORDER, core=(each, seen)) for each in started]

    def ran(self, job: Hashable, seen: Observation) -> list[Contradiction]:
        """A job has started."""
        request = self._requests.get(job)
        if request is None or job in self._ran:
            return []
        self._ran[job] = seen
        found: list[Contradiction] = []
        if job in self._unmet:
            found.append(Contradiction(rule=Rule.LIFECYCLE, core=(self._unmet[job], seen)))
        if request.unknown:
            found.append(Contradiction(rule=Rule.DEPENDENCY_UNKNOWN, core=(request, seen)))
        for needed in request.after:
            if needed in self._bad:
                found.append(Contradiction(rule=Rule.DEPENDENCY_SUCCESS, core=(self._bad[needed], seen)))
            found += self._succeeded(needed, seen)
            self._close(needed, seen)
        return found

    def succeeded(self, job: Hashable, seen: Observation) -> list[Contradiction]:
        """A job was seen to have succeeded."""
        found = self.ran(job, seen)
        if job in self._bad:
            found.append(Contradiction(rule=Rule.LIFECYCLE, core=(self._bad[job], seen)))
        return found + self._succeeded(job, seen)

    def failed(self, job: Hashable, seen: Observation, *, unmet: bool = False) -> list[Contradiction]:
        """A job was seen to have ended without success; ``unmet``: because of its dependencies."""
        if job in self._bad:
            return []
        self._bad[job] = seen
        found = [
            Contradiction(rule=Rule.DEPENDENCY_SUCCESS, core=(self._ran[each], seen))
            for each in self._dependents[job]
            if each in self._ran
        ]
        if job in self._good and not found:
            proof = self._good[job]
            own = getattr(proof, "job", None) == job
            rule = Rule.LIFECYCLE if own else Rule.DEPENDENCY_SUCCESS
            found.append(Contradiction(rule=rule, core=(proof, seen)))
        if unmet:
            found += self._for_no_reason(job, seen)
        return found

    def _for_no_reason(self, job: Hashable, seen: Observation) -> list[Contradiction]:
        self._unmet[job] = seen
        found: list[Contradiction] = []
        if job in self._ran:
            found.append(Contradiction(rule=Rule.LIFECYCLE, core=(self._ran[job], seen)))
        request = self._requests.get(job)
        if request is None or request.unknown:
            return found
        self._open[job] = sum(each not in self._good for each in request.after)
        return found if self._open[job] else [*found, *self._unjust(request)]

    def _unjust(self, request: Accepted) -> list[Contradiction]:
        """A job ended for its dependencies, and all of them succeeded."""
        proofs = dict.fromkeys(self._good[each] for each in request.after)
        core = sorted((self._unmet[request.job], *list(proofs)[:2]), key=lambda each: each.ended)
        return [Contradiction(rule=Rule.NO_REASON, core=tuple(core))]

    def _succeeded(self, job: Hashable, proof: Observation) -> list[Contradiction]:
        """Close forward: what a job that succeeded depends on succeeded too."""
        found: list[Contradiction] = []
        frontier = [job]
        while frontier:
            each = frontier.pop()
            if each in self._good:
                continue
            self._good[each] = proof
            if each != job and each in self._bad:
                found.append(Contradiction(rule=Rule.DEPENDENCY_SUCCESS, core=(self._bad[each], proof)))
            for dependent in self._dependents[each]:
                if dependent in self._open:
                    self._open[dependent] -= 1
                    if not self._open[dependent]:
                        found += self._unjust(self._requests[dependent])
            request = self._requests.get(each)
            if request is not None:
                frontier += request.after
        return found

    def _close(self, job: Hashable, proof: Observation) -> None:
        frontier = [job]
        while frontier:
            each = frontier.pop()
            if each not in self._closed:
                self._closed[each] = proof
                request = self._requests.get(each)
                if request is not None:
                    frontier += request.after
