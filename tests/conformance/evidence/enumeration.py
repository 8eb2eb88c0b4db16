"""The slow way: every order of the calls, every choice of those that were never answered, every state on the way."""

from __future__ import annotations

import itertools
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conformance.evidence.model import Event, Model


def _closure(model: Model[Any], states: Iterable[Any]) -> set[Any]:
    known = set(states)
    while True:
        more = {after for state in known for after in model.hidden(state)} - known
        if not more:
            return known
        known |= more


def _orders(events: Sequence[Event]) -> Iterator[tuple[Event, ...]]:
    for order in itertools.permutations(events):
        if not any(later.ended < earlier.began for earlier, later in itertools.combinations(order, 2)):
            yield order


def enumerated(model: Model[Any], events: Sequence[Event]) -> bool:
    """Whether some order is permitted."""
    due = [event for event in events if not event.open]
    loose = [event for event in events if event.open]
    for number in range(len(loose) + 1):
        for chosen in itertools.combinations(loose, number):
            for order in _orders([*due, *chosen]):
                states = _closure(model, model.initial())
                for event in order:
                    states = _closure(model, {after for state in states for after in model.step(state, event)})
                if states:
                    return True
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Independent parts as one thing: a state holds one state a part, so that nothing rests on their being split."""

    model: Model[Any]
    keys: tuple[Hashable, ...]

    def initial(self) -> Iterator[tuple[Any, ...]]:
        """Every part is at its beginning."""
        yield from itertools.product(*(tuple(self.model.initial()) for _ in self.keys))

    def part(self, event: Event) -> Hashable:
        """There is one part."""
        del event
        return None

    def changes(self, event: Event) -> bool:
        """As its own part says."""
        return self.model.changes(event)

    def hidden(self, state: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
        """One part moves."""
        for place, each in enumerate(state):
            yield from (_put(state, place, after) for after in self.model.hidden(each))

    def step(self, state: tuple[Any, ...], event: Event) -> list[tuple[Any, ...]]:
        """Its own part changes."""
        place = self.keys.index(self.model.part(event))
        return [_put(state, place, after) for after in self.model.step(state[place], event)]


def _put(state: tuple[Any, ...], place: int, part: Any) -> tuple[Any, ...]:
    return (*state[:place], part, *state[place + 1 :])


def together(model: Model[Any], events: Sequence[Event]) -> Together:
    """A model over all parts that some calls are about."""
    return Together(model=model, keys=tuple(dict.fromkeys(map(model.part, events))))
