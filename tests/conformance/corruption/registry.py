"""Which corruptions there are for a kind of clause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from conformance.view import View
from specs import Clause
from tests.conformance.corruption.draft import Draft

#: Changes a history so that it breaks the clause; None where the clause has no such side.
Corrupt = Callable[[Clause, View], Draft | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corruption:
    """One way to break the clauses of a kind."""

    name: str
    apply: Corrupt


_CORRUPTIONS: dict[str, list[Corruption]] = defaultdict(list)


def corruption(name: str, *kinds: str) -> Callable[[Corrupt], Corrupt]:
    """Register a way to break clauses of these kinds; ``name`` says what the implementation does wrong."""

    def register(function: Corrupt) -> Corrupt:
        for kind in kinds:
            _CORRUPTIONS[kind].append(Corruption(name=name, apply=function))
        return function

    return register


def corruptions(kind: str) -> tuple[Corruption, ...]:
    """The ways to break a clause of a kind."""
    return tuple(_CORRUPTIONS.get(kind, ()))
