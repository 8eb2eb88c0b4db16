"""Derives the clauses of creations that must come to nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from specs.clause import Basis, Clause, Family, Level
from specs.operation import Operation
from specs.resource import Resource


def attempt_clauses(operation: Operation, api: str, resources: Mapping[str, Resource]) -> Iterator[Clause]:
    """One clause for each attempt at what an operation creates."""
    resource = resources.get(operation.creates or "")
    if resource is None or resource.create.operation != operation.name:
        return
    for name, attempt in resource.attempts.items():
        inferred = attempt.source.document == "inferred"
        yield Clause(
            id=f"{api}.{operation.name}/{resource.name}/{name}", operation=operation.name, family=Family.LIFECYCLE,
            kind="attempt", level=Level.MUST, basis=Basis.INFERRED if inferred else Basis.STATED,
            statement=attempt.statement, source=attempt.source, data={"resource": resource.name, "attempt": name},
        )  # fmt: skip
