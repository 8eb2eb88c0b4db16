"""The slow and obvious judge: all states that the queue may be in, one by one. For small histories, and for tests only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from tests.conformance.evidence.operation import Operation

if TYPE_CHECKING:
    from conformance.evidence import Discipline

State = tuple[tuple[int, str], ...]
"""The jobs in order of acceptance, each with a letter: Waiting, holding a slot and still shown
as waiting (S), Running, Completed, Failed, cancelled (X), Unmet."""
Pending = tuple[State, frozenset[int]]


class PowerSet:
    """Every way in which operations with overlapping windows may have taken effect, on every way the queue may have moved.

    ``late`` says that a waiting job may fail, or fall with what it depends on, at any time.
    """

    def __init__(self, discipline: Discipline, *, late: bool = False) -> None:
        self.discipline = discipline
        self.late = late
        self.after: dict[int, tuple[int, ...]] = {}

    def permits(self, operations: list[Operation]) -> bool:
        """Whether a queue of this discipline may have answered so; the operations are in order of completion."""
        self.after = {each.job: each.after for each in operations if each.kind == "start"}
        moments = [(each.began, 1, number) for number, each in enumerate(operations)]
        moments += [(each.ended, 0, number) for number, each in enumerate(operations) if each.ended < math.inf]
        states: set[Pending] = {((), frozenset())}
        pending: dict[int, Operation] = {}
        for _, begins, number in sorted(moments):
            if begins:
                pending[number] = operations[number]
                continue
            states = self._closure(states, pending)
            states = {(state, done - {number}) for state, done in states if number in done}
            del pending[number]
            if not states:
                return False
        return True

    def _closure(self, states: Iterable[Pending], pending: dict[int, Operation]) -> set[Pending]:
        found = set(states)
        frontier = list(found)
        while frontier:
            state, done = frontier.pop()
            reached = [(each, done) for each in self._moves(state)]
            for number, operation in pending.items():
                if number not in done:
                    reached += [(each, done | {number}) for each in self._applied(state, operation)]
            for each in reached:
                if each not in found:
                    found.add(each)
                    frontier.append(each)
        return found

    def _moves(self, state: State) -> Iterator[State]:
        letters = dict(state)
        waiting = [job for job, letter in state if letter == "W"]
        for job, letter in state:
            if letter == "R":
                yield _put(state, job, "C")
                yield _put(state, job, "F")
            elif letter == "S":
                yield _put(state, job, "R")
        if self.late:
            for job in waiting:
                yield _put(state, job, "F")
                if {letters[each] for each in self.after[job]} & set("FXU"):
                    yield _put(state, job, "U")
        if not waiting or _count(state, "RS") >= self.discipline.slots:
            return
        needed = {letters[each] for each in self.after[waiting[0]]}
        if needed <= {"C"}:
            yield _put(state, waiting[0], "R")
            if self.discipline.held_early:
                yield _put(state, waiting[0], "S")
        elif needed & set("FXU"):
            yield _put(state, waiting[0], "U")

    def _applied(self, state: State, operation: Operation) -> Iterator[State]:
        waiting, running = _count(state, "W"), _count(state, "RS")
        discipline, job = self.discipline, operation.job
        letters = dict(state)
        if operation.kind == "start":
            if operation.queued:
                taken = waiting + running if discipline.counts_running else waiting
                room = discipline.capacity is None or taken < discipline.capacity
            else:
                room = waiting + running < discipline.slots if operation.answer else waiting + running == 0
            if operation.answer is None or room == operation.answer:
                yield (*state, (job, "W")) if room and operation.answer is not False else state
        elif operation.kind == "cancel":
            active = letters.get(job, "") in {"W", "S", "R"}
            if operation.answer is None or active == operation.answer:
                yield _put(state, job, "X") if active else state
        elif operation.kind == "list":
            if {each for each, letter in state if letter == "W"} - {
                each for each in letters if each < 0
            } == operation.answer:
                yield state
        elif letters.get(job, "").replace("S", "W") == operation.answer:
            yield state


def _put(state: State, job: int, letter: str) -> State:
    return tuple((each, letter if each == job else before) for each, before in state)


def _count(state: State, letters: str) -> int:
    return sum(each in letters for _, each in state)
