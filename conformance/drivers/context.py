"""What every driver is given."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from conformance.history import Call
from conformance.profile import Profile
from conformance.session import Session
from conformance.stage import Stage
from specs import Clause, Operation, Spec


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
