"""Derives the clauses of experiments: one each."""

from __future__ import annotations

from collections.abc import Iterator

from specs.clause import Clause, Family
from specs.experiment import Laboratory
from specs.operation import Operation


def experiment_clauses(operation: Operation, api: str, laboratory: Laboratory | None) -> Iterator[Clause]:
    """The clauses of the experiments that are about an operation."""
    if laboratory is None:
        return
    for place, experiment in laboratory.experiments.items():
        if experiment.operation == operation.name:
            yield Clause(
                id=f"{api}.{operation.name}/{place}", operation=operation.name, family=Family.LOAD_SEMANTICS,
                kind="experiment", level=experiment.level, basis=experiment.basis, statement=experiment.statement,
                source=experiment.source, data={"experiment": place}, not_tested=experiment.not_tested,
            )  # fmt: skip
