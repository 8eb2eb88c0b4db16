"""Idempotency tokens as a model: what a second creation with the same token gives."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from conformance.evidence.model import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A creation with a token; answered with the id of what there is now, or ``refused`` for the token's sake."""

    token: str


class Held(NamedTuple):
    """A state: the ids that a token was seen to give, and whether it was ever used."""

    ids: frozenset[str] = frozenset()
    used: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRegister:
    """The model, by a reading: ``honoured`` tokens stand for one thing for good; others mean nothing, and never repeat an id."""

    honoured: bool
    refuses: bool

    def initial(self) -> Iterator[Held]:
        """A token nobody has used."""
        yield Held()

    def part(self, event: Event) -> Hashable:
        """Tokens are independent."""
        return event.asked.token if isinstance(event.asked, Claim) else None

    def changes(self, event: Event) -> bool:
        """Every creation may."""
        del event
        return True

    def hidden(self, state: Held) -> Iterator[Held]:
        """Nothing happens by itself."""
        del state
        yield from ()

    def step(self, state: Held, event: Event) -> list[Held]:
        """A creation takes effect; one whose answer is unknown may have made a thing whose id is told later."""
        told = event.answered
        if told is None:
            return [state, state._replace(used=True)]
        if told == "refused":
            return [state] if self.refuses and state.used else []
        known = state.ids if self.honoured else state.ids | {str(told)}
        fits = not state.ids or told in state.ids if self.honoured else told not in state.ids
        return [Held(ids=known | {str(told)}, used=True)] if fits else []
