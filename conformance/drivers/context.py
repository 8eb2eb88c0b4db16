"""What every driver is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from conformance.history import Call
from conformance.session import Session
from conformance.stage import Stage
from specs import Clause, Operation, Spec

ProfileName = Literal["smoke", "standard", "thorough"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How much is sent: random examples an operation, raw cases an API, and whether neighbours are explored too."""

    name: ProfileName
    examples: int
    raw_cases: int
    population: int
    listing: bool = True


PROFILES = {
    "smoke": Profile(name="smoke", examples=0, raw_cases=0, population=4, listing=False),
    "standard": Profile(name="standard", examples=12, raw_cases=40, population=6),
    "thorough": Profile(name="thorough", examples=200, raw_cases=1000, population=12),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A run as drivers see it.

    ``selected`` holds the clauses that are to be exercised; ``suspicious`` says whether calls, judged on their own, break
    a clause (a pure function given by the engine), which is how exploration knows what to shrink.
    """

    session: Session
    stage: Stage
    selected: frozenset[str]
    profile: Profile
    seed: int
    suspicious: Callable[[Clause, Sequence[Call]], bool]
    note: Callable[[str, str], None]

    @property
    def spec(self) -> Spec:
        """The specification driven by."""
        return self.session.spec

    def wants(self, operation: Operation, *kinds: str) -> bool:
        """Whether any selected clause of the operation is of one of these kinds."""
        return any(clause.kind in kinds and clause.id in self.selected for clause in operation.clauses)
