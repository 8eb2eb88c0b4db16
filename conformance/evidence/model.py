"""What a checker is given: a pure model of what a service may do, and the calls it has to explain."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar

State = TypeVar("State", bound=Hashable)
FOREVER: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One call as a model sees it.

    Attributes:
        id: the call it stands for.
        began: when it was sent.
        ended: when it was answered; ``FOREVER`` for one that was not, which may have happened at any time or never.
        asked: what was asked for, in words of the model.
        answered: what was answered, in words of the model; None where nothing is known of it.
    """

    id: int
    began: float
    ended: float
    asked: Hashable
    answered: Hashable | None

    @property
    def open(self) -> bool:
        """Whether it may never have happened."""
        return self.ended == FOREVER

    def forgotten(self) -> Event:
        """The same call as if it had never been answered: whatever explains the answered one explains this one as well."""
        return replace(self, ended=FOREVER, answered=None)


class Model(Protocol[State]):
    """What the documents permit a service to do, of which calls show something.

    A model is pure. States compare equal when no call can tell them apart, so that equal ones merge.
    """

    def initial(self) -> Iterable[State]:
        """The states the service may be in before the first call."""

    def hidden(self, state: State, /) -> Iterable[State]:
        """The states the service may go to by itself, in one step."""

    def step(self, state: State, event: Event, /) -> Sequence[State]:
        """The states after a call took effect in a state, given its answer; none where that answer is not permitted."""

    def changes(self, event: Event, /) -> bool:
        """Whether a call may change anything; one that only shows something has no effect when its answer is unknown."""

    def part(self, event: Event, /) -> Hashable:
        """What a call is about. Calls about different parts are independent; a model with one part gives a constant."""


def overlapping(events: Sequence[Event]) -> bool:
    """Whether any two calls were under way at the same time; one sent at the very moment another was answered counts."""
    ordered = sorted(events, key=lambda event: event.began)
    latest = float("-inf")
    for event in ordered:
        if event.began <= latest:
            return True
        latest = max(latest, event.ended)
    return False


def parts(model: Model[Any], events: Sequence[Event]) -> list[list[Event]]:
    """The calls split into what is independent, each in the order in which they were sent."""
    found: dict[Hashable, list[Event]] = {}
    for event in sorted(events, key=lambda each: (each.began, each.id)):
        found.setdefault(model.part(event), []).append(event)
    return list(found.values())
