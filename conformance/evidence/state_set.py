"""The state set: all states a service may be in, after each call (tier 2).

Exact also where calls overlap or were never answered: beside a state it keeps which of the calls under way have taken
effect already. It serves long histories with few calls under way at once.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Generic

from conformance.evidence.judgement import Answer, Caps, Judgement
from conformance.evidence.model import Event, Model, State

Done = frozenset[int]


class StateSet(Generic[State]):
    """The states that are left; calls are told to it in the order in which they began and ended."""

    def __init__(self, model: Model[State], caps: Caps) -> None:
        self._model = model
        self._caps = caps
        self._states: set[tuple[State, Done]] = {(state, frozenset()) for state in model.initial()}
        self._pending: dict[int, Event] = {}
        self.effort = 0
        self.overflow = False

    @property
    def empty(self) -> bool:
        """Whether nothing explains what was told."""
        return not self._states

    @property
    def states(self) -> frozenset[Hashable]:
        """The states the service may be in, whatever it did by itself since the last call left out."""
        return frozenset(state for state, _ in self._states)

    def begin(self, event: Event) -> None:
        """A call was sent."""
        self._pending[event.id] = event

    def end(self, event: Event) -> None:
        """A call was answered: states in which it has not taken effect by now are dropped."""
        reached = self._closure()
        if self.overflow:
            return
        del self._pending[event.id]
        self._states = {(state, done - {event.id}) for state, done in reached if event.id in done}

    def _closure(self) -> set[tuple[State, Done]]:
        reached, frontier = set(self._states), list(self._states)
        while frontier:
            for each in self._next(*frontier.pop()):
                if each not in reached:
                    reached.add(each)
                    frontier.append(each)
            if len(reached) > self._caps.states:
                self.overflow = True
                break
        self.effort += len(reached)
        return reached

    def _next(self, state: State, done: Done) -> Iterable[tuple[State, Done]]:
        for after in self._model.hidden(state):
            yield after, done
        for event in self._pending.values():
            if event.id not in done:
                for after in self._model.step(state, event):
                    yield after, done | {event.id}


def tracked(model: Model[State], events: Sequence[Event], caps: Caps) -> Judgement:
    """Whether a model explains calls, by the set of its states; inconclusive where the set grows too large."""
    known: StateSet[State] = StateSet(model, caps)
    # A call sent at the very moment another was answered may have come before it.
    moments = [(event.began, 0, event.id, event) for event in events]
    moments += [(event.ended, 1, event.id, event) for event in events if not event.open]
    for _, ends, _, event in sorted(moments, key=lambda each: each[:3]):
        if ends:
            known.end(event)
        else:
            known.begin(event)
        if known.overflow:
            reason = f"more than {caps.states} states may be the target's"
            return Judgement(answer=Answer.UNDECIDED, reason=reason, effort=known.effort)
        if known.empty:
            return Judgement(answer=Answer.IMPOSSIBLE, effort=known.effort, last=event.id)
    return Judgement(answer=Answer.POSSIBLE, effort=known.effort)
