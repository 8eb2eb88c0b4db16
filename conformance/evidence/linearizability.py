"""Linearizability of overlapping calls (tier 3): whether there is one order of them that a model permits.

The search of Wing and Gong with the memo of Lowe: what was tried once, a set of calls put in order and the state reached,
is not tried again. The model moves by itself between calls, which is one more kind of step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic

from conformance.evidence.judgement import Answer, Caps, Judgement
from conformance.evidence.model import Event, Model, State


class _Search(Generic[State]):
    """One independent part of a history; sets of its calls are numbers whose bits stand for calls."""

    def __init__(self, model: Model[State], events: Sequence[Event]) -> None:
        self.model = model
        self.events = events
        self.due = sum(1 << place for place, event in enumerate(events) if not event.open)
        self.before = [
            sum(1 << other for other, each in enumerate(events) if each.ended < event.began) for event in events
        ]

    def explained(self, done: int) -> bool:
        """Whether every answered call has its place in the order."""
        return done & self.due == self.due

    def after(self, done: int, state: State) -> Iterator[tuple[int, State]]:
        """What may come next. A call that changes nothing where it fits is put there: no order is lost by that."""
        branches: list[tuple[int, State]] = []
        for place, event in enumerate(self.events):
            if done >> place & 1 or self.before[place] & ~done:
                continue
            states = self.model.step(state, event)
            if len(states) == 1 and states[0] == state:
                if not event.open:
                    yield done | 1 << place, state
                    return
                continue
            branches.extend((done | 1 << place, each) for each in states)
        for each in self.model.hidden(state):
            yield done, each
        yield from branches


def linearized(model: Model[State], events: Sequence[Event], caps: Caps) -> Judgement:
    """Whether some order of calls, each at a moment between its sending and its answer, is what a model permits."""
    if len(events) > caps.calls:
        reason = f"{len(events)} calls about one thing are more than the {caps.calls} that are put in order"
        return Judgement(answer=Answer.UNDECIDED, reason=reason)
    most = _under_way(events)
    if most > caps.clients:
        reason = f"{most} calls were under way at once, more than the {caps.clients} that are put in order"
        return Judgement(answer=Answer.UNDECIDED, reason=reason)
    search = _Search(model, events)
    known: set[tuple[int, State]] = {(0, state) for state in model.initial()}
    stack, furthest = list(known), 0
    while stack:
        done, state = stack.pop()
        if search.explained(done):
            return Judgement(answer=Answer.POSSIBLE, effort=len(known))
        furthest = max(furthest, done, key=int.bit_count)
        for each in search.after(done, state):
            if each not in known:
                known.add(each)
                stack.append(each)
        if len(known) > caps.steps:
            reason = f"no order was found or ruled out within {caps.steps} steps"
            return Judgement(answer=Answer.UNDECIDED, reason=reason, effort=len(known))
    left = [event.id for place, event in enumerate(events) if not furthest >> place & 1 and not event.open]
    return Judgement(answer=Answer.IMPOSSIBLE, effort=len(known), last=left[0] if left else None)


def _under_way(events: Sequence[Event]) -> int:
    """The most calls that were under way at once; those that were never answered count, since they may yet happen."""
    moments = sorted([(event.ended, -1) for event in events if not event.open] + [(event.began, 1) for event in events])
    count = most = 0
    for _, change in moments:
        count += change
        most = max(most, count)
    return most
