"""How far a first-in-first-out queue has come: the hidden state is a few integers that never decrease.

With one slot it is one integer: at ``2i`` job i is the first that waits, at ``2i + 1`` it runs, at ``2i + 2`` it is over, and
so is all before it. An observation bounds it from below by its end (a :class:`Mark`) or from above after its beginning. Since
observations come in the order of their completion, a bound from above can only contradict marks that are there already: it
is compared with the last mark before its beginning, and need not be kept. This is the least fixpoint of the monotone system
``start[i + 1] >= start[i]``, ``start[i] >= (i - k + 1)-th smallest end before i``, unrolled.

With k slots a mark at ``2i + 1`` says that all before i have left the queue, and that at most k - 1 of them are not over.
Exact for looks, lists, admissions, refusals as full, and cancels that overlap no refusal and no admission. Where jobs may leave
the queue early (``Accepted.steady``), where requests overlap, where several slots meet a limit that counts running jobs, the
bounds are weaker than could be: it stays silent there and leaves the rest to the state set.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from conformance.evidence.contradiction import Contradiction, Rule
from conformance.evidence.discipline import Discipline
from conformance.evidence.marks import Marks
from conformance.evidence.observation import Accepted, Observation, Refused, Seen
from conformance.evidence.places import Places

Found = Sequence[Contradiction]


class Progress:
    """The bounds of one queue.

    Args:
        discipline: the reading of its documents.
        pinned: called with a job that must be running, though it was not seen, and what pins it.
    """

    def __init__(self, discipline: Discipline, pinned: Callable[[object, Observation], list[Contradiction]]) -> None:
        self._discipline = discipline
        self._single = discipline.slots == 1
        self._pinned = pinned
        self.places = Places()
        self._started = Marks()
        self._accepted = Marks()
        self._admitted = Marks()
        self._let_past = Marks()
        """Several slots: at the requests that were let in unqueued, fewer jobs than slots were active."""
        self._told: set[Observation] = set()
        self._marks = ((self._started, None), (self._accepted, Rule.CAPACITY), (self._admitted, Rule.BUSY))

    # -- bounds from below

    def accepted(self, request: Accepted) -> None:
        """A job was accepted: to be queued, then there was a place; or not, then the queue was idle."""
        places, discipline = self.places, self._discipline
        number = places.add(request)
        before = places.behind[number]
        if not request.queued:
            if request.holds:
                self._admit(before, request)
            return
        capacity = discipline.capacity
        if capacity is None or number < capacity or request.steady < request.ended:
            return
        last = places.last_firm(capacity, before, request.ended)
        if last >= 0:
            ended = discipline.counts_running and self._single
            self._accepted.reach(2 * last + (2 if ended else 1), request)

    def _admit(self, before: int, request: Accepted) -> None:
        """Nothing active but what the other slots run."""
        if self._single:
            self._admitted.reach(2 * before, request)
            return
        last = self.places.last_firm(self._discipline.slots, before, request.ended)
        if last >= 0 and self._discipline.busy == "active":
            self._admitted.reach(2 * last + 1, request)
        self._let_past.reach(2 * before + 1, request)

    def started(self, number: int, seen: Seen, *, over: bool = False) -> None:
        """A job has started, and, if told so, is over."""
        self.places.started(number)
        behind = self.places.behind[number]
        if behind < number:
            self._started.reach(2 * behind, seen)
        else:
            self._started.reach(2 * number + (2 if over and self._single else 1), seen)

    def left(self, number: int, listed: Observation) -> None:
        """A job that keeps its place does not wait any more."""
        self._started.reach(2 * number + 1, listed)

    def passed(self, number: int, seen: Seen) -> None:
        """A job is over that ended in its turn without starting."""
        if self._single and self.places.behind[number] == number:
            self._started.reach(2 * number + 2, seen)

    # -- bounds from above

    def waiting(self, number: int, seen: Observation) -> Found:
        """A job had not left the queue, or held a slot early."""
        if not self._single:
            return self.running(number, seen) if self._discipline.held_early else self._queued(number, seen)
        bound = 2 * number
        if self._started.top > bound or self._accepted.top > bound or self._admitted.top > bound:
            return self._beyond(bound, number, seen, Rule.ORDER)
        return ()

    def _queued(self, number: int, seen: Observation) -> Found:
        """Several slots: a job had not left the queue, and so had none behind it."""
        found = self._beyond(2 * number, number, seen, Rule.ORDER)
        if self._let_past.times:
            loose, last = self.places.loose, len(self.places.requests)
            alive = [number, *(each for each in range(number + 1, last) if each not in loose)]
            found = [*found, *self._alive(self._let_past, alive, seen, Rule.BUSY)]
        return found

    def running(self, number: int, seen: Observation) -> Found:
        """A job was not over, and may have run."""
        if self._single:
            bound = 2 * number + 1
            if self._started.top > bound or self._accepted.top > bound or self._admitted.top > bound:
                return self._beyond(bound, number, seen, Rule.ORDER_OR_SLOTS)
            return ()
        found: list[Contradiction] = []
        for marks, rule in (*self._marks, (self._let_past, Rule.BUSY)):
            found += self._alive(marks, [number], seen, rule or Rule.ORDER_OR_SLOTS)
        return found

    def _beyond(self, bound: int, number: int, seen: Observation, rule: Rule) -> Found:
        """The marks that were surely passed before an observation that lies below them."""
        found: list[Contradiction] = []
        early = self._discipline.held_early and not bound % 2
        for marks, about in self._marks:
            least = bound + 1 if early and about is not None else bound
            last = marks.last(seen.began)
            if last < 0 or marks.places[last] <= least:
                continue
            first = bisect_right(marks.places, least)
            if about is None:
                own = getattr(seen, "job", self)
                while first < last and getattr(marks.proofs[first], "job", None) == own:
                    first += 1
                back = getattr(marks.proofs[first], "job", None) == own
                found.append(Contradiction(rule=Rule.LIFECYCLE if back else rule, core=(marks.proofs[first], seen)))
                continue
            for place in range(first, last + 1):
                found += self._let_in(about, number, marks.proofs[place], seen)
        return found

    def _let_in(self, rule: Rule, number: int, request: Observation, seen: Observation) -> Found:
        """A request was accepted that should not have been; said once of each."""
        if request in self._told:
            return ()
        proofs = self._while_busy(number, request, seen) if rule is Rule.BUSY else (request, seen)
        if not proofs:
            return ()
        self._told.add(request)
        return (Contradiction(rule=rule, core=proofs),)

    def _while_busy(self, number: int, request: Observation, seen: Observation) -> tuple[Observation, ...]:
        """The proofs that a job was active when a request was let in; by one reading it must have run, not only waited."""
        if self._discipline.busy == "active":
            return (request, seen)
        before = self._started.last(request.began)
        if before < 0 or self._started.places[before] <= 2 * number:
            return ()
        proof = self._started.proofs[bisect_right(self._started.places, 2 * number)]
        return (proof, request, seen)

    def _alive(self, marks: Marks, jobs: Sequence[int], seen: Observation, rule: Rule) -> Found:
        """Several slots: count at each mark that was surely passed the jobs below it that are not over."""
        for place in range(marks.last(seen.began), -1, -1):
            alive = marks.alive[place]
            below = [number for number in jobs if 2 * number + 1 < marks.places[place]]
            if not below:
                break  # marks below are lower
            if rule is Rule.BUSY and self._discipline.busy == "running":
                below = [number for number in below if self._had_started(number, marks.proofs[place].began)]
                if not below:
                    continue
            if all(number in alive for number in below):
                break  # this was counted before, and so were the marks below
            alive.update(dict.fromkeys(below, seen))
            if len(alive) >= self._discipline.slots:
                proofs = dict.fromkeys((marks.proofs[place], *list(alive.values())[-self._discipline.slots :]))
                return (Contradiction(rule=rule, core=tuple(sorted(proofs, key=lambda each: each.ended))),)
        return ()

    def _had_started(self, number: int, moment: float) -> bool:
        """Whether a job had surely left the queue by a moment."""
        last = self._started.last(moment)
        return last >= 0 and self._started.places[last] > 2 * number

    # -- refusals

    def refused(self, refusal: Refused) -> Found:
        """A request was refused: what it says it found must be possible."""
        if not self._discipline.exclusive:
            return ()
        return self._full(refusal) if refusal.reason == "full" else self._busy(refusal)

    def _full(self, refusal: Refused) -> Found:
        discipline, places = self._discipline, self.places
        if discipline.capacity is None:
            return ()
        needed = discipline.capacity
        if not places.loose and not places.open and places.requests and places.requests[-1].ended <= refusal.began:
            short, place = needed > len(places.requests), len(places.requests) - needed
        else:
            uncertain, firm = places.candidates(refusal.began, refusal.ended)
            needed -= uncertain
            if needed <= 0:
                return ()
            short = needed > len(firm)
            place = -1 if short else firm[-needed]
        if short:
            return (Contradiction(rule=Rule.ROOM, core=(refusal,)),)
        if not discipline.counts_running:
            return self._behind(2 * place, place, refusal, Rule.ROOM)
        if self._single:
            return self._behind(2 * place + 1, place, refusal, Rule.ROOM)
        return ()

    def _busy(self, refusal: Refused) -> Found:
        uncertain, firm = self.places.candidates(refusal.began, refusal.ended)
        if uncertain:
            return ()
        if not firm:
            return (Contradiction(rule=Rule.IDLE, core=(refusal,)),)
        return self._behind(2 * firm[-1] + 1, firm[-1], refusal, Rule.IDLE) if self._single else ()

    def _behind(self, bound: int, number: int, refusal: Refused, rule: Rule) -> Found:
        """A refusal says that a job had not come further than a bound."""
        for marks, _ in self._marks:
            place = marks.last(refusal.began)
            if place >= 0 and marks.places[place] > bound:
                return (Contradiction(rule=rule, core=(marks.proofs[place], refusal)),)
        if bound % 2 and any(
            (place := marks.last(refusal.began)) >= 0 and marks.places[place] == bound for marks, _ in self._marks
        ):
            return self._pinned(self.places.requests[number].job, refusal)
        return ()
