"""A tiny queue with several slots that lies now and then, and clients that talk to it through windows of time."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from typing import Any

from conformance.evidence import Discipline
from tests.conformance.evidence.operation import Operation, in_order


@dataclass(kw_only=True)
class Plan:
    """What kind of conversation: its discipline, how wide windows are, which operations occur, how often it lies.

    ``lost`` is how often a start is not answered; ``late`` lets waiting jobs fail; ``racing`` lets starts overlap.
    """

    discipline: Discipline
    width: float = 0.0
    cancels: bool = False
    dependencies: bool = False
    lies: float = 0.06
    lost: float = 0.0
    late: bool = False
    lists: bool = True
    racing: bool = False
    jobs: int = 4
    most: int = 14


@dataclass(kw_only=True)
class QueueSimulator:
    """The queue, with the fault it was given: ``order``, ``slots``, ``limit``, ``heedless``, ``wrongs``, or none."""

    plan: Plan
    dice: random.Random
    fault: str
    state: list[str] = field(default_factory=list)
    after: list[tuple[int, ...]] = field(default_factory=list)
    operations: list[Operation] = field(default_factory=list)
    now: float = 0.0
    free: float = 0.0
    """When the submitter's last answer was there."""
    known: list[float] = field(default_factory=list)

    def talk(self) -> list[Operation]:
        for _ in range(self.dice.randint(2, self.plan.most)):
            for _ in range(self.dice.choice((0, 0, 1, 1, 2, 4))):
                self._move()
            kind = self.dice.random()
            if kind < 0.4 and len(self.state) < self.plan.jobs:
                self._start()
            elif not self._known():
                continue
            elif kind < 0.5 and self.plan.cancels:
                self._cancel()
            elif kind < 0.58 and self.plan.lists:
                self._list()
            else:
                self._look()
        return in_order(self.operations)

    def _move(self) -> None:
        if self.plan.late and "W" in self.state and self.dice.random() < 0.2:
            self.state[self.dice.choice([n for n, letter in enumerate(self.state) if letter == "W"])] = "F"
        for number, letter in enumerate(self.state):
            if letter == "S" and self.dice.random() < 0.4:
                self.state[number] = "R"
        running = [number for number, letter in enumerate(self.state) if letter in "RS"]
        if running and self.dice.random() < 0.5:
            ended = self.dice.choice(running)
            self.state[ended] = "R" if self.state[ended] == "S" else self.dice.choice("CCF")
            return
        waiting = [number for number, letter in enumerate(self.state) if letter == "W"]
        slots = self.plan.discipline.slots + (self.fault == "slots")
        if not waiting or len(running) >= slots:
            return
        head = waiting[-1] if self.fault == "order" else waiting[0]
        needed = {self.state[each] for each in self.after[head]}
        if self.fault == "wrongs" and needed == {"C"}:
            self.state[head] = "U"
        elif needed <= {"C"} or (self.fault == "heedless" and not needed & set("WR")):
            self.state[head] = "S" if self.plan.discipline.held_early and self.dice.random() < 0.5 else "R"
        elif needed & set("FXU"):
            self.state[head] = "U"

    def _window(self, least: float) -> dict[str, Any]:
        self.now = max(self.now + 0.1 + self.dice.random(), least)
        before, behind = (self.dice.random() * self.plan.width for _ in range(2))
        return {"began": max(least, self.now - before), "ended": self.now + 0.05 + behind}

    def _lie(self) -> bool:
        return self.dice.random() < self.plan.lies

    def _start(self) -> None:
        dice, discipline = self.dice, self.plan.discipline
        window = self._window(0.0 if self.plan.racing else self.free)
        self.free = window["ended"]
        queued = dice.random() < 0.8
        waiting, running = self.state.count("W"), self.state.count("R") + self.state.count("S")
        after: tuple[int, ...] = ()
        if self.plan.dependencies and self.state and dice.random() < 0.6:
            known = self._known()
            after = tuple(sorted(dice.sample(known, min(len(known), dice.choice((1, 1, 2))))))
        if queued:
            taken = waiting + running if discipline.counts_running else waiting
            more = dice.choice((-1, 1)) if self.fault == "limit" else 0
            answer = discipline.capacity is None or taken < discipline.capacity + more
        else:
            answer = waiting + running == 0
        if self._lie() and (answer or discipline.capacity is not None):
            answer = not answer
        lost = dice.random() < self.plan.lost
        made = len(self.state) if answer else -1 - len(self.operations)
        if answer:
            self.state.append("W")
            self.after.append(after)
            self.known.append(math.inf if lost else window["ended"])
        if lost:
            self.free = self.now
            window["ended"] = math.inf
        self.operations.append(
            Operation(
                kind="start", job=-1 - len(self.operations) if lost else made, queued=queued,
                after=after if answer and not lost else (), answer=None if lost else answer, **window,
            )
        )  # fmt: skip

    def _cancel(self) -> None:
        job = self.dice.choice(self._known())
        window = self._window(max(self.free, self.known[job]))
        self.free = window["ended"]
        active = self.state[job] in "WSR"
        answer = not active if self._lie() else active
        if answer and active:
            self.state[job] = "X"
        self.operations.append(Operation(kind="cancel", job=job, answer=answer, **window))

    def _list(self) -> None:
        known = self._known()
        waiting = {number for number in known if self.state[number] == "W"}
        if self._lie():
            waiting ^= {self.dice.choice(known)}
        window = self._window(max(self.known[number] for number in known))
        self.operations.append(Operation(kind="list", answer=waiting, **window))

    def _known(self) -> list[int]:
        """The jobs whose acceptance was answered."""
        return [number for number, moment in enumerate(self.known) if moment < math.inf]

    def _look(self) -> None:
        job = self.dice.choice(self._known())
        letters = ["W", "R", "C", "F", *(["U"] if self.plan.dependencies else [])]
        shown = self.dice.choice(letters) if self._lie() else self.state[job].replace("S", "W")
        self.operations.append(Operation(kind="look", job=job, answer=shown, **self._window(self.known[job])))


def conversation(plan: Plan, seed: int) -> list[Operation]:
    """The operations of a random conversation, in order of completion."""
    dice = random.Random(seed)  # noqa: S311 - not for secrets
    fault = dice.choice(("", "", "order", "slots", "limit", "heedless", "wrongs"))
    return QueueSimulator(plan=plan, dice=dice, fault=fault).talk()
